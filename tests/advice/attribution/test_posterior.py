"""The sampler, against a slow one that knows no mixture and no normal likelihood, and where one mode would not do."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from hygiene.advice.attribution.design import build_design
from hygiene.advice.attribution.fit import fit_effects, matrix
from hygiene.advice.attribution.posterior import (
    DRAWS,
    FREEDOM,
    INTERCEPT_VARIANCE,
    PRIOR_SCALE,
    PRIOR_SHAPE,
)
from tests.advice.attribution.tables import crossed, table_of


def slow_means(x: np.ndarray, y: np.ndarray, n: np.ndarray, spans: list[tuple[int, int]]) -> np.ndarray:
    """Return the posterior mean and deviation of effects, by Metropolis steps of all of them and of the log scales."""
    random = np.random.default_rng(1)
    groups = len(spans)

    def target(state: np.ndarray) -> float:
        effects, log_variance = state[:-groups], state[-groups:]
        eta = x @ effects
        found = float(y @ eta - n @ np.logaddexp(0, eta)) - effects[-1] ** 2 / (2 * INTERCEPT_VARIANCE)
        for (start, stop), log_v in zip(spans, log_variance, strict=True):
            v = np.exp(log_v)
            found -= PRIOR_SHAPE * log_v + PRIOR_SCALE / v  # inverse-gamma, with the Jacobian of the logarithm
            size = stop - start
            found += size * (gammaln((FREEDOM + 1) / 2) - gammaln(FREEDOM / 2) - log_v / 2)
            found -= (FREEDOM + 1) / 2 * np.log1p(np.square(effects[start:stop]) / (FREEDOM * v)).sum()
        return found

    state = np.zeros(x.shape[1] + groups)
    state[x.shape[1] - 1] = np.log(y.sum() / (n.sum() - y.sum()))
    state[-groups:] = -3.0
    steps = np.full(state.size, 0.1)
    steps[-groups:] = 0.8
    value, kept = target(state), []
    for round_ in range(60_000):
        place = round_ % state.size
        tried = state.copy()
        tried[place] += steps[place] * random.standard_normal()
        there = target(tried)
        if np.log(random.random()) < there - value:
            state, value = tried, there
        if round_ > 10_000:
            kept.append(state[: x.shape[1]])
    sample = np.array(kept)
    return np.array([sample.mean(axis=0), sample.std(axis=0)])


def test_means_and_deviations_are_those_of_a_slow_sampler() -> None:
    table = crossed(1, 3_000, sequence=(0.9, -0.3, 0.0, 0.0))
    design = build_design(table)
    fit = fit_effects(design, table.replied, table.delivered, np.arange(table.week.size))
    wide = matrix(design).toarray()
    some = np.append(np.arange(*design.spans["sequence"]), design.size)  # periods are one, and nothing else is told
    rows, place = np.unique(wide[:, some], axis=0, return_inverse=True)
    y = np.bincount(place.ravel(), table.replied).astype(float)
    n = np.bincount(place.ravel(), table.delivered).astype(float)
    mean, deviation = slow_means(rows, y, n, [(0, 4)])
    contrasts = np.array([[1, -1, 0, 0], [1, 0, -1, 0], [0, 1, 0, -1]])  # the level itself hangs on the intercept
    sample = fit.sample[:, some]
    assert len(sample) == DRAWS
    assert np.abs(contrasts @ sample.mean(axis=0)[:4] - contrasts @ mean[:4]).max() < 0.06
    assert np.abs(sample.std(axis=0)[:4] / deviation[:4] - 1).max() < 0.35


def test_a_bad_list_with_one_large_batch_may_be_the_list_or_the_batch() -> None:
    random = np.random.default_rng(2)
    source = random.integers(0, 5, 4_000)
    batch = 3 * source + random.choice(3, 4_000, p=(0.9, 0.05, 0.05))
    bounced = random.random(4_000) < np.where(source == 0, 0.10, 0.02)
    table = table_of(np.zeros(4_000), bounced=bounced, source=source, import_batch=batch)
    design = build_design(table)
    fit = fit_effects(design, table.address_bounced, table.ended, np.arange(4_000))
    lists, batches = (fit.sample[:, design.spans[factor][0]] for factor in ("source", "import_batch"))
    assert np.corrcoef(lists, batches)[0, 1] < -0.4  # each explains the other away
    total = lists + batches
    assert total.std() < lists.std()
    assert total.mean() > 1.0


def test_equal_seeds_draw_equal_effects() -> None:
    table = crossed(3, 600, sender=(0.2, -0.2))
    design = build_design(table)
    first, again, other = (
        fit_effects(design, table.replied, table.delivered, np.arange(600), seed).sample for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()
