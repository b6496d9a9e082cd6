from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln

from hygiene.scores.rates import JEFFREYS, BetaPrior, fit_beta_prior, rate, rates

# Tarone's rat tumors as printed in Gelman et al., Bayesian Data Analysis, table 5.1: the 70 earlier groups.
RATS = (
    "0/20 0/20 0/20 0/20 0/20 0/20 0/20 0/19 0/19 0/19 0/19 0/18 0/18 0/17 1/20 1/20 1/20 1/20 1/19 1/19 1/18 1/18 "
    "2/25 2/24 2/23 2/20 2/20 2/20 2/20 2/20 2/20 1/10 5/49 2/19 5/46 3/27 2/17 7/49 7/47 3/20 3/20 2/13 9/48 10/50 "
    "4/20 4/20 4/20 4/20 4/20 4/20 4/20 10/48 4/19 4/19 4/19 5/22 11/46 12/49 5/20 5/20 6/23 5/19 6/22 6/20 6/20 6/20 "
    "16/52 15/47 15/46 9/24"
)
TUMORS, GROUPS = np.array([[int(x) for x in group.split("/")] for group in RATS.split()]).T

counts = st.lists(
    st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=12
)


def log_posterior(k: np.ndarray, n: np.ndarray, a: float, b: float) -> float:
    """The obvious version, unit by unit: BDA3 equations 5.8 and 5.9, in the mean and log(a + b)."""
    likelihood = sum(betaln(a + x, b + m - x) - betaln(a, b) for x, m in zip(k, n, strict=True))
    return likelihood - 0.5 * np.log(a + b)


def kept(units: int) -> float:
    """The share of its weight that a prior fitted on so many units keeps."""
    return (units - 1) / (units + 1)


def test_maximum_likelihood_on_the_rat_tumors_gives_the_published_prior() -> None:
    # CRAN package BayesGOF 5.2, vignette: gMLE.bb gives alpha 2.304768, beta 14.079707.
    prior = fit_beta_prior(TUMORS, GROUPS, hyperprior=False)
    assert (prior.a, prior.b) == pytest.approx((2.304768, 14.079707), rel=1e-4)


@pytest.mark.parametrize(
    ("successes", "trials"),
    [(TUMORS, GROUPS), ([5, 9, 16], [100, 100, 100]), ([14, 3], [190, 60]), ([1, 2, 3, 40], [10, 20, 30, 400])],
)
def test_no_point_of_a_fine_grid_beats_the_fitted_prior(successes: list[int], trials: list[int]) -> None:
    k, n = np.array(successes), np.array(trials)
    prior = fit_beta_prior(k, n)
    a, b = prior.a / kept(n.size), prior.b / kept(n.size)
    best = log_posterior(k, n, a, b)
    around = np.exp(np.linspace(-2, 2, 41))
    assert max(log_posterior(k, n, max(a * x, 0.5), max(b * y, 0.5)) for x in around for y in around) <= best + 1e-9


def test_the_prior_that_made_two_thousand_senders_is_found_again() -> None:
    draw = np.random.default_rng(5)
    n = draw.integers(50, 400, 2000)
    prior = fit_beta_prior(draw.binomial(n, draw.beta(6, 74, 2000)), n)
    assert prior.mean == pytest.approx(0.075, rel=0.03)
    assert prior.a + prior.b == pytest.approx(80, rel=0.12)


@pytest.mark.parametrize(("successes", "trials"), [([], []), ([5], [40]), ([0, 0], [0, 0]), ([7, 0], [70, 0])])
def test_fewer_than_two_units_with_trials_leave_jeffreys_prior(successes: list[int], trials: list[int]) -> None:
    assert fit_beta_prior(successes, trials) == JEFFREYS == BetaPrior(0.5, 0.5)


