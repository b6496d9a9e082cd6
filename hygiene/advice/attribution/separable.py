"""Which effects the data cannot tell apart, such as a sender alone on a sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.facts.factors import FACTORS, NOT_TOLD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.advice.attribution.fit import Fit
    from hygiene.facts.factors import Factor, FactorTable

    Integers = NDArray[np.int64]

INSEPARABLE = 0.8
"""Posterior correlation of two contrasts beyond which their effects are not told apart; assumed."""
OVERLAP = 0.5
"""Only levels that share at least this part of their enrollments (of both together) can be mistaken for each other."""


def rival_of(fit: Fit, table: FactorTable, factor: Factor, level: int) -> tuple[Factor, str] | None:
    """Return the effect that is least told apart from a level's, by factor and name; None: it stands by itself.

    Two effects are compared as contrasts: a level against the others of its factor, weighed by use. Where both always
    come together the data know only their sum, and the posterior of one falls as the other's rises.
    """
    here = table.codes[factor] == level
    size = table.ended[here].sum()
    worst, found = -INSEPARABLE, None
    for other in FACTORS:
        if other == factor:
            continue
        codes = table.codes[other]
        told = here & (codes != NOT_TOLD)
        if not told.any():
            continue
        shared = np.bincount(codes[told], table.ended[told])
        likest = int(np.argmax(shared))
        either = size + table.ended[codes == likest].sum() - shared[likest]
        if shared[likest] < OVERLAP * either:
            continue
        pair = np.vstack([_contrast(fit, table, factor, level), _contrast(fit, table, other, likest)])
        covariance = fit.covariance(pair)
        correlation = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
        if correlation < worst:
            worst, found = correlation, (other, table.levels[other][likest])
    return found


def _contrast(fit: Fit, table: FactorTable, factor: Factor, level: int) -> NDArray[np.float64]:
    design = fit.design
    row = np.zeros(design.size + 2)
    codes = table.codes[factor]
    told = codes != NOT_TOLD
    use = np.bincount(codes[told], table.ended[told], len(table.levels[factor])).astype(float)
    use[level] = 0
    start, stop = design.spans[factor]
    row[start:stop] = -use / max(use.sum(), 1.0)
    row[start + level] = 1.0
    return row
