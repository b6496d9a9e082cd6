"""A test batch for a list source that nobody has written to: how many first, when to go on, and how far.

The batch is drawn at random from one source, so its bounces are binomial around the source's own rate, however much
sources differ. The plan is the smallest that few bad sources pass and nearly all good ones: a single sampling plan by
two points of its operating characteristic (Dodge and Romig, Bell System Technical Journal 8 (1929) 613).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.stats import beta, binom

if TYPE_CHECKING:
    from hygiene.gate.budget import Budget

GOOD_RATE = 0.01
BAD_RATE = 0.08
"""Rates between which a sender's fate is decided (evidence: docs/pauses.md)."""
BAD_PASSES = 0.10
GOOD_PASSES = 0.95
"""At most so many bad and at least so many good sources pass (assumed, as is usual in acceptance sampling)."""
RATES = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12)
MOST_STEP = 5
"""Times the batch that are released after it: a source is not known for good by sixty emails (assumed)."""
DAYS = 2
"""Over which the batch is sent, so that the bounces of the first day are seen (assumed)."""
PRIOR = (1.0, 49.0)


class BatchPlan(NamedTuple):
    """Send `size` of `rows`, and release `release` more if at most `accept` of them bounce."""

    source: str | None
    rows: int
    """Of the source on the list."""
    size: int
    accept: int
    release: int
    days: int
    passes: tuple[tuple[float, float], ...]
    """The operating characteristic: bounce rate, and the probability that a source of this rate passes."""


@cache
def smallest_plan() -> tuple[int, int]:
    """Return the size of the batch and the bounces that it may have.

    Examples
    --------
    >>> smallest_plan()
    (65, 2)
    """
    accept = 0
    while True:
        size = accept + 1
        while binom.cdf(accept, size, BAD_RATE) > BAD_PASSES:
            size += 1
        if binom.cdf(accept, size, GOOD_RATE) >= GOOD_PASSES:
            return size, accept
        accept += 1


def accept_of(size: int) -> int | None:
    """Return how many bounces a batch may have so that few bad sources pass; None: it is too small to tell at all.

    Examples
    --------
    >>> accept_of(65), accept_of(34), accept_of(20)
    (2, 0, None)
    """
    _, most = smallest_plan()
    fitting = [accept for accept in range(most + 1) if binom.cdf(accept, size, BAD_RATE) <= BAD_PASSES]
    return fitting[-1] if fitting else None


def plan_batch(source: str | None, rows: int, size: int, budget: Budget) -> BatchPlan:
    """Return the plan for the rows of one new source, of which `size` go first: as many as a plan asks, or fit."""
    accept = accept_of(size)
    curve = tuple((rate, float(binom.cdf(accept or 0, size, rate))) for rate in RATES)
    release = 0 if accept is None else _release(rows - size, size, accept, budget)
    return BatchPlan(source, rows, size, accept or 0, release, DAYS, curve)


def _release(left: int, size: int, accept: int, budget: Budget) -> int:
    """Return how many more may follow in the worst case that passes, so that the domain's budget still holds."""
    rates = beta.ppf((np.arange(200) + 0.5) / 200, PRIOR[0] + accept, PRIOR[1] + size - accept)
    after = budget.after(size, accept)
    most = min(left, MOST_STEP * size)
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        fits = binom.cdf(after.room(middle), middle, rates).mean() >= after.certainty
        low, high = (middle, high) if fits else (low, middle - 1)
    return low
