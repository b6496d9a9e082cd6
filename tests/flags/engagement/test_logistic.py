"""The logistic regression with an opinion, against scikit-learn and against what can be worked out by hand."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from hygiene.flags.engagement.logistic import PriorLogistic


def data(seed: int, rows: int = 400, columns: int = 4):
    rng = np.random.default_rng(seed)
    features = rng.normal(0, 1, (rows, columns))
    outcome = rng.random(rows) < expit(features @ rng.normal(0, 1, columns) - 0.5)
    return features, outcome.astype(float), rng.uniform(0.1, 3, rows)


@pytest.mark.parametrize("spread", [0.3, 1.0, 5.0])
@pytest.mark.parametrize("weighted", [False, True])
def test_it_is_scikit_learns_ridge(spread, weighted):
    features, outcome, weights = data(1)
    weight = weights if weighted else None
    ours = PriorLogistic(np.zeros(5), [np.inf, *[spread] * 4])
    ours.fit(np.column_stack((np.ones(len(outcome)), features)), outcome, weight)
    theirs = LogisticRegression(C=spread**2, tol=1e-10, max_iter=10_000).fit(features, outcome, weight)
    assert ours.coef_ == pytest.approx([*theirs.intercept_, *theirs.coef_[0]], abs=1e-5)
    again = ours.predict_proba(np.column_stack((np.ones(len(outcome)), features)))
    assert again == pytest.approx(theirs.predict_proba(features), abs=1e-5)


def test_the_optimum_is_that_of_a_general_optimiser_with_an_opinion_of_each_coefficient():
    features, outcome, weights = data(2, columns=3)
    mean, spread = np.array([1.0, -2.0, 0.5]), np.array([0.2, 1.0, 3.0])

    def loss(coef):
        z = features @ coef
        return weights @ (np.logaddexp(0, z) - outcome * z) + 0.5 * (((coef - mean) / spread) ** 2).sum()

    slow = minimize(loss, mean, method="BFGS", options={"gtol": 1e-7}).x
    assert PriorLogistic(mean, spread).fit(features, outcome, weights).coef_ == pytest.approx(slow, abs=1e-4)


def test_without_data_the_opinion_stands():
    model = PriorLogistic([0.7, -1.5], [0.5, 2.0]).fit(np.zeros((0, 2)), np.zeros(0))
    assert model.coef_ == pytest.approx([0.7, -1.5])
    assert model.covariance_ == pytest.approx(np.diag([0.25, 4.0]), rel=1e-6)
    assert model.predict_proba([[1.0, 0.0]])[0] == pytest.approx([1 - expit(0.7), expit(0.7)])


def test_a_firm_opinion_does_not_move_and_much_data_outweigh_a_loose_one():
    features, outcome, _ = data(3, rows=20_000, columns=2)
    firm = PriorLogistic([3.0, 3.0], [1e-5, 1e-5]).fit(features, outcome)
    assert firm.coef_ == pytest.approx([3.0, 3.0], abs=1e-4)
    none = PriorLogistic([0.0, 0.0], [np.inf] * 2).fit(features, outcome)
    assert PriorLogistic([3.0, 3.0], [2.0, 2.0]).fit(features, outcome).coef_ == pytest.approx(none.coef_, abs=0.01)


def test_a_column_of_ones_learns_the_rate_and_its_variance():
    outcome = np.repeat([1.0, 0.0], (30, 70))
    model = PriorLogistic([0.0], [np.inf]).fit(np.ones((100, 1)), outcome)
    assert model.coef_[0] == pytest.approx(logit(0.3))
    assert model.covariance_[0, 0] == pytest.approx(1 / (100 * 0.3 * 0.7))


def test_weights_are_repeated_rows():
    features, outcome, _ = data(4)
    times = np.random.default_rng(4).integers(0, 4, len(outcome))
    prior = np.zeros(4), np.ones(4)
    weighted = PriorLogistic(*prior).fit(features, outcome, times)
    repeated = PriorLogistic(*prior).fit(features.repeat(times, axis=0), outcome.repeat(times))
    assert weighted.coef_ == pytest.approx(repeated.coef_, abs=1e-7)
    assert weighted.covariance_ == pytest.approx(repeated.covariance_, rel=1e-5)


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_what_is_no_number_is_refused(broken):
    features, outcome, _ = data(5)
    features[7, 1] = broken
    with pytest.raises(ValueError, match="not a finite number"):
        PriorLogistic(np.zeros(4), np.ones(4)).fit(features, outcome)


@pytest.mark.parametrize("size", [1.0, 1e3])
def test_outcomes_that_a_line_separates_stay_finite(size):
    features = np.column_stack((np.ones(40), np.linspace(-size, size, 40)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = PriorLogistic([0.0, 0.0], [3.0, 1.0]).fit(features, features[:, 1] > 0)
    assert np.isfinite(model.coef_).all()
    assert np.isfinite(model.covariance_).all()
    assert model.coef_[1] > 0
    assert (np.linalg.eigvalsh(model.covariance_) > 0).all()


def test_columns_that_are_all_zero_or_twice_the_same_are_no_trouble():
    features, outcome, _ = data(6, columns=2)
    both = np.column_stack((features, features[:, 0], np.zeros(len(outcome))))
    model = PriorLogistic(np.zeros(4), [np.inf, 1.0, np.inf, 1.0]).fit(both, outcome)
    assert np.isfinite(model.coef_).all()
    assert model.coef_[3] == pytest.approx(0)
    assert model.predict_proba(both)[:, 1] == pytest.approx(
        PriorLogistic(np.zeros(2), [np.inf, 1.0]).fit(features, outcome).predict_proba(features)[:, 1], abs=1e-4
    )


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(0, 60),
    scale=st.floats(0.01, 100),
    spread=st.floats(0.05, 10),
    mean=st.floats(-5, 5),
)
def test_at_the_optimum_the_slope_is_nothing(seed, rows, scale, spread, mean):
    features, outcome, weights = data(seed, rows, 3)
    features = features * scale
    model = PriorLogistic(np.full(3, mean), np.full(3, spread)).fit(features, outcome, weights)
    pull = (model.coef_ - mean) / spread**2
    slope = features.T @ (weights * (outcome - expit(features @ model.coef_))) - pull
    # A Newton step of 1e-8 from the optimum, in units of the curvature there.
    assert np.sqrt(slope @ model.covariance_ @ slope) <= 1e-4
