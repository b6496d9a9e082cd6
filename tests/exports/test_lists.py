from __future__ import annotations

import csv
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from hygiene.exports.lists import write_address_list, write_lists
from hygiene.exports.records import write_contacts, write_rejects
from hygiene.facts.read import HOLD_DAYS
from hygiene.facts.types import Sender
from hygiene.flags.addresses import check_all
from hygiene.flags.contacts import decide, summarize
from hygiene.reports.cells import defuse
from hygiene.reports.translate import Translator
from hygiene.values import Moment
from tests.canonical import QUIET, day

if TYPE_CHECKING:
    from pathlib import Path

ATTACKS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://x.example","click")',
    "=1+1\n=2+2",
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "../../etc/passwd",
    "'; DROP TABLE contacts --",
    "ok@x.example;=1+1",
    "ok@x.example, @SUM(A1)",
    "\x1b]0;gone\x07\x1b[31mred",
)
LIVE = ("=", "+", "-", "@", "\t", "\r")
LIVE_INSIDE = re.compile(r"[;,\t\n\r]\s*[=+@-]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
SENDERS = {1: Sender(1, "s1", "=Ana", None, None, None, None)}


def flagged(email: str) -> list:
    return [
        decide(QUIET._replace(contact_id=email, email=email, opted_out=True)),
        decide(QUIET._replace(contact_id="plain", email="plain@example.org", suppressed=email)),
    ]


def rows_of(path: Path, separator: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=separator))


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_cell_that_people_open_runs(tmp_path: Path, attack: str) -> None:
    write_lists(tmp_path, summarize(flagged(attack)), SENDERS, Translator("en"))
    write_contacts(tmp_path / "contacts.csv", flagged(attack), Translator("en"))
    write_rejects(tmp_path / "rejects.csv", [(attack, 3, attack, attack, "bad_time")], Translator("en"))
    for name in ("never.people.csv", "contacts.csv", "rejects.csv"):
        cells = [cell for row in rows_of(tmp_path / name) for cell in row]
        assert not [cell for cell in cells if cell.startswith(LIVE) or LIVE_INSIDE.search(cell)]
    with zipfile.ZipFile(tmp_path / "cleanup.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not [sheet for sheet in sheets if "<f>" in sheet or "<hyperlink" in sheet]


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_upload_file_holds_values_unchanged_or_not_at_all(tmp_path: Path, attack: str) -> None:
    write_lists(tmp_path, summarize(flagged(attack)), SENDERS, Translator("en"))
    uploaded = [cell for (cell,) in rows_of(tmp_path / "never.upload.csv")]
    assert uploaded[0] == "Email"
    assert "plain@example.org" in uploaded
    if attack.startswith(LIVE) or LIVE_INSIDE.search(attack):
        assert attack not in uploaded
        assert rows_of(tmp_path / "quarantine.csv")[1][2] == defuse(attack)
    else:
        assert attack in uploaded
        assert not (tmp_path / "quarantine.csv").exists()


def test_the_rows_of_the_lists_add_up_to_the_summary(tmp_path: Path) -> None:
    rows = [
        decide(QUIET._replace(contact_id=f"c{number}", opted_out=number % 2 == 0, sends_since_engagement=number))
        for number in range(40)
    ]
    summary = summarize(rows)
    write_lists(tmp_path, summary, SENDERS, Translator("fr"))
    book = openpyxl.load_workbook(tmp_path / "cleanup.xlsx")
    assert len(book.worksheets) == 4
    for position, flag in enumerate(("never", "remove", "pause")):
        expected = summary.by_flag.get(flag, 0)
        people = tmp_path / f"{flag}.people.csv"
        assert (len(rows_of(people, ";")) - 1 if people.exists() else 0) == expected
        assert book.worksheets[0].cell(position + 1, 2).value == expected
        assert book.worksheets[position + 1].max_row - 1 == expected


def test_the_headers_are_in_the_readers_language(tmp_path: Path) -> None:
    write_lists(tmp_path, summarize(flagged("a@example.org")), SENDERS, Translator("fr"))
    assert rows_of(tmp_path / "never.people.csv", ";")[0][:3] == ["Contact", "E-mail", "À faire"]


def test_equal_flags_give_equal_bytes(tmp_path: Path) -> None:
    summary = summarize([decide(QUIET._replace(opted_out=True, opted_out_at=day(2)))])
    for name in ("a", "b"):
        write_lists(tmp_path / name, summary, SENDERS, Translator("en"))
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


PAUSED = {
    "mailbox_full_often": {"full_mailboxes": 3},
    "bounce_on_hold": {
        "last_bounce_at": day(2),
        "last_bounce_category": "mailbox_full",
        "last_bounce_action": "hold",
        "last_bounce_signal": "code 5.2.2",
        "bounced_lately": True,
    },
    "left_company": {"left_at": day(2), "successor": "=eva@example.org"},
    "out_of_office": {"away_at": day(2), "away_until": day(9), "is_away": True},
}


def test_the_people_to_pause_stand_with_the_day_to_resume(tmp_path: Path) -> None:
    rows = [decide(QUIET._replace(contact_id=reason, **known)) for reason, known in PAUSED.items()]
    assert [(row.reason, row.flag) for row in rows] == [(reason, "pause") for reason in PAUSED]
    translator = Translator("en")
    write_lists(tmp_path, summarize(rows), SENDERS, translator)
    header, *listed = rows_of(tmp_path / "pause.people.csv")
    resumed = {row[header.index("Contact")]: row[header.index("Resume on")] for row in listed}
    shown = {name: translator.text(Moment(at)) for name, at in (("held", day(2) + HOLD_DAYS), ("away", day(9)))}
    assert resumed == {
        "mailbox_full_often": "",
        "bounce_on_hold": shown["held"],
        "left_company": "",
        "out_of_office": shown["away"],
    }
    sheet = openpyxl.load_workbook(tmp_path / "cleanup.xlsx").worksheets[3]
    assert [cell.value for cell in sheet[1]] == header
    assert {row[0].value: row[header.index("Resume on")].value or "" for row in sheet.iter_rows(min_row=2)} == resumed


def test_an_asked_out_contact_is_never_written_to_again(tmp_path: Path) -> None:
    row = decide(QUIET._replace(email="no@example.org", asked_out_at=day(3)))
    write_lists(tmp_path, summarize([row]), SENDERS, Translator("en"))
    assert rows_of(tmp_path / "never.upload.csv") == [["Email"], ["no@example.org"]]


def test_addresses_worth_a_look_have_a_list_of_their_own_and_nothing_in_it_runs(tmp_path):
    rows = list(check_all([("=1", "ann@gmial.com"), ("b", "bob@acme.com"), ("c", "=x@info.example")], {}))
    looks = [row for row in rows if row.is_worth_a_look]
    write_address_list(tmp_path / "lists" / "a.csv", looks, Translator("en"))
    text = (tmp_path / "lists" / "a.csv").read_text(encoding="utf-8-sig")
    assert "gmail.com" in text
    assert "bob@acme.com" not in text
    assert not any(cell.startswith("=") for line in text.splitlines() for cell in line.split(","))
    write_address_list(tmp_path / "none" / "a.csv", [], Translator("en"))
    assert not (tmp_path / "none").exists()
