"""Gaps: the parts sum to the gap exactly, whatever the rows; a planted cause is the part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.advice.attribution.gap import gap_between, side_of
from hygiene.advice.attribution.senders import Models, fit_models
from hygiene.advice.attribution.types import METRICS, Gap, Metric
from tests.advice.attribution.tables import crossed, table_of

MODELS = fit_models(
    crossed(1, 2_000, sender=(0.2, 0.0, 0.0), sequence=(-1.0, 0.5), industry=(0.5, -0.5), source=(0.0, 0.0)), {}
)


def gap_of(models: Models, metric: Metric, own: np.ndarray, peers: np.ndarray) -> Gap | None:
    return gap_between(models, metric, side_of(models, metric, own), side_of(models, metric, peers))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(METRICS))
def test_the_parts_sum_to_the_gap(seed: int, metric: Metric) -> None:
    split = np.random.default_rng(seed).random(2_000) < 0.3
    gap = gap_of(MODELS, metric, np.flatnonzero(split), np.flatnonzero(~split))
    assert gap is not None
    assert sum(part.value for part in gap.parts) == pytest.approx(gap.own - gap.peers, abs=1e-12)
    assert all(part.low - 1e-9 <= part.value <= part.high + 1e-9 for part in gap.parts if part.cause == "noise")


def test_a_gap_that_comes_from_the_sequence_is_said_to() -> None:
    table = MODELS.table
    weak, other = (np.flatnonzero(table.codes["sequence"] == code) for code in (0, 1))
    gap = gap_of(MODELS, "reply_rate", weak, other)
    assert gap is not None
    parts = {part.cause: part for part in gap.parts}
    assert parts["sequence"].value == pytest.approx(gap.own - gap.peers, rel=0.35)
    assert parts["sequence"].high < 0
    assert abs(parts["source"].value) < 0.01


def test_what_is_left_without_a_part_is_the_rest() -> None:
    everybody = side_of(MODELS, "reply_rate", np.arange(2_000))
    some = side_of(MODELS, "reply_rate", np.arange(500))
    rest = side_of(MODELS, "reply_rate", np.arange(500, 2_000))
    left = everybody - some
    assert left.trials == rest.trials
    assert left.columns == pytest.approx(rest.columns)


def test_bounces_for_the_senders_own_fault_are_a_part_of_their_own() -> None:
    table = table_of([0] * 400, bounced=[1] * 20 + [0] * 380, sender=[0] * 200 + [1] * 200)
    table.address_bounced[:] = 0
    gap = gap_of(fit_models(table, {}), "bounce_rate", np.arange(200), np.arange(200, 400))
    assert gap is not None
    assert {part.cause: part.value for part in gap.parts}["sending"] == pytest.approx(0.1)


def test_a_side_without_anything_to_count_has_no_gap() -> None:
    assert gap_of(MODELS, "reply_rate", np.array([], dtype=np.int64), np.arange(10)) is None
