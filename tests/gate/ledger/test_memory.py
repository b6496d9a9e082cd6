"""The ledger in a run: whoever stands in it is in no list of people to write to."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene import pipeline
from hygiene.advice.types import Clear, Fired, NotApplicable
from hygiene.errors import LedgerError
from hygiene.exports.ledger import export_text
from hygiene.gate.ledger import key_path, open_ledger
from hygiene.settings import Settings
from tests.advice.making import START, ask, enrolled, make_case, people, write_source

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.types import Outcome, Suggestion
    from hygiene.gate.ledger import Ledger

PEOPLE = 6
AT = datetime(2026, 1, 5)
SAID = tuple[str, str, datetime | None, date | None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(cache_dir=tmp_path / "cache", ledger=tmp_path / "memory" / "ledger.jsonl")


def remember(settings: Settings, *facts: SAID) -> Ledger:
    """Return the ledger of some settings, with who, why, when and until when added by lemlist."""
    ledger = open_ledger(settings.ledger, key_path(settings), create=True)
    ledger.add(
        [ledger.entry(who, why, at=at, expires=until, source="lemlist") for who, why, at, until in facts]  # type: ignore[arg-type]
    )
    return ledger


def ran(tmp_path: Path, settings: Settings, **tables: Any) -> tuple[dict[str, dict[str, str]], dict[str, Any], Path]:
    """Return the contacts by id, run.json, and the folder of a run."""
    out = tmp_path / "out"
    tables = {"enrollments": enrolled(PEOPLE), "contacts": people(PEOPLE), **tables}
    pipeline.run(write_source(tmp_path / "exports", **tables), out, settings)
    with (out / "contacts.csv").open(encoding="utf-8", newline="") as file:
        contacts = {row["contact_id"]: row for row in csv.DictReader(file)}
    return contacts, json.loads((out / "run.json").read_text(encoding="utf-8")), out


def only(outcome: Outcome) -> Suggestion:
    """Return the one suggestion of a rule that fires."""
    assert isinstance(outcome, Fired)
    (suggestion,) = outcome.suggestions
    return suggestion


def flags(contacts: dict[str, dict[str, str]]) -> dict[str, tuple[str, str]]:
    """Return flag and reason of the contacts that are not kept."""
    return {key: (row["flag"], row["reason"]) for key, row in contacts.items() if row["flag"] != "keep"}


def test_whoever_stands_in_the_ledger_is_flagged_listed_and_vouched_for(tmp_path: Path, settings: Settings) -> None:
    remember(
        settings,
        ("Person0+news@company0.example", "opt_out", AT, None),
        ("@company1.example", "legal", AT, None),
        ("person2@company2.example", "hard_bounce_address", AT, None),
        ("person3+x@company3.example", "hard_bounce_address", AT, None),
    )
    contacts, record, out = ran(tmp_path, settings)
    assert flags(contacts) == {
        "c0": ("never", "in_ledger"),
        "c1": ("never", "in_ledger"),
        "c2": ("remove", "in_ledger_bounced"),
    }
    assert contacts["c0"]["evidence"] == (
        "In the ledger since Jan 5, 2026: opted out (lemlist). Never write again. Found by another spelling of the"
        " address."
    )
    assert "person0@company0.example" in (out / "lists" / "never.upload.csv").read_text(encoding="utf-8")
    assert "person2@company2.example" in (out / "lists" / "remove.upload.csv").read_text(encoding="utf-8")
    assert "In the ledger: said no before" in (out / "index.html").read_text(encoding="utf-8")
    assert record["ledger"] == {"entries": 4, "digest": open_ledger(settings.ledger, key_path(settings)).digest}
    assert not {"ledger", "ledger_key"} & set(record["settings"])


def test_a_report_without_a_ledger_says_that_there_is_none(tmp_path: Path, settings: Settings) -> None:
    contacts, record, _ = ran(tmp_path, settings)
    assert flags(contacts) == {}
    assert record["ledger"] is None


def test_a_contact_whose_id_is_the_address_is_found(tmp_path: Path, settings: Settings) -> None:
    remember(settings, ("person0@company0.example", "opt_out", AT, None))
    named = [{"contact_id": "person0@company0.example", "first_name": "Ann"}, {"contact_id": "c9", "first_name": "Bo"}]
    enrollments = enrolled(2, contact_id=lambda number: named[number]["contact_id"])
    contacts, _, _ = ran(tmp_path, settings, contacts=named, enrollments=enrollments)
    assert flags(contacts) == {"person0@company0.example": ("never", "in_ledger")}


def test_what_has_expired_by_the_end_of_the_data_no_longer_counts(tmp_path: Path, settings: Settings) -> None:
    """By the data's last day and not by today, so that the same data give the same report."""
    last = (START + timedelta(days=14, hours=PEOPLE)).date()
    remember(
        settings,
        ("person0@company0.example", "left_company", None, last),
        ("person1@company1.example", "left_company", None, last - timedelta(days=1)),
    )
    contacts, _, _ = ran(tmp_path, settings)
    assert flags(contacts) == {"c0": ("remove", "in_ledger_bounced")}
    later = replace(settings, as_of=datetime.combine(last, datetime.min.time()) + timedelta(days=2))
    contacts, _, _ = ran(tmp_path, later)
    assert flags(contacts) == {}


