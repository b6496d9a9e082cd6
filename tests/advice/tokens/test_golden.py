"""The golden set: texts that were read by somebody who had not seen the grammars, with what each holds."""

from __future__ import annotations

import json
from pathlib import Path

from hygiene.advice.tokens.scan import scan

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "golden.jsonl").read_text(encoding="utf-8").split("\n")
    if line.strip()
]
SURE = [row for row in ROWS if row["sure"]]
BAR = 0.98


def read(row: dict) -> tuple[set[tuple[str, str | None]], list[str]]:
    found = scan(row["text"], row["dialect"], row.get("fields"))
    return set(found.pairs()), sorted(problem.kind for problem in found.problems)


def wanted(row: dict) -> tuple[set[tuple[str, str | None]], list[str]]:
    return {(token["path"], token["fallback"]) for token in row["tokens"]}, sorted(row["problems"])


def test_at_least_98_of_100_sure_texts_are_read_exactly():
    wrong = [row for row in SURE if read(row) != wanted(row)]
    told = [f"{row['id']} {row['text']!r}: wanted {wanted(row)}, read {read(row)}; {row['note']}" for row in wrong]
    assert len(SURE) >= 400
    assert 1 - len(wrong) / len(SURE) >= BAR, "\n".join(told)


def test_a_text_with_nothing_in_it_never_raises_an_alarm():
    empty = [row for row in SURE if not row["tokens"] and not row["problems"]]
    assert len(empty) >= 40
    assert [row["id"] for row in empty if read(row) != (set(), [])] == []
