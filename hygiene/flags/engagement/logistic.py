"""A logistic regression that starts from an opinion and knows how sure it is of what it learned.

scikit-learn's has neither a prior mean nor a covariance, and both are needed here: the coefficients are drawn towards
those of BG/BB alone, and each contact's probability comes with an interval.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

MOST_STEPS = 60
TOLERANCE = 1e-7
"""Greatest step of a coefficient at which the fit has arrived."""


class PriorLogistic:
    """Logistic regression with independent normal priors on its coefficients, by Newton's method (MAP).

    Parameters
    ----------
    mean, spread
        Of the prior of each coefficient, shape (n_features,); an infinite spread is no opinion.

    Attributes
    ----------
    coef_
        Shape (n_features,). There is no intercept: give a column of ones.
    covariance_
        Inverse of the Hessian at the optimum (Laplace), shape (n_features, n_features).
    n_iter_
        Steps taken.

    Examples
    --------
    >>> X = np.column_stack([np.ones(6), [0, 1, 2, 3, 4, 5]])
    >>> model = PriorLogistic([0.0, 0.0], [np.inf, 1.0]).fit(X, [0, 0, 1, 0, 1, 1])
    >>> model.coef_.round(2).tolist()
    [-1.92, 0.77]
    """

    def __init__(self, mean: ArrayLike, spread: ArrayLike) -> None:
        self.mean = np.asarray(mean, dtype=float)
        self.spread = np.asarray(spread, dtype=float)

    def fit(
        self,
        X: ArrayLike,  # noqa: N803 — scikit-learn's name
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        start: ArrayLike | None = None,
    ) -> PriorLogistic:
        """Fit the coefficients, from `start` on (default: the prior's mean).

        Raises
        ------
        ValueError
            If a feature is not a finite number.
        """
        features, outcome = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
        weight = np.ones(len(outcome)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        if not np.isfinite(features).all():
            raise ValueError("A feature is not a finite number.")
        precision = self.spread**-2.0
        ridge = np.diag(precision + 1e-9)  # a column that is all zero has no information of its own
        coef = self.mean.copy() if start is None else np.asarray(start, dtype=float)
        odds = features @ coef
        value = self._objective(odds, outcome, weight, coef)
        for step_number in range(1, MOST_STEPS + 1):
            self.n_iter_ = step_number
            p = expit(odds)
            gradient = features.T @ (weight * (outcome - p)) - precision * (coef - self.mean)
            hessian = (features * (weight * p * (1 - p))[:, None]).T @ features + ridge
            step = np.linalg.solve(hessian, gradient)
            reached = self._line(features, outcome, weight, coef, odds, step, value)
            if reached is None:  # no step rises any more: this is the top, as far as numbers can tell
                break
            length, odds, value = reached
            coef = coef + length * step
            if np.abs(length * step).max(initial=0.0) <= TOLERANCE:
                break
        p = expit(odds)
        self.covariance_ = np.linalg.inv((features * (weight * p * (1 - p))[:, None]).T @ features + ridge)
        self.coef_ = coef
        return self

    def _line(
        self,
        features: Floats,
        outcome: Floats,
        weight: Floats,
        coef: Floats,
        odds: Floats,
        step: Floats,
        value: float,
    ) -> tuple[float, Floats, float] | None:
        """Halve Newton's step until the objective rises; return its length, the log-odds and the objective there."""
        along, length = features @ step, 1.0
        while length > TOLERANCE:
            candidate = odds + length * along
            reached = self._objective(candidate, outcome, weight, coef + length * step)
            if reached >= value:
                return length, candidate, reached
            length /= 2
        return None

    def _objective(self, odds: Floats, outcome: Floats, weight: Floats, coef: Floats) -> float:
        off = (coef - self.mean) / self.spread
        return float(weight @ (outcome * odds - np.logaddexp(0.0, odds)) - 0.5 * off @ off)

    def decision_function(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the log-odds."""
        odds: Floats = np.asarray(X, dtype=float) @ self.coef_
        return odds

    def predict_proba(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the probabilities of 0 and 1, shape (n, 2)."""
        p = expit(self.decision_function(X))
        return np.column_stack((1 - p, p))
