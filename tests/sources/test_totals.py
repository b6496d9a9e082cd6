from __future__ import annotations

from datetime import datetime

import pytest

from hygiene.errors import SourceError
from tests.sources.folder import ENROLLMENTS, OneTable, read


def test_totals_alone_are_enough() -> None:
    loaded = read({"totals.csv": "Sender;Month;Ended;Replied;Bounced\nann;2026-03;1 200;84;12\nann;2026-04;0;0;0\n"})
    assert loaded.rows("totals", "sender_key", "period", "period_at", "ended", "replied", "bounced") == [
        (1, "2026-03", datetime(2026, 3, 1), 1200, 84, 12),
        (1, "2026-04", datetime(2026, 4, 1), 0, 0, 0),
    ]
    assert (loaded.report.data_from, loaded.report.data_until) == (datetime(2026, 3, 1), datetime(2026, 4, 1))
    assert loaded.report.given == ("totals",)


def test_a_period_has_a_moment_where_it_reads_as_a_month_or_a_day() -> None:
    moments = {
        "2026-03": datetime(2026, 3, 1),
        "2026-03-15": datetime(2026, 3, 15),
        "03/2026": datetime(2026, 3, 1),
        "Q1 2026": None,
        "01/02/2026": None,  # January or February: not guessed
        "2026-13": None,
    }
    rows = "".join(f"ann,{period},1,0,0\n" for period in moments)
    loaded = read({"totals.csv": "sender_id,period,ended,replied,bounced\n" + rows})
    assert dict(loaded.rows("totals", "period", "period_at")) == moments


def test_a_negative_count_costs_the_row() -> None:
    loaded = read({"totals.csv": "sender_id,ended,replied,bounced\nann,100,-3,2\nbob,100,3,2\n"})
    assert loaded.rows("totals", "ended") == [100]
    assert loaded.rejects == [("totals.csv", 2, "replied", "-3", "bad_count")]


def test_totals_of_senders_with_enrollments_are_not_used_and_contradictions_are_said() -> None:
    totals = "sender_id,ended,replied,bounced\nann,1,0,0\nbob,50,3,2\neve,70,5,1\n"
    loaded = read({"enrollments.csv": ENROLLMENTS, "totals.csv": totals})
    senders = dict(loaded.rows("senders", "sender_key", "sender_id"))
    assert [(senders[key], ended) for key, ended in loaded.rows("totals", "sender_key", "ended")] == [("eve", 70)]
    assert loaded.notes["totals_contradict_enrollments"] == {"count": 1, "sender": "bob"}


@pytest.mark.parametrize("other", ["bob,1,1,0\n", "bob,1,0,1\n"])
def test_replies_and_bounces_contradict_too(other: str) -> None:
    totals = "sender_id,ended,replied,bounced\nann,1,0,0\n" + other
    notes = read({"enrollments.csv": ENROLLMENTS, "totals.csv": totals}).notes
    assert ("totals_contradict_enrollments" in notes) == (other != "bob,1,1,0\n")


def test_a_needed_table_of_rejects_only_stops_the_run() -> None:
    with pytest.raises(SourceError) as caught:
        read({"totals.csv": "sender_id,ended,replied,bounced\nann,many,3,2\nbob,some,3,2\n"})
    assert str(caught.value) == (
        'totals.csv has no usable row of 2: column "ended", line 2 holds "many" where a whole number from 0 is '
        "expected. Correct the file or leave it out."
    )


def test_a_needed_table_without_rows_stops_the_run() -> None:
    with pytest.raises(SourceError) as caught:
        read({"totals.csv": "sender_id,ended,replied,bounced\n"})
    assert str(caught.value) == "totals.csv holds a header but no row: export again with the rows."


def test_totals_with_more_replies_and_bounces_than_ends_are_left_out() -> None:
    found = OneTable("totals.csv", "sender_id,ended,replied,bounced\nann,10,6,4\nbob,10,6,5\neve,10,11,0\n")
    assert found.rows("sender_id") == ["ann"]
    assert found.rejects == [
        ("totals.csv", 3, "ended", "10", "more_than_ended"),
        ("totals.csv", 4, "ended", "10", "more_than_ended"),
    ]
