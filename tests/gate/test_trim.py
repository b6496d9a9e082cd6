"""The smallest trim: against every possible trim, on small lists."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.gate.batch_plan import BAD_PASSES, BAD_RATE, GOOD_PASSES, GOOD_RATE, plan_batch, smallest_plan
from hygiene.gate.budget import Budget
from hygiene.gate.trim import drawn, smallest_trim

BUDGETS = st.builds(
    Budget,
    limit=st.sampled_from([0.02, 0.03, 0.05]),
    tried=st.integers(0, 400),
    bounced=st.integers(0, 12),
    certainty=st.just(0.8),
    doubt=st.just(0.5),
)
CHANCES = st.lists(st.floats(0.001, 0.4), min_size=1, max_size=4)


def draws_of(chances: list[float]) -> np.ndarray:
    """Return draws of each group around its chance, rising together."""
    luck = np.linspace(0.5, 1.5, 41)[:, None]
    return np.clip(np.array(chances) * luck, 0, 1)


@given(BUDGETS, CHANCES, st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_left_passes_and_no_smaller_trim_does(budget, chances, data):
    draws = draws_of(chances)
    counts = np.array(data.draw(st.lists(st.integers(0, 9), min_size=len(chances), max_size=len(chances))))
    trim = smallest_trim(budget, draws, counts)
    every = [np.array(left) for left in product(*(range(count + 1) for count in counts)) if sum(left)]
    passing = [int(counts.sum() - left.sum()) for left in every if budget.passes(draws, left)]
    if trim is None:
        assert not passing
    else:
        left = counts - trim
        assert (trim >= 0).all()
        assert (left >= 0).all()
        if counts.sum():
            assert budget.passes(draws, left)
            assert int(trim.sum()) == min(passing)


@given(BUDGETS, CHANCES, st.data())
@settings(max_examples=60, deadline=None)
def test_a_trimmed_list_needs_no_trim(budget, chances, data):
    draws = draws_of(chances)
    counts = np.array(data.draw(st.lists(st.integers(0, 300), min_size=len(chances), max_size=len(chances))))
    trim = smallest_trim(budget, draws, counts)
    if trim is not None:
        again = smallest_trim(budget, draws, counts - trim)
        assert again is not None
        assert again.sum() == 0


@given(BUDGETS, CHANCES, st.data())
@settings(max_examples=60, deadline=None)
def test_a_row_less_to_send_to_never_makes_an_impossible_list_possible(budget, chances, data):
    draws = draws_of(chances)
    counts = np.array(data.draw(st.lists(st.integers(1, 50), min_size=len(chances), max_size=len(chances))))
    if smallest_trim(budget, draws, counts) is None:
        gone = data.draw(st.integers(0, len(chances) - 1))
        fewer = counts - np.eye(len(chances), dtype=int)[gone]
        assert fewer.sum() == 0 or smallest_trim(budget, draws, fewer) is None


@given(st.lists(st.text(max_size=8), unique=True, max_size=20), st.integers(0, 20), st.randoms())
def test_who_is_drawn_does_not_depend_on_the_order(names, number, chance):
    shuffled = names.copy()
    chance.shuffle(shuffled)
    first = {names[place] for place in drawn(names, number)}
    assert first == {shuffled[place] for place in drawn(shuffled, number)}
    assert len(first) == min(number, len(names))


def test_the_room_is_what_the_limit_leaves():
    budget = Budget(0.03, tried=1000, bounced=10, certainty=0.8, doubt=0.5)
    assert [budget.room(rows) for rows in (0, 100, 1000)] == [20, 23, 50]
    assert budget.after(100, 5).room(0) == 18
    assert Budget(0.03, 1000, 90, 0.8, 0.5).room(100) == 1


def test_the_test_batch_keeps_its_two_promises_and_is_the_smallest():
    from scipy.stats import binom

    size, accept = smallest_plan()
    assert binom.cdf(accept, size, BAD_RATE) <= BAD_PASSES
    assert binom.cdf(accept, size, GOOD_RATE) >= GOOD_PASSES
    smaller = [
        (n, c)
        for n in range(1, size)
        for c in range(n)
        if binom.cdf(c, n, BAD_RATE) <= BAD_PASSES and binom.cdf(c, n, GOOD_RATE) >= GOOD_PASSES
    ]
    assert smaller == []


@pytest.mark.parametrize(("ended", "bounced", "released"), [(3000, 30, 325), (0, 0, 30), (3000, 90, 30)])
def test_as_many_are_released_as_the_budget_still_holds(ended, bounced, released):
    plan = plan_batch("vendor-x", 900, smallest_plan()[0], Budget(0.03, ended, bounced, 0.8, 0.5))
    assert plan.release == released
    assert [rate for rate, _ in plan.passes] == sorted(rate for rate, _ in plan.passes)
    assert [chance for _, chance in plan.passes] == sorted((chance for _, chance in plan.passes), reverse=True)
