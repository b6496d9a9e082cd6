"""What pausing costs, and the cut that keeps the lost replies within a budget."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.flags.engagement.frontier import BANDS, POINTS, Cost, budget_thresholds, cost_of, frontier

CONTACTS = st.lists(
    st.tuples(st.integers(1, 999).map(lambda p: p / 1000), st.integers(0, 30), st.booleans()), min_size=1, max_size=80
)
P, NONE, ALL = np.array([0.1, 0.2, 0.3, 0.4]), np.zeros(4, dtype=bool), np.ones(4, dtype=bool)


def columns_of(contacts):
    p, sends, judged = zip(*contacts, strict=True)
    return np.array(p), np.array(sends), np.array(judged)


def test_pausing_nobody_costs_nothing_and_all_everything():
    assert cost_of(P, NONE) == Cost(0, 0.0, 0.0, 0.0, 0.0)
    everything = cost_of(P, ALL)
    assert (everything.contacts, everything.replies, everything.share) == (4, pytest.approx(1), pytest.approx(1))
    assert cost_of(np.zeros(0), np.zeros(0, dtype=bool)) == Cost(0, 0.0, 0.0, 0.0, 0.0)


def test_the_limits_hold_nine_of_ten_draws_of_the_replies():
    p = np.random.default_rng(1).uniform(0.01, 0.2, 1_000)
    cost = cost_of(p, np.ones(1_000, dtype=bool))
    drawn = (np.random.default_rng(2).random((4_000, 1_000)) < p).sum(axis=1)
    assert cost.low <= cost.replies <= cost.high
    assert ((drawn >= cost.low) & (drawn <= cost.high)).mean() == pytest.approx(0.9, abs=0.03)


def test_a_tail_that_answers_more_than_predicted_costs_more_and_one_that_answers_less_is_not_believed():
    chosen = np.array([True, True, False, False])
    assert cost_of(P, chosen, tail=2.0).replies == pytest.approx(0.6)
    assert cost_of(P, chosen, tail=2.0).share == pytest.approx(0.6)
    assert cost_of(P, chosen, tail=0.5) == cost_of(P, chosen)
    assert cost_of(P, ALL, tail=5.0).share == 1


def test_the_frontier_goes_from_nobody_to_everybody_by_how_far_they_fall_short():
    points = frontier(np.array([0.3, 0.1, 0.2]), np.array([0.6, 0.1, 0.1]))
    assert [point.contacts for point in points] == [0, 1, 2, 3]
    assert [point.replies for point in points] == pytest.approx([0, 0.3, 0.4, 0.6])


@given(contacts=CONTACTS)
def test_the_frontier_rises(contacts):
    p, _, _ = columns_of(contacts)
    points = frontier(p, np.full(len(p), 0.05))
    assert 2 <= len(points) <= POINTS
    assert points[0].contacts == 0
    assert points[-1].contacts == len(p)
    for before, after in itertools.pairwise(points):
        assert before.contacts < after.contacts
        assert before.replies < after.replies
    # With one threshold for all, no other choice of as many contacts loses less.
    assert [point.replies for point in points] == pytest.approx([np.sort(p)[: q.contacts].sum() for q in points])


def test_the_frontier_of_nobody_is_a_point():
    assert [point.contacts for point in frontier(np.zeros(0), np.zeros(0))] == [0]


@settings(deadline=None)
@given(
    contacts=CONTACTS,
    budget=st.floats(0, 1),
    pause_after=st.integers(0, 12),
    tail=st.sampled_from((0.4, 1.0, 1.7)),
    size=st.sampled_from((np.float32, np.float64)),
)
def test_the_budget_holds_in_each_band_and_one_contact_more_would_break_it(contacts, budget, pause_after, tail, size):
    p, sends, judged = columns_of(contacts)
    p = p.astype(size)
    threshold = budget_thresholds(p, p, sends, judged, budget, pause_after, tail).astype(size)
    paused = p < threshold
    assert not paused[sends < pause_after].any()
    for least, most in BANDS:
        band = judged & (sends >= max(least, pause_after)) & (sends <= most)
        total = p[band].sum(dtype=float)
        lost = p[band & paused].sum(dtype=float) * max(tail, 1.0)
        assert budget == 1 or lost <= budget * total + 1e-9  # who may lose all pauses all
        rest = p[band & ~paused]
        if len(rest):
            ties = rest[rest == rest.min()].sum(dtype=float) * max(tail, 1.0)
            assert lost + ties >= budget * total - 1e-9
            assert rest.min() >= p[band & paused].max(initial=0)


@settings(deadline=None)
@given(contacts=CONTACTS, budgets=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted))
def test_a_greater_budget_never_takes_a_contact_off_the_paused(contacts, budgets):
    p, sends, judged = columns_of(contacts)
    less, more = (budget_thresholds(p, p, sends, judged, budget, 3) for budget in budgets)
    assert (less <= more).all()


def test_no_budget_pauses_nobody_and_the_whole_pauses_all_but_those_with_few_mails():
    p, sends, judged = np.array([0.25, 0.5, 0.25, 0.5]), np.array([1, 5, 5, 20]), np.ones(4, dtype=bool)
    assert not (p < budget_thresholds(p, p, sends, judged, 0.0, 3)).any()
    assert (p < budget_thresholds(p, p, sends, judged, 1.0, 3)).tolist() == [False, True, True, True]


def test_the_long_silent_do_not_pay_for_the_rest():
    p, sends = np.repeat([0.001, 0.2], (1_000, 100)), np.repeat([15, 5], (1_000, 100))
    few = p + np.random.default_rng(1).uniform(0, 1e-6, 1_100)  # without ties
    threshold = budget_thresholds(few, few, sends, np.ones(1_100, dtype=bool), 0.05, 3)
    assert (few < threshold)[:1_000].sum() == pytest.approx(50, abs=1)
    assert (few < threshold)[1_000:].sum() == pytest.approx(5, abs=1)


def test_contacts_that_another_rule_speaks_about_are_not_in_the_budget():
    p, sends = np.array([0.01, 0.02, 0.4, 0.6, 0.9]), np.full(5, 5)
    judged = np.array([True, True, True, True, False])
    expected = budget_thresholds(p[:4], p[:4], sends[:4], judged[:4], 0.03, 3)[0]
    assert budget_thresholds(p, p, sends, judged, 0.03, 3).tolist() == [expected] * 5


def test_a_tail_that_answers_more_than_predicted_uses_the_budget_up_sooner():
    paused = [(budget_thresholds(P, P, np.full(4, 5), ALL, 0.31, 3, tail) > P).sum() for tail in (0.5, 1.0, 1.5, 4.0)]
    assert paused == [2, 2, 1, 0]


def test_the_less_is_known_the_fewer_are_paused():
    p = np.linspace(0.01, 0.3, 200)
    five, all_of_them = np.full(200, 5), np.ones(200, dtype=bool)
    sure, unsure = (
        (p < budget_thresholds(p, np.minimum(p * wide, 0.99), five, all_of_them, 0.05, 3)).sum() for wide in (1.0, 2.0)
    )
    assert 0 < unsure < sure