def test_a_run_stops_at_a_ledger_that_cannot_be_used(tmp_path: Path, settings: Settings) -> None:
    remember(settings, ("person0@company0.example", "opt_out", AT, None))
    key_path(settings).unlink()
    with pytest.raises(LedgerError, match="is lost"):
        ran(tmp_path, settings)
    assert not (tmp_path / "out" / "contacts.csv").exists()


def test_hashed_suppressions_of_a_source_match_where_the_key_is_at_hand(tmp_path: Path, settings: Settings) -> None:
    """The ledger itself is elsewhere; its key and its export are here."""
    elsewhere = remember(
        replace(settings, ledger=tmp_path / "elsewhere" / "ledger.jsonl"),
        ("person0+x@company0.example", "opt_out", AT, None),
        ("@company1.example", "complaint", None, None),
        ("person2@company2.example", "hard_bounce_address", None, None),
        ("person3@company3.example", "left_company", None, date(2020, 1, 1)),
    )
    assert elsewhere.hasher is not None
    rows = list(csv.DictReader(export_text(elsewhere.entries(), elsewhere.hasher.key_id, "csv").splitlines()))
    foreign = {**rows[0], "key_id": "0" * 32}
    suppressions = [*rows, foreign, {**rows[0], "key_id": ""}]
    here = replace(settings, ledger_key=elsewhere.key_path)
    contacts, record, out = ran(tmp_path, here, suppressions=suppressions)
    assert flags(contacts) == {
        "c0": ("never", "in_ledger"),
        "c1": ("never", "in_ledger"),
        "c2": ("remove", "in_ledger_bounced"),
    }
    assert record["ledger"] is None
    notes = json.loads((out / "import.json").read_text(encoding="utf-8"))["notes"]
    assert [note["values"]["count"] for note in notes if note["code"] == "unmatched_keys"] == [2]
    contacts, _, out = ran(tmp_path, settings, suppressions=suppressions)
    assert flags(contacts) == {}
    notes = json.loads((out / "import.json").read_text(encoding="utf-8"))["notes"]
    assert [note["values"]["count"] for note in notes if note["code"] == "unmatched_keys"] == [6]


def test_who_came_back_after_the_entry_or_is_enrolled_again_is_told(tmp_path: Path, settings: Settings) -> None:
    names = [f"person{number}@company{number}.example" for number in range(4)]
    remember(settings, *((name, "opt_out", AT, None) for name in names[:3]))
    created = lambda number: AT + timedelta(days=3 if number == 0 else -30)  # noqa: E731
    outcome = lambda number: "active" if number == 1 else "finished"  # noqa: E731
    case = make_case(
        tmp_path, settings, enrollments=enrolled(PEOPLE, outcome=outcome), contacts=people(PEOPLE, created_at=created)
    )
    found = only(ask("OPT-07", case))
    assert [(row.contact_id, row.value) for row in found.rows] == [("c0", "opt_out"), ("c1", "opt_out")]
    assert found.evidence["created_after_suppression"] == 1
    told = only(ask("OPT-01", case))
    assert [(row.contact_id, row.value) for row in told.rows] == [("c1", "in_ledger")]


def test_a_ledger_in_which_nobody_stands_answers_the_question(tmp_path: Path, settings: Settings) -> None:
    tables = {"enrollments": enrolled(PEOPLE), "contacts": people(PEOPLE)}
    assert isinstance(ask("OPT-07", make_case(tmp_path / "none", settings, **tables)), NotApplicable)
    remember(settings, ("stranger@else.example", "opt_out", AT, None))
    assert ask("OPT-07", make_case(tmp_path / "some", settings, **tables)) == Clear(PEOPLE)


def test_nobody_in_the_ledger_waits_for_a_test_to_begin(tmp_path: Path, settings: Settings) -> None:
    remember(settings, ("person5@company5.example", "opt_out", AT, None))
    case = make_case(tmp_path, settings, enrollments=enrolled(3), contacts=people(PEOPLE))
    assert [contact.contact_id for contact in case.enrolled.waiting] == ["c3", "c4"]


def test_whoever_has_left_by_the_ledger_is_no_bounce_to_come(tmp_path: Path, settings: Settings) -> None:
    remember(
        settings,
        ("person0@company0.example", "left_company", AT, None),
        ("person1@company1.example", "hard_bounce_address", AT, None),
    )
    case = make_case(tmp_path, settings, enrollments=enrolled(3, outcome="active"), contacts=people(3))
    assert [row.contact_id for row in only(ask("BNC-03", case)).rows] == ["c1"]
    assert [row.contact_id for row in only(ask("OPT-07", case)).rows] == ["c0", "c1"]
