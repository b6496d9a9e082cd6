"""The terminal: readable at 80 columns, plain in a pipe, deaf to what names try."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from hygiene.facts.types import Counts
from hygiene.reports import terminal
from hygiene.reports.progress import Progress, step_message
from hygiene.reports.stop_words import stop_sentences
from hygiene.reports.tables import scores_csv, scores_json
from hygiene.reports.terminal import cut, fitted, print_columns, print_scores, print_summary
from hygiene.reports.text import aligned, display_width
from hygiene.reports.translate import Translator
from hygiene.sources.formats import EITHER
from hygiene.sources.tables import ColumnReading
from hygiene.values import Message
from tests.reports.audits import audit_of, sample_audit

EN, FR = Translator("en"), Translator("fr", strict=True)
ROOT = Path(__file__).parents[2]


def test_scores_are_a_plain_table_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    audit = sample_audit()
    print_scores(audit.facts, audit.scores.senders, audit.settings, EN)
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].split() == ["Name", "Band", "Score", "Ended", "Reply", "rate", "Bounce", "rate"]
    assert re.fullmatch(r"Ana Díaz +● Good +77 \[61–87\] +300 +10\.2% \[7–13\] +2\.0% \[1–4\]", lines[2])
    assert re.search(r"Jon Aas +○ too little +– \[\d+–\d+\] +3/100 ", out)
    assert "\x1b" not in out
    assert max(map(display_width, lines)) <= 80
    assert "Replies out of ended minus bounced, bounces out of ended." in err


def test_the_table_is_in_french_for_a_french_reader(capsys: pytest.CaptureFixture[str]) -> None:
    audit = sample_audit()
    print_scores(audit.facts, audit.scores.senders, audit.settings, FR)
    out, _ = capsys.readouterr()
    assert re.fullmatch(r"Nom +Niveau +Score +Terminées +Taux de réponse +Taux de rebond", out.splitlines()[0])
    assert "▼ Faible" in out


def test_intervals_are_rounded_outwards(capsys: pytest.CaptureFixture[str]) -> None:
    audit = sample_audit()
    score = audit.scores.senders[0]
    score = replace(score, reply=replace(score.reply, low=0.0719, high=0.1201))
    print_scores(audit.facts, [score], audit.settings, EN)
    assert "[7–13]" in capsys.readouterr().out


def test_csv_and_json_hold_the_same_level() -> None:
    audit = sample_audit()
    rows = list(csv.DictReader(StringIO(scores_csv(audit.scores.pairs, audit.facts), newline="")))
    assert {row["level"] for row in rows} == {"sender_sequence"}
    records = json.loads(scores_json(audit.scores.pairs, audit.facts))
    assert [record["ended"] for record in records] == [int(row["ended"]) for row in rows]


def test_a_name_cannot_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    audit = sample_audit()
    evil = audit.facts.senders[1]._replace(name="Ana\x1b[2J\x07\r\n\u202eroot [red]")
    facts = replace(audit.facts, senders={**audit.facts.senders, 1: evil})
    print_scores(facts, audit.scores.senders, audit.settings, EN)
    out, _ = capsys.readouterr()
    assert not set(out) & set("\x1b\x07\r\u202e")
    assert len(out.splitlines()) == 2 + 12
    assert "root [red]" in out


def test_a_terminal_of_80_columns_gets_cut_names_and_colours() -> None:
    code = (
        "import sys; sys.path[:0] = ['tests/reports']\n"
        "from audits import sample_audit\n"
        "from dataclasses import replace\n"
        "from hygiene.reports.terminal import print_scores\n"
        "from hygiene.reports.translate import Translator\n"
        "audit = sample_audit()\n"
        "long = audit.facts.senders[1]._replace(name='Maximiliane von Hohenstein-Rothenburg')\n"
        "facts = replace(audit.facts, senders={**audit.facts.senders, 1: long})\n"
        "print_scores(facts, audit.scores.senders, audit.settings, Translator('en'))\n"
    )
    shown = _in_terminal(code)
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
    table = [line for line in plain.splitlines() if "[" in line]
    assert "\x1b[3" in shown
    assert any("…" in line and line.startswith("Maximiliane") for line in table)
    assert len(table) == 11
    assert max(map(display_width, table)) <= 80


def _in_terminal(code: str) -> str:
    """Run Python with a terminal of 80 columns as its stdout and return what it showed."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=theirs, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment
    ) as job:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # Linux ends a terminal whose other side is closed with EIO
            pass
    os.close(ours)
    assert job.returncode == 0
    return shown.decode()


