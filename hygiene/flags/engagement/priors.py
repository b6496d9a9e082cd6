"""A group's BG/BB: fitted for each list source, drawn towards the one fit to all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hygiene.flags.engagement.bgbb import BGBB, Prior
from hygiene.flags.engagement.cells import collapse

if TYPE_CHECKING:
    from collections.abc import Callable

    from hygiene.flags.engagement.histories import Floats, Histories, Ints

SOURCE_SPREAD = 1.0
"""Standard deviation, in each coordinate, of a source around the pooled fit; assumed."""
SOURCE_CONTACTS = 100
"""Contacts from which a list source has a fit of its own."""
MOST_SOURCES = 100
"""Sources with a fit of their own at most: the largest."""


@dataclass
class SourceModels:
    """The pooled BG/BB and those of the list sources."""

    pooled: BGBB
    by_source: dict[int, BGBB] = field(default_factory=dict)

    @classmethod
    def fit(cls, histories: Histories, source: Ints, prior: Prior) -> SourceModels:
        """Fit all and each large enough source; contacts without a mail say nothing."""
        pooled = _fitted(histories, histories.sends > 0, prior)
        near = Prior(tuple(pooled.coordinates_), (SOURCE_SPREAD,) * 4)
        counts = np.bincount(source[histories.sends > 0])
        large = [number for number in np.argsort(-counts, kind="stable")[:MOST_SOURCES] if counts[number] >= SOURCE_CONTACTS]
        own = {int(number): _fitted(histories, (source == number) & (histories.sends > 0), near) for number in large}
        return cls(pooled, own if len(own) > 1 else {})

    def p_reply(self, histories: Histories, source: Ints, ahead: int) -> Floats:
        """Return the probability of a reply to any of the next `ahead` mails."""
        return self._each(histories, source, lambda model, *cell: model.predict_proba(*cell, ahead=ahead)[:, 1])

    def p_alive(self, histories: Histories, source: Ints) -> Floats:
        """Return the probability that the contact has not stopped answering for good."""
        return self._each(histories, source, lambda model, *cell: model.p_alive(*cell))

    def _each(self, histories: Histories, source: Ints, ask: Callable[..., Floats]) -> Floats:
        """Ask each source's model once a distinct history."""
        result = np.empty(len(source))
        others = ~np.isin(source, list(self.by_source))
        for chosen, model in [(others, self.pooled), *((source == key, model) for key, model in self.by_source.items())]:
            if chosen.any():
                cells, cell_of = collapse(
                    histories.replies[chosen], histories.last_reply[chosen], histories.sends[chosen]
                )
                result[chosen] = ask(model, cells.replies, cells.last_reply, cells.sends)[cell_of]
        return result


def _fitted(histories: Histories, chosen: np.ndarray, prior: Prior) -> BGBB:
    cells, _ = collapse(histories.replies[chosen], histories.last_reply[chosen], histories.sends[chosen])
    return BGBB(prior).fit_cells(cells)
