"""The hierarchical logistic, against a slow optimizer, known effects and the absence of any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.optimize import minimize

from hygiene.advice.attribution.design import GROUPS, build_design
from hygiene.advice.attribution.fit import (
    MOST_DISPERSION,
    Fit,
    fit_effects,
    matrix,
)
from hygiene.advice.attribution.posterior import FREEDOM, PRIOR_SCALE, PRIOR_SHAPE
from tests.advice.attribution.tables import crossed, table_of

if TYPE_CHECKING:
    from hygiene.facts.factors import FactorTable


def fitted(table: FactorTable) -> Fit:
    return fit_effects(build_design(table), table.replied, table.delivered, np.arange(table.week.size))


def test_the_mode_is_where_a_slow_optimizer_finds_it() -> None:
    table = crossed(1, 3_000, sender=(0.0, 0.2, -0.2), sequence=(0.8, -0.8, 0.0, 0.0))
    fit = fitted(table)
    assert fit.dispersion == 1.0  # a row a clump: nothing to measure
    x, y = matrix(fit.design).toarray(), table.replied
    scale = np.full(x.shape[1], np.inf)  # the intercept has no prior
    for group, (start, stop) in fit.design.spans.items():
        scale[start:stop] = fit.variances[group]

    def loss(effects: np.ndarray) -> float:
        eta = x @ effects
        prior = (FREEDOM + 1) / 2 * np.log1p(np.square(effects[:-1]) / (FREEDOM * scale[:-1])).sum()
        return float(np.logaddexp(0, eta).sum() - y @ eta + prior)

    # The weights of the t average over the posterior's spread, so its mode is near the plain penalty's, not on it.
    slow = minimize(loss, fit.mode, method="BFGS").x
    assert np.abs(slow - fit.mode).max() < 0.05


def test_known_effects_are_found_with_their_uncertainty() -> None:
    truth = {"sender": (0.3, 0.0, -0.3), "sequence": (0.9, 0.0, 0.0, -0.9), "source": (0.0, 0.0)}
    inside = []
    for seed in range(40):
        fit = fitted(crossed(seed, 6_000, **truth))
        draws = fit.draws()
        for group, values in truth.items():
            start, stop = fit.design.spans[group]  # type: ignore[index]
            centred = draws[:, start:stop] - draws[:, start:stop].mean(axis=1, keepdims=True)
            low, high = np.quantile(centred, (0.05, 0.95), axis=0)
            inside += list((low <= np.array(values) - np.mean(values)) & (np.array(values) - np.mean(values) <= high))
    assert 0.82 < np.mean(inside) < 0.95  # effects of .9 are more than the prior expects, and are drawn in a little


def test_where_nothing_matters_the_effects_shrink_to_next_to_nothing() -> None:
    fit = fitted(crossed(3, 8_000, sender=(0.0,) * 10, sequence=(0.0,) * 6))
    start, stop = fit.design.spans["sequence"]
    assert np.abs(fit.mean[start:stop]).max() < 0.1
    assert fit.variances["sequence"] < 0.05


def test_a_group_without_columns_keeps_the_mode_of_its_prior() -> None:
    fit = fitted(crossed(4, 500, sender=(0.0, 0.0)))
    assert fit.variances["industry"] == pytest.approx(2 * PRIOR_SCALE / (2 * (PRIOR_SHAPE + 1)))


def test_the_fit_predicts_as_many_replies_as_came() -> None:
    table = crossed(5, 4_000, sender=(0.5, 0.0), sequence=(0.5, -0.5))
    fit = fitted(table)
    assert (1 / (1 + np.exp(-fit.log_odds()))).sum() == pytest.approx(table.replied.sum(), rel=0.01)


def test_outcomes_in_clumps_make_the_fit_less_sure() -> None:
    random = np.random.default_rng(6)
    batch = np.repeat(np.arange(200), 20)
    replied = random.random(200)[batch] < 0.1  # a whole batch replies, or none of it
    table = table_of(replied, sender=random.integers(0, 3, batch.size))
    design = build_design(table)
    together = fit_effects(design, table.replied, table.delivered, batch)
    apart = fit_effects(design, table.replied, table.delivered, np.arange(batch.size))
    assert together.dispersion == MOST_DISPERSION  # 20 of a kind, so 20 times the variance: more than is believed
    assert apart.dispersion == 1.0
    assert together.draws()[:, 0].std() > 1.2 * apart.draws()[:, 0].std()


def test_draws_are_widened_around_the_same_middle() -> None:
    fit = fitted(crossed(7, 1_000, sender=(0.2, -0.2)))
    plain, wide = fit.draws(), fit.draws(1.5)
    assert np.abs(plain.mean(axis=0) - fit.mean)[:2].max() < 0.05
    assert wide[:, 0].std() == pytest.approx(1.5 * plain[:, 0].std())
    assert (wide[:, -1] == 0).all()  # no effect stays none


def test_every_group_has_its_columns_and_rows_without_a_level_have_none() -> None:
    table = table_of([0, 1, 0, 1], sender=[0, 0, 1, 1], source=[0, -1, 1, 1])
    design = build_design(table)
    assert set(design.columns) == set(GROUPS)
    assert design.columns["source"].tolist()[1] == design.nothing
    assert matrix(design).sum(axis=1).tolist() == [3.0, 2.0, 3.0, 3.0]  # sender, source if told, intercept


@pytest.mark.parametrize("replied", [0, 1])
def test_where_all_reply_or_none_the_fit_stays_finite(replied: int) -> None:
    fit = fitted(table_of([replied] * 360, sender=[0, 1, 2] * 120, sequence=[0, 0, 1, 1] * 90))
    assert np.isfinite(fit.mean).all()
    assert np.isfinite(fit.draws()).all()
