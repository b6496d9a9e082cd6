"""`hygiene bounces` and `hygiene addresses`, as a user types them."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hygiene import cli
from hygiene.reports.readings import COLUMNS

if TYPE_CHECKING:
    import pytest

MAILS = Path(__file__).parent / "mail" / "bounces" / "mails-unix"
MAIL = MAILS / "004-postfix-gmail-nosuchuser.eml"


def hygiene(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "hygiene", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def test_each_line_of_stdin_gives_exactly_one_row():
    lines = b"550 5.1.1 <ann@example.com>: user unknown\n\n\xff\xfe\x00\r\n421 4.7.0 too many connections"
    done = hygiene("bounces", "--format", "jsonl", stdin=lines)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [row["line"] for row in rows] == [1, 2, 3, 4]
    assert tuple(rows[0]) == COLUMNS
    assert (rows[0]["email"], rows[0]["status_code"], rows[0]["action"]) == ("ann@example.com", "5.1.1", "remove")
    assert (rows[1]["category"], rows[1]["is_bounce"]) == ("unknown", False)
    assert rows[3]["category"] == "rate_limit"


def test_a_mail_a_folder_and_csv(capsys: pytest.CaptureFixture[str]):
    assert cli.exit_code(["bounces", str(MAIL), "--format", "csv"]) == 0
    [row] = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["email"], row["is_bounce"], row["category"]) == ("noor.haddad@cedre.example", "true", "invalid_mailbox")
    assert row["file"] == str(MAIL)
    assert cli.exit_code(["bounces", str(MAILS), "--format", "jsonl"]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= len(list(MAILS.glob("*.eml")))


def test_the_table_ends_with_a_summary_on_stderr(capsys: pytest.CaptureFixture[str]):
    assert cli.exit_code(["bounces", str(MAIL)]) == 0
    printed = capsys.readouterr()
    assert "noor.haddad@cedre.example" in printed.out
    assert "invalid_mailbox" in printed.err


def test_a_hostile_address_runs_nothing_in_a_spreadsheet(tmp_path, capsys: pytest.CaptureFixture[str]):
    mail = tmp_path / "=cmd.eml"
    mail.write_bytes(
        b"From: MAILER-DAEMON@example.com\nSubject: failure notice\n\n"
        b"could not be delivered:\n<=1+1@example.com>: 550 no such user\n"
    )
    assert cli.exit_code(["bounces", str(mail), "--format", "csv"]) == 0
    [row] = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert not any(value.startswith(("=", "+", "@")) for value in row.values())


def test_a_file_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]):
    assert cli.exit_code(["bounces", "nowhere.eml"]) == 3
    assert "nowhere.eml does not exist" in capsys.readouterr().err


def test_addresses_worth_a_look(tmp_path, monkeypatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("HYGIENE_CACHE_DIR", str(tmp_path / "cache"))
    source = tmp_path / "source"
    source.mkdir()
    (source / "contacts.csv").write_text("contact_id,email\na,ann@gmial.com\nb,bob@acme.com\nc,=x@acme.com\n")
    assert cli.exit_code(["addresses", str(source), "--format", "json"]) == 0
    printed = capsys.readouterr()
    rows = json.loads(printed.out)
    assert (rows[0]["email"], rows[0]["suggestion"]) == ("ann@gmial.com", "gmail.com")
    assert "gmail.com" in rows[0]["advice"]
    assert cli.exit_code(["addresses", str(source), "--all", "--format", "csv"]) == 0
    assert "'=x@acme.com" in capsys.readouterr().out
    assert cli.exit_code(["addresses", str(source)]) == 0
    assert "mistyped" in capsys.readouterr().out
