"""A group's BG/BB: fitted for each list source, drawn towards the one fit to all."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logit

from hygiene.errors import ModelError
from hygiene.flags.engagement.bgbb import BGBB, Prior
from hygiene.flags.engagement.cells import collapse
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hygiene.flags.engagement.cells import Cells
    from hygiene.flags.engagement.histories import Floats, Histories, Ints

PRIOR_SCHEMA = "hygiene/engagement-prior/1"
SOURCE_SPREAD = 1.0
"""Standard deviation, in each coordinate, of a source around the pooled fit; assumed."""
SOURCE_CONTACTS = 100
"""Contacts from which a list source has a fit of its own."""
MOST_SOURCES = 100
"""Sources with a fit of their own at most: the largest."""


@cache
def shipped_prior() -> Prior:
    """Return the prior of `models/engagement/prior.json`: what is believed of BG/BB's parameters before any reply.

    Raises
    ------
    ModelError
        If the file is damaged or of another version.
    """
    path = resource("models") / "engagement" / "prior.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["schema"] != PRIOR_SCHEMA:
            raise ModelError(f"{path} is of another version than {PRIOR_SCHEMA}. Reinstall hygiene.")
        centre, spread = record["centre"], record["spread"]
        return Prior(
            (
                float(logit(centre["reply_rate"])),
                math.log(centre["reply_strength"]),
                float(logit(centre["stop_rate"])),
                math.log(centre["stop_strength"]),
            ),
            (
                float(spread["logit_reply_rate"]),
                float(spread["log_reply_strength"]),
                float(spread["logit_stop_rate"]),
                float(spread["log_stop_strength"]),
            ),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} is damaged. Reinstall hygiene.") from error


@dataclass
class SourceModels:
    """The pooled BG/BB and those of the list sources."""

    pooled: BGBB
    by_source: dict[int, BGBB] = field(default_factory=dict)

    @classmethod
    def fit(cls, histories: Histories, source: Ints, prior: Prior) -> SourceModels:
        """Fit all and each large enough source; contacts without a mail say nothing."""
        written_to = histories.sends > 0
        if not written_to.any():
            return cls(BGBB.of(prior.centre, np.diag(np.square(prior.spread))))
        pooled = _fitted(histories, written_to, prior)
        near = Prior(tuple(pooled.coordinates_), (SOURCE_SPREAD,) * 4)
        counts = np.bincount(source[histories.sends > 0])
        large = [
            number for number in np.argsort(-counts, kind="stable")[:MOST_SOURCES] if counts[number] >= SOURCE_CONTACTS
        ]
        own = {int(number): _fitted(histories, (source == number) & (histories.sends > 0), near) for number in large}
        return cls(pooled, own if len(own) > 1 else {})

    def p_reply(self, histories: Histories, source: Ints, ahead: int) -> Floats:
        """Return the probability of a reply to any of the next `ahead` mails."""
        return self._each(histories, source, lambda model, *cell: model.predict_proba(*cell, ahead=ahead)[:, 1])

    def p_alive(self, histories: Histories, source: Ints) -> Floats:
        """Return the probability that the contact has not stopped answering for good."""
        return self._each(histories, source, lambda model, *cell: model.p_alive(*cell))

    def limits(self, histories: Histories, source: Ints, ahead: int, draws: int) -> Floats:
        """Return the 90 % limits of `p_reply`, shape (n, 2), from as many parameter sets as `draws`."""

        def quantiles(model: BGBB, replies: Ints, last_reply: Ints, sends: Ints) -> Floats:
            drawn = [each.predict_proba(replies, last_reply, sends, ahead)[:, 1] for each in model.draws(draws)]
            return np.quantile(drawn, (0.05, 0.95), axis=0).T

        return self._each(histories, source, quantiles)

    def _each(self, histories: Histories, source: Ints, ask: Callable[..., Floats]) -> Floats:
        """Ask each source's model once a distinct history."""
        result: Floats | None = None
        others = ~np.isin(source, list(self.by_source))
        own = [(source == number, model) for number, model in self.by_source.items()]
        for chosen, model in [(others, self.pooled), *own]:
            cells, cell_of = _cells(histories, chosen)
            answers = ask(model, cells.replies, cells.last_reply, cells.sends)
            if result is None:
                result = np.empty((len(source), *answers.shape[1:]))
            result[chosen] = answers[cell_of]
        assert result is not None  # noqa: S101 — the pooled model always answers
        return result


def _fitted(histories: Histories, chosen: NDArray[np.bool_], prior: Prior) -> BGBB:
    return BGBB(prior).fit_cells(_cells(histories, chosen)[0])


def _cells(histories: Histories, chosen: NDArray[np.bool_]) -> tuple[Cells, NDArray[np.intp]]:
    return collapse(histories.replies[chosen], histories.last_reply[chosen], histories.sends[chosen])