def test_the_summary_of_a_run_goes_to_stderr_and_ends_with_where_to_look(capsys: pytest.CaptureFixture[str]) -> None:
    print_summary(sample_audit(), Path("out"), EN)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "2 of 10 senders are clearly below Good; the differences between the other 8 fit chance.",
        "  Score of the team: 58 [53–64] on 2,796 ended enrollments",
        "  Reply rate: 7.8% [7.0–8.7%] 211 replies to 2,698 enrollments",
        "  Bounce rate: 3.5% [3.0–4.1%] 98 bounces in 2,796 enrollments, 31 of them from how we send",
        "  Contacts to clean: 40 of 2,400 contacts: 6 never to be written to again, 2 to remove, 32 to pause",
        (
            "Next: unenroll 1 contact that said no or whose address is dead and that still sits in a sequence;"
            " lists/cleanup.xlsx names it."
        ),
        (
            "28 of 2,313 contacts are too unlikely to reply: three more emails to each would bring about 0.5 [0–2]"
            " replies, 0.1% of all that are expected."
        ),
        "tickets.md has 5 tickets for whoever looks after the mail.",
        "Everything is in out; open this page first:",
    ]


def test_columns_are_previewed_as_table_csv_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    reading = sample_audit().imported.files[0]
    print_columns(reading, "table", EN)
    out, err = capsys.readouterr()
    assert re.fullmatch(r"Date de fin +ended_at \(HubSpot\) +day/month/year, because a value .*", out.splitlines()[3])
    assert err.splitlines()[0] == "enrollments.csv would be read as the table enrollments."
    print_columns(reading, "csv", EN)
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out, newline="")))
    assert rows[2] == {"header": "Humeur", "column": "", "how": "unknown", "format": "", "format_from": ""}
    print_columns(reading, "json", EN)
    assert json.loads(capsys.readouterr().out)["columns"][1]["format"] == "DMY"


