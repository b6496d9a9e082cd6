"""Rates to points and back, along the profile's straight pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.scores.types import BANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hygiene.scores.profile import Knots
    from hygiene.scores.types import Band


def score_points(rate: float | NDArray[np.float64], knots: Knots) -> NDArray[np.float64]:
    """Return the points, 0–50, of one rate or of an array of rates (fractions), in the same shape.

    Examples
    --------
    >>> from hygiene.scores.profile import load_profile
    >>> float(score_points(0.10, load_profile("default").reply))
    40.0
    """
    return np.asarray(np.interp(rate, knots.rates, knots.points), dtype=np.float64)


def rate_at(points: float | NDArray[np.float64], knots: Knots) -> NDArray[np.float64]:
    """Return the rate that is worth so many points: the inverse of `score_points`, on the knots' own range."""
    rates, values = np.array(knots.rates), np.array(knots.points)
    rising = np.argsort(values)
    return np.asarray(np.interp(points, values[rising], rates[rising]), dtype=np.float64)


def band_of(score: float, edges: Sequence[float]) -> Band:
    """Return the band that a score, 0–100, lies in; an edge belongs to the band above it.

    Examples
    --------
    >>> band_of(60.0, (40.0, 60.0, 80.0))
    'good'
    """
    return BANDS[sum(score >= edge for edge in edges)]
