"""`hygiene check` as a user types it: a table of everything that leads to each exit code, and the files it leaves."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hygiene.cli import exit_code
from tests.gate.making import TEMPLATE, newcomers, person, team, write

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("check")
    team(folder / "good", extra=[person(700, opted_out="true")])
    team(folder / "bad", bounced=range(0, 600, 12))
    team(folder / "untold", templates=[])
    write(folder / "bare" / "contacts.csv", [{"contact_id": "c1", "email": "a@b.fr"}])
    write(folder / "fine.csv", newcomers(40))
    write(folder / "dirty.csv", [*newcomers(40), person(700), {"email": "nobody"}], list(person(1)))
    write(folder / "no.csv", [person(700)])
    write(folder / "names.csv", [{"name": "Ana"}])
    (folder / "mail.txt").write_text(TEMPLATE, encoding="utf-8")
    (folder / "broken.txt").write_text(TEMPLATE.replace("}},", "},"), encoding="utf-8")
    (folder / "no_way_out.txt").write_text("Subject: Hello\n\nShall we talk?", encoding="utf-8")
    (folder / "city.txt").write_text(TEMPLATE + "{{contact.city}}", encoding="utf-8")
    (folder / "nothing.txt").write_text("\n", encoding="utf-8")
    return folder


TABLE = [
    (0, "good --list fine.csv --template mail.txt", "GO"),
    (0, "good --list fine.csv --sequence intro --sender ann", "GO"),
    (0, "bad --list fine.csv --sequence intro --mode observe", "HOLD"),
    (0, "good --list dirty.csv --template mail.txt --mode suggest", "TRIM"),
    (10, "good --list dirty.csv --template mail.txt", "TRIM"),
    (11, "bad --list fine.csv --template mail.txt", "HOLD"),
    (11, "good --list fine.csv --template broken.txt", "HOLD"),
    (11, "good --list fine.csv --template no_way_out.txt", "HOLD"),
    (11, "good --list no.csv --template mail.txt", "HOLD"),
    (12, "untold --list fine.csv --sequence intro", "UNKNOWN"),
    (12, "good --list fine.csv --template city.txt", "UNKNOWN"),
    (12, "bare --list fine.csv --template mail.txt", "UNKNOWN"),
    (2, "good --list fine.csv", "either --template FILE or --sequence ID"),
    (2, "good --list fine.csv --template mail.txt --sequence intro", "either --template FILE or --sequence ID"),
    (2, "good --template mail.txt", "--list"),
    (3, "good --list nowhere.csv --template mail.txt", "nowhere.csv is not a file"),
    (3, "good --list names.csv --template mail.txt", "names nobody"),
    (3, "good --list fine.csv --template nothing.txt", "has no text"),
    (3, "good --list fine.csv --template nowhere.txt", "nowhere.txt is not a file"),
    (3, "good --list fine.csv --sequence intr", 'did you mean "intro"'),
    (3, "good --list fine.csv --template mail.txt --sender an", 'did you mean "ann"'),
    (3, "nowhere --list fine.csv --template mail.txt", "does not exist"),
]


@pytest.mark.parametrize(("code", "arguments", "said"), TABLE, ids=[arguments for _, arguments, _ in TABLE])
def test_the_table_of_exit_codes(place, monkeypatch, capfd, code, arguments, said):
    monkeypatch.chdir(place)
    found = exit_code(["check", *arguments.split()])
    shown = capfd.readouterr()
    assert found == code, shown
    assert said in (shown.out if code in (0, 10, 11, 12) else shown.err)
    assert "Traceback" not in shown.err


def test_the_lists_lie_beside_the_list_and_are_swept_when_they_are_no_longer_true(place, monkeypatch, capfd):
    monkeypatch.chdir(place)
    folder = place / "dirty-check"
    assert exit_code(["check", "good", "--list", "dirty.csv", "--template", "mail.txt"]) == 10
    with (folder / "trimmed.csv").open(encoding="utf-8", newline="") as file:
        kept = [row["email"] for row in csv.DictReader(file)]
    assert kept == [row["email"] for row in newcomers(40)]
    with (folder / "dropped.csv").open(encoding="utf-8-sig", newline="") as file:
        dropped = {row["reason"]: row["email"] for row in csv.DictReader(file)}
    assert dropped == {"opted_out": "p700@company700.fr", "malformed_address": "nobody"}
    assert exit_code(["check", "good", "--list", "dirty.csv", "--template", "broken.txt"]) == 11
    assert not (folder / "trimmed.csv").exists()
    assert (folder / "dropped.csv").exists()


def test_the_trimmed_list_is_a_go(place, monkeypatch, capfd):
    monkeypatch.chdir(place)
    assert exit_code(["check", "good", "--list", "dirty.csv", "--template", "mail.txt", "-o", "first"]) == 10
    assert exit_code(["check", "good", "--list", "first/trimmed.csv", "--template", "mail.txt", "-o", "second"]) == 0


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_takes_no_verdict_away(place, monkeypatch, capfd):
    monkeypatch.chdir(place)
    place.chmod(0o500)
    try:
        assert exit_code(["check", "good", "--list", "fine.csv", "--template", "mail.txt"]) == 0
        assert "cannot be written" in capfd.readouterr().err
    finally:
        place.chmod(0o700)


def test_a_file_of_the_users_is_not_written_over(place, monkeypatch, capfd):
    monkeypatch.chdir(place)
    mine = place / "mine" / "trimmed.csv"
    mine.parent.mkdir()
    mine.write_text("my own")
    assert exit_code(["check", "good", "--list", "fine.csv", "--template", "mail.txt", "-o", "mine"]) == 3
    assert mine.read_text() == "my own"


def test_a_reader_that_leaves_makes_no_go_of_a_hold(place):
    command = [sys.executable, "-m", "hygiene", "check", "bad", "--list", "fine.csv", "--template", "mail.txt"]
    with subprocess.Popen(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as running:
        assert running.stdout is not None
        running.stdout.close()
        assert running.wait(120) == 11
