from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.scores.funnel import TAIL_95, TAIL_998, lower_limit, tails, upper_limit
from hygiene.scores.score import score_all
from hygiene.settings import Settings
from tests.scores.small_facts import DEFAULT, cell, facts_of


def at_most(k: int, n: int, p: float) -> float:
    """The obvious sum."""
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


@pytest.mark.parametrize(
    ("true_rate", "shown", "probability"),
    [
        (0.05, "replies of at least 7 %", 0.23),
        (0.05, "bounces under 3 %", 0.12),
        (0.02, "bounces of at least 3 %", 0.32),
        (0.10, "replies under 7 %", 0.117),
    ],
)
def test_what_chance_shows_of_a_hundred_enrollments(true_rate: float, shown: str, probability: float) -> None:
    low, _ = tails(6 if "7 %" in shown else 2, 100, true_rate)
    _, high = tails(7 if "7 %" in shown else 3, 100, true_rate)
    assert float(high if "at least" in shown else low) == pytest.approx(probability, abs=0.005)


def test_of_twenty_equal_senders_one_looks_bad_nearly_always() -> None:
    low, _ = tails(6, 100, 0.10)
    assert 1 - (1 - float(low)) ** 20 == pytest.approx(0.92, abs=0.005)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 150).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.001, 0.999))
def test_the_tails_are_the_sums_of_the_binomial_law(counts: tuple[int, int], target: float) -> None:
    k, n = counts
    low, high = tails(k, n, target)
    assert float(low) == pytest.approx(at_most(k, n, target), abs=1e-12)
    assert float(high) == pytest.approx(1 - at_most(k - 1, n, target), abs=1e-12)


@settings(deadline=None, max_examples=80)
@given(st.integers(1, 400), st.floats(0.005, 0.6), st.sampled_from([TAIL_95, TAIL_998]))
def test_chance_crosses_a_limit_with_at_most_its_probability(n: int, target: float, tail: float) -> None:
    k = np.arange(n + 1)
    low, high = tails(k, n, target)
    lower, upper = float(lower_limit(n, target, tail)), float(upper_limit(n, target, tail))
    assert (k / n < lower - 1e-12).tolist() == (low < tail * (1 - 1e-9)).tolist()
    assert (k / n > upper + 1e-12).tolist() == (high < tail * (1 - 1e-9)).tolist()


def test_the_limits_close_on_the_target_and_nest() -> None:
    n = np.array([1, 10, 100, 1000, 10_000, 10_000_000])
    limits = [lower_limit(n, 0.08, tail) for tail in (TAIL_998, TAIL_95)]
    limits += [upper_limit(n, 0.08, tail) for tail in (TAIL_95, TAIL_998)]
    assert (np.diff(limits, axis=0) >= 0).all()
    assert [limits[0][0], limits[3][0]] == [0, 1]
    spread = 3.0902323 * (0.08 * 0.92 / 1e7) ** 0.5
    assert (limits[0][-1], limits[3][-1]) == pytest.approx((0.08 - spread, 0.08 + spread), abs=1e-6)


def test_no_one_of_twenty_identical_senders_is_outside() -> None:
    scores = score_all(facts_of(cell(k, 1, 1, 100, 8, 2) for k in range(20)), DEFAULT, Settings())
    assert [f.metric for f in scores.funnels] == ["reply_rate", "bounce_rate"]
    for funnel in scores.funnels:
        assert {(p.outside, p.side) for p in funnel.points} == {("inside", "none")}
        assert len(funnel.points) == 20
    assert scores.funnels[0].target == pytest.approx(8 / 98)


def test_twenty_equal_senders_that_differ_by_chance_stay_within_the_998_limits() -> None:
    draw = np.random.default_rng(3)
    outside = []
    for _ in range(60):
        replied = draw.binomial(100, 0.10, 20)
        cells = [cell(k, 1, 1, 100, int(r), 0) for k, r in enumerate(replied)]
        outside += [p.outside for p in score_all(facts_of(cells), DEFAULT, Settings()).funnels[0].points]
    assert outside.count("99.8") / len(outside) <= 0.004
    assert (outside.count("95") + outside.count("99.8")) / len(outside) <= 0.05


def test_a_sender_far_below_and_one_far_above_are_told_apart() -> None:
    cells = [cell(k, 1, 1, 300, 24, 3) for k in range(10)]
    scores = score_all(facts_of([*cells, cell(10, 1, 1, 300, 2, 60), cell(11, 1, 1, 300, 75, 0)]), DEFAULT, Settings())
    reply, bounce = ({p.sender_key: (p.outside, p.side) for p in f.points} for f in scores.funnels)
    assert (reply[10], reply[11], reply[0]) == (("99.8", "low"), ("99.8", "high"), ("inside", "none"))
    assert bounce[10] == ("99.8", "high")


def test_the_curve_spans_the_senders_trials_in_at_most_sixty_rows() -> None:
    cells = [cell(k, 1, 1, 3**k + 1, 1, 0) for k in range(12)]
    funnel = score_all(facts_of(cells, senders=[99]), DEFAULT, Settings()).funnels[0]
    trials = [row[0] for row in funnel.curve]
    assert (trials[0], trials[-1]) == (2, 3**11 + 1)
    assert trials == sorted(set(trials))
    assert len(trials) <= 60
    assert 99 not in {p.sender_key for p in funnel.points}
    for row in funnel.curve:
        assert row[1] <= row[2] <= funnel.target <= row[3] <= row[4]


@pytest.mark.parametrize("replied", [0, 50])
def test_a_team_at_nought_or_at_all_has_nobody_outside(replied: int) -> None:
    funnels = score_all(facts_of(cell(k, 1, 1, 50, replied, 0) for k in range(3)), DEFAULT, Settings()).funnels
    assert {p.outside for f in funnels for p in f.points} == {"inside"}


def test_a_single_sender_has_no_funnel() -> None:
    assert score_all(facts_of([cell(1, 1, 1, 500, 40, 5)], senders=[1, 2]), DEFAULT, Settings()).funnels == ()
