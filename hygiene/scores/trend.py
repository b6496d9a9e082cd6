"""The rates month by month, for the team and for each sender."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from hygiene.facts.types import Counts
from hygiene.scores.rates import JEFFREYS, rates
from hygiene.scores.types import MonthPoint
from hygiene.scores.units import grouped, rate_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.facts.types import Facts
    from hygiene.scores.rates import BetaPrior
    from hygiene.settings import Settings

    Priors = tuple[BetaPrior, BetaPrior]


def team_trend(facts: Facts, settings: Settings) -> tuple[MonthPoint, ...]:
    """Return the team's months, first to last, under Jeffreys' prior; empty where the source names no month."""
    return _trends(facts, (JEFFREYS, JEFFREYS), settings, by_sender=False).get(None, ())


def sender_trends(facts: Facts, priors: Priors, settings: Settings) -> dict[int, tuple[MonthPoint, ...]]:
    """Return the months of each sender that has any, by rising key.

    Each runs from the sender's first month with an ended enrollment to the last; a month without any in between is a
    point with zero counts.
    """
    trends = _trends(facts, priors, settings, by_sender=True)
    return {key: trends[key] for key in sorted(key for key in trends if key is not None)}


def _trends(
    facts: Facts, priors: Priors, settings: Settings, *, by_sender: bool
) -> dict[int | None, tuple[MonthPoint, ...]]:
    cells = [cell for cell in facts.cells if cell.month is not None and cell.counts.ended]
    keys, counts = grouped(((c.sender_key if by_sender else None, _number(c.month)) for c in cells if c.month), cells)
    spans: dict[int | None, tuple[int, int]] = {}
    for key, month in keys:
        first, last = spans.get(key, (month, month))
        spans[key] = min(first, month), max(last, month)
    starts, size = {}, 0
    for key, (first, last) in spans.items():
        starts[key] = size
        size += last - first + 1
    filled = np.zeros((size, len(Counts._fields)), dtype=np.int64)
    filled[[starts[key] + month - spans[key][0] for key, month in keys]] = counts
    months = [month for first, last in spans.values() for month in range(first, last + 1)]
    points = _points(months, filled, priors, settings)
    return {key: points[starts[key] : starts[key] + last - first + 1] for key, (first, last) in spans.items()}


def _points(months: list[int], counts: NDArray[np.int64], priors: Priors, settings: Settings) -> tuple[MonthPoint, ...]:
    of = rate_counts(counts, settings)
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


def _number(month: datetime) -> int:
    """Count the months since year 0, so that neighbours differ by one."""
    return month.year * 12 + month.month - 1
