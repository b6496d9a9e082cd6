from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hygiene.engine import open_engine
from hygiene.errors import SettingsError
from hygiene.facts import ContactReader, read_facts, read_score_facts
from hygiene.facts.types import Cell, Counts, ListSource, Step
from hygiene.settings import Settings
from tests.canonical import day, make_tables

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.facts.types import ContactFacts, Facts
    from hygiene.sources.tables import Tables


def enrollment(key: int, **columns: Any) -> dict[str, Any]:
    return {
        "enrollment_key": key,
        "enrollment_id": f"e{key}",
        "contact_key": key,
        "sender_key": 1,
        "sequence_key": 1,
        "enrolled_at": day(0),
        **columns,
    }


def event(enrollment_key: int, kind: str, at: float, **columns: Any) -> dict[str, Any]:
    return {
        "event_key": 0,
        "enrollment_key": enrollment_key,
        "contact_key": enrollment_key,
        "sender_key": 1,
        "sequence_key": 1,
        "type": kind,
        "at": day(at),
        **columns,
    }


SENDER = {"sender_key": 1, "sender_id": "s1"}
SEQUENCE = {"sequence_key": 1, "sequence_id": "q1"}


def contacts(*keys: int, **columns: Any) -> list[dict[str, Any]]:
    return [{"contact_key": key, "contact_id": f"c{key}", **columns} for key in keys]


def facts_of(tables: Tables, **chosen: Any) -> Facts:
    with open_engine() as engine:
        engine.attach(tables)
        return read_facts(engine, tables.report, Settings(**chosen))


def contacts_of(tables: Tables, **chosen: Any) -> dict[str, ContactFacts]:
    with open_engine() as engine:
        engine.attach(tables)
        read_facts(engine, tables.report, Settings(**chosen))
        return {row.contact_id: row for row in ContactReader(engine, tables.report, Settings(**chosen)).contacts()}


def total(facts: Facts) -> Counts:
    return sum((cell.counts for cell in facts.cells), Counts())


FATES: dict[str, tuple[dict[str, Any], list[dict[str, Any]], Counts]] = {
    "no end, no events: active": ({}, [], Counts(active=1)),
    "its own end counts": ({"ended_at": day(5)}, [], Counts(ended=1)),
    "its own reply counts where events are silent": ({"ended_at": day(5), "replied": True}, [], Counts(1, 1)),
    "its own bounce hides its own reply": (
        {"ended_at": day(5), "replied": True, "bounced": True},
        [],
        Counts(ended=1, bounced=1),
    ),
    "a human reply ends it": ({}, [event(1, "sent", 0), event(1, "reply", 2)], Counts(1, 1)),
    "an automatic reply is nothing": (
        {},
        [event(1, "sent", 0), event(1, "reply", 2, is_machine=True)],
        Counts(active=1),
    ),
    "a bounce ends it": ({}, [event(1, "sent", 0), event(1, "bounce", 0.1)], Counts(ended=1, bounced=1)),
    "a bounce that was delivered later is none": (
        {},
        [event(1, "bounce", 0.1), event(1, "delivered", 0.5)],
        Counts(active=1),
    ),
    "a delivery before the bounce saves nothing": (
        {},
        [event(1, "delivered", 0.1), event(1, "bounce", 3)],
        Counts(ended=1, bounced=1),
    ),
    "a machine's open after the bounce saves nothing": (
        {},
        [event(1, "bounce", 0.1), event(1, "open", 0.2, is_machine=True)],
        Counts(ended=1, bounced=1),
    ),
    "who replied did get the mail": ({}, [event(1, "reply", 1), event(1, "bounce", 3)], Counts(1, 1)),
    "an unsubscribe ends it": ({}, [event(1, "unsubscribe", 2)], Counts(ended=1, unsubscribed=1)),
    "a complaint ends it as an opt-out": ({}, [event(1, "complaint", 2)], Counts(ended=1, unsubscribed=1)),
    "a meeting ends it without a reply": ({}, [event(1, "meeting", 2)], Counts(ended=1)),
    "opens and clicks change nothing": ({}, [event(1, "open", 1), event(1, "click", 1)], Counts(active=1)),
    "a late reply still counts": ({"ended_at": day(5)}, [event(1, "reply", 9)], Counts(1, 1)),
}


@pytest.mark.parametrize("fate", FATES, ids=str)
def test_an_enrollment_comes_to_what_its_events_and_columns_say(tmp_path: Path, fate: str) -> None:
    columns, events, expected = FATES[fate]
    tables = make_tables(
        tmp_path,
        enrollments=[enrollment(1, **columns), enrollment(2, ended_at=day(10))],
        events=events,
        senders=[SENDER],
        sequences=[SEQUENCE],
    )
    assert total(facts_of(tables)) == expected + Counts(ended=1)


