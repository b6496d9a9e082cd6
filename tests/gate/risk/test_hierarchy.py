"""The hierarchy against the same model worked out slowly, and its grids."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

from hygiene.gate.risk.grids import CHANCES, LEVELS, batch_density, source_density
from hygiene.gate.risk.hierarchy import binomial_logs, fit_hierarchy

LISTS = {("a", "1"): (3, 100), ("a", "2"): (9, 60), ("b", "1"): (0, 80), ("b", "2"): (1, 40)}


def test_densities_are_densities() -> None:
    assert batch_density().sum(axis=2) == pytest.approx(1)
    assert source_density().sum(axis=2) == pytest.approx(1)
    assert (batch_density() >= 0).all()


def test_the_beta_kinds_have_their_mean_on_the_grid() -> None:
    level = 40
    mean = batch_density()[5, level] @ expit(CHANCES)
    assert mean == pytest.approx(expit(LEVELS[level]), rel=0.02)


def test_draws_of_a_batch_are_the_posterior_summed_over_every_cell() -> None:
    """The team's, the sources' and the batch's cells all enumerated, without a draw."""
    fitted = fit_hierarchy(
        {name: binomial_logs(*counts) for name, counts in LISTS.items()}, dict.fromkeys(LISTS, 0.0), 0.03, 1.0, "slow"
    )
    density, around = batch_density(), source_density()
    by_hand = np.zeros(CHANCES.size)
    own = np.exp(binomial_logs(*LISTS["a", "2"]))
    for kind in range(density.shape[0]):
        weights = around * fitted.sources["a"][0, kind]
        weights /= weights.sum(axis=2, keepdims=True)
        level = np.einsum("tm,tml->l", fitted.team[0, kind], weights)
        chances = density[kind] * own
        by_hand += level @ (chances / chances.sum(axis=1, keepdims=True))
    draws = fitted.draws([("a", "2")], 20_000)["a", "2"]
    assert expit(draws).mean() == pytest.approx(by_hand @ expit(CHANCES), rel=0.02)
    assert (draws < -2.5).mean() == pytest.approx(by_hand[CHANCES < -2.5].sum(), abs=0.04)


def test_evidence_is_the_beta_binomials() -> None:
    """One batch and one kind: the closed form of its marginal likelihood, up to a constant, by level."""
    fitted = fit_hierarchy({("a", "1"): binomial_logs(3, 100)}, {("a", "1"): 0.0}, 0.03, 1.0, "closed")
    phi, kind = 3.0 * 1000 ** (4 / 8), 4
    level = expit(LEVELS)
    exact = stats.betabinom.pmf(3, 100, level * phi, (1 - level) * phi)
    assert fitted.sources["a"][0, kind] == pytest.approx(exact / exact.max(), abs=0.01)


def test_the_history_tells_which_kind_of_batches_a_team_has() -> None:
    rng = np.random.default_rng(5)
    alike = {("a", str(place)): binomial_logs(float(rng.binomial(400, 0.03)), 400) for place in range(60)}
    chances = np.where(rng.random(60) < 0.15, 0.25, 0.015)
    rotten = {
        ("a", str(place)): binomial_logs(float(rng.binomial(400, chance)), 400) for place, chance in enumerate(chances)
    }
    betas = 9
    kinds = fit_hierarchy(alike, dict.fromkeys(alike, 0.0), 0.03, 1.0, "alike").team[0].sum(axis=(1, 2))
    assert kinds[5:betas].sum() + kinds[betas : betas + 2].sum() > 0.95  # hardly any spread, whichever the kind
    kinds = fit_hierarchy(rotten, dict.fromkeys(rotten, 0.0), 0.03, 1.0, "rotten").team[0].sum(axis=(1, 2))
    assert kinds[5:betas].sum() < 0.01
