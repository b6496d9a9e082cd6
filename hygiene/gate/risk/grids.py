"""The grids on which chances, and the differences between lists, are integrated."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc, expit, logit, ndtri, stdtr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CHANCES: Floats = np.linspace(-9.5, 3.4, 130)
"""Log-odds that a batch's chance may have: 0.01 to 97 %."""
CHANCE_STEP = 0.1
LEVELS: Floats = np.linspace(-6.6, 0.6, 73)
"""Log-odds of a source's level: 0.1 to 65 %."""
TEAM_LEVELS: Floats = LEVELS[::2]
CONCENTRATIONS: Floats = np.geomspace(3.0, 3000.0, 9)
"""φ of the beta distribution of batches: as if a batch's chance were known from so many contacts."""
SCALES: Floats = np.geomspace(0.1, 1.6, 6)
"""σ of Student's t of batches, in log-odds."""
SPREADS: Floats = np.geomspace(0.1, 2.0, 7)
"""τ: how much sources differ, in log-odds."""
SENDER_SHIFTS: Floats = np.linspace(-2.0, 3.0, 21)
"""How much worse than its colleagues a sender's contacts are, in log-odds."""
BATCH_FREEDOM = 3.0
SOURCE_FREEDOM = 4.0


@cache
def batch_density() -> Floats:
    """Return the probability of each chance by kind of batches (beta by φ, then t by σ) and their source's level."""
    edges = np.append(CHANCES[:-1] + CHANCE_STEP / 2, np.inf)
    level = expit(LEVELS)[:, None]
    below = [betainc(level * phi, (1 - level) * phi, expit(edges)) for phi in CONCENTRATIONS]
    below += [stdtr(BATCH_FREEDOM, (edges - LEVELS[:, None]) / sigma) for sigma in SCALES]
    return np.diff(np.array(below), axis=2, prepend=0.0).clip(min=0.0)


@cache
def source_density() -> Floats:
    """Return the probability of each level of a source by τ and the team's level."""
    distance = (LEVELS - TEAM_LEVELS[:, None]) / SPREADS[:, None, None]
    density = (1 + np.square(distance) / SOURCE_FREEDOM) ** (-(SOURCE_FREEDOM + 1) / 2)
    return np.asarray(density / density.sum(axis=2, keepdims=True))


def levels_between(best: float, worst: float) -> Floats:
    """Return the probability of each level where a tenth lies below `best` and a tenth above `worst` (log-odds normal).

    Examples
    --------
    >>> found = levels_between(0.015, 0.12)
    >>> bool(abs(found[expit(LEVELS) < 0.015].sum() - 0.1) < 0.02)
    True
    """
    middle, spread = (logit(worst) + logit(best)) / 2, (logit(worst) - logit(best)) / (2 * ndtri(0.9))
    density = np.exp(-0.5 * np.square((LEVELS - middle) / spread))
    return np.asarray(density / density.sum())