def test_identical_units_make_a_prior_of_about_all_their_trials_and_never_more() -> None:
    prior = fit_beta_prior([10] * 20, [100] * 20)
    assert prior.mean == pytest.approx(0.1, abs=0.002)
    assert 1000 < prior.a + prior.b <= 2000


def test_the_bound_holds_to_the_last_digit() -> None:
    prior = fit_beta_prior([0, 0, 0], [1, 1, 1])
    assert max(prior.a, prior.b) <= 3


def test_units_that_share_nothing_leave_a_prior_that_says_nothing() -> None:
    prior = fit_beta_prior([0, 100, 0, 100], [100] * 4)
    assert prior == JEFFREYS


@settings(deadline=None, max_examples=60)
@given(counts, st.randoms(use_true_random=False))
def test_the_prior_stays_in_its_bounds_and_ignores_the_order_and_empty_units(
    units: list[tuple[int, int]], random
) -> None:
    prior = fit_beta_prior(*zip(*units, strict=True))
    total = sum(n for _, n in units)
    assert min(prior.a, prior.b) >= 0.5
    assert max(prior.a, prior.b) <= max(total, 0.5)
    shuffled = [*units, (0, 0)]
    random.shuffle(shuffled)
    assert fit_beta_prior(*zip(*shuffled, strict=True)) == prior


def test_a_hundred_thousand_units_of_ten_million_trials_stay_finite() -> None:
    n = np.full(100_000, 10_000_000)
    prior = fit_beta_prior(np.where(np.arange(n.size) % 2, 650_000, 750_000), n)
    assert prior.mean == pytest.approx(0.07, rel=1e-3)
    # Two values ± 0.5 points around 7 %: the Beta of the same variance has a + b = 0.07 · 0.93 / 0.005² − 1.
    assert prior.a + prior.b == pytest.approx(0.07 * 0.93 / 0.005**2, rel=0.05)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (0, 0, 0.05, 0.95),  # the uniform prior itself
        (0, 99, 1 - 0.95 ** (1 / 100), 1 - 0.05 ** (1 / 100)),  # Beta(1, n + 1)
        (99, 99, 0.05 ** (1 / 100), 0.95 ** (1 / 100)),  # Beta(n + 1, 1)
    ],
)
def test_the_interval_is_the_closed_form_under_a_uniform_prior(
    successes: int, trials: int, low: float, high: float
) -> None:
    found = rate(successes, trials, BetaPrior(1, 1))
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-12)


def test_ten_million_trials_have_the_interval_of_the_normal_law() -> None:
    found = rate(700_000, 10_000_000, JEFFREYS)
    spread = 1.6448536 * (0.07 * 0.93 / 1e7) ** 0.5
    assert (found.low, found.high) == pytest.approx((0.07 - spread, 0.07 + spread), abs=1e-7)


def test_a_rate_without_trials_has_no_value_but_the_interval_of_its_prior() -> None:
    found = rate(0, 0, BetaPrior(1, 3))
    assert found.value is None
    assert (found.low, found.high) == pytest.approx((1 - 0.95 ** (1 / 3), 1 - 0.05 ** (1 / 3)))


def test_many_rates_are_the_single_rates_in_their_order() -> None:
    prior = BetaPrior(3, 40)
    units = [(3, 50), (0, 0), (3, 50), (50, 50), (0, 7)]
    assert rates(*zip(*units, strict=True), prior) == [rate(k, n, prior) for k, n in units]


@pytest.mark.parametrize("units", [2, 5, 30])
def test_nine_in_ten_of_the_intervals_hold_the_truth_even_with_few_senders(units: int) -> None:
    draw = np.random.default_rng(11)
    held = []
    for _ in range(1500 // units):
        truth = draw.beta(12, 138, units)
        n = draw.integers(20, 400, units)
        k = draw.binomial(n, truth)
        held += [r.low <= p <= r.high for r, p in zip(rates(k, n, fit_beta_prior(k, n)), truth, strict=True)]
    assert 0.85 <= np.mean(held) <= 0.95
