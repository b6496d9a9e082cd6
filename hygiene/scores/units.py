"""Cells summed into the units of a level, and a unit's counts into the numerators and denominators of its rates."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from hygiene.errors import SourceError
from hygiene.facts.types import Counts
from hygiene.scores.rates import JEFFREYS, BetaPrior, fit_beta_prior

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from hygiene.facts.types import Cell, Facts
    from hygiene.scores.types import Level
    from hygiene.settings import Settings

    Integers = NDArray[np.int64]

NONE = -1
"""Stands for None among keys and months, which are never negative."""


@dataclass(frozen=True)
class CellTable:
    """The cells of the facts as columns of equal length, with the keys that may lack a cell."""

    sender: Integers
    sequence: Integers
    month: Integers
    """Months since year 0, so that neighbours differ by one; `NONE` where the source names no month."""
    counts: Integers
    """Cells × the fields of `Counts`."""
    senders: Integers
    """Keys of all known senders."""
    sequences: Integers


@dataclass(frozen=True)
class Units:
    """The units of one level, ordered by key."""

    level: Level
    sender: Integers
    """`NONE` where the level sums over senders."""
    sequence: Integers
    counts: Integers
    """Units × the fields of `Counts`."""


@dataclass(frozen=True)
class RateCounts:
    """Successes and trials of both rates under the settings' denominators; each units × 2."""

    reply: Integers
    bounce: Integers


def tabulate(facts: Facts) -> CellTable:
    """Lay the cells out as columns.

    Raises
    ------
    SourceError
        If a cell has more replies and bounces than ended enrollments: no rate could be made of it.
    """
    for cell in facts.cells:
        if cell.counts.replied + cell.counts.bounced > cell.counts.ended:
            raise SourceError(_impossible(facts, cell))
    numbers = {m: NONE if m is None else m.year * 12 + m.month - 1 for m in {cell.month for cell in facts.cells}}
    width = len(Counts._fields)
    return CellTable(
        sender=_column(cell.sender_key for cell in facts.cells),
        sequence=_column(NONE if cell.sequence_key is None else cell.sequence_key for cell in facts.cells),
        month=_column(numbers[cell.month] for cell in facts.cells),
        counts=_column(chain.from_iterable(cell.counts for cell in facts.cells)).reshape(-1, width),
        senders=_column(facts.senders),
        sequences=_column(facts.sequences),
    )


def _impossible(facts: Facts, cell: Cell) -> str:
    sender, counts = facts.senders.get(cell.sender_key), cell.counts
    return (
        f'The counts of sender "{sender.sender_id if sender else cell.sender_key}" cannot be: {counts.replied} replied'
        f" and {counts.bounced} bounced of {counts.ended} ended. Count a reply only where nothing bounced."
    )


def _column(values: Iterable[int]) -> Integers:
    return np.fromiter(values, dtype=np.int64)


def units_of(table: CellTable, level: Level) -> Units:
    """Sum the cells into the units of a level.

    Senders and sequences that are known but have no cell are units with zero counts; a sender and sequence is a unit
    where it has a cell. Cells without a sequence (totals by sender) count for the team and the sender only.
    """
    if level == "team":
        counts = table.counts.sum(axis=0, keepdims=True)
        return Units(level, np.array([NONE]), np.array([NONE]), counts)
    if level == "sender":
        keys, counts = summed(table.sender, table.counts, known=table.senders)
        return Units(level, keys, np.full_like(keys, NONE), counts)
    named = table.sequence != NONE
    sequence, counts = table.sequence[named], table.counts[named]
    if level == "sequence":
        keys, counts = summed(sequence, counts, known=table.sequences)
        return Units(level, np.full_like(keys, NONE), keys, counts)
    width = 1 + sequence.max(initial=0)
    keys, counts = summed(table.sender[named] * width + sequence, counts)
    return Units(level, keys // width, keys % width, counts)


def summed(keys: Integers, counts: Integers, known: Integers | None = None) -> tuple[Integers, Integers]:
    """Return the distinct keys, rising, known ones included, and the sums of the counts (keys × columns)."""
    distinct, place = np.unique(keys if known is None else np.concatenate([keys, known]), return_inverse=True)
    sums = np.zeros((distinct.size, counts.shape[1]), dtype=np.int64)
    np.add.at(sums, place[: keys.size], counts)
    return distinct, sums


def rate_counts(counts: Integers, settings: Settings) -> RateCounts:
    """Return what the two rates divide (units × the fields of `Counts` in), by the settings' denominators."""
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
