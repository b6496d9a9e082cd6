"""What the risk model learns from: first mails by list, as far as their fate is known."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.engine import open_engine
from hygiene.gate.risk import batch_of, read_risk
from hygiene.gate.risk.history import RISK_TABLES
from hygiene.settings import Settings
from tests.canonical import day, make_tables

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.gate.risk import RiskRow

TEXTS = [
    {"bounce_key": 1, "category": "invalid_mailbox", "fault": "address"},
    {"bounce_key": 2, "category": "authentication", "fault": "sender"},
    {"bounce_key": 3, "category": "unknown", "fault": "unknown"},
]


def person(key: int, **columns: Any) -> dict[str, Any]:
    return {"contact_key": key, "contact_id": f"c{key}", "source": "fair", "import_batch": "spring", **columns}


def enrollment(key: int, contact: int, at: float = 0, ended: float | None = 10, **columns: Any) -> dict[str, Any]:
    keys = {"enrollment_key": key, "contact_key": contact, "sender_key": 1, "sequence_key": 1}
    return {**keys, "enrolled_at": day(at), "ended_at": None if ended is None else day(ended), **columns}


def event(key: int, contact: int, kind: str, at: float, **columns: Any) -> dict[str, Any]:
    keys = {"enrollment_key": key, "contact_key": contact, "sender_key": 1, "sequence_key": 1}
    return {**keys, "type": kind, "at": day(at), **columns}


def read(folder: Path, as_of: float = 100, options: dict[str, Any] | None = None, **tables: Any) -> list[RiskRow]:
    made = make_tables(folder, bounce_texts=TEXTS, **tables)
    with open_engine() as engine:
        engine.attach(made, RISK_TABLES)
        return list(read_risk(engine, made.report, Settings(as_of=day(as_of), **(options or {}))).rows)


def counts(rows: list[RiskRow]) -> list[tuple[int, ...]]:
    return [(row.is_known_good, row.tried, row.address_bounced, row.delivered, row.replied) for row in rows]


def test_a_contact_counts_once_and_later_on_as_known_good(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        contacts=[person(1), person(2)],
        enrollments=[
            enrollment(1, 1),
            enrollment(2, 1, 20, 30, replied=True),
            enrollment(3, 1, 40, 50, bounced=True),
            enrollment(4, 2, bounced=True),
            enrollment(5, 2, 20, 30, bounced=True),  # the same dead address bounces again
        ],
    )
    assert counts(rows) == [(0, 2, 1, 1, 0), (1, 2, 1, 1, 1)]


@pytest.mark.parametrize(("text", "expected"), [(1, (1, 1)), (2, (0, 0)), (3, (1, 1)), (None, (1, 1))])
def test_a_bounce_of_the_senders_fault_tells_nothing_of_the_address(
    text: int | None, expected: tuple[int, int], tmp_path: Path
) -> None:
    rows = read(
        tmp_path,
        contacts=[person(1), person(2)],
        enrollments=[enrollment(1, 1, ended=None), enrollment(2, 2)],
        events=[event(1, 1, "sent", 0), event(1, 1, "bounce", 0.1, bounce_key=text), event(2, 2, "sent", 0)],
    )
    assert [(row.tried - 1, row.address_bounced) for row in rows] == [expected]


def test_after_a_refusal_of_the_sender_the_next_enrollment_is_the_first(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        contacts=[person(1)],
        enrollments=[enrollment(1, 1, ended=None), enrollment(2, 1, 20, 30)],
        events=[event(1, 1, "sent", 0), event(1, 1, "bounce", 0.1, bounce_key=2), event(2, 1, "sent", 20)],
    )
    assert counts(rows) == [(0, 1, 0, 1, 0)]


def test_a_list_of_last_week_does_not_look_rotten_because_only_bounces_have_ended(tmp_path: Path) -> None:
    people = [person(key) for key in range(1, 101)]
    begun = [enrollment(key, key, 90, 90.2 if key <= 4 else None, bounced=key <= 4) for key in range(1, 101)]
    assert counts(read(tmp_path / "settled", contacts=people, enrollments=begun)) == [(0, 100, 4, 0, 0)]
    fresh = [{**row, "enrolled_at": day(98)} for row in begun]
    assert read(tmp_path / "fresh", contacts=people, enrollments=fresh) == []


def test_with_events_a_running_enrollment_counts_once_it_was_written_to(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        contacts=[person(key) for key in (1, 2, 3)],
        enrollments=[enrollment(key, key, 50, None) for key in (1, 2, 3)],
        events=[event(1, 1, "sent", 60), event(2, 2, "sent", 99)],
    )
    assert counts(rows) == [(0, 1, 0, 1, 0)]


def test_a_verification_of_after_the_first_mail_is_none(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        contacts=[
            person(1, verification="valid", verified_at=day(-1)),
            person(2, verification="invalid", verified_at=day(5)),
            person(3, verification="catch_all"),
            person(4),
        ],
        enrollments=[enrollment(key, key) for key in (1, 2, 3, 4)],
    )
    assert [(row.verification, row.tried) for row in rows] == [("catch_all", 1), ("none", 2), ("valid", 1)]


def test_without_a_batch_the_day_of_creation_is_one(tmp_path: Path) -> None:
    people = [
        person(1, import_batch=None, created_at=day(-3.5)),
        person(2, import_batch=None, source=None),
        person(3, created_at=day(-3.5)),
    ]
    rows = read(tmp_path, contacts=people, enrollments=[enrollment(key, key) for key in (1, 2, 3)])
    assert [(row.source, row.batch) for row in rows] == [(None, None), ("fair", "2025-12-28"), ("fair", "spring")]
    for row, columns in zip(rows, (people[1], people[0], people[2]), strict=True):
        assert row.batch == batch_of(columns["import_batch"], columns.get("created_at"))


def test_nothing_later_than_as_of_is_known(tmp_path: Path) -> None:
    tables = {
        "contacts": [person(1)],
        "enrollments": [enrollment(1, 1, 0, None)],
        "events": [event(1, 1, "sent", 0), event(1, 1, "bounce", 8, bounce_key=1)],
    }
    assert counts(read(tmp_path / "before", as_of=7, **tables)) == [(0, 1, 0, 0, 0)]
    assert counts(read(tmp_path / "after", as_of=9, **tables)) == [(0, 1, 1, 0, 0)]


def test_a_period_counts_what_ended_in_it(tmp_path: Path) -> None:
    tables = {
        "contacts": [person(key) for key in (1, 2, 3)],
        "enrollments": [enrollment(1, 1, 0, 10), enrollment(2, 2, 0, 20), enrollment(3, 3, 0, None)],
    }
    period = {"since": day(15), "until": day(90)}
    assert counts(read(tmp_path, options=period, **tables)) == [(0, 1, 0, 1, 0)]


FIRST = st.tuples(st.integers(1, 4), st.integers(1, 2), st.sampled_from([0, 20, 95]), st.booleans())
"""Of an enrollment: contact, sender, day, and whether it bounced."""


@given(st.lists(FIRST, min_size=1, max_size=8, unique_by=lambda each: (each[0], each[2])))
@settings(max_examples=25, deadline=None)
def test_the_first_mails_of_all_senders_are_those_of_the_team(
    tmp_path_factory: pytest.TempPathFactory, begun: list[tuple[int, int, int, bool]]
) -> None:
    people = [person(key, verification="valid" if key % 2 else None) for key in (1, 2, 3, 4)]
    rows = [
        {**enrollment(key, contact, at, at + 1, bounced=back), "sender_key": sender}
        for key, (contact, sender, at, back) in enumerate(begun, start=1)
    ]
    made = make_tables(tmp_path_factory.mktemp("team"), contacts=people, enrollments=rows, bounce_texts=TEXTS)
    with open_engine() as engine:
        engine.attach(made, RISK_TABLES)
        facts = [read_risk(engine, made.report, Settings(as_of=day(97)), sender) for sender in (1, 2)]
    team: Counter[tuple[object, ...]] = Counter()
    for row in facts[0].rows:
        if not row.is_known_good:
            team.update({(*row[:3], "tried"): row.tried, (*row[:3], "bounced"): row.address_bounced})
    for own in (each.by_sender or () for each in facts):
        for mine in own:
            team.subtract({(*mine[:3], "tried"): mine.tried, (*mine[:3], "bounced"): mine.address_bounced})
    assert not any(team.values())
    assert facts[0].rows == facts[1].rows


def test_where_no_sender_is_named_none_is_told_apart(tmp_path: Path) -> None:
    made = make_tables(tmp_path, contacts=[person(1)], enrollments=[enrollment(1, 1)], bounce_texts=TEXTS)
    with open_engine() as engine:
        engine.attach(made, RISK_TABLES)
        assert read_risk(engine, made.report, Settings(as_of=day(100))).by_sender is None
        assert read_risk(engine, made.report, Settings(as_of=day(100)), 99).by_sender == ()
