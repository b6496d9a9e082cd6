"""Each phrase rule with its own example and near miss; each sign of a report likewise."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from hygiene.mail.bounces.rules import matches, rules
from hygiene.mail.bounces.types import BOUNCES
from hygiene.mail.normalize import fold, normalized
from hygiene.mail.prefilter import Prefilter
from hygiene.mail.triage import shows
from hygiene.resources import resource

FOLDER = Path(str(resource("models"))) / "bounces"
ROWS = [
    row for file in sorted((FOLDER / "rules").glob("*.toml")) for row in tomllib.loads(file.read_text("utf-8"))["rule"]
]
SIGNS = tomllib.loads((FOLDER / "reports.toml").read_text("utf-8"))["sign"]
LANGUAGES = {row["id"].split(".")[0] for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_rule_speaks_for_its_example_and_not_for_its_near_miss(row):
    assert row["id"] in {match.rule.id for match in matches(normalized(row["example"]))}
    if "near_miss" in row:
        assert row["id"] not in {match.rule.id for match in matches(normalized(row["near_miss"]))}


def test_ids_are_unique_and_name_language_and_category():
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids))
    for language, category, slug in (name.split(".") for name in ids):
        assert re.fullmatch(r"[a-z]{2}", language)
        assert category in BOUNCES
        assert slug


def test_each_rule_names_where_its_words_come_from():
    assert [row["id"] for row in ROWS if not row.get("source", "").strip()] == []


def test_the_rules_speak_twelve_languages_and_more():
    assert len(LANGUAGES) >= 12


def test_the_prefilter_loses_no_match():
    texts = [normalized(row["example"]) for row in ROWS]
    for text in texts:
        slow = [
            rule.id for rule in rules() if rule.pattern.search(text) and not (rule.unless and rule.unless.search(text))
        ]
        assert [match.rule.id for match in matches(text)] == slow


def test_a_pattern_without_a_word_is_always_tried():
    assert Prefilter([r"\d+", r"user \w+"]).candidates("7") == [0]


@pytest.mark.parametrize("row", SIGNS, ids=lambda row: f"{row['kind']}-{row['where']}")
def test_a_sign_shows_in_its_example_and_not_in_its_near_miss(row):
    assert shows(row["kind"], row["where"], fold(row["example"]))
    if "near_miss" in row:
        pattern = "".join(char if char.isascii() else fold(char) for char in row["pattern"])
        assert not re.search(pattern, fold(row["near_miss"]))


def test_each_ticket_that_a_rule_names_is_there():
    known = {row["id"] for row in tomllib.loads((FOLDER / "tickets.toml").read_text("utf-8"))["ticket"]}
    assert {row["ticket"] for row in ROWS if "ticket" in row} <= known
