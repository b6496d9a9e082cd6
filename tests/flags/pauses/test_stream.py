"""Days laid out as a stream."""

from __future__ import annotations

import numpy as np

from hygiene.facts.pauses import NO_LIST, SenderDays
from hygiene.flags.pauses.stream import as_stream


def laid_out(*rows: tuple[int, int, int, int, int, int]):
    return as_stream(SenderDays(*np.array(rows, dtype=np.int64).T))


def test_a_days_bounces_are_laid_out_evenly_and_the_last_stands_on_the_last_send():
    stream = laid_out((7, 100, 0, 6, 2, 1), (7, 101, 0, 2, 3, 0))
    assert stream.sender.tolist() == [0] * 8
    assert stream.day.tolist() == [100] * 6 + [101] * 2
    assert stream.bounces.tolist() == [0, 0, 1, 0, 0, 1, 1, 2]
    assert stream.address_bounces.tolist() == [0, 0, 0, 0, 0, 1, 0, 0]


def test_a_bounce_on_a_day_without_sends_is_an_element_of_its_own():
    stream = laid_out((7, 100, 0, 1, 0, 0), (7, 103, 0, 0, 2, 2))
    assert stream.sends.tolist() == [1, 0]
    assert stream.bounces.tolist() == [0, 2]


def test_clumps_are_a_senders_lists_and_where_none_is_named_its_weeks():
    stream = laid_out(
        (1, 0, 5, 1, 0, 0),
        (1, 9, 5, 1, 0, 0),
        (2, 0, 5, 1, 0, 0),
        (3, 0, NO_LIST, 1, 0, 0),
        (3, 6, NO_LIST, 1, 0, 0),
        (3, 7, NO_LIST, 1, 0, 0),
    )
    a, b, c, d, e, f = stream.clump.tolist()
    assert a == b
    assert d == e
    assert len({a, c, d, f}) == 4


def test_nothing_laid_out_is_nothing():
    stream = as_stream(SenderDays(*np.empty((6, 0), dtype=np.int64)))
    assert stream.senders == 0
    assert stream.first.tolist() == [0]
