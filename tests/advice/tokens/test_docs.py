"""docs/tokens.md is tied to the grammars: each dialect and kind is in it, and its examples are read without fault."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

from hygiene.advice.tokens.dialects import AUTO, DIALECTS
from hygiene.advice.tokens.lines import scan_lines
from hygiene.advice.tokens.scan import scan
from hygiene.advice.tokens.types import Kind
from hygiene.reports.token_rows import record

DOCUMENT = (Path(__file__).parents[3] / "docs" / "tokens.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)
ROWS = {name: row.replace(r"\|", "|") for name, row in ROW.findall(DOCUMENT)}
"""A bar within a table is escaped, or GitHub would take it for the end of a cell."""


def test_each_dialect_and_each_kind_is_documented():
    assert set(ROWS) == {*DIALECTS, *get_args(Kind)} - {AUTO}


def test_the_examples_of_a_dialect_are_read_without_a_problem():
    for dialect in set(DIALECTS) - {AUTO}:
        examples = re.findall(r"`(.+?)`", ROWS[dialect])
        found = [scan(example, dialect) for example in examples]
        assert not [one.problems for one in found if one.problems], dialect
        assert found[0].tokens, dialect


def test_the_examples_of_a_kind_are_of_that_kind():
    for kind in get_args(Kind):
        examples = re.findall(r"`([^`]+)`", ROWS[kind].rpartition(" | ")[2])
        for example in examples:
            dialect = "hubspot" if "contact." in example else "salesloft"
            kinds = {problem.kind for problem in scan(example, dialect, ["x", "first_name"]).problems}
            assert kinds == {kind}, example


def test_the_first_example_prints_what_it_shows():
    given = re.search(r"echo '(.*)'", DOCUMENT)
    shown = re.search(r"^    (\{\"dialect.*)$", DOCUMENT, re.MULTILINE)
    [line] = scan_lines([given[1].encode()], "hubspot")
    assert record(line) == json.loads(shown[1])
