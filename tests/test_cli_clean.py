"""`hygiene clean`, as a user types it."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from hygiene.cli import exit_code
from hygiene.gate.ledger.ledger import key_path, open_ledger
from hygiene.settings import Settings
from tests.advice.making import enrolled, people, write_source
from tests.exports.test_filters_hubspot import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = 120
FATES = {
    1: {"opted_out": "true", "opted_out_at": "2026-01-20"},
    2: {"hard_bounce_reason": "UNKNOWN_USER"},
    3: {"hard_bounce_reason": "POLICY"},
    4: {"hard_bounce_reason": "MAILBOX_FULL"},
    5: {"do_not_contact": "true"},
}
COLUMNS = ("opted_out", "opted_out_at", "hard_bounce_reason", "do_not_contact")


def of(name: str):
    return lambda place: FATES.get(place % 10, {}).get(name)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tenth each: opted out, unknown user, policy, full, do not contact; record ids are numbers."""
    monkeypatch.chdir(tmp_path)
    contacts = people(NUMBER, contact_id=lambda place: 1000 + place, **{name: of(name) for name in COLUMNS})
    rows = enrolled(NUMBER, contact_id=lambda place: 1000 + place)
    return write_source(tmp_path / "source", enrollments=rows, contacts=contacts)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def ledger():
    settings = Settings()
    return open_ledger(settings.ledger, key_path(settings))


def test_it_writes_lists_filters_and_the_way_back(source, tmp_path, capsys):
    out = tmp_path / "out"
    assert exit_code(["clean", str(source), "-o", str(out), "--for", "hubspot"]) == 0
    said = capsys.readouterr()
    assert said.out.strip() == str(out / "lists/cleanup.xlsx")
    assert "Removes 12 contacts: avoids 1" in said.err
    assert "type 24" in said.err  # the opt-out list: as many rows as HubSpot asks for
    assert len(rows_of(out / "lists/suppress.upload.csv")) - 1 == 24
    assert rows_of(out / "lists/remove.upload.csv")[:2] == [
        ["Record ID", "Email"],
        ["1002", "person2@company2.example"],
    ]
    undo = json.loads((out / "undo.json").read_text(encoding="utf-8"))
    assert {row["action"] for row in undo["contacts"]} == {"suppress", "remove", "hold", "unbounce_and_fix"}
    one = next(row for row in undo["contacts"] if row["contact_id"] == "1003")
    assert one["changes"] == [{"field": "hs_email_hard_bounce_reason_enum", "before": "POLICY", "after": ""}]
    told = next(row for row in undo["contacts"] if row["contact_id"] == "1001")
    assert told["changes"] == []  # opted out in the CRM already
    assert told["ledger"]["reason"] == "opt_out"
    assert told["ledger"]["at"].startswith("2026-01-20")


def test_the_ledger_learns_each_removal_and_each_no_and_is_asked_the_next_time(source, tmp_path, capsys):
    assert exit_code(["clean", str(source), "-o", str(tmp_path / "out")]) == 0
    assert "The ledger learned 36 facts and knew 0 already." in capsys.readouterr().err
    found = ledger()
    assert len(found) == 36
    assert {entry.reason for entry in found.entries()} == {"opt_out", "do_not_contact", "hard_bounce_address"}
    # Next month the CRM has forgotten: the same people are there again, without any mark.
    fresh = write_source(tmp_path / "fresh", contacts=people(NUMBER), enrollments=enrolled(NUMBER))
    assert exit_code(["clean", str(fresh), "-o", str(tmp_path / "next")]) == 0
    record = json.loads((tmp_path / "next/clean.json").read_text(encoding="utf-8"))
    assert record["codes"] == {"ledger_no": 24, "ledger_dead": 12}
    assert len(ledger()) == 36


