"""Funnel plots: which senders lie beyond what chance alone would do around the team's rate.

Spiegelhalter, Statistics in Medicine 24 (2005) 1185: control limits around a target from the exact binomial, at 95 %
and 99.8 %. A count is discrete, so no limit has exactly these probabilities; of the ways to interpolate, the one here
has limits that chance crosses on either side with at most the nominal probability: the first method in Manktelow and
Seaton, PLOS ONE 7 (2012) e45723. Nobody is blamed for a rounding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import bdtr, bdtrc

from hygiene.scores.types import Funnel, FunnelPoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from hygiene.scores.types import Rate, Score

    Floats = NDArray[np.float64]

TAIL_95 = 0.025
TAIL_998 = 0.001
"""Probability beyond each side of the 95 % and of the 99.8 % limits."""
_ROWS = 60


def funnels_of(team: Score, senders: Sequence[Score]) -> tuple[Funnel, ...]:
    """Return the funnels of the reply and of the bounce rate, each if at least two senders have trials for it."""
    drawn = (
        _funnel("reply_rate", team.reply, [(s.sender_key, s.reply) for s in senders]),
        _funnel("bounce_rate", team.bounce, [(s.sender_key, s.bounce) for s in senders]),
    )
    return tuple(funnel for funnel in drawn if funnel)


def _funnel(
    metric: Literal["reply_rate", "bounce_rate"], team: Rate, senders: list[tuple[int | None, Rate]]
) -> Funnel | None:
    shown = [(key, rate) for key, rate in senders if key is not None and rate.trials]
    if len(shown) < 2 or team.value is None:
        return None
    successes = np.array([rate.successes for _, rate in shown])
    trials = np.array([rate.trials for _, rate in shown])
    low, high = tails(successes, trials, team.value)
    points = (
        FunnelPoint(key, rate.trials, rate.successes / rate.trials, *_verdict(p_low, p_high))
        for (key, rate), p_low, p_high in zip(shown, low.tolist(), high.tolist(), strict=True)
    )
    sizes = np.unique(np.rint(np.geomspace(trials.min(), trials.max(), _ROWS)).astype(np.int64))
    limits = [lower_limit(sizes, team.value, tail) for tail in (TAIL_998, TAIL_95)]
    limits += [upper_limit(sizes, team.value, tail) for tail in (TAIL_95, TAIL_998)]
    curve = zip(sizes.tolist(), *(limit.tolist() for limit in limits), strict=True)
    return Funnel(metric, team.value, tuple(points), tuple(curve))


def tails(successes: ArrayLike, trials: ArrayLike, target: float) -> tuple[Floats, Floats]:
    """Return P(X ≤ successes) and P(X ≥ successes) for X ~ Binomial(trials, target).

    Examples
    --------
    >>> low, high = tails(0, 10, 0.5)
    >>> float(low), float(high)
    (0.0009765625, 1.0)
    """
    k, n = np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.int64)
    at_least = np.where(k > 0, bdtrc(np.maximum(k - 1, 0), n, target), 1.0)
    return np.asarray(bdtr(k, n, target)), np.asarray(at_least)


def _verdict(p_low: float, p_high: float) -> tuple[Literal["inside", "95", "99.8"], Literal["low", "high", "none"]]:
    p, side = (p_low, "low") if p_low < p_high else (p_high, "high")
    if p >= TAIL_95:
        return "inside", "none"
    return ("99.8" if p < TAIL_998 else "95"), ("low" if side == "low" else "high")


def lower_limit(trials: ArrayLike, target: float, tail: float) -> Floats:
    """Return the rate below which chance falls with probability less than `tail`, for each number of trials.

    With r the least count such that P(X ≤ r) ≥ tail, the limit is (r − w) / trials, and not below 0. The weight
    w = (P(X ≤ r) − tail) / P(X = r) < 1 lets it move smoothly with the trials; r is inside, r − 1 outside.
    """
    n = np.asarray(trials, dtype=np.int64)
    r = _quantile(n, target, tail)
    at, before = bdtr(r, n, target), np.where(r > 0, bdtr(np.maximum(r - 1, 0), n, target), 0.0)
    limit = (r - (at - tail) / np.maximum(at - before, 1e-300)) / n
    return np.asarray(np.maximum(0.0, limit))


def upper_limit(trials: ArrayLike, target: float, tail: float) -> Floats:
    """Return the rate above which chance rises with probability less than `tail`: the lower limit of the failures."""
    return np.asarray(1.0 - lower_limit(trials, 1.0 - target, tail))


def _quantile(n: NDArray[np.int64], target: float, tail: float) -> Floats:
    """Return the least r with P(X ≤ r) ≥ tail, by bisection between −1 and the trials."""
    below, reached = np.full(n.shape, -1.0), n.astype(np.float64)
    while (reached - below > 1).any():
        middle = np.floor((below + reached) / 2)
        enough = bdtr(np.maximum(middle, 0), n, target) >= tail
        split = reached - below > 1
        reached = np.where(split & enough, middle, reached)
        below = np.where(split & ~enough, middle, below)
    return reached
