"""`hygiene backtest`, `hygiene train` and `--model` as a user types them, on whatever a source may lack."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hygiene import cli
from hygiene.errors import EXIT_UNUSABLE, EXIT_USAGE

if TYPE_CHECKING:
    from collections.abc import Callable

ACME = Path(__file__).parents[1] / "examples" / "acme"
EVENTS = "contact_id,sender_id,enrollment_id,type,at\n"


def hygiene(*arguments: object) -> int:
    return cli.exit_code([str(argument) for argument in arguments])


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def contact_rows(out: Path) -> list[dict[str, str]]:
    with (out / "contacts.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def strict_json(text: str) -> Any:
    """Read JSON as others do, for whom NaN and Infinity are none."""

    def refused(constant: str) -> None:
        raise ValueError(constant)

    return json.loads(text, parse_constant=refused)


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was said of an error: one line, for people, and nothing on stdout."""
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert line.startswith("hygiene: ")
    assert "bug" not in line
    return line.removeprefix("hygiene: ")


# --- sources ----------------------------------------------------------------------------------------------------------
def contacts(count: int) -> str:
    rows = [f"c{i},p{i}@firm{i}.example,list {i % 2}" for i in range(count)]
    return "\n".join(["contact_id,email,source", *rows, ""])


def some(contact: int, mail: int) -> bool:
    return contact % 7 == mail


def every(contact: int, mail: int) -> bool:
    return True


def mails(count: int, has_reply: Callable[[int, int], bool] | None = None, *, each: int = 6) -> str:
    """So many contacts get a mail every three days."""
    rows = []
    for contact in range(count):
        for mail in range(each):
            rows.append(f"c{contact},ana,e{contact},sent,2026-01-{1 + 3 * mail:02d}T09:00:00Z\n")
            if has_reply and has_reply(contact, mail):
                rows.append(f"c{contact},ana,e{contact},reply,2026-01-{1 + 3 * mail:02d}T15:00:00Z\n")
    return EVENTS + "".join(rows)


ENROLLED = (
    "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at,ended_at,outcome\n"
    "e1,c1,ana,q1,2026-01-05,2026-02-05,finished\n"
)
OPENED = EVENTS + "".join(f"c{i},ana,e{i},open,2026-01-05T09:00:00Z\n" for i in range(9))