def test_a_second_cleanup_into_the_folder_is_only_looked_at(source, tmp_path, capsys):
    out = tmp_path / "out"
    assert exit_code(["clean", str(source), "-o", str(out)]) == 0
    before, known = files_of(out), len(ledger())
    assert exit_code(["clean", str(source), "-o", str(out)]) == 0
    assert "holds this very cleanup already: nothing was written." in capsys.readouterr().err
    write_source(source, contacts=people(NUMBER, opted_out=lambda _: "true"))
    assert exit_code(["clean", str(source), "-o", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert "24 → 120" in said.err
    assert "To do it, add --yes." in said.err
    assert "- lists/remove.upload.csv" in said.err
    assert files_of(out) == before
    assert len(ledger()) == known
    assert exit_code(["clean", str(source), "-o", str(out), "--yes"]) == 0
    assert not (out / "lists/remove.upload.csv").exists()
    assert len(rows_of(out / "lists/suppress.upload.csv")) - 1 == NUMBER
    assert len(ledger()) > known


def test_the_same_input_gives_the_same_bytes_again(source, tmp_path):
    out = tmp_path / "out"
    assert exit_code(["clean", str(source), "-o", str(out), "--for", "salesforce"]) == 0
    before = files_of(out)
    assert exit_code(["clean", str(source), "-o", str(out), "--for", "salesforce", "--yes"]) == 0
    assert files_of(out) == before


def test_without_the_ledger_nothing_is_learned(source, tmp_path, capsys):
    assert exit_code(["clean", str(source), "-o", str(tmp_path / "out"), "--no-ledger"]) == 0
    assert "The ledger learned nothing" in capsys.readouterr().err
    assert not Settings().ledger.exists()
    undo = json.loads((tmp_path / "out/undo.json").read_text(encoding="utf-8"))
    assert {row["ledger"] for row in undo["contacts"]} == {None}


def test_a_report_is_not_written_over_and_neither_is_a_cleanup(source, tmp_path, capsys):
    assert exit_code(["run", str(source), "-o", str(tmp_path / "report")]) == 0
    assert exit_code(["clean", str(source), "-o", str(tmp_path / "report")]) == 3
    assert "holds a report of hygiene" in capsys.readouterr().err
    assert exit_code(["clean", str(source), "-o", str(tmp_path / "out")]) == 0
    before = files_of(tmp_path / "out")
    assert exit_code(["run", str(source), "-o", str(tmp_path / "out")]) == 3
    assert files_of(tmp_path / "out") == before


def test_the_exports_themselves_are_no_place(source, capsys):
    assert exit_code(["clean", str(source), "-o", str(source)]) == 3
    assert "holds the exports themselves" in capsys.readouterr().err


def test_by_default_there_are_addresses_sql_and_hubspots_filters(source, tmp_path):
    assert exit_code(["clean", str(source), "-o", str(tmp_path / "out")]) == 0
    names = {path.name for path in (tmp_path / "out/filters").iterdir()}
    assert "generic-cleanup.sql" in names
    assert rows_of(tmp_path / "out/lists/hold.upload.csv")[0] == ["Email"]
    for path in (tmp_path / "out/filters").glob("*.json"):
        jsonschema.validate(json.loads(path.read_text(encoding="utf-8")), SCHEMA)


def test_run_writes_the_same_filters(source, tmp_path):
    assert exit_code(["run", str(source), "-o", str(tmp_path / "report")]) == 0
    assert exit_code(["clean", str(source), "-o", str(tmp_path / "out"), "--for", "hubspot"]) == 0
    assert files_of(tmp_path / "report/filters") == files_of(tmp_path / "out/filters")
    assert "filters/hubspot-opted-out.json" in json.loads((tmp_path / "report/run.json").read_text())["files"]


def test_exceptions_are_shown_with_owner_and_evidence_and_lift_no_opt_out(source, tmp_path, capsys):
    (tmp_path / "hygiene.toml").write_text(
        '[[allow]]\ncontact = "1002"\nevidence = "spoke on the phone"\nowner = "Ann"\nexpires = 2026-12-31\n'
        '[[allow]]\nemail = "person1@company1.example"\nevidence = "=1+1"\nowner = "Bob"\nexpires = 2026-12-31\n',
        encoding="utf-8",
    )
    out = tmp_path / "out"
    assert exit_code(["clean", str(source), "-o", str(out), "--lang", "fr"]) == 0
    said = capsys.readouterr().err
    assert "Exception pour 1002 (Ann" in said
    assert "spoke on the phone" in said
    assert "person1@company1.example (Bob)\u00a0: cette personne a dit non" in said
    record = json.loads((out / "clean.json").read_text(encoding="utf-8"))
    assert record["actions"]["remove"]["contacts"] == 11
    assert record["actions"]["suppress"]["contacts"] == 24
    assert [row["state"] for row in record["exceptions"]] == ["used", "said_no"]


@pytest.mark.parametrize("missing", ["evidence", "owner", "expires"])
def test_an_exception_without_evidence_owner_or_last_day_is_an_error(source, tmp_path, capsys, missing):
    entry = {"contact": '"1002"', "evidence": '"x"', "owner": '"y"', "expires": "2026-12-31"}
    lines = [f"{name} = {value}" for name, value in entry.items() if name != missing]
    (tmp_path / "hygiene.toml").write_text("[[allow]]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert exit_code(["clean", str(source), "-o", str(tmp_path / "out")]) == 3
    assert f'the entry for "1002" needs {missing}' in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_lost_key_stops_before_anything_is_written(source, tmp_path, capsys):
    assert exit_code(["clean", str(source), "-o", str(tmp_path / "out")]) == 0
    key_path(Settings()).unlink()
    assert exit_code(["clean", str(source), "-o", str(tmp_path / "other")]) == 3
    assert "The key of the ledger" in capsys.readouterr().err
    assert not (tmp_path / "other").exists()


def test_contacts_alone_are_enough(tmp_path, capsys):
    contacts = people(30, hard_bounce_reason=of("hard_bounce_reason"), opted_out=of("opted_out"))
    source = write_source(tmp_path / "crm", contacts=contacts)
    assert exit_code(["clean", str(source), "-o", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().err
    assert "Removes 3 contacts: avoids 2." in said
    assert "No reply is known" in said


def test_an_unknown_crm_is_wrong_usage(source, tmp_path, capsys):
    assert exit_code(["clean", str(source), "-o", str(tmp_path / "out"), "--for", "hubspott"]) == 2
    assert "hubspot" in capsys.readouterr().err
