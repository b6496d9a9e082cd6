"""The posterior of the effects and their scales, sampled: not one mode, but every way in which the data may have come.

A list that bounces is bad itself, or its largest batch is: each explains the other away, and a normal distribution
around either mode is far too sure. Gibbs' sampler goes back and forth between them. The likelihood is taken as normal
around the mode (Gelman et al., Bayesian Data Analysis, 3rd ed. (2013), section 4.1), so that given the scales all
effects are drawn at once; Student's t is a normal distribution with a gamma-distributed precision for each level, and
each is drawn given the effects (Geweke, J. Appl. Econometrics 8 (1993) S19, section 3; Gelman et al., section 12.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.linalg import cho_solve, cholesky, solve_triangular

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hygiene.advice.attribution.design import Design, Group

    Floats = NDArray[np.float64]

FREEDOM = 3.0
"""Degrees of freedom of the effects' distribution."""
PRIOR_SHAPE, PRIOR_SCALE = 1.0, 0.04 * (FREEDOM - 2) / FREEDOM
"""Of τ², inverse-gamma. The variance of the effects, τ² ν ⁄ (ν − 2), is most likely .02, so their deviation .14 and an
odds ratio of 1.15; assumed, and soon outweighed."""
INTERCEPT_VARIANCE = 25.0
"""Of the intercept around even odds: next to flat, but where all reply, or all bounce, the log-odds stay finite."""
DRAWS = 250
FIRST_ROUNDS = 150
"""Rounds of the sampler that only lead away from the mode."""
ROUNDS_APART = 2
"""Rounds from one draw that is kept to the next: neighbours are alike."""
MANY_COLUMNS = 400
"""More than these take seconds; then every round is kept. Given the scales all effects are drawn anew in each."""


class Likelihood(NamedTuple):
    """What the data say of the effects, as a normal distribution."""

    information: Floats
    """Precision (`size + 1` square)."""
    pull: Floats
    """The information times where the likelihood is highest (`size + 1`)."""


def sample_effects(
    design: Design, likelihood: Likelihood, used: NDArray[np.bool_], variances: Mapping[Group, float], seed: int
) -> tuple[Floats, Floats]:
    """Return the mean of the effects (`size + 1`, the intercept last) and draws of them (`DRAWS` × `size + 1`).

    Parameters
    ----------
    design
        The columns and their groups.
    likelihood
        Of the effects.
    used
        Whether any row points to a column (`size`); only such effects tell of their group's scale.
    variances
        Squared scales to begin with, by group.
    seed
        Of the random numbers.
    """
    random = np.random.default_rng(seed)
    scales = dict(variances)
    weights = np.ones(design.size)
    precision = np.full(design.size + 1, 1 / INTERCEPT_VARIANCE)
    told = {group: start + np.flatnonzero(used[start:stop]) for group, (start, stop) in design.spans.items()}
    for group, (start, stop) in design.spans.items():
        precision[start:stop] = 1 / scales[group]
    apart = ROUNDS_APART if design.size <= MANY_COLUMNS else 1
    means = np.zeros(design.size + 1)
    kept: list[Floats] = []
    for round_ in range(FIRST_ROUNDS + DRAWS * apart):
        root = cholesky(likelihood.information + np.diag(precision), check_finite=False)
        middle = cho_solve((root, False), likelihood.pull, check_finite=False)
        effects = middle + solve_triangular(root, random.standard_normal(middle.size), check_finite=False)
        for group, (start, stop) in design.spans.items():
            squares = np.square(effects[told[group]])
            rate = PRIOR_SCALE + float(weights[told[group]] @ squares) / 2
            scales[group] = rate / random.gamma(PRIOR_SHAPE + squares.size / 2)
            spread = (FREEDOM + squares / scales[group]) / 2
            weights[told[group]] = random.gamma((FREEDOM + 1) / 2, 1 / spread)
            precision[start:stop] = weights[start:stop] / scales[group]
        if round_ >= FIRST_ROUNDS:
            means += middle
            if (round_ - FIRST_ROUNDS) % apart == apart - 1:
                kept.append(effects)
    # The mean of the middles is surer than that of the draws (Rao and Blackwell).
    return means / (DRAWS * apart), np.array(kept)