def test_nothing_after_as_of_is_known(tmp_path: Path) -> None:
    tables = make_tables(
        tmp_path,
        enrollments=[enrollment(1, ended_at=day(9), replied=True), enrollment(2), enrollment(3, enrolled_at=day(8))],
        events=[event(2, "reply", 6), event(2, "bounce", 1), event(2, "delivered", 7)],
    )
    assert total(facts_of(tables, as_of=day(5))) == Counts(ended=1, bounced=1, active=1)
    assert total(facts_of(tables)) == Counts(ended=2, replied=2, active=1)


def test_a_period_counts_by_the_end_of_the_enrollment(tmp_path: Path) -> None:
    ends = [enrollment(key, ended_at=day(key)) for key in range(1, 11)] + [enrollment(11)]
    tables = make_tables(tmp_path, enrollments=ends)
    assert total(facts_of(tables, since=day(3), until=day(6))) == Counts(ended=3)
    assert total(facts_of(tables, since=day(3))) == Counts(ended=8, active=1)


def test_cells_are_by_sender_sequence_and_month_of_the_end(tmp_path: Path) -> None:
    tables = make_tables(
        tmp_path,
        enrollments=[
            enrollment(1, ended_at=day(1)),
            enrollment(2, ended_at=day(40), replied=True),
            enrollment(3, ended_at=day(41), sequence_key=2),
        ],
    )
    assert facts_of(tables).cells == (
        Cell(1, 1, datetime(2026, 1, 1), Counts(1)),
        Cell(1, 1, datetime(2026, 2, 1), Counts(1, 1)),
        Cell(1, 2, datetime(2026, 2, 1), Counts(1)),
    )


def test_scores_alone_take_no_months(tmp_path: Path) -> None:
    ends = [enrollment(key, ended_at=day(20 * key)) for key in range(1, 5)]
    tables = make_tables(tmp_path, enrollments=ends)
    with open_engine() as engine:
        engine.attach(tables)
        assert read_score_facts(engine, tables.report, Settings()).cells == (Cell(1, 1, None, Counts(4)),)


def test_totals_alone_make_cells(tmp_path: Path) -> None:
    january = {"sender_key": 1, "sequence_key": 1, "period_at": day(0), "ended": 200, "replied": 14, "bounced": 10}
    unnamed = {"sender_key": 1, "ended": 5, "replied": 1, "bounced": 0}
    tables = make_tables(tmp_path, totals=[january, {**january, "ended": 100}, unnamed])
    assert facts_of(tables).cells == (
        Cell(1, None, None, Counts(5, 1)),
        Cell(1, 1, datetime(2026, 1, 1), Counts(300, 28, 20)),
    )


def test_totals_without_a_period_cannot_be_filtered_by_date(tmp_path: Path) -> None:
    tables = make_tables(tmp_path, totals=[{"sender_key": 1, "ended": 5, "replied": 1, "bounced": 0}])
    with pytest.raises(SettingsError) as error:
        facts_of(tables, since=day(0))
    assert str(error.value) == (
        "The table totals has rows without a period, so they cannot be filtered by date. "
        "Add a period column (such as 2026-03), or leave --since and --until out."
    )


def test_an_answer_without_a_step_belongs_to_the_last_step_before_it(tmp_path: Path) -> None:
    tables = make_tables(
        tmp_path,
        enrollments=[enrollment(1), enrollment(2), enrollment(3)],
        events=[
            *(event(key, "sent", 0, step=1) for key in (1, 2)),
            event(3, "sent", 0, step=1),
            event(1, "sent", 3, step=2),
            event(1, "reply", 4),
            event(2, "bounce", 0.1, step=1),
            event(3, "unsubscribe", 5),
        ],
    )
    assert facts_of(tables).steps == (Step(1, 1, 3, 0, 1, 1), Step(1, 2, 1, 1, 0, 0))


def test_list_sources_are_counted_by_source_and_batch(tmp_path: Path) -> None:
    tables = make_tables(
        tmp_path,
        enrollments=[enrollment(key, ended_at=day(3), bounced=key == 1) for key in (1, 2, 3)],
        contacts=[*contacts(1, 2, source="fair", import_batch="b1"), *contacts(3)],
    )
    assert facts_of(tables).list_sources == (
        ListSource("fair", "b1", Counts(ended=2, bounced=1)),
        ListSource(None, None, Counts(ended=1)),
    )


