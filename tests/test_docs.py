"""The documents are tied to the code: each command, setting, column and exit code is written down, and nothing else."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner

import hygiene
from hygiene import errors
from hygiene.cli import cli
from hygiene.exports.records import BOUNCE_COLUMNS, CONTACT_COLUMNS, REJECT_COLUMNS
from hygiene.facts.machines import (
    ALL_LINKS,
    CHOIR_CONTACTS,
    EVERYTHING_COST,
    EVERYTHING_LEAD,
    HABIT_LEAD,
    INSTANT_SECONDS,
    LINKS_SECONDS,
)
from hygiene.facts.types import Sign
from hygiene.flags.types import REASONS
from hygiene.reports.tables import COLUMNS as SCORE_COLUMNS
from hygiene.scores import load_profile
from hygiene.settings import READERS, Settings
from hygiene.sources.schema import INPUT

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(cli.commands)
TABLE_ROW = re.compile(r"^\| `(\w+)`(\*?) \| (.*?) \|", re.MULTILINE)


def rows(text: str) -> dict[str, tuple[str, bool]]:
    """Return the first column of a table's rows: name to (second cell, starred)."""
    return {name: (second, bool(star)) for name, star, second in TABLE_ROW.findall(text)}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_is_in_the_readme_and_its_help_shows_an_example(command):
    assert f"hygiene {command} " in README
    shown = CliRunner().invoke(cli, [command, "--help"]).output
    assert re.search(rf"^ +hygiene {command} \S", shown, re.MULTILINE), shown


@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_of_a_command_says_what_it_does(command):
    silent = [p.name for p in cli.commands[command].params if isinstance(p, click.Option) and not p.help]
    assert silent == []


def test_the_readme_names_no_command_that_does_not_exist():
    """In code only, and only at the start of a line: `hygiene` is also a word."""
    named = set(re.findall(r"^ *\$? ?hygiene ([a-z]+) ", README, re.MULTILINE))
    assert named <= set(COMMANDS)


def test_each_setting_is_documented_with_its_default():
    documented = rows((ROOT / "docs" / "settings.md").read_text(encoding="utf-8"))
    assert list(documented) == list(READERS) == [field.name for field in fields(Settings)]
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for field in fields(Settings):
        if isinstance(field.default, (str, float, int)):
            assert re.search(rf"^\| `{field.name}` \| .*? \| `{field.default}` \|", text, re.MULTILINE), field.name


def test_each_column_of_each_table_is_documented_with_its_values():
    text = (ROOT / "docs" / "input.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(sections) == list(INPUT)
    for table, columns in INPUT.items():
        documented = rows(sections[table])
        assert list(documented) == list(columns), table
        for name, column in columns.items():
            kind, starred = documented[name]
            assert starred == column.required, (table, name)
            if column.choices:
                assert tuple(re.findall(r"`(\w+)`", kind)) == column.choices, (table, name)
            elif column.kind != "choice":
                assert kind.startswith({"bool": "boolean"}.get(column.kind, column.kind)), (table, name)


def test_the_exit_codes_of_the_readme_are_those_of_the_code():
    documented = {int(code) for code in re.findall(r"^\| `(\d+)` \|", README, re.MULTILINE)}
    assert documented == {value for name, value in vars(errors).items() if name.startswith("EXIT_")}


def test_the_documents_link_to_files_that_exist():
    documents = [README, *((ROOT / name).read_text(encoding="utf-8") for name in ("CONTRIBUTING.md", "CHANGELOG.md"))]
    for text in documents:
        for target in re.findall(r"\]\(([^)#:]+)\)|src(?:set)?=\"([^\":]+)\"", text):
            assert (ROOT / (target[0] or target[1])).exists(), target


def test_the_changelog_names_the_version():
    assert f"## [{hygiene.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(m.name for m in pkgutil.walk_packages(hygiene.__path__, "hygiene.")))
def test_the_examples_in_the_docstrings_are_true(name):
    if not name.endswith("__main__"):
        result = doctest.testmod(importlib.import_module(name))
        assert result.failed == 0


def test_the_columns_and_codes_of_the_output_are_documented():
    text = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w.]+)`", text))
    assert {*SCORE_COLUMNS, *CONTACT_COLUMNS, *BOUNCE_COLUMNS, *REJECT_COLUMNS, *REASONS} <= named


def test_the_signs_of_machines_are_documented_in_their_order_and_with_their_thresholds():
    text = (ROOT / "docs" / "machines.md").read_text(encoding="utf-8")
    signs = rows(text)
    assert tuple(signs) == get_args(Sign)
    assert f"less than {INSTANT_SECONDS} seconds" in signs["instant"][0]
    assert f"{ALL_LINKS} or more different links within {LINKS_SECONDS} seconds" in signs["all_links"][0]
    assert f"{CHOIR_CONTACTS} or more contacts" in signs["same_domain"][0]
    assert f"outnumber the others by {HABIT_LEAD}" in text
    assert f"less {EVERYTHING_COST} for each" in text
    assert f"come to {EVERYTHING_LEAD}" in text


def test_the_points_in_the_document_are_those_of_the_profile():
    text = (ROOT / "docs" / "score.md").read_text(encoding="utf-8").replace("\n", " ")
    profile = load_profile("default")
    for name, knots in (("replies", profile.reply), ("bounces", profile.bounce)):
        points = ", ".join(f"{rate:.0%} → {points:g}" for rate, points in zip(knots.rates, knots.points, strict=True))
        assert f"{name} {points}".replace("%", " %") in text
    assert "`fair` from {:g}, `good` from {:g}, `excellent` from {:g}".format(*profile.edges) in text