def write(folder: Path, **tables: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write(tmp_path / "source", contacts=contacts(60), events=mails(60, some))


# --- on the example ---------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def example_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("example")


@pytest.fixture
def example(own_environment: Path, example_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example, which is imported once for all tests of this module."""
    monkeypatch.setenv("HYGIENE_CACHE_DIR", str(example_cache))
    return ACME


def in_a_pipe(*arguments: object, columns: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    environment |= {"COLUMNS": columns} if columns else {}
    command = [sys.executable, "-m", "hygiene", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_the_back_test_is_printed_as_tables_of_a_hundred_columns_in_a_pipe(example: Path) -> None:
    done = in_a_pipe("backtest", example)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "# Back-test"
    assert 90 < max(map(len, lines)) <= 100
    for title in (
        "## Whom to pause",
        "**Whom each rule would have paused**",
        "**How well each way ranks the contacts**",
    ):
        assert any(line.startswith(title) for line in lines)
    assert re.search(r"^Ours, losing at most 5% of the replies +[\d,]+ +\d+ +\d+ +[\d.]+% ", done.stdout, re.MULTILINE)
    assert re.search(r"^BG/BB alone( +0\.\d{3}){4} +0\.\d{4}$", done.stdout, re.MULTILINE)


def test_the_back_test_is_as_wide_as_the_terminal_and_in_the_readers_language(example: Path) -> None:
    done = in_a_pipe("backtest", example, "--lang", "fr", columns="70")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "# Test rétrospectif"
    assert max(map(len, lines)) <= 70
    assert "AUC" in done.stdout


def test_a_model_is_trained_and_used(example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, out, own = tmp_path / "model", tmp_path / "out", tmp_path / "own"
    assert hygiene("train", example, "-o", model) == 0
    assert capsys.readouterr().out == f"{model / 'model.json'}\n"
    assert contents(model).keys() == {"model.json", "metrics.json", "MODEL_CARD.md"}
    assert hygiene("run", example, "-o", out, "--model", model) == 0
    rows = contact_rows(out)
    with (example / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        mailed = {row["ID du contact"] for row in csv.DictReader(file, delimiter=";") if row["Type"] == "Envoi"}
    assert len(mailed) > 5_000
    given = {row["contact_id"]: row["p_reply"] for row in rows if row["contact_id"] in mailed}
    assert given.keys() == mailed
    assert all(0 < float(chance) < 1 for chance in given.values())
    # It learned from the same mails as the run would have: the lists are the same to the last digit.
    assert hygiene("run", example, "-o", own) == 0
    assert (own / "contacts.csv").read_bytes() == (out / "contacts.csv").read_bytes()
    digests = [json.loads((folder / "run.json").read_text())["models"]["engagement"] for folder in (out, own)]
    assert digests[0] != digests[1]


def test_the_metrics_of_a_model_are_the_back_test_as_json(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hygiene("backtest", example, "--format", "json", "-o", tmp_path / "page") == 0
    printed = capsys.readouterr()
    found = strict_json(printed.out)
    assert found.keys() == {"contacts", "senders"}
    page = tmp_path / "page" / "backtest.html"
    assert printed.err.splitlines()[-1] == str(page)
    assert "<title>" in page.read_text()
    assert hygiene("train", example, "-o", tmp_path / "model") == 0
    metrics = strict_json((tmp_path / "model" / "metrics.json").read_text())
    metrics.pop("data_hash")
    assert found["contacts"] == metrics
    assert all(isinstance(rule["paused"], int) for rule in found["contacts"]["rules"])
    assert found["senders"]["sends"] > 30_000


# --- settings ---------------------------------------------------------------------------------------------------------
WRONG = {
    "--reply-value": ("0", "-1", "nan", "inf", "abc", "", "1,5", "1e13"),
    "--send-cost": ("-1", "nan", "inf", "x"),
    "--complaint-cost": ("-0.1", "nan", "1e13"),
    "--max-lost-replies": ("-0.01", "1.01", "5%", "0,05", "nan", ""),
    "--pause-after": ("-1", "1001", "2.5", "nan", "three"),
    "--control-share": ("-0.1", "1.1", "nan", "5%"),
}


@pytest.mark.parametrize(("option", "value"), [(option, value) for option in WRONG for value in WRONG[option]])
def test_a_value_that_cannot_be_is_one_sentence_that_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    name = option.removeprefix("--").replace("-", "_")
    for command in (("backtest", "x"), ("train", "x", "-o", tmp_path / "out"), ("run", "x", "-o", tmp_path / "out")):
        assert hygiene(*command, option, value) == EXIT_UNUSABLE
        said = one_sentence(capsys)
        assert said.startswith(f'The setting {name} in the command line is "{value}"; it must be a number from ')
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["backtest"],
        ["train", "x"],
        ["train", "x", "-o", ""],
        ["train", "", "-o", "y"],
        ["backtest", ""],
        ["backtest", "x", "--format", "csv"],
        ["backtest", "x", "--lang", "de"],
        ["score", "x", "--reply-value", "3"],
        ["run", "x", "-o", "y", "--model"],
    ],
)
def test_wrong_usage_is_exit_2(arguments: list[str]) -> None:
    assert hygiene(*arguments) == EXIT_USAGE


def paused_by(source: Path, capsys: pytest.CaptureFixture[str], *options: object) -> dict[str, int]:
    assert hygiene("backtest", source, "--format", "json", "--pause-after", "1", *options) == 0
    found = strict_json(capsys.readouterr().out)["contacts"]
    return {"budget": found["budget"], **{rule["rule"]: rule["paused"] for rule in found["rules"]}}


def test_the_costs_and_the_budget_reach_the_back_test(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    default = paused_by(source, capsys)
    assert default["budget"] == 0.05
    assert paused_by(source, capsys, "--max-lost-replies", "0.05") == default
    assert paused_by(source, capsys, "--max-lost-replies", "1")["ours_budget"] > default["ours_budget"]
    dear = paused_by(source, capsys, "--send-cost", "1000000")
    assert dear["ours"] > 50
    assert paused_by(source, capsys, "--send-cost", "1000000", "--reply-value", "1e9")["ours"] < dear["ours"]
    assert paused_by(source, capsys, "--send-cost", "1000000", "--pause-after", "6")["ours"] == 0
    assert paused_by(source, capsys, "--complaint-cost", "1e9")["ours"] == dear["ours"]


def test_the_costs_and_the_budget_reach_the_lists(source: Path, tmp_path: Path) -> None:
    def paused(*options: object) -> int:
        assert hygiene("run", source, "-o", tmp_path / "out", "--control-share", "0", *options) == 0
        return sum(row["reason"] == "unlikely_to_reply" for row in contact_rows(tmp_path / "out"))

    assert paused() == 0
    assert paused("--send-cost", "1000000") == paused("--max-lost-replies", "1") == 60
    assert paused("--send-cost", "1000000", "--pause-after", "7") == 0
    assert paused("--send-cost", "1000000", "--max-lost-replies", "0") == 0  # a budget of nothing is one
    assert 0 < paused("--send-cost", "1000000", "--control-share", "0.5") < 60


# --- what a source may lack -------------------------------------------------------------------------------------------
NO_EVENTS = "The source has no events, so there is no mail to learn from. Export the email events too."
NO_MAIL = "The events hold no sent mail, so there is nothing to learn from. Export those of type sent."
WITHOUT = {
    "contacts only": ({"contacts": contacts(5)}, NO_EVENTS),
    "totals only": ({"totals": "sender_id,ended,replied,bounced\nana,200,14,10\n"}, NO_EVENTS),
    "enrollments only": ({"enrollments": ENROLLED}, NO_EVENTS),
    "no line of events": ({"contacts": contacts(5), "events": EVENTS}, NO_EVENTS),
    "opens only": ({"contacts": contacts(9), "events": OPENED}, NO_MAIL),
    "bounces only": ({"events": OPENED.replace(",open,", ",bounce,")}, NO_MAIL),
}


@pytest.mark.parametrize("kind", WITHOUT)
def test_a_source_without_a_mail_gives_no_model_but_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    tables, said = WITHOUT[kind]
    source, out = write(tmp_path / "source", **tables), tmp_path / "out"
    for command in (("backtest", source), ("backtest", source, "-o", out), ("train", source, "-o", out)):
        assert hygiene(*command) == EXIT_UNUSABLE
        assert one_sentence(capsys) == said
    assert not out.exists()
    assert hygiene("run", source, "-o", out) == 0
    if kind == "contacts only":
        assert {row["p_reply"] for row in contact_rows(out)} == {""}


LITTLE = {
    "one contact": (contacts(1), mails(1)),
    "one mail": (contacts(1), mails(1, each=1)),
    "no reply": (contacts(40), mails(40)),
    "all replied": (contacts(40), mails(40, every)),
}


@pytest.mark.parametrize("kind", LITTLE)
def test_little_to_learn_from_is_said_and_everything_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    table, events = LITTLE[kind]
    source, model, out = write(tmp_path / "source", contacts=table, events=events), tmp_path / "model", tmp_path / "out"
    assert hygiene("backtest", source) == 0
    assert "The history is too short to look back" in capsys.readouterr().out.replace("\n", " ")
    assert hygiene("backtest", source, "--format", "json") == 0
    found = strict_json(capsys.readouterr().out)["contacts"]
    assert (found["origins"], found["rules"], found["calibration"]) == ([], [], [])
    assert hygiene("train", source, "-o", model) == 0
    card = (model / "MODEL_CARD.md").read_text()
    assert "BG/BB alone with the shipped prior" in card
    assert "The history is too short to look back" in card
    for options in ((), ("--model", model)):
        assert hygiene("run", source, "-o", out, *options) == 0
        rows = contact_rows(out)
        assert len(rows) == len(table.splitlines()) - 1
        assert all(0 < float(row["p_reply"]) < 1 for row in rows)
        assert {row["flag"] for row in rows} == {"keep"}


def test_contacts_that_only_the_events_know_are_judged_too(tmp_path: Path) -> None:
    source = write(tmp_path / "source", events=mails(30, some))
    assert hygiene("train", source, "-o", tmp_path / "model") == 0
    assert hygiene("run", source, "-o", tmp_path / "out", "--model", tmp_path / "model") == 0
    assert all(0 < float(row["p_reply"]) < 1 for row in contact_rows(tmp_path / "out"))


def test_a_model_of_one_source_is_used_on_another_without_a_reply(source: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other", contacts=contacts(3), events=mails(3, each=2))
    assert hygiene("train", source, "-o", tmp_path / "model") == 0
    chances = []
    for options in ((), ("--model", tmp_path / "model")):
        assert hygiene("run", other, "-o", tmp_path / "out", *options) == 0
        chances.append([float(row["p_reply"]) for row in contact_rows(tmp_path / "out")])
    assert all(own < given for own, given in zip(*chances, strict=True))  # the other team's contacts do reply


@pytest.mark.parametrize("command", ["backtest", "train"])
def test_before_the_first_mail_there_is_nothing_to_learn_from(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    out = tmp_path / "out"
    assert hygiene(command, source, "-o", out, "--as-of", "2025-12-31") == EXIT_UNUSABLE
    one_sentence(capsys)
    assert not out.exists()


def test_a_report_as_of_before_the_first_mail_judges_nobody_badly(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert hygiene("run", source, "-o", out, "--as-of", "2025-12-31") == 0
    assert {row["flag"] for row in contact_rows(out)} <= {"keep"}


def test_as_of_cuts_what_is_learned_from(source: Path, tmp_path: Path) -> None:
    learned = []
    for moment in ("2026-01-02", "2026-01-08", "2027-01-01"):
        assert hygiene("train", source, "-o", tmp_path / "model", "--as-of", moment) == 0
        learned.append(json.loads((tmp_path / "model" / "model.json").read_text())["learned"])
    # By contact i % 7 == 0 one reply on Jan 1; with those of 1 and 2 by Jan 8; with all six at last.
    # On Jan 2 no mail has had its chance yet, and an early answer alone would flatter.
    assert [each["contacts"] for each in learned] == [0, 60, 60]
    assert learned[0]["replies"] == 0 < learned[1]["replies"] < learned[2]["replies"]


# --- a model that cannot be used, and files of the user's -------------------------------------------------------------
def damaged(folder: Path, how: str) -> str:
    """Spoil the model in a folder; return what is to be said of it."""
    path = folder / "model.json"
    text = path.read_text()
    changed = {
        "cut short": (text[: len(text) // 2], "is damaged: it is no JSON object"),
        "empty": ("", "is damaged: it is no JSON object"),
        "a list": ("[]", "is damaged: it is no JSON object"),
        "a digit changed": (
            re.sub(r'"delay_days": (\d)', '"delay_days": 1', text),
            "was changed after it was trained: its checksum is wrong",
        ),
        "of another version": (
            text.replace("hygiene/engagement/1", "hygiene/engagement/0"),
            "is of another version than hygiene/engagement/1: it is hygiene/engagement/0",
        ),
    }
    if how == "gone":
        path.unlink()
        return f"The model {path} cannot be read: No such file or directory"
    path.write_text(changed[how][0])
    assert changed[how][0] != text
    return f"The model {path} {changed[how][1]}"


@pytest.mark.parametrize("how", ["cut short", "empty", "a list", "a digit changed", "of another version", "gone"])
def test_a_damaged_model_is_named_and_nothing_is_written_over(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    model, out = tmp_path / "model", tmp_path / "out"
    assert hygiene("train", source, "-o", model) == 0
    assert hygiene("run", source, "-o", out, "--model", model) == 0
    before = contents(out)
    said = damaged(model, how)
    capsys.readouterr()
    assert hygiene("run", source, "-o", out, "--model", model) == EXIT_UNUSABLE
    assert one_sentence(capsys) == f"{said}. Train it again: hygiene train SOURCE -o MODEL."
    assert contents(out) == before


def test_the_environment_may_name_the_model(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYGIENE_MODEL", str(tmp_path / "nowhere"))
    assert hygiene("run", source, "-o", tmp_path / "out") == EXIT_UNUSABLE


@pytest.mark.parametrize(
    ("command", "name"),
    [("train", "model.json"), ("train", "metrics.json"), ("train", "MODEL_CARD.md"), ("backtest", "backtest.html")],
)
def test_a_file_of_the_user_is_never_written_over(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, name: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_text("mine")
    assert hygiene(command, source, "-o", out) == EXIT_UNUSABLE
    said = capsys.readouterr().err.splitlines()[-1]
    assert (
        said
        == f"hygiene: {out} holds {name}, which hygiene did not write. Name another folder with -o, or move that file."
    )
    assert contents(out) == {name: b"mine"}


@pytest.mark.parametrize("command", ["train", "backtest"])
def test_a_folder_that_cannot_be_written_is_named(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    (tmp_path / "file").write_text("")
    assert hygiene(command, source, "-o", tmp_path / "file" / "out") == EXIT_UNUSABLE
    assert "cannot be written: Not a directory. Name another with -o" in capsys.readouterr().err


def test_a_second_time_writes_the_same_bytes(source: Path, tmp_path: Path) -> None:
    for out in (tmp_path / "a", tmp_path / "a", tmp_path / "b"):
        assert hygiene("train", source, "-o", out) == 0
        assert hygiene("backtest", source, "-o", out) == 0
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert len(contents(tmp_path / "a")) == 4


@pytest.mark.parametrize("command", ["train", "backtest"])
def test_nothing_of_ours_goes_into_the_exports(command: str, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(source)
    assert hygiene(command, source, "-o", source) == 3
    assert "holds the exports themselves" in capsys.readouterr().err
    assert contents(source) == before


def test_a_name_from_the_data_is_not_live_anywhere(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    table = contacts(300).replace("list 0", evil).replace("c7,", f"{evil}7,")
    events = mails(300, some).replace("c7,", f"{evil}7,").replace(",ana,", f",{evil},")
    source, out = write(tmp_path / "source", contacts=table, events=events), tmp_path / "out"
    assert hygiene("train", source, "-o", out) == 0
    assert hygiene("backtest", source, "-o", out) == 0
    assert evil in json.loads((out / "model.json").read_text())["replies"]["sources"]
    for name in ("MODEL_CARD.md", "metrics.json", "backtest.html"):
        assert "alert(1)" not in (out / name).read_text()


def test_a_reader_that_leaves_early_is_no_error(source: Path) -> None:
    command = f"{sys.executable} -m hygiene backtest {source} --format json | head -c 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# --- what is asked for in vain ----------------------------------------------------------------------------------------
def test_an_empty_model_is_wrong_or_none(source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = hygiene("run", source, "-o", tmp_path / "out", "--model", "")
    assert code == EXIT_UNUSABLE
    assert capsys.readouterr().err.startswith("hygiene: The setting model in the command line")


@pytest.mark.parametrize("command", [("backtest",), ("train", "-o", "out")], ids=" ".join)
def test_no_command_takes_a_model_that_it_does_not_use(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert hygiene(*command, source, "--model", tmp_path / "nowhere") in (EXIT_USAGE, EXIT_UNUSABLE)


def test_an_empty_folder_for_the_page_is_wrong_usage(source: Path) -> None:
    assert hygiene("backtest", source, "-o", "") == EXIT_USAGE


def test_a_moment_before_the_first_mail_is_named(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert hygiene("backtest", source, "--as-of", "2025-12-31") == EXIT_UNUSABLE
    assert "as-of" in capsys.readouterr().err
