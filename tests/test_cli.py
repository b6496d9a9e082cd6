"""The command line as a user types it: what it prints where, and the exit code it leaves with."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hygiene import cli, options, pipeline, settings
from hygiene.errors import EXIT_BUG, EXIT_INTERRUPTED, EXIT_UNUSABLE, EXIT_USAGE

ENROLLMENTS = """enrollment_id,contact_id,sender_id,sequence_id,enrolled_at,ended_at,outcome
{rows}
"""


def write_source(folder: Path, *, ended: int = 200, replied: int = 14, bounced: int = 10) -> Path:
    """One sender, one sequence, so many ended enrollments."""
    folder.mkdir(parents=True, exist_ok=True)
    outcomes = ["replied"] * replied + ["bounced"] * bounced + ["finished"] * (ended - replied - bounced)
    rows = [f"e{i},c{i},ana,q1,2026-01-05,2026-02-05,{outcome}" for i, outcome in enumerate(outcomes)]
    (folder / "enrollments.csv").write_text(ENROLLMENTS.format(rows="\n".join(rows)))
    return folder


def hygiene(*arguments: object) -> int:
    return cli.exit_code([str(argument) for argument in arguments])


def score_rows(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, str]]:
    assert hygiene("score", *arguments, "--format", "csv") == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_the_worked_case_of_both_denominators(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_source(tmp_path / "source")
    (row,) = score_rows(capsys, source)
    assert (row["reply_rate"], row["bounce_rate"]) == ("0.073684", "0.050000")
    (row,) = score_rows(capsys, source, "--reply-denominator", "ended")
    assert row["reply_rate"] == "0.070000"


@pytest.mark.parametrize(
    ("ended", "sender", "pair"), [(99, "false", "false"), (100, "true", "false"), (101, "true", "true")]
)
def test_hubspot_counts_from_100_for_a_user_and_101_for_a_sequence_of_a_user(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ended: int, sender: str, pair: str
) -> None:
    source = write_source(tmp_path / "source", ended=ended)
    (by_sender,) = score_rows(capsys, source)
    (by_pair,) = score_rows(capsys, source, "--by", "sender,sequence")
    assert (by_sender["hubspot_eligible"], by_pair["hubspot_eligible"]) == (sender, pair)


def test_opens_never_move_the_score(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = write_source(tmp_path / "plain")
    opened = write_source(tmp_path / "opened")
    rows = [f"c{i},ana,e{i},{kind},2026-01-06" for i in range(200) for kind in ("open", "click")]
    (opened / "events.csv").write_text("contact_id,sender_id,enrollment_id,type,at\n" + "\n".join(rows) + "\n")
    assert score_rows(capsys, plain) == score_rows(capsys, opened)


def test_totals_alone_are_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "totals.csv").write_text("sender_id,ended,replied,bounced\nana,200,14,10\n")
    (row,) = score_rows(capsys, tmp_path)
    assert (row["ended"], row["reply_rate"]) == ("200", "0.073684")


def test_contacts_alone_give_lists_without_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "contacts.csv").write_text(
        "contact_id,email,opted_out\nc1,ana@example.org,true\nc2,bo@example.org,false\n"
    )
    assert hygiene("run", source, "-o", tmp_path / "out") == 0
    assert (tmp_path / "out" / "lists" / "never.upload.csv").read_text() == "Email\nana@example.org\n"
    with (tmp_path / "out" / "contacts.csv").open() as file:
        assert [row["flag"] for row in csv.DictReader(file)] == ["never", "keep"]


def test_json_holds_numbers_as_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hygiene("score", write_source(tmp_path), "--format", "json") == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["ended"], row["hubspot_eligible"], row["band"]) == (200, True, "fair")


def test_a_period_filters_by_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_source(tmp_path)
    assert score_rows(capsys, source, "--until", "2026-02-05")[0]["ended"] == "200"
    assert score_rows(capsys, source, "--until", "2026-02-04")[0]["ended"] == "0"
    assert score_rows(capsys, source, "--since", "2026-02-05")[0]["ended"] == "200"


def test_run_writes_the_contracts_files_and_names_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert hygiene("run", write_source(tmp_path / "source"), "-o", out) == 0
    printed = capsys.readouterr()
    assert printed.out.strip() == str(out / "index.html")
    names = {str(path.relative_to(out)) for path in out.rglob("[!.]*") if path.is_file()}
    assert names >= {
        "index.html",
        "senders/ana.html",
        "sequences/q1.html",
        "scores.csv",
        "contacts.csv",
        "bounces.csv",
        "rejects.csv",
        "import.json",
        "run.json",
        "lists/cleanup.xlsx",
    }
    record = json.loads((out / "run.json").read_text())
    assert set(record["files"]) == names
    assert record["counts"]["ended"] == 200


def write_bounces(folder: Path, detail: str) -> None:
    """Say of the ten bounced enrollments why their emails came back."""
    rows = [f"c{i},ana,e{i},bounce,2026-01-06,{detail}" for i in range(14, 24)]
    (folder / "events.csv").write_text("contact_id,sender_id,enrollment_id,type,at,detail\n" + "\n".join(rows) + "\n")


def test_bounces_for_our_own_fault_are_split_out_and_become_tickets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = write_source(tmp_path / "source"), tmp_path / "out"
    write_bounces(source, "550 5.7.26 This mail has been blocked because the sender is unauthenticated. gsmtp")
    (row,) = score_rows(capsys, source)
    assert (row["bounced"], row["bounced_sender"], row["bounced_address"]) == ("10", "10", "0")
    assert hygiene("run", source, "-o", out) == 0
    assert "tickets.md has 1 ticket for whoever looks after the mail." in capsys.readouterr().err
    assert "## Authenticate our mail for Gmail" in (out / "tickets.md").read_text()
    assert "tickets.md" in json.loads((out / "run.json").read_text())["files"]
    with (out / "bounces.csv").open(newline="") as file:
        evidence = next(csv.DictReader(file))["evidence"]
    assert evidence.startswith("The server refused the sender for missing authentication (code 5.7.26")


def test_a_ticket_that_no_bounce_asks_for_any_more_is_swept(tmp_path: Path) -> None:
    source, out = write_source(tmp_path / "source"), tmp_path / "out"
    for detail, is_there in (("550 5.7.26 unauthenticated mail - gsmtp", True), ("550 5.1.1 no such user", False)):
        write_bounces(source, detail)
        assert hygiene("run", source, "-o", out) == 0
        assert (out / "tickets.md").exists() is is_there


def test_equal_input_gives_equal_bytes_but_for_the_time(tmp_path: Path) -> None:
    source = write_source(tmp_path / "source")
    for name in ("a", "b"):
        assert hygiene("run", source, "-o", tmp_path / name) == 0
    first, second = (
        {
            path.relative_to(tmp_path / name): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("a", "b")
    )
    records = [json.loads(files.pop(Path("run.json"))) for files in (first, second)]
    assert first == second
    for record in records:
        record.pop("generated_at")
    assert records[0] == records[1]


SENTENCES = {
    "no such folder": ([], "hygiene: {source} does not exist: give the folder that holds the exported tables.\n"),
    "a setting out of range": (
        ["--timezone", "Mars"],
        (
            'hygiene: The setting timezone in the command line is "Mars"; it must be the name of a time zone, such as '
            '"Europe/Paris".\n'
        ),
    ),
    "an unknown profile": (["--profile", "defualt"], None),
}


@pytest.mark.parametrize("case", SENTENCES, ids=str)
def test_unusable_input_is_one_sentence_and_exit_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    options, sentence = SENTENCES[case]
    source = write_source(tmp_path / "there") if options else tmp_path / "nowhere"
    assert hygiene("score", source, *options) == EXIT_UNUSABLE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    if sentence:
        assert printed.err == sentence.format(source=source)


def test_an_unusable_source_writes_nothing_over(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert hygiene("run", write_source(tmp_path / "source"), "-o", out) == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    (tmp_path / "source" / "enrollments.csv").write_bytes(b"")
    assert hygiene("run", tmp_path / "source", "-o", out) == EXIT_UNUSABLE
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_an_unwritable_output_folder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    source = write_source(tmp_path / "source")
    assert hygiene("run", source, "-o", tmp_path / "file" / "out") == EXIT_UNUSABLE
    assert "cannot be written: Not a directory. Name another with -o, or mend its rights." in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["scor"], ["score"], ["run", "x"], ["score", "x", "--format", "xml"], ["score", "x", "--by", "moon"]]
)
def test_wrong_usage_is_exit_2(arguments: list[str]) -> None:
    assert hygiene(*arguments) == EXIT_USAGE


def test_a_bug_is_exit_1_with_an_apology_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(pipeline, "scores", broken)
    assert hygiene("score", tmp_path) == EXIT_BUG
    assert capsys.readouterr().err == (
        "hygiene: this is a bug in hygiene, not in your data (ZeroDivisionError: oh). "
        "Run it again with --debug and report what it prints.\n"
    )
    with pytest.raises(ZeroDivisionError):
        hygiene("score", tmp_path, "--debug")


def test_an_interruption_is_exit_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "scores", interrupted)
    assert hygiene("score", tmp_path) == EXIT_INTERRUPTED


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    source = write_source(tmp_path)
    command = f"{sys.executable} -m hygiene score {source} --format json | head -c 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_killed_run_leaves_the_old_report_and_the_next_run_works(tmp_path: Path) -> None:
    source = write_source(tmp_path / "source")
    out = tmp_path / "out"
    assert hygiene("run", source, "-o", out) == 0
    before = (out / "index.html").read_bytes()
    write_source(tmp_path / "source", ended=300)
    for delay in (0.2, 0.5, 0.8):
        process = subprocess.Popen(
            [sys.executable, "-m", "hygiene", "run", str(source), "-o", str(out)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (out / "index.html").read_bytes() == before
    assert hygiene("run", source, "-o", out) == 0
    assert (out / "index.html").read_bytes() != before
    assert not list(out.glob(".hygiene-partial-*"))


def test_columns_previews_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "contacts.csv").write_text("Record ID;E-mail;Truc\n1;ana@example.org;x\n", encoding="cp1252")
    assert hygiene("columns", tmp_path / "contacts.csv", "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["header"], row["column"]) for row in rows] == [
        ("Record ID", "contact_id"),
        ("E-mail", "email"),
        ("Truc", ""),
    ]


def test_every_command_has_help_with_an_example() -> None:
    for name in cli.cli.commands:
        done = subprocess.run(
            [sys.executable, "-m", "hygiene", name, "--help"], capture_output=True, text=True, check=True
        )
        assert f"hygiene {name}" in done.stdout.split("Example:")[1]


def test_the_environment_sets_what_no_flag_does(tmp_path: Path) -> None:
    source = write_source(tmp_path / "source")
    environment = {**os.environ, "HYGIENE_LANG": "fr"}
    command = [sys.executable, "-m", "hygiene", "run", str(source), "-o", str(tmp_path / "out")]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert '<html lang="fr"' in (tmp_path / "out" / "index.html").read_text()


def run_in_a_shell(command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)


def test_a_full_disk_behind_stdout_is_exit_3_and_a_closed_stdout_is_none(tmp_path: Path) -> None:
    source = write_source(tmp_path)
    full = run_in_a_shell(f"{sys.executable} -m hygiene score {source} --format csv > /dev/full")
    assert (full.returncode, full.stderr) == (
        EXIT_UNUSABLE,
        "hygiene: The output cannot be written: No space left on device. Make room, or name another place.\n",
    )
    assert run_in_a_shell(f"{sys.executable} -m hygiene score {source} --format csv >&-").returncode == 0


def test_ctrl_c_during_a_query_is_an_interruption(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise RuntimeError("Query interrupted")  # what DuckDB raises

    monkeypatch.setattr(pipeline, "scores", interrupted)
    assert hygiene("score", tmp_path) == EXIT_INTERRUPTED
    assert capsys.readouterr().err == "Interrupted. Nothing was written over.\n"


@pytest.mark.parametrize("arguments", [["score", ""], ["run", "", "-o", "x"], ["run", "x", "-o", ""]])
def test_an_empty_folder_name_is_wrong_usage(arguments: list[str]) -> None:
    assert hygiene(*arguments) == EXIT_USAGE


def test_the_exports_are_never_the_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_source(tmp_path)
    before = (source / "enrollments.csv").read_bytes()
    assert hygiene("run", source, "-o", source) == EXIT_UNUSABLE
    assert "holds the exports themselves" in capsys.readouterr().err
    assert [path.name for path in source.iterdir()] == ["enrollments.csv"]
    assert (source / "enrollments.csv").read_bytes() == before


def test_rejects_and_a_moment_in_the_future_are_said_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = write_source(tmp_path)
    with (source / "enrollments.csv").open("a") as file:
        file.write("e900,c900,ana,q1,2026-13-45,,\ne901,c901,ana,q1,2026-01-05,2062-01-05,finished\n")
    assert hygiene("score", source, "--format", "csv") == 0
    assert capsys.readouterr().err.splitlines() == [
        "1 value or row could not be read; the report's rejects.csv names it with its line.",
        "The latest moment in the data, Jan 5, 2062, lies in the future: check the dates, or use --as-of.",
    ]


def test_the_command_line_knows_the_languages_of_the_settings() -> None:
    assert options.LANGUAGES == settings.LANGUAGES
