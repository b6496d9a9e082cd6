"""What a gap between two sets of enrollments is made of: a sender's and the peers', or this period's and the last.

Each part is the difference of the mean effects of one cause, turned from log-odds into a rate by the mean slope
p (1 − p) of both sides: the first-order decomposition of Fairlie, J. Econ. Soc. Meas. 30 (2005) 305, in its linear form
(Oaxaca, Int. Econ. Rev. 14 (1973) 693). What the model leaves over, chance and curvature, is the part `noise`, so that
the parts sum to the observed gap exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

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
Z90 = 1.645
"""Standard normal deviate of a 90 % interval."""


@dataclass(frozen=True)
class Side:
    """One side of a gap, as sums over its rows."""

    trials: float
    successes: float
    ended: float
    other_bounces: float
    """For another fault than the address's."""
    slopes: float
    """Of p (1 − p), weighed by trials."""
    columns: Floats
    """Trials by column of the model."""

    def __sub__(self, other: Side) -> Side:
        """Return what is left without a part of it."""
        return Side(*(getattr(self, name.name) - getattr(other, name.name) for name in fields(Side)))


def side_of(models: Models, metric: Metric, rows: Integers) -> Side:
    """Return the sums over some rows of the table, for `gap_between`."""
    table, design = models.table, models.fits[metric].design
    trials = models.trials[metric][rows].astype(float)
    chances = models.chances[metric][rows]
    columns = np.zeros(design.size + 2)
    for column in design.columns.values():
        columns += np.bincount(column[rows], trials, design.size + 2)
    successes = table.replied if metric == "reply_rate" else table.bounced
    return Side(
        trials=float(trials.sum()),
        successes=float(successes[rows].sum()),
        ended=float(table.ended[rows].sum()),
        other_bounces=float((table.bounced[rows] - table.address_bounced[rows]).sum()),
        slopes=float(trials @ (chances * (1 - chances))),
        columns=columns,
    )


def gap_between(models: Models, metric: Metric, own: Side, peers: Side) -> Gap | None:
    """Return the gap of a rate between two sides, in parts; None where one of them has nothing to count."""
    if not own.trials or not peers.trials:
        return None
    weights = own.columns / own.trials - peers.columns / peers.trials
    slope = (own.slopes / own.trials + peers.slopes / peers.trials) / 2
    rates = own.successes / own.trials, peers.successes / peers.trials
    parts = [_part(models, metric, cause, weights, slope) for cause in GROUPS_OF]
    if metric == "bounce_rate":
        value = own.other_bounces / own.ended - peers.other_bounces / peers.ended
        parts.append(Part("sending", value, value, value))
    rest = rates[0] - rates[1] - sum(part.value for part in parts)
    # Chance alone, by the binomial variance of both sides: how far the rest may lie from zero.
    sides = zip(rates, (own.trials, peers.trials), strict=True)
    chance = Z90 * sum(rate * (1 - rate) / trials for rate, trials in sides) ** 0.5
    parts.append(Part("noise", rest, rest - chance, rest + chance))
    return Gap(metric, *rates, tuple(parts))


def _part(models: Models, metric: Metric, cause: Cause, weights: Floats, slope: float) -> Part:
    design = models.fits[metric].design
    spans = [design.spans[group] for group in GROUPS_OF[cause]]
    value = sum(float(models.fits[metric].mean[a:b] @ weights[a:b]) for a, b in spans)
    draws = sum(models.effects[metric][:, a:b] @ weights[a:b] for a, b in spans)
    low, high = np.quantile(draws, INTERVAL) * slope
    return Part(cause, value * slope, float(low), float(high))
