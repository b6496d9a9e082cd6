"""The empirical-Bayes hierarchical logistic: each group of effects has a scale, learned from its own effects.

log-odds = intercept + Σ_g effect_g(level), effect_g ~ Student's t with 3 degrees of freedom and scale τ_g, τ_g²
inverse-gamma: most levels do next to nothing and a few do much. The effects are at their mode (Newton), the scales by
Laplace-EM around it: MacKay, Neural Computation 4 (1992) 415, section 3; Breslow and Clayton, J. Am. Stat. Assoc. 88
(1993) 9, section 2; the t as a mixture of normal distributions, Lange, Little and Taylor, J. Am. Stat. Assoc. 84 (1989)
881, equation 3. Against normal effects it names the true lever of bounces more often (benchmarks/causes, 50 teams: 90 %
instead of 87 % of the claims), and that of replies as often. Outcomes come in clumps (a bad batch bounces on one
day), so the likelihood is weighed down by the dispersion that is measured between weeks: McCullagh and Nelder,
Generalized Linear Models, 2nd ed., section 4.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.sparse import csr_array
from scipy.special import expit

from hygiene.advice.attribution.design import GROUPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.advice.attribution.design import Design, Group

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

PRIOR_SHAPE, PRIOR_SCALE = 1.0, 0.04
"""Of a variance, inverse-gamma: most at τ = .14, so an odds ratio of 1.15; assumed, and soon outweighed."""
INTERCEPT_VARIANCE = 25.0
"""Of the intercept around even odds: next to flat, but where all reply, or all bounce, the log-odds stay finite."""
FREEDOM = 3.0
"""Degrees of freedom of the effects' distribution."""
FIRST_VARIANCE = 0.1
_ROUNDS = 40
_STEPS = 8
_SMALL_STEP = 1e-3
_TOLERANCE = 0.01
"""Relative, of the variances."""
MOST_DISPERSION = 10.0
LEAST_EXPECTED = 1.0
"""Expected outcomes of a clump that tells of dispersion."""


@dataclass(frozen=True)
class Fit:
    """The posterior of the effects, as a normal distribution around their mode."""

    design: Design
    mean: Floats
    """Effects by column, the intercept, and a zero for no effect (`size + 2`)."""
    root: Floats
    """Upper Cholesky factor of the precision (`size + 1` square)."""
    variances: dict[Group, float]
    """Squared scales τ²."""
    dispersion: float
    """How much more outcomes vary between clumps than chance alone explains; at least 1."""

    def draws(self, number: int, widened: float, seed: int) -> Floats:
        """Return draws of the effects (number × `size + 2`), their spread multiplied by `widened`."""
        noise = np.random.default_rng(seed).standard_normal((self.root.shape[0], number))
        spread = solve_triangular(self.root, noise, check_finite=False)
        found = np.zeros((number, self.mean.size))
        found[:, :-1] = self.mean[:-1] + widened * spread.T
        return found

    def log_odds(self) -> Floats:
        """Return the fitted log-odds of each row."""
        return np.asarray(matrix(self.design) @ self.mean[:-1])


def matrix(design: Design) -> csr_array:
    """Return the model's matrix (rows × `size + 1`): a one for each effect of a row, and for the intercept."""
    columns = [design.columns[group] for group in GROUPS]
    wide = np.column_stack([*columns, np.full(columns[0].size, design.size)])
    rows, places = np.nonzero(wide != design.nothing)
    return csr_array((np.ones(rows.size), (rows, wide[rows, places])), shape=(wide.shape[0], design.size + 1))


def fit_effects(design: Design, successes: Integers, trials: Integers, clumps: Integers) -> Fit:
    """Fit the model.

    Parameters
    ----------
    design
        As `build_design` returns it.
    successes, trials
        Counts by row, 0 ≤ successes ≤ trials; rows without trials say nothing.
    clumps
        A number for each row: rows of one clump may have shared their luck.
    """
    some = trials > 0
    x = matrix(design)[some]
    y, n, clump = successes[some].astype(float), trials[some].astype(float), clumps[some]
    mean = np.zeros(design.size + 1)
    rate = (y.sum() + 0.5) / (n.sum() + 1)
    mean[-1] = np.log(rate / (1 - rate))
    state = _State(mean, np.empty((0, 0)), dict.fromkeys(GROUPS, FIRST_VARIANCE), np.ones(design.size))
    state = _climb(design, x, y, n, state)
    fitted = n * expit(x @ state.mean)
    dispersion = _dispersion(y, fitted, fitted * (1 - fitted / n), clump)
    if dispersion > 1:
        state = _climb(design, x, y / dispersion, n / dispersion, state)
    return Fit(design, np.append(state.mean, 0.0), state.root, state.variances, dispersion)


@dataclass(frozen=True)
class _State:
    mean: Floats
    root: Floats
    variances: dict[Group, float]
    weights: Floats
    """By column: how much of the group's precision an effect has; a large effect has little."""


def _climb(design: Design, x: csr_array, y: Floats, n: Floats, state: _State) -> _State:
    """Alternate between the effects' mode and the groups' scales until these stand still."""
    used = np.asarray(x.sum(axis=0)) > 0
    for _ in range(_ROUNDS):
        precision = np.full(design.size + 1, 1 / INTERCEPT_VARIANCE)
        for group, (start, stop) in design.spans.items():
            precision[start:stop] = state.weights[start:stop] / state.variances[group]
        mean, root = _mode(x, y, n, state.mean, precision)
        spread = np.square(solve_triangular(root, np.eye(mean.size), check_finite=False)).sum(axis=1)
        squares = np.square(mean) + spread
        variances: dict[Group, float] = {}
        weights = np.ones(design.size)
        for group, (start, stop) in design.spans.items():
            told = start + np.flatnonzero(used[start:stop])
            weights[told] = (FREEDOM + 1) / (FREEDOM + squares[told] / state.variances[group])
            total = float(weights[told] @ squares[told])
            variances[group] = (total + 2 * PRIOR_SCALE) / (told.size + 2 * (PRIOR_SHAPE + 1))
        change = max(abs(np.log(variances[group] / state.variances[group])) for group in GROUPS)
        state = _State(mean, root, variances, weights)
        if change < _TOLERANCE:
            break
    return state


def _mode(x: csr_array, y: Floats, n: Floats, mean: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """Newton's way to the mode of the effects under known variances; returns it and the root of its curvature."""
    for _ in range(_STEPS):
        p = expit(x @ mean)
        gradient = x.T @ (y - n * p) - precision * mean
        weighted = csr_array(x.multiply((n * p * (1 - p))[:, None]))
        root = cholesky((x.T @ weighted).toarray() + np.diag(precision), check_finite=False)
        step = cho_solve((root, False), gradient, check_finite=False)
        mean = mean + step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < _SMALL_STEP:
            break
    return mean, root


def _dispersion(y: Floats, fitted: Floats, variance: Floats, clump: Integers) -> float:
    """Return how much more clumps vary than chance explains, by the sum of squares over the sum of variances."""
    _, place = np.unique(clump, return_inverse=True)
    observed, expected, spread = (np.bincount(place, values) for values in (y, fitted, variance))
    told = expected >= LEAST_EXPECTED
    if told.sum() < 2:
        return 1.0
    found = float(np.square(observed - expected)[told].sum() / spread[told].sum())
    return min(max(1.0, found), MOST_DISPERSION)
