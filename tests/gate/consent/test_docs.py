"""docs/consent.md is tied to the code: statuses, codes, columns and figures."""

from __future__ import annotations

import re
from pathlib import Path

from hygiene.advice.permission.types import CODES, EXPIRES_SOON_DAYS, FUTURE_DAYS, STATUSES
from hygiene.exports import consent as files
from hygiene.exports.consent import COLUMNS, LAW_COLUMNS

TEXT = (Path(__file__).parents[3] / "docs" / "consent.md").read_text(encoding="utf-8")


def test_every_status_and_code_is_documented_with_its_status() -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \| [^`]", TEXT, re.MULTILINE))[: len(STATUSES)] == STATUSES
    documented = {}
    for codes, status in re.findall(r"^\| (`\w+`(?: `\w+`)*) \| `(\w+)` \|", TEXT, re.MULTILINE):
        documented |= dict.fromkeys(re.findall(r"\w+", codes), status)
    assert documented == dict(CODES)


def test_every_file_and_column_is_documented() -> None:
    named = set(re.findall(r"`([\w./]+)`", TEXT))
    assert {files.ROWS_FILE, files.PEOPLE_FILE, files.SUMMARY_FILE, files.AFTER_FILE} <= named
    section = TEXT.split("## consent.csv")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == [*COLUMNS, *LAW_COLUMNS]


def test_the_figures_are_those_of_the_code() -> None:
    assert f"at most {EXPIRES_SOON_DAYS} more days" in TEXT
    assert f"more than {FUTURE_DAYS} days" in TEXT
