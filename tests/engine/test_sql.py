from __future__ import annotations

import re
from datetime import datetime
from importlib.resources import files

import pytest

from hygiene.engine.sql import fill, literal

SQL_FILES = sorted(path.name for path in files("hygiene.facts").iterdir() if path.name.endswith(".sql"))

# What DuckDB, PostgreSQL 15 and Spark 4.0 do not all read alike (measured on each).
UNPORTABLE = {
    "cast by colons": r"::",
    "aggregate filter": r"\bFILTER\s*\(",
    "qualify": r"\bQUALIFY\b",
    "group by all": r"\bGROUP BY ALL\b",
    "one engine's aggregate": r"\b(any_value|arg_max|arg_min|bool_or|list|mode|bit_or)\s*\(",
    "a division": r"[^/*]/[^/*]",
    "time arithmetic but adding seconds": r"(?<!\+ )\bINTERVAL\b|\bINTERVAL\b(?! ':?\w+' SECOND\b)",
    "a bare column named at": r"(?<![.\w])at(?!\w)",
    "order of nulls left to the engine": r"ORDER BY (?!.*NULLS)[^\n]*\b(month|source|import_batch)$",
}


@pytest.mark.parametrize("name", SQL_FILES)
def test_a_question_says_what_it_answers_and_keeps_to_the_portable_subset(name: str) -> None:
    text = (files("hygiene.facts") / name).read_text(encoding="utf-8")
    head = "\n".join(line for line in text.splitlines() if line.startswith("--"))
    assert all(word in head for word in ("Question:", "Grain:", "Columns:"))
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    found = [what for what, pattern in UNPORTABLE.items() if re.search(pattern, body, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize(
    ("value", "sql"),
    [
        (datetime(2026, 3, 1, 9, 30, 0, 5), "TIMESTAMP '2026-03-01 09:30:00.000005'"),
        (datetime(1, 1, 1), "TIMESTAMP '0001-01-01 00:00:00.000000'"),
        (True, "TRUE"),
        (3, "3"),
        ("sent", "'sent'"),
    ],
)
def test_a_value_becomes_a_typed_literal(value: datetime | int | str, sql: str) -> None:
    assert literal(value) == sql


@pytest.mark.parametrize("text", ["x'; DROP TABLE contacts --", "Sent", "", "a b", "é"])
def test_text_that_is_no_plain_word_never_reaches_a_query(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be written into a query"):
        literal(text)


def test_a_missing_parameter_is_an_error_and_not_an_empty_literal() -> None:
    with pytest.raises(KeyError):
        fill("SELECT :as_of")
