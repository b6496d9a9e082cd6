"""`hygiene sources`, as a user types it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from hygiene.cli import exit_code
from hygiene.reports.lists.rows import COLUMNS
from tests.advice.making import people, write_source
from tests.gate.lists.stock import MAILED, STOCK, VENDOR, bounces, is_bad, write_lists_source

if TYPE_CHECKING:
    from pathlib import Path

ATTACKS = (
    *("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "<script>alert(1)</script>", "%(n)s", "{{7*7}}"),
    *("../../etc/passwd", "\x1b[31mred", "CON"),
)
Capture = pytest.CaptureFixture[str]
RETURNED = sum(bounces(place) for place in range(MAILED) if is_bad(place))


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYGIENE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_lists_source(tmp_path / "source")


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_names_the_bad_list_and_the_words_say_why(source: Path, capsys: Capture) -> None:
    assert exit_code(["sources", str(source)]) == 0
    said = capsys.readouterr()
    row = next(line for line in said.out.splitlines() if line.startswith(VENDOR))
    assert "▼ bad list" in row
    assert re.search(rf"{VENDOR}: 16\.\d% \[.*\] of the addresses came back, 9\d% of all address bounces", said.err)
    assert re.search(r"Lists: \d\d% of these", said.err)
    assert re.search(r"Senders: about none", said.err)
    assert "Sequences: only one, so nothing can be compared." in said.err
    assert f"Hold back {STOCK - 1} contacts of {VENDOR}, import 2026-03: avoids" in said.err
    assert f"{RETURNED} addresses to claim if the list was bought" in said.err


def test_french_says_the_same(source: Path, capsys: Capture) -> None:
    assert exit_code(["sources", str(source), "--lang", "fr"]) == 0
    said = capsys.readouterr()
    assert "▼ mauvaise liste" in said.out
    assert f"Mettez de côté {STOCK - 1} contacts ({VENDOR}, import 2026-03)" in said.err
    assert f"{RETURNED} adresses à réclamer si la liste a été achetée" in said.err


def test_csv_and_json_have_the_same_figures(source: Path, capsys: Capture) -> None:
    assert exit_code(["sources", str(source), "--format", "csv"]) == 0
    rows = table(capsys.readouterr().out)
    assert tuple(rows[0]) == COLUMNS
    assert exit_code(["sources", str(source), "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    for row, known in zip(rows, [record["team"], *record["lists"]], strict=True):
        assert {name: "" if known[name] is None else str(known[name]) for name in COLUMNS} == {
            name: {"true": "True", "false": "False"}.get(value, value) for name, value in row.items()
        }
    assert record["quarantine"][0]["contacts"] == STOCK - 1
    assert record["claims"][0] == {
        "source": VENDOR,
        "claimed": RETURNED,
        "mailed_in_time": MAILED // 2,
        "late": 0,
        "undated": 0,
        "weak": 0,
    }


def test_the_folder_has_the_scorecard_the_claims_and_whom_to_hold_back(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert exit_code(["sources", str(source), "-o", str(out), "--format", "csv"]) == 0
    names = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    claims = [f"claims/{name}{end}" for name in (VENDOR, "web-form") for end in (".people.csv", ".xlsx")]
    assert names == [".hygiene-sources.json", *claims, "quarantine.people.csv", "sources.csv", "sources.json"]
    claim = (out / f"claims/{VENDOR}.people.csv").read_text(encoding="utf-8-sig")
    header, *rows, summary = list(csv.reader(io.StringIO(claim)))
    assert header[:2] == ["Address", "Import batch"]
    assert len(rows) == RETURNED
    assert all(row[5] == "5.1.1" and "User unknown" in row[6] for row in rows)
    assert summary[0].startswith(f"Within 30 days of their import we wrote to {MAILED // 2} of your contacts;")
    book = CalamineWorkbook.from_path(str(out / f"claims/{VENDOR}.xlsx"))
    assert book.get_sheet_by_index(0).to_python() == [[summary[0]]]
    assert book.get_sheet_by_index(1).to_python() == [header, *rows]
    held = (out / "quarantine.people.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(held) == STOCK


def test_equal_runs_give_equal_bytes_and_other_files_stay(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    contents = []
    for _ in range(2):
        assert exit_code(["sources", str(source), "-o", str(out)]) == 0
        contents.append({path: path.read_bytes() for path in out.rglob("*") if path.is_file()})
    assert contents[0] == contents[1]
    assert (out / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_claim_that_is_gone_leaves_no_file_behind(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert exit_code(["sources", str(source), "-o", str(out)]) == 0
    (tmp_path / "hygiene.toml").write_text("claim_days = 3\n", encoding="utf-8")
    assert exit_code(["sources", str(source), "-o", str(out)]) == 0
    assert not list(out.rglob("*.xlsx"))


def test_a_file_of_the_users_is_not_written_over(source: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "sources.csv").write_text("mine", encoding="utf-8")
    assert exit_code(["sources", str(source), "-o", str(out)]) == 3
    assert "which no run of hygiene wrote" in capsys.readouterr().err
    assert (out / "sources.csv").read_text(encoding="utf-8") == "mine"
    assert exit_code(["sources", str(source), "-o", str(source)]) == 3


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_names_and_notices_are_harmless_everywhere(attack: str, tmp_path: Path, capsys: Capture) -> None:
    evidence = f"{attack} 550 5.1.1 user unknown {{0}}" if "{" not in attack else "550 5.1.1 user unknown"
    source = write_lists_source(tmp_path / "source", vendor=attack, evidence=evidence)
    out = tmp_path / "out"
    assert exit_code(["sources", str(source), "-o", str(out)]) == 0
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    for path in out.rglob("*.csv"):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))):
            assert not any(re.match(r"[=+@\t\r-]", cell) and not re.fullmatch(r"-?[\d.]+", cell) for cell in row), row
    for path in out.rglob("*.xlsx"):
        with zipfile.ZipFile(path) as book:
            assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    assert {path.parent.name for path in out.rglob("*.xlsx")} == {"claims"}


def test_contacts_alone_are_enough(tmp_path: Path, capsys: Capture) -> None:
    source = write_source(tmp_path / "source", contacts=people(30, source="fair"))
    assert exit_code(["sources", str(source)]) == 0
    said = capsys.readouterr()
    assert "not enough data (n=0)" in said.out
    assert "Too few ended enrollments or address bounces to say" in said.err


def test_claim_days_is_a_setting(source: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "hygiene.toml").write_text("claim_days = 3\n", encoding="utf-8")
    assert exit_code(["sources", str(source)]) == 0
    assert "to claim if" not in capsys.readouterr().err
    (tmp_path / "hygiene.toml").write_text("claim_days = 0\n", encoding="utf-8")
    assert exit_code(["sources", str(source)]) == 3
