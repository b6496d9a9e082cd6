from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.flags.engagement.costs import COMPLAINT_RATE, COMPLAINT_STRENGTH, Costs, break_even, complaint_rates
from hygiene.flags.engagement.features import AHEAD

COUNTS = st.dictionaries(
    st.integers(0, 9),
    st.integers(0, 200_000).flatmap(lambda sends: st.tuples(st.just(sends), st.integers(0, sends))),
    max_size=8,
)


def test_a_mail_that_brings_what_it_costs_is_the_edge():
    costs, rate = Costs(reply_value=200, send_cost=1, complaint_cost=150), 0.002
    (edge,) = break_even(costs, np.array([4]), {}, rate)
    assert edge * 200 == pytest.approx(AHEAD * (1 + rate * 150))
    assert edge == pytest.approx(0.0195)


def test_a_source_with_more_complaints_has_to_promise_more():
    edges = break_even(Costs(200, 1, 150), np.array([1, 2, 0, 1]), {1: 0.01, 2: 0.0, 7: 0.5}, 0.001)
    assert edges == pytest.approx([0.0375, 0.015, 0.01725, 0.0375])


def test_free_mail_pauses_nobody_and_a_reply_of_no_worth_everybody():
    source = np.zeros(1, dtype=int)
    assert break_even(Costs(200, 0, 0), source, {}, 0.01).tolist() == [0]
    assert break_even(Costs(1e-6, 1, 150), source, {}, 0.01)[0] > 1


def test_where_nobody_complained_the_rate_is_the_assumed_one():
    assert complaint_rates({}) == ({}, COMPLAINT_RATE)
    assert complaint_rates({1: (100_000, 0), 2: (0, 0)}) == ({}, COMPLAINT_RATE)


def test_a_source_is_drawn_towards_all_by_so_many_mails():
    by_source, rate = complaint_rates({1: (2_000, 8), 2: (6_000, 2)})
    assert rate == pytest.approx((10 + 2) / (8_000 + 2_000))
    assert by_source == pytest.approx({1: (8 + 2.4) / 4_000, 2: (2 + 2.4) / 8_000})


@given(counts=COUNTS)
def test_each_rate_lies_between_its_own_and_that_of_all(counts):
    by_source, rate = complaint_rates(counts)
    sends, complaints = (sum(each[index] for each in counts.values()) for index in (0, 1))
    if not complaints:
        assert (by_source, rate) == ({}, COMPLAINT_RATE)
        return
    assert rate == pytest.approx((complaints + COMPLAINT_RATE * COMPLAINT_STRENGTH) / (sends + COMPLAINT_STRENGTH))
    for source, (mails, own) in counts.items():
        low, high = sorted((rate, own / mails if mails else rate))
        assert low * (1 - 1e-9) <= by_source[source] <= high * (1 + 1e-9)
