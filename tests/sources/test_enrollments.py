"""Enrollments: their own columns where they are alone, the events where these speak."""

from __future__ import annotations

from datetime import datetime

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


def test_contradictions_between_columns_and_events_are_counted() -> None:
    # The column `replied`, the outcome, the type of the enrollment's event, and whether these contradict each other.
    cases = [
        ("yes", "", "sent", True),
        ("no", "", "reply", True),
        ("no", "", "sent", False),
        ("", "replied", "sent", True),
        ("", "finished", "reply", True),
        ("", "finished", "sent", False),
        ("", "meeting", "reply", False),
        ("", "active", "reply", False),
    ]
    for replied, outcome, kind, contradicts in cases:
        rows = f"e1,c,s,q,2026-01-01,{replied},{outcome}\n"
        other = "e2,c,s,q,2026-01-01,yes,\n"  # replies occur among the events
        loaded = read(
            {
                "enrollments.csv": f"{HEADER},replied,outcome\n{rows}{other}",
                "events.csv": events(("e1", kind, "2026-01-02"), ("e2", "reply", "2026-01-03")),
            }
        )
        expected = {"column": "replied", "count": 1} if contradicts else None
        assert loaded.notes.get("events_contradict_columns") == expected, (replied, outcome, kind)


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


def test_silence_ends_an_enrollment_known_from_events_alone() -> None:
    # What happened on which days of January, and the day on which the enrollment ended by silence: fourteen days
    # after the last send, if nothing answered it.
    cases: list[tuple[dict[int, str], int | None]] = [
        ({1: "sent"}, 15),
        ({1: "sent", 9: "sent"}, 23),
        ({25: "sent"}, None),  # the silence is not over at the end of the data
        ({1: "sent", 20: "open"}, 15),  # an open is no answer
        ({1: "sent", 9: "reply"}, None),  # the answer is the end
        ({1: "sent", 2: "bounce"}, None),
        ({1: "sent", 9: "meeting"}, None),
        ({1: "sent", 20: "reply"}, 15),  # it came too late
        ({1: "sent", 2: "bounce", 3: "delivered"}, 15),  # the mail got there after all
        ({31: "sent"}, None),
    ]
    rows = [
        (f"e{number}", kind, f"2026-01-{day:02}")
        for number, (days, _) in enumerate(cases)
        for day, kind in days.items()
    ]
    loaded = read({"events.csv": events(*rows)})
    found = dict(loaded.rows("enrollments", "enrollment_id", "ended_at"))
    for number, (days, end) in enumerate(cases):
        assert found[f"e{number}"] == (end and datetime(2026, 1, end)), days
    assert loaded.notes["ended_by_silence"] == {"count": 5, "days": 14}


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


def test_a_bounce_is_undone_by_what_only_a_received_mail_brings() -> None:
    cases = [
        ("delivered", "no", True),
        ("open", "no", True),
        ("open", "yes", False),  # a scanner's
        ("click", "no", True),
        ("reply", "no", True),
        ("sent", "no", False),
    ]
    text = EVENTS.replace("\n", ",is_machine\n") + "x,other,c,s,q,1,delivered,2026-01-03,\n"
    for n, (kind, machine, _) in enumerate(cases):
        text += f"a{n},e{n},c,s,q,{n},bounce,2026-01-02,\n"
        text += f"b{n},e{n},c,s,q,{n},{kind},2026-01-03,{machine}\n"
        text += f"c{n},e{n},c,s,q,{n},delivered,2026-01-01,\n"  # earlier: says nothing
    loaded = read({"events.csv": text})
    bounces = {
        step: at for step, kind, at in loaded.rows("responses", "step", "type", "received_at") if kind == "bounce"
    }
    assert bounces == {n: datetime(2026, 1, 3) if arrived else None for n, (_, _, arrived) in enumerate(cases)}


def test_an_opt_out_survives_events_that_know_none_and_an_enrollment_without_an_end() -> None:
    # c1 unsubscribed by its column alone, c2 in an enrollment without an end; c3 by an event, c4 never.
    rows = "e1,c1,s,q,2026-01-01,2026-01-09,yes\ne2,c2,s,q,2026-01-01,,yes\ne3,c3,s,q,2026-01-01,,yes\n"
    said = "v1,e1,c1,s,q,1,sent,2026-01-01\nv3,e3,c3,s,q,1,unsubscribe,2026-01-02\n"
    loaded = read(
        {
            "enrollments.csv": f"{HEADER},ended_at,unsubscribed\n{rows}e4,c4,s,q,2026-01-01,,no\n",
            "events.csv": EVENTS + said,
        }
    )
    assert loaded.rows("contacts", "contact_id", "opted_out") == [
        ("c1", True),
        ("c2", True),
        ("c3", False),  # the event says when
        ("c4", False),
    ]
