"""Enrollments: their own columns where they are alone, the events where these speak."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.sources.folder import ENROLLMENTS, read

HEADER = "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at"
EVENTS = "event_id,enrollment_id,contact_id,sender_id,sequence_id,step,type,at\n"
FACTS = ("enrollment_id", "replied", "bounced", "unsubscribed")


def events(*rows: tuple[str, str, str], machine: bool = False) -> str:
    """Events of contact c, sender s and sequence q: enrollment, type, time."""
    lines = [
        f"v{number},{enrollment},c,s,q,1,{kind},{at}{',yes' if machine else ''}\n"
        for number, (enrollment, kind, at) in enumerate(rows)
    ]
    return EVENTS.replace("\n", ",is_machine\n" if machine else "\n") + "".join(lines)


def test_without_events_the_columns_speak_and_an_outcome_implies_its_own_fact() -> None:
    rows = "e1,c,s,q,2026-01-01,replied,no\ne2,c,s,q,2026-01-01,finished,yes\ne3,c,s,q,2026-01-01,unsubscribed,\n"
    loaded = read({"enrollments.csv": f"{HEADER},outcome,bounced\n{rows}"})
    assert loaded.rows("enrollments", *FACTS) == [
        ("e1", True, False, False),
        ("e2", False, True, False),
        ("e3", False, False, True),
    ]


def test_events_silence_the_columns_of_the_facts_that_they_know() -> None:
    rows = "e1,c,s,q,2026-01-01,yes,yes\ne2,c,s,q,2026-01-01,yes,yes\n"
    loaded = read(
        {
            "enrollments.csv": f"{HEADER},replied,bounced\n{rows}",
            "events.csv": events(("e1", "sent", "2026-01-01"), ("e1", "reply", "2026-01-02")),
        }
    )
    # e1 has events, and these know replies but no bounces; e2 has no event and keeps its own columns.
    assert loaded.rows("enrollments", *FACTS) == [("e1", False, True, False), ("e2", True, True, False)]
    assert "events_contradict_columns" not in loaded.notes


@pytest.mark.parametrize(
    ("replied", "outcome", "kind", "contradicts"),
    [
        ("yes", "", "sent", True),
        ("no", "", "reply", True),
        ("no", "", "sent", False),
        ("", "replied", "sent", True),
        ("", "finished", "reply", True),
        ("", "finished", "sent", False),
        ("", "meeting", "reply", False),
        ("", "active", "reply", False),
    ],
)
def test_contradictions_between_columns_and_events_are_counted(
    replied: str, outcome: str, kind: str, contradicts: bool
) -> None:
    rows = f"e1,c,s,q,2026-01-01,{replied},{outcome}\ne2,c,s,q,2026-01-01,yes,\n"
    other = ("e2", "reply", "2026-01-03")  # replies occur among the events
    loaded = read(
        {
            "enrollments.csv": f"{HEADER},replied,outcome\n{rows}",
            "events.csv": events(("e1", kind, "2026-01-02"), other),
        }
    )
    expected = {"column": "replied", "count": 1} if contradicts else None
    assert loaded.notes.get("events_contradict_columns") == expected


def test_an_end_without_a_time_is_dated_by_the_last_event_or_the_start() -> None:
    rows = (
        "e1,c,s,q,2026-01-01,finished,\ne2,c,s,q,2026-01-02,finished,\n"
        "e3,c,s,q,2026-01-03,active,\ne4,c,s,q,2026-01-04,finished,2026-01-09\n"
    )
    loaded = read(
        {
            "enrollments.csv": f"{HEADER},outcome,ended_at\n{rows}",
            "events.csv": events(("e1", "sent", "2026-01-05"), ("e1", "open", "2026-01-06")),
        }
    )
    assert loaded.rows("enrollments", "ended_at") == [
        datetime(2026, 1, 6),
        datetime(2026, 1, 2),
        None,
        datetime(2026, 1, 9),
    ]
    assert loaded.notes["ended_without_time"] == {"count": 2}


def test_an_end_before_its_start_is_said_and_kept() -> None:
    loaded = read({"enrollments.csv": f"{HEADER},ended_at\ne1,c,s,q,2026-01-02,2026-01-01\n"})
    assert loaded.rows("enrollments", "ended_at") == [datetime(2026, 1, 1)]
    assert loaded.notes["ended_before_start"] == {"count": 1}


def test_enrollments_are_put_together_from_events() -> None:
    text = (
        "contact_id,sender_id,sequence_id,enrollment_id,type,at\n"
        "c1,s,q,,sent,2026-01-03\nc1,s,q,,open,2026-01-04\nc1,s,,,sent,2026-01-01\n"
        "c1,t,q,,sent,2026-01-01\nc2,s,q,x,sent,2026-01-02\nc2,s,q,x,sent,2026-02-02\n"
    )
    loaded = read({"events.csv": text})
    assert loaded.notes["enrollments_from_events"] == {"count": 4}
    found = loaded.rows("enrollments", "contact_key", "sender_key", "sequence_key", "enrolled_at")
    assert sorted(found, key=str) == [
        (1, 1, 1, datetime(2026, 1, 3)),
        (1, 1, None, datetime(2026, 1, 1)),
        (1, 2, 1, datetime(2026, 1, 1)),
        (2, 1, 1, datetime(2026, 1, 2)),
    ]


@pytest.mark.parametrize(
    ("rows", "ended_at"),
    [
        ([("e", "sent", "2026-01-01")], datetime(2026, 1, 15)),  # fourteen days after the last send
        ([("e", "sent", "2026-01-01"), ("e", "sent", "2026-01-09")], datetime(2026, 1, 23)),
        ([("e", "sent", "2026-01-25")], None),  # the silence is not over at the end of the data
        ([("e", "sent", "2026-01-01"), ("e", "open", "2026-01-20")], datetime(2026, 1, 15)),  # an open is no answer
        ([("e", "sent", "2026-01-01"), ("e", "reply", "2026-01-09")], None),  # the answer is the end
        ([("e", "sent", "2026-01-01"), ("e", "bounce", "2026-01-01 00:01")], None),
        ([("e", "sent", "2026-01-01"), ("e", "meeting", "2026-01-09")], None),
        ([("e", "sent", "2026-01-01"), ("e", "reply", "2026-01-20")], datetime(2026, 1, 15)),  # it came too late
        (
            [("e", "sent", "2026-01-01"), ("e", "bounce", "2026-01-01"), ("e", "delivered", "2026-01-02")],
            datetime(2026, 1, 15),  # the mail got there after all
        ),
    ],
)
def test_silence_ends_an_enrollment_known_from_events_alone(
    rows: list[tuple[str, str, str]], ended_at: datetime | None
) -> None:
    latest = ("latest", "sent", "2026-01-31")
    loaded = read({"events.csv": events(*rows, latest)})
    assert dict(loaded.rows("enrollments", "enrollment_id", "ended_at"))["e"] == ended_at
    assert loaded.notes.get("ended_by_silence") == ({"count": 1, "days": 14} if ended_at else None)


def test_a_machines_answer_ends_nothing() -> None:
    text = events(("e", "sent", "2026-01-01"), ("e", "reply", "2026-01-02"), ("f", "sent", "2026-01-31"), machine=True)
    loaded = read({"events.csv": text})
    assert loaded.rows("enrollments", "ended_at") == [datetime(2026, 1, 15), None]


def test_silence_ends_enrollments_whose_table_knows_no_end() -> None:
    text = events(("e1", "sent", "2026-01-01"), ("e2", "sent", "2026-01-31"))
    rows = "e1,c,s,q,2026-01-01\ne2,c,s,q,2026-01-31\n"
    loaded = read({"enrollments.csv": f"{HEADER}\n{rows}", "events.csv": text}, silence_days=7)
    assert loaded.rows("enrollments", "ended_at") == [datetime(2026, 1, 8), None]
    with_outcome = read({"enrollments.csv": f"{HEADER},replied\ne1,c,s,q,2026-01-01,\n", "events.csv": text})
    assert with_outcome.rows("enrollments", "ended_at") == [None]


def test_an_event_without_an_enrollment_belongs_to_the_one_that_covers_it() -> None:
    enrollments = f"{HEADER}\na,c,s,q,2026-01-01\nb,c,s,q,2026-02-01\nd,c,s,r,2026-01-15\ne,c,other,q,2026-01-01\n"
    text = (
        "contact_id,sender_id,sequence_id,type,at\n"
        "c,s,q,sent,2025-12-31\n"  # before any
        "c,s,q,sent,2026-01-01\n"
        "c,s,q,sent,2026-01-31\n"
        "c,s,q,sent,2026-02-01\n"
        "c,s,,sent,2026-01-20\n"  # names no sequence: the latest that had begun
        "c,nobody,q,sent,2026-03-01\n"
    )
    loaded = read({"enrollments.csv": enrollments, "events.csv": text})
    keys = dict(loaded.rows("enrollments", "enrollment_key", "enrollment_id"))
    found = {at: keys.get(key) for key, at in loaded.rows("events", "enrollment_key", "at")}
    assert found == {
        datetime(2025, 12, 31): None,
        datetime(2026, 1, 1): "a",
        datetime(2026, 1, 31): "a",
        datetime(2026, 2, 1): "b",
        datetime(2026, 1, 20): "d",
        datetime(2026, 3, 1): None,
    }


def test_events_of_an_unlisted_enrollment_stay_and_are_counted() -> None:
    loaded = read({"enrollments.csv": ENROLLMENTS, "events.csv": events(("e404", "sent", "2026-01-01"))})
    assert loaded.rows("events", "enrollment_key") == [None]
    assert loaded.notes["unknown_ids"] == {"table": "enrollments", "column": "enrollment_id", "count": 1}


def test_events_are_sorted_by_time_and_responses_are_the_answers_among_them() -> None:
    loaded = read(
        {
            "events.csv": events(
                ("e", "delivered", "2026-01-03"), ("e", "bounce", "2026-01-02"), ("e", "sent", "2026-01-01")
            )
        }
    )
    assert loaded.rows("events", "event_key", "type") == [(1, "sent"), (2, "bounce"), (3, "delivered")]
    assert loaded.rows("responses", "event_key", "type", "received_at") == [(2, "bounce", datetime(2026, 1, 3))]


@pytest.mark.parametrize(
    ("kind", "machine", "arrived"),
    [
        ("delivered", False, True),
        ("open", False, True),
        ("open", True, False),
        ("reply", False, True),
        ("sent", False, False),
    ],
)
def test_a_bounce_is_undone_by_what_only_a_received_mail_brings(kind: str, machine: bool, arrived: bool) -> None:
    text = EVENTS.replace("\n", ",is_machine\n") + (
        f"1,e,c,s,q,1,bounce,2026-01-02,\n2,e,c,s,q,1,{kind},2026-01-03,{'yes' if machine else 'no'}\n"
        "3,f,c,s,q,1,delivered,2026-01-03,\n4,e,c,s,q,1,delivered,2026-01-01,\n"
    )
    bounces = [row for row in read({"events.csv": text}).rows("responses", "type", "received_at") if row[0] == "bounce"]
    assert bounces == [("bounce", datetime(2026, 1, 3) if arrived else None)]
