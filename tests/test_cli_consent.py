"""`hygiene consent`, as a user types it: the ledger, the clock, a list, and the evidence on one contact."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.cli import exit_code
from hygiene.exports.consent import COLUMNS, LAW_COLUMNS
from hygiene.gate.consent import STATUSES
from tests.advice.making import people, write_source
from tests.reports.pages import read

if TYPE_CHECKING:
    from pathlib import Path

ASKED = datetime(2026, 3, 6, 12)
CONSENT = "Freely given consent from contact"
LAW = "not legal advice"
ATTACKS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    '=HYPERLINK("http://x.example","click")',
    "ok;=1+1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style></script><svg onload=alert(1)>",
    "{{ 7*7 }}{% raw %}%(country)s",
    "\x1b[31mred\u202egnp",
)
LIVE = re.compile(r"(?:^|[;,\t\n\r]\s*)[=+@-]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def event(
    contact: str, kind: str, hours: float, detail: str = "", sender: str = "ann", step: int = 1
) -> dict[str, Any]:
    row = {"enrollment_id": f"e-{contact}", "contact_id": contact, "sender_id": sender, "sequence_id": "intro"}
    return {
        **row,
        "type": kind,
        "step": step,
        "at": ASKED + timedelta(hours=hours),
        "detail": detail,
        "subject": "Hello",
    }


def team(folder: Path) -> Path:
    """c0 consented, c1 needs a basis, c2 runs out soon, c3 has expired, c4 asked out in words, c5 has no country."""
    rows = people(6, created_at=datetime(2026, 1, 1), legal_basis=None, consent_at=None, source="Trade fair")
    country = ("Germany", "Germany", "Canada", "France", "France", None)
    rows = [{**row, "country": name} for row, name in zip(rows, country, strict=True)]
    rows[0] |= {"legal_basis": CONSENT, "consent_at": datetime(2026, 1, 5), "consent_source": "Form, v3"}
    rows[2] |= {"legal_basis": "Purchase", "consent_at": datetime(2024, 5, 1)}
    rows[3] |= {"created_at": datetime(2022, 1, 1)}
    events = [
        event("c4", "sent", -24),
        event("c4", "reply", 0, "Please remove me from your list."),
        event("c4", "sent", 30, sender="bob", step=2),
        event("c4", "sent", 24 * 20, step=3),
        event("c0", "sent", 2),
        event("c0", "click", 40, "https://acme.example/a"),
    ]
    return write_source(folder / "source", contacts=rows, events=events)


def consent(*arguments: object) -> int:
    return exit_code(["consent", *map(str, arguments)])


def rows_of(path: Path, separator: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


# --- the ledger -------------------------------------------------------------------------------------------------------
def test_it_writes_the_ledger_for_machines_and_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert consent(team(tmp_path), "-o", out, "--as-of", "2026-03-31") == 0
    assert capsys.readouterr().err.strip() == str(out / "consent.json")
    found = {row["contact_id"]: row for row in rows_of(out / "consent.csv")}
    assert {name: row["status"] for name, row in found.items()} == {
        "c0": "documented",
        "c1": "needs_documented_basis",
        "c2": "expires_soon",
        "c3": "expired",
        "c4": "objected",
        "c5": "unknown_country",
    }
    assert list(found["c0"]) == [*COLUMNS, *LAW_COLUMNS]
    assert "email" not in found["c0"]
    kept = ("country", "regime", "basis", "basis_source", "since", "last_own_contact_at", "expires_at", "code")
    assert [found["c0"][name] for name in kept] == [
        "DE",
        "opt_in",
        "consent",
        "Form, v3",
        "2026-01-05T00:00:00Z",
        "2026-03-08T04:00:00Z",
        "2029-03-08T04:00:00Z",
        "consent",
    ]
    people_rows = rows_of(out / "consent.people.csv")
    assert people_rows[1]["Email"] == "person1@company1.example"
    assert people_rows[1]["Status"] == "Needs a documented basis"
    assert all(LAW in row["Note"] for row in people_rows)


def test_it_counts_who_is_sendable_today_by_country_and_rule(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert consent(team(tmp_path), "-o", out, "--as-of", "2026-03-31") == 0
    record = json.loads((out / "consent.json").read_text(encoding="utf-8"))
    assert (record["schema"], record["contacts"], record["sendable"]) == ("hygiene/consent/1", 6, 2)
    assert sum(record["by_status"].values()) == 6
    assert list(record["by_status"]) == list(STATUSES)
    groups = {(row["country"], row["regime"]): (row["contacts"], row["sendable"]) for row in record["groups"]}
    expected = {("DE", "opt_in"): (2, 1), ("FR", "opt_out"): (2, 0), ("CA", "casl"): (1, 1), (None, "unknown"): (1, 0)}
    assert groups == expected
    assert LAW in record["table"]["disclaimer"]["en"]
    assert "avis juridique" in record["table"]["disclaimer"]["fr"]
    assert (record["table"]["as_of"], record["table"]["is_outdated"]) == ("2026-11-24", False)


def test_the_clock_stands_in_it_with_its_counts_its_contacts_and_each_mail(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert consent(team(tmp_path), "-o", out) == 0
    clock = json.loads((out / "consent.json").read_text(encoding="utf-8"))["clock"]
    assert (clock["timed"], clock["undated"]) == (1, 0)
    total = clock["total"]
    assert (total["contacts"], total["emails"], total["worst_hours"]) == (1, 2, 480.0)
    assert (total["over_48_hours_contacts"], total["over_10_business_days_contacts"]) == (["c4"], ["c4"])
    assert {name: row["over_48_hours"] for name, row in clock["by_sender"].items()} == {"ann": 1, "bob": 0}
    assert set(clock["by_kind"]) == {"reply"}
    (stop,) = clock["after_opt_out"]
    assert [(mail["at"], mail["sender_id"], mail["step"]) for mail in stop["emails"]] == [
        ("2026-03-07T18:00:00Z", "bob", 2),
        ("2026-03-26T12:00:00Z", "ann", 3),
    ]
    late = rows_of(out / "after_opt_out.people.csv")
    assert [(row["Contact"], row["Hours later"], row["Business days"]) for row in late] == [
        ("c4", "30.0", "0"),
        ("c4", "480.0", "14"),
    ]


@pytest.mark.parametrize(("lang", "words"), [("en", "needs a documented basis"), ("fr", "base à documenter")])
def test_the_table_says_all_of_it_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, words: str
) -> None:
    assert consent(team(tmp_path), "--lang", lang, "--as-of", "2026-03-31") == 0
    said = capsys.readouterr().out
    for needed in (
        words,
        {"en": LAW, "fr": "pas un avis juridique"}[lang],
        {"en": "Germany", "fr": "Allemagne"}[lang],
        "c4",
    ):
        assert needed.lower() in re.sub(r"\s+", " ", said).lower()
    assert ("holidays" if lang == "en" else "fériés") in said


def test_a_table_of_more_than_a_year_is_said_to_be_old_in_every_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, source = tmp_path / "out", team(tmp_path)
    assert consent(source, "-o", out, "--as-of", "2028-01-01") == 0
    old = "more than a year old"
    assert old in re.sub(r"\s+", " ", capsys.readouterr().out)
    assert all(old in row["Note"] for row in rows_of(out / "consent.people.csv"))
    assert {row["table_age_days"] for row in rows_of(out / "consent.csv")} == {"404"}
    assert json.loads((out / "consent.json").read_text(encoding="utf-8"))["table"]["is_outdated"] is True
    for form in ("csv", "json"):
        assert consent(source, "--format", form, "--as-of", "2028-01-01") == 0
        assert old in capsys.readouterr().err
    assert consent(source, "--contact", "c0", "--as-of", "2028-01-01") == 0
    assert old in re.sub(r"\s+", " ", capsys.readouterr().out)


def test_csv_and_json_on_stdout_are_those_of_the_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, source = tmp_path / "out", team(tmp_path)
    assert consent(source, "-o", out, "--format", "json") == 0
    assert capsys.readouterr().out == (out / "consent.json").read_text(encoding="utf-8")
    assert consent(source, "--format", "csv") == 0
    assert capsys.readouterr().out == (out / "consent.csv").read_bytes().decode()


def test_the_same_export_gives_the_same_bytes_in_whatever_order_its_rows_come(tmp_path: Path) -> None:
    source = team(tmp_path)
    header, *lines = (source / "contacts.csv").read_text(encoding="utf-8").splitlines()
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (mixed / "contacts.csv").write_text("\n".join([header, *reversed(lines)]) + "\n", encoding="utf-8")
    (mixed / "events.csv").write_bytes((source / "events.csv").read_bytes())
    for name, folder in (("one", source), ("two", mixed)):
        assert consent(folder, "-o", tmp_path / name) == 0
    for path in (tmp_path / "one").glob("*.*"):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_contacts_alone_are_judged_and_a_source_without_any_date_asks_for_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dated = write_source(tmp_path / "dated", contacts=people(2, country="France", created_at=datetime(2026, 1, 1)))
    assert consent(dated) == 0
    said = capsys.readouterr().out
    assert "Jan 1, 2026" in said
    assert "no request to stop with a date" in said
    undated = write_source(tmp_path / "undated", contacts=people(2, country="France"))
    assert consent(undated) == 3
    assert "--as-of" in capsys.readouterr().err
    assert consent(undated, "--as-of", "2026-01-01") == 0


def test_a_column_that_looks_like_an_opt_out_and_was_not_read_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contacts = people(2, country="France", created_at=datetime(2026, 1, 1))
    source = write_source(tmp_path / "source", contacts=[{**row, "Newsletter opt-out flag": "x"} for row in contacts])
    assert consent(source) == 0
    assert "Newsletter opt-out flag" in capsys.readouterr().err


# --- a list -----------------------------------------------------------------------------------------------------------
def test_a_list_is_judged_with_what_the_source_knows(tmp_path: Path) -> None:
    source, out = team(tmp_path), tmp_path / "out"
    mailing = tmp_path / "Campaign March.csv"
    mailing.write_text(
        "Email,Country\nPERSON0@company0.example,\nperson4@company4.example,US\nnew@acme.example,Italy\n",
        encoding="utf-8",
    )
    assert consent(source, "--list", mailing, "-o", out, "--as-of", "2026-03-31") == 0
    found = [(row["country"], row["status"], row["code"]) for row in rows_of(out / "consent.csv")]
    assert sorted(found) == [
        ("DE", "documented", "consent"),
        ("IT", "needs_documented_basis", "no_consent"),
        ("US", "objected", "asked_out"),
    ]
    assert all(row["Email"] for row in rows_of(out / "consent.people.csv"))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--list", "nowhere.csv"], 3, "nowhere.csv"),
        (["--list", "source/contacts.csv", "--contact", "c1"], 2, "not both"),
        (["--contact", "c1", "--format", "csv"], 2, "table or json"),
        (["--contact", "c11"], 3, 'did you mean "c1"'),
        (["--contact", "nobody@nowhere.example"], 3, "There is no contact"),
        (["-o", "source"], 3, "Name another folder"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str
) -> None:
    assert consent(team(tmp_path), *arguments) == code
    assert words in capsys.readouterr().err


def test_a_file_of_somebody_elses_is_never_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "consent.csv").write_text("mine")
    assert consent(team(tmp_path), "-o", out) == 3
    assert (out / "consent.csv").read_text() == "mine"
    assert not (out / "consent.json").exists()
    assert "consent.csv" in capsys.readouterr().err


# --- the evidence on one contact --------------------------------------------------------------------------------------
def test_the_evidence_holds_everything_that_the_export_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert consent(team(tmp_path), "--contact", "PERSON4@company4.example", "-o", out) == 0
    assert capsys.readouterr().err.split() == [str(out / "evidence/c4.html"), str(out / "evidence/c4.json")]
    record = json.loads((out / "evidence/c4.json").read_text(encoding="utf-8"))
    assert (record["status"], record["code"], record["contact_id"]) == ("objected", "asked_out", "c4")
    assert record["record"]["source"] == "Trade fair"
    assert [(row["type"], row["sender_id"]) for row in record["history"]] == [
        ("sent", "ann"),
        ("reply", "ann"),
        ("sent", "bob"),
        ("sent", "ann"),
    ]
    assert record["history"][1]["detail"] == "Please remove me from your list."
    assert len(record["after_opt_out"]["emails"]) == 2
    assert LAW in record["table"]["disclaimer"]["en"]
    page = read((out / "evidence/c4.html").read_text(encoding="utf-8"))
    for needed in (
        "Please remove me from your list.",
        "Mar 26, 2026, 12:00 UTC",
        "person4@company4.example",
        "Trade fair",
    ):
        assert needed in page.text
    assert not page.all("script")


def test_the_expiry_is_worked_out_step_by_step_with_the_source_of_each_rule(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert consent(team(tmp_path), "--contact", "c2", "-o", out, "--as-of", "2026-03-31") == 0
    steps = json.loads((out / "evidence/c2.json").read_text(encoding="utf-8"))["steps"]
    said = [step["text"]["en"] for step in steps]
    assert said == [
        "The export names a country: “Canada”, read as Canada.",
        "Rule for an email to a person at work (Canada): express or implied consent.",
        "The export shows no opt-out.",
        "Basis on file: “Purchase”, read as: customer or contract.",
        "Consent dated May 1, 2024.",
        "Counted from the date on file: May 1, 2024.",
        "It holds for 24 months.",
        "May 1, 2024 and 24 months make May 1, 2026; the day asked about is Apr 1, 2026.",
        "Status: Expires soon.",
    ]
    assert "com500" in steps[1]["source"]
    assert "com500" in steps[6]["source"]
    assert all(step["text"]["fr"] and step["text"]["fr"] != step["text"]["en"] for step in steps)
    assert consent(tmp_path / "source", "--contact", "c3", "-o", out, "--as-of", "2026-03-31") == 0
    steps = json.loads((out / "evidence/c3.json").read_text(encoding="utf-8"))["steps"]
    assert any("three years" in (step["source"] or "") for step in steps)


def test_what_the_export_does_not_show_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert consent(team(tmp_path), "--contact", "c1") == 0
    said = re.sub(r"\s+", " ", capsys.readouterr().out)
    for needed in (
        "The legal basis.",
        "When the person consented.",
        "The text that the person agreed to",
        "none of this contact",
    ):
        assert needed in said


def test_whoever_said_no_under_another_id_of_the_address_is_shown_with_it(tmp_path: Path) -> None:
    rows = people(2, email="ann@acme.example", country="France", created_at=datetime(2026, 1, 1))
    rows[1] |= {"legal_basis": "Consent withdrawn"}
    out = tmp_path / "out"
    assert consent(write_source(tmp_path / "source", contacts=rows), "--contact", "c0", "-o", out) == 0
    record = json.loads((out / "evidence/c0.json").read_text(encoding="utf-8"))
    assert (record["status"], record["same_address"]) == ("objected", ["c1"])


def test_an_address_of_two_contacts_asks_for_an_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = people(2, email="ann@acme.example", created_at=datetime(2026, 1, 1))
    assert consent(write_source(tmp_path / "source", contacts=rows), "--contact", "ann@acme.example") == 3
    assert "2 contacts have the address" in capsys.readouterr().err


# --- hostile texts ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_nothing_hostile_is_live_in_any_file(
    tmp_path: Path, attack: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = (
        "contact_id",
        "first_name",
        "company",
        "source",
        "import_batch",
        "legal_basis",
        "consent_source",
        "job_title",
    )
    # What is no address is no suppression: each language has one of the two.
    addresses = (f"a@{attack}", "a@Ann") if lang == "en" else ("a@acme.example", "a@acme.example")
    row = dict.fromkeys(names, attack) | {"email": addresses[0], "country": "Germany", "opted_out": "true"}
    calm = dict.fromkeys(names, "Ann") | {"email": addresses[1], "country": "Germany", "opted_out": "true"}
    tags = {}
    for name, contact in (("hostile", row), ("calm", calm)):
        contact |= {"created_at": datetime(2026, 1, 1), "opted_out_at": ASKED}
        sent = {"contact_id": contact["contact_id"], "sender_id": contact["source"], "sequence_id": contact["source"]}
        sent |= {"type": "sent", "at": ASKED + timedelta(days=9), "subject": contact["source"], "step": 1}
        reply = {**sent, "type": "reply", "at": ASKED + timedelta(days=10), "detail": contact["source"] + " hello"}
        suppressed = {"email": contact["email"], "reason": contact["source"], "source": contact["source"], "at": ASKED}
        tables = {"contacts": [contact], "events": [sent, reply]} | (
            {"suppressions": [suppressed]} if lang == "fr" else {}
        )
        source = write_source(tmp_path / name, **tables)
        out = tmp_path / f"out-{name}"
        assert consent(source, "-o", out, "--lang", lang) == 0
        (identifier,) = {row["contact_id"].strip() for row in rows_of(source / "contacts.csv")}
        assert consent(source, "--contact", identifier, "-o", out, "--lang", lang) == 0
        (page,) = (out / "evidence").glob("*.html")
        tags[name] = [element.tag for element in read(page.read_text(encoding="utf-8")).all()]
        for path in out.glob("*.csv"):
            with path.open(encoding="utf-8-sig", newline="") as file:
                is_french = lang == "fr" and path.name != "consent.csv"
                for cells in csv.reader(file, delimiter=";" if is_french else ","):
                    assert not [cell for cell in cells if LIVE.search(cell)]
    assert tags["hostile"] == tags["calm"]
    said = capsys.readouterr().out
    assert "\x1b" not in said
    assert "\u202e" not in said
