"""Shares and estimates with intervals of 90 % that know that the senders of one team share its luck."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Z90 = 1.6449
"""Of a two-sided interval of 90 %."""
BOOTSTRAPS = 400


class Share(NamedTuple):
    """Some of many."""

    part: int
    whole: int
    effective: float | None = None
    """As many independent ones would tell as much; None: as many as there are."""

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 90 %, of the effective number.

        Examples
        --------
        >>> tuple(round(bound, 3) for bound in Share(8, 10).interval)
        (0.541, 0.931)
        """
        if not self.whole:
            return 0.0, 1.0
        n, p = self.effective or self.whole, self.part / self.whole
        middle = (p + Z90**2 / (2 * n)) / (1 + Z90**2 / n)
        half = Z90 / (1 + Z90**2 / n) * math.sqrt(p * (1 - p) / n + Z90**2 / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


class Estimate(NamedTuple):
    """A number with its interval, by a bootstrap of teams."""

    value: float
    low: float = math.nan
    high: float = math.nan


def share_of(flags: Sequence[tuple[int, bool]]) -> Share:
    """Return how many flags are set, given each with its team.

    The variance is that of a ratio of team sums (Cochran 1977, eq. 2.39 without the finite correction); the effective
    number is the one whose binomial variance equals it, and never above the real one.

    Examples
    --------
    >>> share_of([(0, True), (0, True), (1, False), (1, False)]).effective
    1.0
    """
    part, whole = sum(flag for _, flag in flags), len(flags)
    teams = sorted({team for team, _ in flags})
    if len(teams) < 2 or part in {0, whole}:
        return Share(part, whole)
    p = part / whole
    residuals = dict.fromkeys(teams, 0.0)
    for team, flag in flags:
        residuals[team] += flag - p
    variance = sum(r * r for r in residuals.values()) / whole**2 * len(teams) / (len(teams) - 1)
    return Share(part, whole, min(float(whole), p * (1 - p) / variance) if variance else float(whole))


def estimate(teams: Sequence[int], pairs: Sequence[tuple[float, float]], of: Callable[[np.ndarray], float]) -> Estimate:
    """Return a statistic of pairs (claimed, true), given each with its team, and where 90 % of its bootstraps lie."""
    data, group = np.array(pairs, dtype=float).reshape(-1, 2), np.array(teams, dtype=int)
    value = of(data)
    names = np.unique(group)
    if math.isnan(value) or len(names) < 3:
        return Estimate(value)
    rows = [np.flatnonzero(group == name) for name in names]
    random = np.random.default_rng(0)
    draws = [
        of(data[np.concatenate([rows[i] for i in pick])])
        for pick in random.integers(0, len(rows), (BOOTSTRAPS, len(rows)))
    ]
    low, high = np.nanquantile(draws, (0.05, 0.95))
    return Estimate(value, float(low), float(high))


def ratio(data: np.ndarray) -> float:
    """Return the sum of the claimed gains over that of the true ones."""
    claimed, true = data.sum(axis=0)
    return float(claimed / true) if true else math.nan


def slope(data: np.ndarray) -> float:
    """Return the slope of least squares of true on claimed; 1 is right, less is overpromised at the top."""
    if len(data) < 3 or not data[:, 0].var():
        return math.nan
    return float(np.cov(data.T)[0, 1] / data[:, 0].var(ddof=1))