NEEDED = ("enrollment_id", "contact_id", "sender_id", "sequence_id", "enrolled_at")


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ([ColumnReading(name, name, "exact") for name in NEEDED], []),
        (
            [ColumnReading(name, name, "exact") for name in NEEDED[:-1]],
            [
                "A run would stop: no header is read as the needed column enrolled_at. Rename the one that means it.",
            ],
        ),
        (
            [ColumnReading(name, name, "exact") for name in NEEDED[:3]],
            [
                (
                    "A run would stop: no headers are read as the needed columns sequence_id, enrolled_at. Rename those"
                    " that mean them."
                ),
            ],
        ),
        (
            [*(ColumnReading(name, name, "exact") for name in NEEDED), ColumnReading("End", "ended_at", "x", EITHER)],
            [
                (
                    "A run would stop: the dates under End fit day/month and month/day alike. Set date_order to DMY or"
                    " to MDY."
                ),
            ],
        ),
    ],
)
def test_a_preview_says_what_a_run_would_stop_at(
    columns: list[ColumnReading], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    reading = replace(sample_audit().imported.files[0], columns=tuple(columns))
    print_columns(reading, "csv", EN)
    assert capsys.readouterr().err.splitlines() == words


@pytest.mark.parametrize(("header", "stops"), [("domain", 0), ("reason", 1)])
def test_a_suppression_needs_one_of_its_columns(header: str, stops: int) -> None:
    columns = (ColumnReading(header, header, "exact"),)
    reading = replace(sample_audit().imported.files[0], table="suppressions", columns=columns)
    assert len(stop_sentences(reading)) == stops


def test_the_line_about_hubspot_stands_only_where_a_row_needs_it(capsys: pytest.CaptureFixture[str]) -> None:
    audit = sample_audit()
    for scores, said in ((audit.scores.senders, True), (audit.scores.senders[:2], False), ([audit.scores.team], False)):
        print_scores(audit.facts, scores, audit.settings, EN)
        assert ("63/100: HubSpot shows" in capsys.readouterr().err) is said


def test_the_legend_says_how_many_bounces_are_our_own_fault(capsys: pytest.CaptureFixture[str]) -> None:
    audit = sample_audit()
    said = "Of 98 bounces, 31 came from how we send (domain, server, text), not from the address."
    for scores in (audit.scores.senders, [audit.scores.team], audit.scores.pairs):
        print_scores(audit.facts, scores, audit.settings, EN)
        assert said in capsys.readouterr().err
    print_scores(audit.facts, [score for score in audit.scores.senders if not score.faults.sender], audit.settings, EN)
    assert "how we send" not in capsys.readouterr().err


def test_a_score_on_bounces_that_may_not_be_seen_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    audit = audit_of([Counts(ended=140, replied=12), Counts(ended=400, replied=36, bounced=8)])
    for translator, line in ((EN, r"r1 +○ unseen\? +– +140 "), (FR, r"r1 +○ non vus\W\? +– +140 ")):
        print_scores(audit.facts, audit.scores.senders, audit.settings, translator)
        out, err = capsys.readouterr()
        assert re.match(line, out.splitlines()[2])
        assert "100" in next(said for said in err.splitlines() if said.startswith(("unseen", "non vus")))
        assert max(map(display_width, out.splitlines())) <= 80


def test_columns_line_up_whatever_the_letters() -> None:
    lines = aligned(["a", "n"], [["日本", "1"], ["e\u0301", "22"], ["abc", "333"]], [False, True])
    assert [display_width(line) for line in lines] == [9, 9, 9, 9, 9]


@pytest.mark.parametrize(("text", "room", "shown"), [("Ana", 3, "Ana"), ("Anna", 3, "An…"), ("日本語", 5, "日本…")])
def test_a_long_name_is_cut_to_its_room(text: str, room: int, shown: str) -> None:
    assert cut(text, room) == shown
    assert display_width(cut(text, room)) <= room


def test_a_name_keeps_some_letters_however_narrow_the_terminal() -> None:
    assert fitted(["Name", "x"], [["Maximiliane", "y" * 70]], 40) == [["Maximil…", "y" * 70]]
    assert len("Maximil…") == terminal.SHORTEST_NAME


def test_progress_is_silent_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("en") as progress:
        progress("Counting", None)
        progress("Writing the pages", 0.5)
    assert capsys.readouterr() == ("", "")


def test_progress_shows_at_a_terminal_after_its_patience() -> None:
    code = (
        "import sys, time; sys.stderr = sys.stdout\n"
        "from hygiene.reports import progress\n"
        "from hygiene.reports.translate import Translator\n"
        "progress.PATIENCE = 0.05\n"
        "with progress.Progress('fr') as say:\n"
        "    say('Reading %(x)s.csv', 0.5)\n"
        "    deadline = time.time() + 10\n"
        "    while say._bars is None and time.time() < deadline: time.sleep(0.01)\n"
        "    say('Counting', None); time.sleep(0.3)\n"
    )
    assert "Comptage" in _in_terminal(code)


def test_a_file_name_in_a_step_is_data() -> None:
    assert FR.text(step_message("Reading %(x)s [red].csv")) == "Lecture de %(x)s [red].csv"
    assert step_message("Counting") == Message("Counting")
