"""`hygiene ledger`, as a user types it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from hygiene import cli
from hygiene.commands import ledger as commands
from hygiene.gate.ledger import REASONS, open_ledger


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a ledger of its own, named by the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HYGIENE_LEDGER", str(tmp_path / "ledger.jsonl"))
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = cli.exit_code(["ledger", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def checked(capsys: pytest.CaptureFixture[str], *who: str) -> list[dict[str, str]]:
    code, out, _ = run(capsys, "check", *who, "--format", "csv")
    assert code == 0
    return list(csv.DictReader(io.StringIO(out)))


def test_the_reasons_of_the_command_line_are_those_of_the_ledger():
    assert commands.REASONS == REASONS


@pytest.mark.parametrize("name", sorted(commands.ledger.commands))
def test_each_command_has_an_example_and_each_option_says_what_it_does(name: str):
    command = commands.ledger.commands[name]
    shown = CliRunner().invoke(cli.cli, ["ledger", name, "--help"]).output
    assert re.search(rf"^ +hygiene ledger {name}", shown, re.MULTILINE), shown
    assert [p.name for p in command.params if isinstance(p, click.Option) and not p.help] == []
    assert "..." not in command.get_short_help_str()


def test_add_then_check(home: Path, capsys: pytest.CaptureFixture[str]):
    said = run(
        capsys,
        "add",
        "ann@acme.com",
        "@closed.example",
        "--reason",
        "opt_out",
        "--source",
        "phone",
        "--at",
        "2026-03-01",
    )
    assert said[:2] == (0, "2 added, 0 already known, 0 rejected.\n")
    assert f"A new key was made: {home / 'ledger.key'}. Keep a copy" in said[2]
    again = run(capsys, "add", "ANN@acme.com", "--reason", "opt_out", "--source", "phone", "--at", "2026-03-01")
    assert again == (0, "0 added, 1 already known, 0 rejected.\n", "")
    rows = checked(capsys, "Ann+x@acme.com", "x@sub.closed.example", "bob@acme.com", "nobody")
    assert [tuple(row.values()) for row in rows] == [
        ("Ann+x@acme.com", "true", "opt_out", "2026-03-01T00:00:00Z", "phone", "variant", "", "1"),
        ("x@sub.closed.example", "true", "opt_out", "2026-03-01T00:00:00Z", "phone", "domain", "", "1"),
        ("bob@acme.com", "false", "", "", "", "", "", "0"),
        ("nobody", "", "", "", "", "", "", "0"),
    ]
    code, out, err = run(capsys, "check", "ann@acme.com", "bob@acme.com")
    assert (code, err) == (0, "1 of 2 addresses is blocked.\n")
    assert "opted out" in out
    assert "Mar 1, 2026" in out


def test_check_reads_stdin_and_a_list(home: Path):
    def hygiene(*arguments: object, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "hygiene", "ledger", *map(str, arguments)]
        return subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=Path(__file__).parent.parent)

    added = hygiene("add", "-", "--reason", "objection", stdin=b"ann@acme.com\n\n\xff\xfe@acme.com\r\n")
    assert (added.returncode, added.stdout) == (0, b"2 added, 0 already known, 0 rejected.\n")
    looked = hygiene("check", "--format", "json", stdin=b"\xef\xbb\xbfann@acme.com\nbob@acme.com\n\xff\xfe@acme.com\n")
    rows = json.loads(looked.stdout)
    assert [row["blocked"] for row in rows] == [True, False, True]
    assert rows[0]["entries"][0]["reason"] == "objection"
    (home / "new.csv").write_text("Company,Email\nAcme,ann@acme.com\nBeta,\n", encoding="utf-8")
    rows = list(
        csv.DictReader(
            io.StringIO(hygiene("check", "--file", home / "new.csv", "--format", "csv", stdin=b"").stdout.decode())
        )
    )
    assert [(row["email"], row["blocked"]) for row in rows] == [("ann@acme.com", "true"), ("", "")]


def test_an_export_is_added_and_what_cannot_be_used_is_counted_and_named(
    home: Path, capsys: pytest.CaptureFixture[str]
):
    (home / "hubspot.csv").write_text(
        "Email,Portal Bounce,Portal Unsubscribe\nann@acme.com,,TRUE\npol@acme.com,POLICY,\nfine@acme.com,,\n",
        encoding="utf-8",
    )
    (home / "block.csv").write_text("email,reason\nbob@acme.com,spam\nbob,spam\ncut\n", encoding="utf-8")
    code, out, err = run(capsys, "add", "--file", "hubspot.csv", "--file", "block.csv")
    assert (code, out) == (0, "2 added, 0 already known, 2 rejected.\n")
    assert "1 row says nothing against writing and was passed over." in err
    assert "1 bounce was passed over" in err
    assert "block.csv, line 3, “bob”: this is neither an address nor a domain." in err
    assert "block.csv, line 4, “cut”: the row has fewer cells than the header." in err
    code, out, _ = run(capsys, "add", "--file", "hubspot.csv", "--format", "json")
    assert json.loads(out) == {"added": 0, "known": 1, "rejected": 0, "passed_over": 1, "bounces_passed_over": 1}


def test_a_folder_of_exports_teaches_the_ledger_who_said_no_and_whose_address_is_dead(
    home: Path, capsys: pytest.CaptureFixture[str]
):
    (home / "crm").mkdir()
    (home / "crm" / "contacts.csv").write_text(
        "contact_id,email,opted_out,hard_bounce_reason\n1,ann@acme.com,TRUE,\n2,bob@acme.com,,UNKNOWN_USER\n"
        "3,eve@acme.com,,POLICY\n4,,TRUE,\n5,zoe@acme.com,,\n",
        encoding="utf-8",
    )
    code, out, _ = run(capsys, "add", "--file", "crm")
    assert (code, out) == (0, "2 added, 0 already known, 0 rejected.\n")
    rows = checked(capsys, "ann@acme.com", "bob@acme.com", "eve@acme.com", "zoe@acme.com")
    assert [(row["reason"], row["source"]) for row in rows] == [
        ("opt_out", "crm"),
        ("hard_bounce_address", "crm"),
        ("", ""),
        ("", ""),
    ]
    assert run(capsys, "add", "--file", "crm")[1] == "0 added, 2 already known, 0 rejected.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["add"], "Name an address"),
        (["add", "ann@acme.com"], "Say why with --reason"),
        (["add", "ann@acme.com", "--reason", "whim"], "'whim' is not one of"),
        (["add", "ann@acme.com", "--reason", "opt_out", "--expires", "2027-01-01"], "a no of a person has no end"),
        (["add", "ann@acme.com", "--reason", "left_company", "--expires", "soon"], '"soon" is no date'),
        (["add", "ann@acme.com", "--reason", "opt_out", "--at", "32/13/2026"], "is no date: write it as 2026-03-01"),
        (["add", "--file", "none.csv"], "does not exist"),
        (["add", "--file", "plain.txt"], "2 rows say no reason"),
        (["check", "ann@acme.com", "--file", "plain.txt"], "not both"),
        (["drift"], "Missing argument"),
    ],
    ids=str,
)
def test_wrong_usage_is_said_and_adds_nothing(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
):
    (home / "plain.txt").write_text("ann@acme.com\nacme.com\n", encoding="utf-8")
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert len(open_ledger(home / "ledger.jsonl", home / "ledger.key")) == 0


def test_a_dead_address_may_expire(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    run(capsys, "add", "ann@acme.com", "--reason", "hard_bounce_address", "--expires", "2026-06-30")
    monkeypatch.setenv("HYGIENE_AS_OF", "2026-06-30")
    assert checked(capsys, "ann@acme.com")[0]["blocked"] == "true"
    monkeypatch.setenv("HYGIENE_AS_OF", "2026-07-01")
    assert checked(capsys, "ann@acme.com")[0]["blocked"] == "false"


def test_without_a_ledger_nobody_takes_silence_for_a_clearance(home: Path, capsys: pytest.CaptureFixture[str]):
    for arguments in (["check", "ann@acme.com"], ["list"], ["verify"]):
        code, _, err = run(capsys, *arguments)
        assert code == 0
        assert f"There is no ledger at {home / 'ledger.jsonl'} yet, so nobody is blocked." in err
    assert list(home.iterdir()) == []


def test_list_shows_hashes_and_counts_and_no_address(home: Path, capsys: pytest.CaptureFixture[str]):
    run(capsys, "add", "ann@acme.com", "--reason", "opt_out", "--source", "HubSpot")
    run(capsys, "add", "@acme.com", "--reason", "legal", "--source", "=1+1")
    code, out, err = run(capsys, "list")
    assert (code, "acme" in out + err) == (0, False)
    assert "2 entries" in err
    assert "1  opt_out  HubSpot" in err
    code, out, _ = run(capsys, "list", "--reason", "legal", "--format", "csv")
    [row] = csv.DictReader(io.StringIO(out))
    assert (row["line"], row["scope"], row["reason"], row["source"]) == ("3", "domain", "legal", "'=1+1")
    assert len(row["key"]) == 64
    added = datetime.fromisoformat(row["added_at"])
    assert abs((datetime.now(UTC) - added).total_seconds()) < 600
    code, out, _ = run(capsys, "list", "--format", "json")
    assert [row["source"] for row in json.loads(out)] == ["HubSpot", "=1+1"]


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_export_brings_another_ledger_with_the_same_key_to_the_same_answers(
    home: Path, capsys: pytest.CaptureFixture[str], form: str
):
    run(capsys, "add", "ann+x@acme.com", "@closed.example", "--reason", "opt_out", "--source", "A, \"B\"; 'C'")
    run(capsys, "add", "eve@acme.com", "--reason", "left_company", "--at", "2026-03-01", "--expires", "2099-12-31")
    code, out, _ = run(capsys, "export", "--format", form, "-o", f"suppressions.{form}")
    assert (code, out) == (0, f"suppressions.{form}\n")
    copy = ("--ledger", "copy.jsonl", "--ledger-key", "ledger.key")
    code, out, _ = run(capsys, "add", "--file", f"suppressions.{form}", "--timezone", "Asia/Tokyo", *copy)
    assert (code, out) == (0, "3 added, 0 already known, 0 rejected.\n")
    asked = ("ann@acme.com", "ann+x@acme.com", "a@sub.closed.example", "eve@acme.com", "bob@acme.com")
    assert checked(capsys, *asked, *copy) == checked(capsys, *asked)
    code, out, err = run(capsys, "add", "--file", f"suppressions.{form}", "--ledger", "strange.jsonl")
    assert out == "0 added, 0 already known, 3 rejected.\n"
    assert "this hash was made with another key" in err


def test_an_export_goes_over_an_earlier_one_and_over_nothing_else(home: Path, capsys: pytest.CaptureFixture[str]):
    run(capsys, "add", "ann@acme.com", "--reason", "opt_out")
    for _ in range(2):
        assert run(capsys, "export", "-o", "out.csv")[0] == 0
    (home / "mine.csv").write_text("my notes\n", encoding="utf-8")
    code, _, err = run(capsys, "export", "-o", "mine.csv")
    assert code == 3
    assert "which hygiene did not write" in err
    assert (home / "mine.csv").read_text(encoding="utf-8") == "my notes\n"


def test_what_is_damaged_or_lost_is_said_with_exit_code_3_and_repair_is_a_way_out(
    home: Path, capsys: pytest.CaptureFixture[str]
):
    run(capsys, "add", "ann@acme.com", "bob@acme.com", "--reason", "opt_out")
    assert run(capsys, "verify")[1] == f"{home / 'ledger.jsonl'}: 2 entries, all whole, and the key fits.\n"
    assert run(capsys, "repair")[1] == "No line is damaged; nothing was changed.\n"
    ledger = home / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes().replace(b'"opt_out"', b'"opt-out"', 1))
    for arguments in (
        ["check", "ann@acme.com"],
        ["list"],
        ["verify"],
        ["export"],
        ["add", "x@y.zz", "--reason", "legal"],
    ):
        code, _, err = run(capsys, *arguments)
        assert code == 3
        assert f"{ledger}, line 2 is damaged: the checksum does not fit." in err
    code, out, _ = run(capsys, "repair")
    assert code == 0
    assert "1 damaged line was moved to" in out
    assert [row["blocked"] for row in checked(capsys, "ann@acme.com", "bob@acme.com")] == ["false", "true"]
    (home / "ledger.key").rename(home / "moved.key")
    code, _, err = run(capsys, "check", "ann@acme.com")
    assert (code, "is lost" in err) == (3, True)
    assert [row["blocked"] for row in checked(capsys, "bob@acme.com", "--ledger-key", "moved.key")] == ["true"]


def test_drift_over_two_tools_in_every_format(home: Path, capsys: pytest.CaptureFixture[str]):
    for name, rows in (("crm", "1,ann@acme.com,TRUE\n"), ("mailer", "9,Ann@acme.com,\n8,=bob@acme.com,\n")):
        (home / name).mkdir()
        (home / name / "contacts.csv").write_text("contact_id,email,opted_out\n" + rows, encoding="utf-8")
    run(capsys, "add", "=bob@acme.com", "--reason", "complaint", "--source", "=2+2", "--at", "2020-01-01")
    code, out, err = run(capsys, "drift", "crm", "mailer", "--format", "csv")
    assert (code, "2 times somebody said no" in err) == (0, True)
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["email"], row["said_in"], row["source"], row["still_in"], row["state"]) for row in rows] == [
        ("'=bob@acme.com", "ledger", "'=2+2", "mailer", "not_stopped"),
        ("Ann@acme.com", "crm", "", "mailer", "not_stopped"),
    ]
    assert [row["email"] for row in json.loads(run(capsys, "drift", "crm", "mailer", "--format", "json")[1])] == [
        "=bob@acme.com",
        "Ann@acme.com",
    ]
    out = run(capsys, "drift", "crm", "mailer", "--lang", "fr")[1]
    assert "dans aucune séquence, mais rien ne l’empêche" in out
    assert run(capsys, "drift", "crm")[2] == "No drift: whoever said no is stopped in every tool.\n"


def test_french(home: Path, capsys: pytest.CaptureFixture[str]):
    code, out, err = run(capsys, "add", "ann@acme.com", "rien", "--reason", "opt_out", "--lang", "fr")
    assert (code, out) == (0, "Ajoutés\u00a0: 1\u00a0; déjà connus\u00a0: 0\u00a0; rejetés\u00a0: 1.\n")
    assert "«\u00a0rien\u00a0»\u00a0: ce n’est ni une adresse ni un domaine." in err
    assert "s’est désinscrit" in run(capsys, "check", "ann@acme.com", "--lang", "fr")[1]


def test_hostile_texts_run_nothing_and_break_no_row(home: Path, capsys: pytest.CaptureFixture[str]):
    attack = "=cmd|' /C calc'!A0\n@SUM(1)\x1b[2J\x9b31m"
    run(capsys, "add", "=1+1@acme.com", "--reason", "opt_out", "--source", attack)
    [row] = checked(capsys, "=1+1@acme.com")
    assert not row["email"].startswith("=")
    assert not row["source"].startswith("=")
    for arguments in (["check", "=1+1@acme.com"], ["list"]):
        _, out, err = run(capsys, *arguments)
        assert not {"\x1b", "\x9b"} & set(out + err)
        assert len(out.splitlines()) == 3
    assert json.loads(run(capsys, "check", "=1+1@acme.com", "--format", "json")[1])[0]["source"] == attack


def test_nobody_is_blocked_by_a_file_of_which_nobody_can_tell_who_said_no(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("Email,Opted out by phone\ne1@acme.com,Yes\ne2@acme.com,No\n", encoding="utf-8")
    assert cli.exit_code(["ledger", "add", "--file", str(path), "--reason", "opt_out"]) == 3
    assert 'calls.csv: the column "Opted out by phone" looks like an opt-out' in capsys.readouterr().err
    path.write_text("Email,opted_out\ne1@acme.com,Yes\ne2@acme.com,No\n", encoding="utf-8")
    assert cli.exit_code(["ledger", "add", "--file", str(path), "--reason", "opt_out"]) == 0
    capsys.readouterr()
    assert cli.exit_code(["ledger", "check", "e1@acme.com", "e2@acme.com", "--format", "csv"]) in (0, 1)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["blocked"] for row in rows] == ["true", "false"]


def test_a_folder_teaches_the_noes_of_people_who_are_no_contacts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "contacts.csv").write_text("contact_id,email\nc1,known@acme.com\n", encoding="utf-8")
    rows = "email,domain,reason\nstranger@acme.com,,unsubscribed\n,rival.example,\nknown@acme.com,,\n"
    (folder / "suppressions.csv").write_text(rows, encoding="utf-8")
    assert cli.exit_code(["ledger", "add", "--file", str(folder)]) == 0
    capsys.readouterr()
    asked = ["stranger@acme.com", "x@rival.example", "known@acme.com", "fine@acme.com"]
    assert cli.exit_code(["ledger", "check", *asked, "--format", "csv"]) == 0
    rows_of = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert [row["reason"] for row in rows_of] == ["opt_out", "do_not_contact", "do_not_contact", ""]
