"""Who is enrolled: what the export leaves empty stays empty."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hygiene.engine import open_engine
from hygiene.facts import keep_signals, read_facts
from hygiene.facts.enrolled import read_enrolled
from hygiene.facts.factors import NOT_TOLD, read_factors
from hygiene.settings import Settings
from tests.canonical import day, make_tables

if TYPE_CHECKING:
    from pathlib import Path

CLICKED, READ = day(3), day(4)
SETTINGS = Settings(as_of=day(60))


def enrollment(key: int) -> dict[str, object]:
    return {
        "enrollment_key": key,
        "enrollment_id": f"e{key}",
        "contact_key": key,
        "sender_key": 1,
        "sequence_key": 1,
        "enrolled_at": day(key),
        "ended_at": day(50),
    }


def event(key: int, kind: str, **columns: object) -> dict[str, object]:
    return {"enrollment_key": key, "contact_key": key, "sender_key": 1, "type": kind, **columns}


def test_an_empty_text_is_none_and_never_a_question_mark(tmp_path: Path) -> None:
    contacts = [{"contact_key": 1, "contact_id": "c1", "source": "fair"}, {"contact_key": 2, "contact_id": "c2"}]
    tables = make_tables(tmp_path, contacts=contacts, enrollments=[enrollment(1), enrollment(2)])
    with open_engine() as engine:
        engine.attach(tables)
        facts = read_facts(engine, tables.report, SETTINGS)
        rows = read_enrolled(engine, tables.report, SETTINGS).rows
        factors = read_factors(engine, tables.report, facts, SETTINGS)
    assert rows.set_index("contact_id")["source"].to_dict() == {"c1": "fair", "c2": None}
    assert rows["country"].tolist() == [None, None]
    assert factors.levels["source"] == ("fair",)
    assert sorted(factors.codes["source"].tolist()) == [NOT_TOLD, 0]
    assert factors.levels["country"] == ()


def test_the_last_own_contact_is_a_reply_or_a_click_by_a_person_and_no_open(tmp_path: Path) -> None:
    contacts = [{"contact_key": key, "contact_id": f"c{key}"} for key in range(1, 5)]
    contacts[3]["last_clicked_at"] = day(1)
    events = [
        event(1, "click", at=CLICKED),
        event(1, "open", at=READ),
        event(2, "click", at=CLICKED, is_machine=True),
        event(3, "reply", at=READ),
        event(3, "reply", at=READ + timedelta(days=1), is_machine=True),
        event(4, "reply", at=day(70)),
    ]
    tables = make_tables(
        tmp_path, contacts=contacts, enrollments=[enrollment(key) for key in range(1, 5)], events=events
    )
    with open_engine() as engine:
        engine.attach(tables)
        read_facts(engine, tables.report, SETTINGS)
        keep_signals(engine, tables.report, SETTINGS)
        rows = read_enrolled(engine, tables.report, SETTINGS).rows
    own = rows.set_index("contact_id")["last_own_contact_at"]
    assert own["c1"] == CLICKED
    assert own["c3"] == READ
    assert own["c4"] == day(1)  # the CRM's; the reply lies after the moment of the run
    assert own.isna()["c2"]