def test_a_contact_carries_what_was_sent_and_what_came_back(tmp_path: Path) -> None:
    tables = make_tables(
        tmp_path,
        contacts=contacts(1, 2),
        enrollments=[enrollment(1), enrollment(9, contact_key=1, sender_key=2, enrolled_at=day(1))],
        events=[
            event(1, "sent", 1),
            event(1, "reply", 2),
            event(1, "sent", 3),
            event(1, "open", 4),
            event(1, "open", 6, is_machine=True),
            event(1, "sent", 5),
            event(1, "bounce", 7, detail="550 5.1.1"),
        ],
    )
    one, two = contacts_of(tables).values()
    assert (one.sends, one.replies, one.engagements) == (3, 1, 2)
    assert (one.sends_since_reply, one.sends_since_engagement) == (2, 1)
    assert (one.last_engaged_at, one.last_bounce_detail, one.sender_key) == (day(4), "550 5.1.1", 2)
    assert (two.sends, two.sends_since_reply, two.active_enrollments) == (0, 0, 0)


def test_without_events_sends_are_not_known_and_replies_come_from_enrollments(tmp_path: Path) -> None:
    tables = make_tables(
        tmp_path, contacts=contacts(1), enrollments=[enrollment(1, ended_at=day(2), replied=True, unsubscribed=True)]
    )
    one = contacts_of(tables)["c1"]
    assert (one.sends, one.replies, one.sends_since_reply, one.unsubscribed_at) == (None, 1, None, day(2))


def test_deliveries_stand_for_sends_where_a_tool_logs_no_sends(tmp_path: Path) -> None:
    tables = make_tables(tmp_path, contacts=contacts(1), events=[event(1, "delivered", 1), event(1, "delivered", 2)])
    assert contacts_of(tables)["c1"].sends == 2


EVENTS = st.lists(
    st.builds(
        lambda key, kind, at, machine: event(key, kind, at, is_machine=machine),
        st.integers(1, 4),
        st.sampled_from(
            ("sent", "delivered", "open", "click", "reply", "bounce", "unsubscribe", "complaint", "meeting")
        ),
        st.integers(0, 12),
        st.booleans(),
    ),
    max_size=25,
)
QUICK = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def obvious_counts(events: list[dict[str, Any]], as_of: datetime) -> Counts:
    """The outcome of enrollments 1–4 without SQL, one event after another."""
    result: Counter[str] = Counter()
    for key in range(1, 5):
        mine = [row for row in events if row["enrollment_key"] == key and row["at"] <= as_of]
        human = {row["type"] for row in mine if not row["is_machine"] or row["type"] not in ("open", "click", "reply")}
        replied = "reply" in human
        lives = [
            row["at"]
            for row in mine
            if row["type"] == "delivered" or (row["type"] in ("open", "click", "reply") and not row["is_machine"])
        ]
        bounced = not replied and any(
            row["type"] == "bounce" and not any(at > row["at"] for at in lives) for row in mine
        )
        opted_out = bool(human & {"unsubscribe", "complaint"})
        ended = replied or bounced or opted_out or "meeting" in human
        result.update(ended=ended, replied=replied, bounced=bounced, active=not ended, unsubscribed=opted_out)
    return Counts(**result)


@QUICK
@given(events=EVENTS, as_of=st.integers(0, 12))
def test_outcomes_equal_the_obvious_reading_of_the_events(
    tmp_path: Path, events: list[dict[str, Any]], as_of: int
) -> None:
    tables = make_tables(tmp_path, enrollments=[enrollment(key) for key in range(1, 5)], events=events)
    assert total(facts_of(tables, as_of=day(as_of))) == obvious_counts(events, day(as_of))


@QUICK
@given(events=EVENTS, as_of=st.integers(0, 12))
def test_no_contact_fact_depends_on_what_came_after_as_of(
    tmp_path: Path, events: list[dict[str, Any]], as_of: int
) -> None:
    known = [row for row in events if row["at"] <= day(as_of)]
    # One early send keeps "has events" and "has sends" equal on both sides.
    first = event(4, "sent", 0, is_machine=False)
    base = {"contacts": contacts(1, 2, 3, 4), "enrollments": [enrollment(key) for key in range(1, 5)]}
    everything = make_tables(tmp_path / "all", **base, events=[first, *events])
    up_to = make_tables(tmp_path / "known", **base, events=[first, *known])
    assert contacts_of(everything, as_of=day(as_of)) == contacts_of(up_to, as_of=day(as_of))
