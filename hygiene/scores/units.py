"""Cells summed into the units of a level, and the counts of a unit into the numerators and denominators of its rates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hygiene.facts.types import Counts
from hygiene.scores.rates import JEFFREYS, BetaPrior, fit_beta_prior

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from numpy.typing import NDArray

    from hygiene.facts.types import Cell, Facts
    from hygiene.scores.types import Level
    from hygiene.settings import Settings

    Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Units:
    """The units of one level, ordered by key."""

    level: Level
    keys: tuple[tuple[int | None, int | None], ...]
    """(sender key, sequence key); None where the level sums over it."""
    counts: Integers
    """Units × the columns of `Counts`."""


@dataclass(frozen=True)
class RateCounts:
    """Successes and trials of both rates under the settings' denominators; each units × 2."""

    reply: Integers
    bounce: Integers


def units_of(facts: Facts, level: Level) -> Units:
    """Sum the cells into the units of a level.

    Senders and sequences that are known but have no cell are units with zero counts; a sender and sequence is a unit
    where it has a cell. Cells without a sequence (totals by sender) count for the team and the sender only.
    """
    cells: Iterable[Cell] = facts.cells
    if level == "team":
        keys, counts = grouped(((None, None) for _ in cells), cells, known=[(None, None)])
    elif level == "sender":
        keys, counts = grouped(((c.sender_key, None) for c in cells), cells, known=((k, None) for k in facts.senders))
    else:
        cells = [c for c in cells if c.sequence_key is not None]
        if level == "sequence":
            known = ((None, k) for k in facts.sequences)
            keys, counts = grouped(((None, c.sequence_key) for c in cells), cells, known=known)
        else:
            keys, counts = grouped(((c.sender_key, c.sequence_key) for c in cells), cells)
    order = sorted(range(len(keys)), key=lambda i: tuple(-1 if part is None else part for part in keys[i]))
    return Units(level, tuple(keys[i] for i in order), counts[order])


def grouped(keys: Iterable[Hashable], cells: Iterable[Cell], known: Iterable[Hashable] = ()) -> tuple[list, Integers]:
    """Sum the counts of the cells by key.

    Returns
    -------
    keys
        The known ones first, then those of the cells as they come.
    counts
        Keys × the columns of `Counts`.
    """
    place: dict[Hashable, int] = {key: at for at, key in enumerate(known)}
    at = [place.setdefault(key, len(place)) for key in keys]
    rows = np.array([cell.counts for cell in cells], dtype=np.int64).reshape(-1, len(Counts._fields))
    counts = np.zeros((len(place), rows.shape[1]), dtype=np.int64)
    np.add.at(counts, at, rows)
    return list(place), counts


def rate_counts(counts: Integers, settings: Settings) -> RateCounts:
    """Return what the two rates divide (units × the columns of `Counts` in), by the settings' denominators."""
    ended, replied, bounced, active = counts[:, :4].T
    reply_trials = ended - bounced if settings.reply_denominator == "delivered" else ended
    bounce_trials = ended if settings.bounce_denominator == "ended" else ended + active
    return RateCounts(np.column_stack([replied, reply_trials]), np.column_stack([bounced, bounce_trials]))


def fit_priors(units: Units, settings: Settings) -> tuple[BetaPrior, BetaPrior]:
    """Fit the priors of the reply and the bounce rate on the units of one level; the team, one unit, gets Jeffreys'."""
    if units.level == "team":
        return JEFFREYS, JEFFREYS
    of = rate_counts(units.counts, settings)
    return fit_beta_prior(of.reply[:, 0], of.reply[:, 1]), fit_beta_prior(of.bounce[:, 0], of.bounce[:, 1])
