"""What is known of one person, in whatever record or table, holds for that person."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from hygiene.cli import exit_code

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = "event_id,enrollment_id,contact_id,sender_id,sequence_id,type,at,detail\n"
SENT = "".join(f"s{who},e{who},c{who},ann,intro,sent,2026-03-02T09:00:00Z,\n" for who in (1, 2, 3))
CONTACTS = "contact_id,email,country\nc1,Bo.Reed@gmail.com,US\nc2,boreed+crm@googlemail.com,US\nc3,al@acme.com,US\n"
ENROLLMENTS = "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at,ended_at,outcome\n"
SAID = {
    "an unsubscribe event": ("unsubscribe,2026-03-03T09:00:00Z,", "unsubscribed"),
    "a complaint": ("complaint,2026-03-03T09:00:00Z,", "unsubscribed"),  # it ends the enrollment as that
    "a reply in words": ("reply,2026-03-03T09:00:00Z,Please remove me from your list.", "asked_out"),
}


def make_source(folder: Path, said: str) -> Path:
    folder.mkdir()
    (folder / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    (folder / "events.csv").write_text(f"{EVENTS}{SENT}u1,e1,c1,ann,intro,{said}\n", encoding="utf-8")
    return folder


def contacts_of(out: Path) -> dict[str, tuple[str, str]]:
    text = (out / "contacts.csv").read_text(encoding="utf-8")
    return {row["contact_id"]: (row["flag"], row["reason"]) for row in csv.DictReader(io.StringIO(text))}


@pytest.mark.parametrize("how", SAID)
def test_a_no_under_one_record_holds_for_the_other_records_of_the_mailbox(tmp_path: Path, how: str) -> None:
    said, reason = SAID[how]
    source = make_source(tmp_path / "source", said)
    assert exit_code(["run", str(source), "-o", str(tmp_path / "out")]) == 0
    found = contacts_of(tmp_path / "out")
    assert found == {"c1": ("never", reason), "c2": ("never", reason), "c3": ("keep", "none")}


def test_the_row_of_an_enrollment_says_it_as_well(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    row = "e1,c1,ann,intro,2026-03-02T09:00:00Z,2026-03-03T09:00:00Z,unsubscribed\n"
    (source / "enrollments.csv").write_text(ENROLLMENTS + row, encoding="utf-8")
    assert exit_code(["run", str(source), "-o", str(tmp_path / "out")]) == 0
    assert {who: flag for who, (flag, _) in contacts_of(tmp_path / "out").items()} == {
        "c1": "never",
        "c2": "never",
        "c3": "keep",
    }


def test_nobody_is_sendable_by_the_consent_ledger_whose_mailbox_said_no(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = make_source(tmp_path / "source", SAID["a complaint"][0])
    assert exit_code(["consent", str(source), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["status"] for row in rows][:2] == ["objected", "objected"]
    assert rows[2]["status"] != "objected"


def test_nobody_is_sendable_by_the_consent_ledger_who_is_in_the_suppression_ledger(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    leads = tmp_path / "leads.csv"
    leads.write_text("email,country\nnew@acme.com,US\nfine@acme.com,US\n", encoding="utf-8")
    assert exit_code(["ledger", "add", "BoReed@gmail.com", "New@acme.com", "--reason", "objection"]) == 0
    statuses = {}
    for more in ([], ["--list", str(leads)]):
        capsys.readouterr()
        assert exit_code(["consent", str(source), "--as-of", "2026-03-02", "--format", "csv", *more]) == 0
        rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
        statuses |= {row["contact_id"]: (row["status"], row["code"]) for row in rows}
    in_ledger, fine = ("objected", "in_ledger"), ("documented", "until_objection")
    assert statuses == {"c1": in_ledger, "c2": in_ledger, "c3": fine, "new@acme.com": in_ledger, "fine@acme.com": fine}
    assert exit_code(["consent", str(source), "--as-of", "2026-03-02", "--contact", "c1"]) == 0
    assert "The suppression ledger remembers that this person said no." in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("row", "expected"), [("bounced", ("pause", "bounce_to_review")), ("finished", ("keep", "none"))]
)
def test_a_bounce_that_only_the_enrollment_tells_of_is_looked_into(
    tmp_path: Path, row: str, expected: tuple[str, str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    line = f"e1,c3,ann,intro,2026-03-02T09:00:00Z,2026-03-03T09:00:00Z,{row}\n"
    (source / "enrollments.csv").write_text(ENROLLMENTS + line, encoding="utf-8")
    assert exit_code(["run", str(source), "-o", str(tmp_path / "out")]) == 0
    assert contacts_of(tmp_path / "out")["c3"] == expected


def test_a_further_address_that_many_have_carries_no_no(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    rows = [f"c{n},p{n}@bigco.example,info@bigco.example,{'true' if n == 0 else 'false'}" for n in range(10)]
    rows += ["d1,d1@a.example,dee@b.example,true", "d2,d2@a.example,dee@b.example,false"]
    header = "contact_id,email,Additional email addresses,opted_out"
    (source / "contacts.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    assert exit_code(["run", str(source), "-o", str(tmp_path / "out")]) == 0
    flags = {who: flag for who, (flag, _) in contacts_of(tmp_path / "out").items()}
    assert [who for who, flag in flags.items() if flag == "never"] == ["c0", "d1", "d2"]


def test_of_two_dates_of_opting_out_either_says_it(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    rows = "c1,p1@a.example,2026-01-05,\nc2,p2@a.example,,2026-01-05\nc3,p3@a.example,,\n"
    header = "Id,Email,Opted Out At,Email Opted Out At\n"
    (source / "contacts.csv").write_text(header + rows, encoding="utf-8")
    assert exit_code(["run", str(source), "-o", str(tmp_path / "out")]) == 0
    assert [flag for flag, _ in contacts_of(tmp_path / "out").values()] == ["never", "never", "keep"]


@pytest.mark.parametrize(
    ("header", "cells", "is_noted"),
    [
        ("Unsubscribed by post", ("", "no", "n/a"), False),
        ("Unsubscribed by post", ("", "yes", ""), True),
        ("Abmeldegrund", ("", "", ""), False),
        ("Unsubscribe here", ("https://a.example/1", "https://a.example/2", ""), False),
        ("SMS Opted Out", ("yes", "no", ""), False),
    ],
)
def test_a_column_that_may_say_no_is_named_and_one_that_cannot_is_not(
    tmp_path: Path, header: str, cells: tuple[str, ...], is_noted: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    rows = "".join(f"c{n},p{n}@a.example,{cell}\n" for n, cell in enumerate(cells))
    (source / "contacts.csv").write_text(f"contact_id,email,{header}\n{rows}", encoding="utf-8")
    assert exit_code(["run", str(source), "-o", str(tmp_path / "out")]) == 0
    assert ("looks like an opt-out" in capsys.readouterr().err) == is_noted
