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
TOLERANCE = 1e-8
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
    [-1.94, 0.77]
    """

    def __init__(self, mean: ArrayLike, spread: ArrayLike) -> None:
        self.mean = np.asarray(mean, dtype=float)
        self.spread = np.asarray(spread, dtype=float)

    def fit(self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None) -> PriorLogistic:  # noqa: N803
        """Fit the coefficients.

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
        coef = self.mean.copy()
        value = self._objective(features, outcome, weight, coef)
        for step_number in range(1, MOST_STEPS + 1):
            self.n_iter_ = step_number
            p = expit(features @ coef)
            gradient = features.T @ (weight * (outcome - p)) - precision * (coef - self.mean)
            hessian = (features * (weight * p * (1 - p))[:, None]).T @ features + ridge
            step = np.linalg.solve(hessian, gradient)
            coef, value, moved = self._improve(features, outcome, weight, coef, step, value)
            if moved <= TOLERANCE:
                break
        p = expit(features @ coef)
        self.covariance_ = np.linalg.inv((features * (weight * p * (1 - p))[:, None]).T @ features + ridge)
        self.coef_ = coef
        return self

    def _improve(
        self, features: Floats, outcome: Floats, weight: Floats, coef: Floats, step: Floats, value: float
    ) -> tuple[Floats, float, float]:
        """Go along Newton's step, halved until the objective rises; return what was reached and the greatest move."""
        length = 1.0
        while length > TOLERANCE:
            candidate = coef + length * step
            reached = self._objective(features, outcome, weight, candidate)
            if reached >= value:
                return candidate, reached, float(np.abs(length * step).max(initial=0.0))
            length /= 2
        return coef, value, 0.0

    def _objective(self, features: Floats, outcome: Floats, weight: Floats, coef: Floats) -> float:
        z = features @ coef
        off = (coef - self.mean) / self.spread
        return float(weight @ (outcome * z - np.logaddexp(0.0, z)) - 0.5 * off @ off)

    def decision_function(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the log-odds."""
        odds: Floats = np.asarray(X, dtype=float) @ self.coef_
        return odds

    def predict_proba(self, X: ArrayLike) -> Floats:  # noqa: N803
        """Return the probabilities of 0 and 1, shape (n, 2)."""
        p = expit(self.decision_function(X))
        return np.column_stack((1 - p, p))
