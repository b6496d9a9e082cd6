"""The registry: every rule is listed, explained, tested, and in the document."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner

from hygiene.advice.registry import HEADINGS, RULES, explained, find_rule, load_rules
from hygiene.advice.rulebook import rulebook
from hygiene.advice.types import SEVERITIES, Basis, Family, Owner, RuleModule, Scope
from hygiene.cli import cli, exit_code
from hygiene.errors import EXIT_UNUSABLE
from hygiene.facts.enrolled import CONTACT_COLUMNS
from hygiene.gate.ledger.memory import LEDGER
from hygiene.sources.schema import INPUT

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "hygiene" / "advice" / "rules"
MODULES = load_rules()
LEAST_CASES = 3
each_rule = pytest.mark.parametrize("module", MODULES, ids=[module.RULE.id for module in MODULES])


def test_the_ids_are_unique_and_formed_alike() -> None:
    ids = [module.RULE.id for module in MODULES]
    assert len(ids) == len(set(ids))
    assert all(name[:3].isalpha() and name[3] == "-" and name[4:].isdigit() and len(name) == 6 for name in ids)


def test_every_module_of_a_rule_is_registered_and_only_those() -> None:
    files = {
        f"{path.parent.name}.{path.stem}"
        for path in FOLDER.glob("*/*.py")
        if path.stem != "__init__" and "\nRULE = Rule(" in path.read_text(encoding="utf-8")
    }
    assert files == set(RULES)
    assert len(RULES) == len(set(RULES))


@each_rule
def test_a_rule_is_explained_under_each_heading(module: RuleModule) -> None:
    rule, summary, sections = explained(module)
    assert (module.__doc__ or "").startswith(f"{rule.id}: ")
    assert summary.endswith(".")
    assert tuple(sections) == HEADINGS
    assert all(sections.values())


@each_rule
def test_a_rule_declares_what_exists(module: RuleModule) -> None:
    rule = module.RULE
    assert rule.family in get_args(Family)
    assert rule.scope in get_args(Scope)
    assert rule.severity in SEVERITIES
    assert rule.basis in get_args(Basis)
    assert rule.owner in get_args(Owner)
    known = {*INPUT, LEDGER, *(f"contacts.{column}" for column in CONTACT_COLUMNS)}
    assert {part for need in rule.needs for part in need.split("|")} <= known


def cases(rule_id: str) -> int:
    """Return how many test cases name a rule, by themselves or by a helper or a constant of their module."""
    found = 0
    for path in (ROOT / "tests").rglob("test_*.py"):
        if path.name == Path(__file__).name or rule_id not in (text := path.read_text(encoding="utf-8")):
            continue
        tree = ast.parse(text)
        names = _names_with(tree, rule_id)
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found += _cases_of(node, rule_id, names)
    return found


def _names_with(tree: ast.Module, rule_id: str) -> set[str]:
    """Return the helpers and constants of a module that hold a rule's id, or use one that does."""
    held: dict[str, ast.stmt] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("test_"):
            held[node.name] = node
        elif isinstance(node, ast.Assign):
            held.update({target.id: node for target in node.targets if isinstance(target, ast.Name)})
    names: set[str] = set()
    while more := {name for name, node in held.items() if name not in names and _says(node, rule_id, names)}:
        names |= more
    return names


def _cases_of(node: ast.FunctionDef, rule_id: str, names: set[str]) -> int:
    """One each set of parameters that names the rule; all of them where the test itself does."""
    of_decorators = [part for decorator in node.decorator_list for part in ast.walk(decorator)]
    named = sum(_is(part, rule_id, names) for part in of_decorators)
    if named:
        return named
    sets = 1
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and len(decorator.args) > 1 and isinstance(decorator.args[1], ast.List):
            sets *= len(decorator.args[1].elts)
    return sets if any(_says(statement, rule_id, names) for statement in node.body) else 0


def _says(node: ast.AST, rule_id: str, names: set[str]) -> bool:
    return any(_is(part, rule_id, names) for part in ast.walk(node))


def _is(node: ast.AST, rule_id: str, names: set[str]) -> bool:
    is_id = isinstance(node, ast.Constant) and node.value == rule_id
    return is_id or (isinstance(node, ast.Name) and node.id in names)


@each_rule
def test_a_rule_has_three_test_cases_or_more(module: RuleModule) -> None:
    assert cases(module.RULE.id) >= LEAST_CASES


def test_the_document_is_what_the_rules_say() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == rulebook(), "run: make rules"


def test_a_rule_is_found_whatever_its_case() -> None:
    assert find_rule("bnc-02").RULE.id == "BNC-02"


# --- hygiene rules ----------------------------------------------------------------------------------------------------
def test_the_command_lists_every_rule() -> None:
    shown = json.loads(CliRunner().invoke(cli, ["rules", "--format", "json"]).stdout)
    assert [row["id"] for row in shown] == [module.RULE.id for module in MODULES]
    table = CliRunner().invoke(cli, ["rules", "--lang", "fr"]).stdout
    assert "Aucune liste ne rebondit plus que les autres" in table


def test_the_command_lists_a_family() -> None:
    shown = CliRunner().invoke(cli, ["rules", "--family", "bounce", "--format", "csv"]).stdout.splitlines()
    ids = [module.RULE.id for module in MODULES if module.RULE.family == "bounce"]
    assert [line.split(",")[0] for line in shown] == ["id", *ids]


def test_the_command_explains_one_rule_in_full() -> None:
    shown = CliRunner().invoke(cli, ["rules", "seq-03"]).stdout
    assert shown.startswith("SEQ-03: ")
    assert [line for line in shown.splitlines() if line in HEADINGS] == list(HEADINGS)
    assert "Needs events." in shown


@pytest.mark.parametrize(
    ("lang", "about", "work"),
    [
        (
            "en",
            "Family: Opt-outs and consent. Severity: to be settled first. About: one segment. Rests on: a plain count.",
            "60 minutes of work for: whoever looks after data protection. Needs contacts.country.",
        ),
        (
            "fr",
            (
                "Famille : Désinscriptions et consentement. Gravité : à régler d’abord. Porte sur : un segment."
                " Repose sur : un simple décompte."
            ),
            (
                "60 minutes de travail pour : la personne qui s’occupe de la protection des données."
                " Nécessite contacts.country."
            ),
        ),
    ],
)
def test_the_command_says_what_a_rule_is_in_words(lang: str, about: str, work: str) -> None:
    shown = CliRunner().invoke(cli, ["rules", "OPT-05", "--lang", lang]).stdout.replace("\u00a0", " ").splitlines()
    assert shown[2:4] == [about, work]


def test_no_key_stands_among_the_words_of_the_table() -> None:
    table = CliRunner().invoke(cli, ["rules", "--lang", "fr"]).stdout
    assert not re.findall(r"\b(gate|high|medium|info|team|sender|template|association|exact|published)\b", table)


def test_an_unknown_rule_is_an_error_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["rules", "SEQ-99"]) == EXIT_UNUSABLE
    assert "did you mean" in capsys.readouterr().err
    assert exit_code(["rules", "--family", "bounces"]) == EXIT_UNUSABLE
    assert 'did you mean "bounce"' in capsys.readouterr().err
    assert exit_code(["rules", "SEQ-01", "--family", "bounce"]) == 2
