"""What a gap between two sets of enrollments is made of: a sender's and the peers', or this period's and the last.

Each part is the difference of the mean effects of one cause, turned from log-odds into a rate by the mean slope
p (1 − p) of both sides: the first-order decomposition of Fairlie, J. Econ. Soc. Meas. 30 (2005) 305, in its linear form
(Oaxaca, Int. Econ. Rev. 14 (1973) 693). What the model leaves over, chance and curvature, is the part `noise`, so that
the parts sum to the observed gap exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from hygiene.advice.attribution.types import Gap, Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hygiene.advice.attribution.design import Group
    from hygiene.advice.attribution.senders import Models
    from hygiene.advice.attribution.types import Cause, Metric

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

GROUPS_OF: Mapping[Cause, tuple[Group, ...]] = {
    "segment": ("industry", "country"),
    "source": ("source", "import_batch"),
    "sequence": ("sequence", "fit"),
    "timing": ("timing",),
    "period": ("period",),
    "sender": ("sender",),
}
INTERVAL = (0.05, 0.95)


def gap_between(models: Models, metric: Metric, own: Integers, peers: Integers) -> Gap | None:
    """Return the gap of a rate between two sets of rows, in parts; None where one of them has nothing to count.

    Parameters
    ----------
    models
        As `fit_models` returns them.
    metric
        Which rate.
    own, peers
        Places of rows in the table.
    """
    trials = models.trials[metric].astype(float)
    mine, theirs = trials[own].sum(), trials[peers].sum()
    if not mine or not theirs:
        return None
    table, fit = models.table, models.fits[metric]
    successes = table.replied if metric == "reply_rate" else table.bounced
    weights = np.zeros(trials.size)
    weights[own] += trials[own] / mine
    weights[peers] -= trials[peers] / theirs
    chances = expit(fit.log_odds())
    slopes = chances * (1 - chances)
    slope = (trials[own] @ slopes[own] / mine + trials[peers] @ slopes[peers] / theirs) / 2
    rates = float(successes[own].sum() / mine), float(successes[peers].sum() / theirs)
    parts = [_part(models, metric, cause, weights, float(slope)) for cause in GROUPS_OF]
    if metric == "bounce_rate":
        parts.append(_sending(models, own, peers))
    explained = sum(part.value for part in parts)
    rest = rates[0] - rates[1] - explained
    # Chance alone, by the binomial variance of both sides: how far the rest may lie from zero.
    chance = 1.645 * float(np.sqrt(sum(r * (1 - r) / n for r, n in zip(rates, (mine, theirs), strict=True))))
    parts.append(Part("noise", rest, rest - chance, rest + chance))
    return Gap(metric, *rates, tuple(parts))


def _part(models: Models, metric: Metric, cause: Cause, weights: Floats, slope: float) -> Part:
    design = models.fits[metric].design
    sums = np.zeros(design.size + 2)
    for group in GROUPS_OF[cause]:
        sums += np.bincount(design.columns[group], weights, design.size + 2)
    low, high = np.quantile(models.effects[metric] @ sums, INTERVAL) * slope
    return Part(cause, float(models.fits[metric].mean @ sums) * slope, float(low), float(high))


def _sending(models: Models, own: Integers, peers: Integers) -> Part:
    """Return what bounces for other faults than the address's add: exact counts."""
    table = models.table
    other = table.bounced - table.address_bounced
    value = float(other[own].sum() / table.ended[own].sum() - other[peers].sum() / table.ended[peers].sum())
    return Part("sending", value, value, value)
