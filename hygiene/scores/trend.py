"""The rates month by month, for the team and for each sender."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from hygiene.facts.types import Counts
from hygiene.scores.rates import JEFFREYS, fit_beta_prior, rates
from hygiene.scores.types import MonthPoint
from hygiene.scores.units import NONE, rate_counts, summed, tabulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.facts.types import Facts
    from hygiene.scores.rates import BetaPrior
    from hygiene.scores.units import CellTable, RateCounts
    from hygiene.settings import Settings

    Priors = tuple[BetaPrior, BetaPrior]
    Integers = NDArray[np.int64]


def team_trend(facts: Facts, settings: Settings) -> tuple[MonthPoint, ...]:
    """Return the team's months, first to last, under Jeffreys' prior; empty where the source names no month."""
    return team_months(tabulate(facts), settings)


def team_months(table: CellTable, settings: Settings) -> tuple[MonthPoint, ...]:
    """Return what `team_trend` does, from cells that are laid out already."""
    return _trends(table, np.zeros_like(table.sender), (JEFFREYS, JEFFREYS), settings).get(0, ())


def sender_months(table: CellTable, settings: Settings) -> dict[int, tuple[MonthPoint, ...]]:
    """Return the months of each sender that has any, by rising key.

    Their prior is fitted on the senders' months: a month differs from others of its sender by more than senders do.
    Each runs from the sender's first month with an ended enrollment to the last; a month without any in between is a
    point with zero counts.
    """
    return _trends(table, table.sender, None, settings)


def _trends(
    table: CellTable, owner: Integers, priors: Priors | None, settings: Settings
) -> dict[int, tuple[MonthPoint, ...]]:
    dated = table.month != NONE
    width = 1 + table.month.max(initial=0)
    keys, counts = summed(owner[dated] * width + table.month[dated], table.counts[dated])
    some_ended = counts[:, Counts._fields.index("ended")] > 0
    keys, counts = keys[some_ended], counts[some_ended]
    if not keys.size:
        return {}
    owners, firsts = np.unique(keys // width, return_index=True)
    lasts = np.append(firsts[1:], keys.size) - 1
    lengths = keys[lasts] - keys[firsts] + 1
    starts = np.cumsum(lengths) - lengths
    month_keys = np.arange(lengths.sum()) + np.repeat(keys[firsts] - starts, lengths)
    filled = np.zeros((month_keys.size, counts.shape[1]), dtype=np.int64)
    filled[np.searchsorted(month_keys, keys)] = counts
    of = rate_counts(filled, settings)
    points = _points((month_keys % width).tolist(), filled, of, priors or (_prior(of.reply), _prior(of.bounce)))
    spans = zip(owners.tolist(), starts.tolist(), lengths.tolist(), strict=True)
    return {key: points[start : start + length] for key, start, length in spans}


def _prior(of: Integers) -> BetaPrior:
    return fit_beta_prior(of[:, 0], of[:, 1])


def _points(months: list[int], counts: Integers, of: RateCounts, priors: Priors) -> tuple[MonthPoint, ...]:
    dates = {month: datetime(month // 12, month % 12 + 1, 1) for month in set(months)}
    return tuple(
        MonthPoint(dates[month], Counts(*row), reply, bounce)
        for month, row, reply, bounce in zip(
            months,
            counts.tolist(),
            rates(of.reply[:, 0], of.reply[:, 1], priors[0]),
            rates(of.bounce[:, 0], of.bounce[:, 1], priors[1]),
            strict=True,
        )
    )
