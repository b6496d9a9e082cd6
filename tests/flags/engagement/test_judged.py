"""What is said of one contact, looked up by its key; the control group; what is summed up of all."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.flags.engagement.judged import Judged, is_control
from hygiene.flags.engagement.summary import summarize_engagement, with_budget
from hygiene.settings import Settings


def judged_of(p, threshold=0.05, control_share=0.0, **columns) -> Judged:
    size = len(p)

    def column(name, value, kind=np.float32):
        return np.asarray(columns.get(name, np.full(size, value)), dtype=kind)

    return Judged(
        keys=10 * np.arange(1, size + 1),
        p_reply=np.asarray(p, dtype=np.float32),
        low=column("low", 0.01),
        high=column("high", 0.9),
        p_engaged=column("p_engaged", 0.5),
        threshold=column("threshold", threshold),
        sends=column("sends", 5, np.int32),
        after_open=column("after_open", 0),
        after_reply=column("after_reply", 0),
        half_machines=column("half_machines", 0.5),
        hubspot_rule=column("hubspot_rule", 0, bool),
        ninety_days=column("ninety_days", 0, bool),
        control_share=control_share,
    )


def model_with(tail: float | None):
    stack = None if tail is None else SimpleNamespace(tail=tail)
    return SimpleNamespace(stack_=stack, is_given_=False, contacts_=7, replies_=3, delay_=5.0)


def test_a_contact_is_looked_up_by_its_key_and_unknown_ones_are_none():
    judged = judged_of([0.01, 0.2, 0.3], low=[0.001, 0.1, 0.2], high=[0.02, 0.3, 0.4], p_engaged=[0.1, 0.6, 0.7])
    found = judged.of(20, "b")
    assert found is not None
    assert found[:4] == pytest.approx((0.2, 0.1, 0.3, 0.6))
    assert (found.below, found.is_control) == (False, False)
    assert [judged.of(key, "x") for key in (0, 15, 31, 1_000)] == [None] * 4
    assert judged_of([]).of(1, "x") is None


def test_a_contact_is_paused_under_its_threshold_and_not_at_it():
    judged = judged_of([0.25, 0.25, 0.125], threshold=[0.25, 0.26, 0.0])
    assert judged.below.tolist() == [False, True, False]
    assert [judged.of(key, "x").below for key in judged.keys.tolist()] == [False, True, False]


@pytest.mark.parametrize(
    ("after_open", "after_reply", "remedy"),
    [(0.04, 0.04, "none"), (0.04, 0.06, "reply"), (0.06, 0.07, "open"), (0.0, 0.05, "reply")],
)
def test_the_least_that_would_lift_a_contact_is_named(after_open, after_reply, remedy):
    outlook = judged_of([0.01], after_open=[after_open], after_reply=[after_reply]).of(10, "x")
    assert outlook is not None
    assert outlook.remedy == remedy


def test_only_those_below_are_controls():
    judged = judged_of([0.01, 0.9], control_share=1.0)
    below, above = judged.of(10, "a"), judged.of(20, "a")
    assert below is not None
    assert above is not None
    assert (below.is_control, above.is_control) == (True, False)
    none = judged_of([0.01], control_share=0.0).of(10, "a")
    assert none is not None
    assert not none.is_control


@pytest.mark.parametrize("share", [0.01, 0.05, 0.2, 0.5])
def test_the_control_group_has_the_share_it_should(share):
    found = np.mean([is_control(f"contact-{number}", share) for number in range(20_000)])
    assert found == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 20_000))


@given(contact_id=st.text(max_size=30), shares=st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted))
def test_a_control_stays_one_in_every_run_and_with_a_greater_share(contact_id, shares):
    less, more = (is_control(contact_id, share) for share in shares)
    assert less <= more
    assert less == is_control(contact_id, shares[0])
    assert not is_control(contact_id, 0.0)
    assert is_control(contact_id, 1.0)


def test_the_control_group_is_the_one_of_earlier_runs():
    """A change of the hash would send everybody to another group: whoever is written to now was paused before."""
    assert [number for number in range(100) if is_control(f"c{number}", 0.05)] == CONTROLS_OF_A_HUNDRED


CONTROLS_OF_A_HUNDRED = [36, 60, 69, 75, 93]


def test_rows_are_found_by_key():
    judged = judged_of([0.1, 0.2, 0.3])
    assert judged.rows_of(iter([30, 10, 99])).tolist() == [True, False, True]
    assert judged.rows_of([]).tolist() == [False] * 3


def test_a_budget_replaces_the_costs_in_each_contacts_threshold():
    judged = judged_of([0.1, 0.2, 0.3, 0.4], threshold=0.35)
    judged = replace(judged, high=judged.p_reply)  # as sure as can be: caution adds nothing
    settings = Settings(max_lost_replies=0.31)
    assert judged.below.tolist() == [True, True, True, False]
    assert with_budget(judged, [10, 20, 30, 40], model_with(None), settings).below.tolist() == [
        True,
        True,
        False,
        False,
    ]
    assert with_budget(judged, [10, 20, 30, 40], model_with(1.5), settings).below.tolist() == [
        True,
        False,
        False,
        False,
    ]
    # Those that a stricter rule speaks about do not fill it.
    assert with_budget(judged, [10, 40], model_with(None), settings).below.tolist() == [True, True, True, False]


def test_the_summary_speaks_of_the_open_contacts_only():
    judged = judged_of(
        [0.01, 0.02, 0.2, 0.01],
        hubspot_rule=[True, False, False, True],
        ninety_days=[True, True, True, True],
        half_machines=[0.3, 0.3, 0.01, 0.01],
    )
    settings = Settings(control_share=0.1)
    found = summarize_engagement(judged, [10, 20, 30], model_with(None), {1: (1_000, 0)}, settings)
    assert (found.judged, found.expected_replies) == (3, pytest.approx(0.23))
    assert (found.chosen.contacts, found.chosen.replies) == (2, pytest.approx(0.03))
    assert (found.hubspot_rule.contacts, found.ninety_days.contacts) == (1, 3)
    assert (found.newly_paused, found.no_longer_paused) == (1, 2)
    assert (found.is_stacked, found.tail, found.has_complaints, found.complaint_rate) == (False, 1.0, False, 0.001)
    assert (found.frontier[0].contacts, found.frontier[-1].contacts) == (0, 3)
    assert (found.learned_contacts, found.learned_replies, found.delay_days) == (7, 3, 5.0)


def test_the_summary_of_nobody_is_nothing():
    found = summarize_engagement(judged_of([]), [], model_with(1.4), {}, Settings())
    assert (found.judged, found.expected_replies, found.chosen.contacts) == (0, 0, 0)
    assert found.tail == 1.4


def test_below_is_asked_again_where_the_thresholds_change():
    judged = judged_of([0.04])
    assert judged.below.tolist() == [True]
    assert replace(judged, threshold=np.zeros(1, dtype=np.float32)).below.tolist() == [False]
