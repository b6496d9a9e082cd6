"""The posterior of a score: two independent Beta posteriors, each turned into points, added. No random numbers.

Each part's distribution is rounded to a lattice in points: the mass between two lattice middles, exact from the Beta
distribution function. Both lattices of a unit have the same step, fine where its posteriors are narrow, and lie on the
two medians, so that even ten million enrollments stay sharp. The sum's lattice is then one convolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, betaincinv

from hygiene.scores.points import rate_at, score_points
from hygiene.scores.rates import INTERVAL

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from hygiene.scores.profile import Knots, Profile
    from hygiene.scores.rates import BetaPrior

    Floats = NDArray[np.float64]

_STEPS = 100
"""Lattice steps over the range of both parts together. Against a lattice of 1,500, on 2,000 random units, 99 in 100
band probabilities are right to 0.0013 (the worst to 0.011) and 99 in 100 bounds to 0.11 points (the worst to 0.45)."""
_TAIL = 3e-4
"""Probability left out at each end of each part when the range is chosen; it is kept in the outermost cells."""
_SIZE = 240
"""Length of the convolution: above twice the steps and the cells added at the ends."""
_BLOCK = 2048
"""Units at a time, so that ten thousand of them stay within some megabytes."""


@dataclass(frozen=True)
class ScorePosterior:
    """The posterior of the score of each unit."""

    p_bands: Floats
    """Units × bands (low, fair, good, excellent); each row sums to 1."""
    low: Floats
    """5 % quantile, 0–100."""
    high: Floats
    """95 % quantile."""


@dataclass(frozen=True)
class _Part:
    """One part of the score of each unit: Beta(a, b) through its knots."""

    a: NDArray[np.floating]
    b: NDArray[np.floating]
    knots: Knots

    def quantiles(self, *levels: float) -> Floats:
        """Return units × levels: quantiles of the points."""
        falling = self.knots.points[0] > self.knots.points[-1]
        tails = np.array([1 - level if falling else level for level in levels])
        return score_points(betaincinv(self.a[:, None], self.b[:, None], tails), self.knots)

    def below(self, units: NDArray[np.intp], points: Floats) -> Floats:
        """Return P(points ≤ x) for pairs of a unit and an x; beyond 0 and 50 it is 0 and 1."""
        at = betainc(self.a[units], self.b[units], rate_at(points, self.knots))
        if self.knots.points[0] > self.knots.points[-1]:
            at = 1 - at
        return np.where(points < min(self.knots.points), 0.0, np.where(points >= max(self.knots.points), 1.0, at))


def score_posterior(
    replies: ArrayLike, bounces: ArrayLike, priors: tuple[BetaPrior, BetaPrior], profile: Profile
) -> ScorePosterior:
    """Return band probabilities and 90 % intervals of the scores of many units.

    Parameters
    ----------
    replies, bounces
        Units × 2 counts: successes and trials of the reply rate, and of the bounce rate.
    priors
        Of the reply rate and of the bounce rate, fitted on the units of the same level.
    profile
        The knots and the edges of the bands.

    Notes
    -----
    The two rates are taken as independent given the counts. Equal units are computed once.
    """
    counts = np.column_stack([np.asarray(replies, dtype=np.int64), np.asarray(bounces, dtype=np.int64)])
    distinct, place = np.unique(counts.reshape(-1, 4), axis=0, return_inverse=True)
    blocks = [_block(distinct[at : at + _BLOCK], priors, profile) for at in range(0, len(distinct), _BLOCK)]
    rows = np.concatenate(blocks)[place.ravel()] if blocks else np.empty((0, 6))
    return ScorePosterior(p_bands=rows[:, :4], low=rows[:, 4], high=rows[:, 5])


def _block(counts: NDArray[np.int64], priors: tuple[BetaPrior, BetaPrior], profile: Profile) -> Floats:
    """Return units × (four band probabilities, low, high)."""
    parts = [
        _Part(prior.a + counts[:, at], prior.b + counts[:, at + 1] - counts[:, at], knots)
        for at, prior, knots in ((0, priors[0], profile.reply), (2, priors[1], profile.bounce))
    ]
    ranges = [part.quantiles(_TAIL, 0.5, 1 - _TAIL) for part in parts]
    step = np.maximum(sum(r[:, 2] - r[:, 0] for r in ranges) / _STEPS, 1e-9)
    (reply_at, reply), (bounce_at, bounce) = (_lattice(part, r, step) for part, r in zip(parts, ranges, strict=True))
    both = np.fft.irfft(np.fft.rfft(reply, _SIZE) * np.fft.rfft(bounce, _SIZE), _SIZE)
    cumulated = np.clip(np.cumsum(both, axis=1), 0, 1)
    cumulated[:, -1] = 1
    first_edge = reply_at + bounce_at - step / 2  # the mass of the first k cells lies below first_edge + k · step
    cumulated = np.hstack([np.zeros((len(counts), 1)), np.maximum.accumulate(cumulated, axis=1)])
    at_edges = _read(cumulated, (np.array(profile.edges) - first_edge[:, None]) / step[:, None])
    p_bands = np.diff(np.hstack([np.zeros((len(counts), 1)), at_edges, np.ones((len(counts), 1))]), axis=1)
    bounds = first_edge[:, None] + step[:, None] * np.column_stack([_invert(cumulated, level) for level in INTERVAL])
    return np.hstack([p_bands, np.clip(bounds, 0, 100)])


def _lattice(part: _Part, quantiles: Floats, step: Floats) -> tuple[Floats, Floats]:
    """Return the first point of each unit's lattice and the masses (units × cells); the median is on the lattice."""
    before = np.ceil((quantiles[:, 1] - quantiles[:, 0]) / step)
    first = quantiles[:, 1] - before * step
    edges = first[:, None] + step[:, None] * (np.arange(1, _STEPS + 3) - 0.5)
    # Past its own range a part has no mass to speak of: about half of the cells need no distribution function.
    inside = edges < quantiles[:, 2:] + step[:, None]
    inside[:, -1] = False
    below = np.ones_like(edges)
    below[inside] = part.below(np.nonzero(inside)[0], edges[inside])
    return first, np.diff(below, axis=1, prepend=0.0)


def _read(cumulated: Floats, cells: Floats) -> Floats:
    """Interpolate each row at fractional cells (units × n)."""
    cells = np.clip(cells, 0, cumulated.shape[1] - 1)
    left = np.minimum(cells.astype(np.int64), cumulated.shape[1] - 2)
    start = np.take_along_axis(cumulated, left, axis=1)
    end = np.take_along_axis(cumulated, left + 1, axis=1)
    return np.asarray(start + (cells - left) * (end - start))


def _invert(cumulated: Floats, level: float) -> Floats:
    """Return the fractional cell at which each row reaches the level."""
    right = np.maximum((cumulated < level).sum(axis=1), 1)
    rows = np.arange(len(cumulated))
    start, end = cumulated[rows, right - 1], cumulated[rows, right]
    return np.asarray(right - 1 + (level - start) / np.maximum(end - start, 1e-300))
