"""docs/clean.md is tied to the code: every action and code, what each leads to, and every CRM."""

from __future__ import annotations

import re
from pathlib import Path

from hygiene.exports.filters import CRMS
from hygiene.gate.cleanup.types import ACTIONS, CODES

TEXT = (Path(__file__).parents[3] / "docs/clean.md").read_text(encoding="utf-8")


def first_columns(section: str) -> list[tuple[list[str], str]]:
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|", section, re.MULTILINE)
    return [(re.findall(r"`(\w+)`", names), second.strip("`")) for names, second in rows]


def test_every_action_stands_in_its_order():
    section = TEXT.split("| action |")[1].split("\n\n")[0]
    assert [names[0] for names, _ in first_columns(section)] == list(ACTIONS)


def test_every_code_stands_in_the_order_of_the_rules_with_its_action():
    section = TEXT.split("| code |")[1].split("\n\n")[0]
    documented = [(name, action) for names, action in first_columns(section) for name in names]
    assert documented == [(code, "none" if action == "keep" else action) for code, action in CODES.items()]


def test_every_crm_is_documented():
    section = TEXT.split("| `--for` |")[1].split("\n\n")[0]
    assert [name for names, _ in first_columns(section) for name in names] == list(CRMS)
