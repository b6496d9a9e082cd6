"""The page of a rule is in the reader's language as a whole, but for the sources it cites."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner

from hygiene.advice.registry import CITED, HEADINGS, explained, load_rules, sentence, sentences
from hygiene.advice.rulebook import WIDTH
from hygiene.cli import cli
from hygiene.reports.rule_pages import HEADING_WORDS, print_rule
from hygiene.reports.translate import PSEUDO, Translator
from tests.reports.messages import ROOT
from tests.reports.test_translations import outer_text

if TYPE_CHECKING:
    from hygiene.advice.types import RuleModule

MODULES = load_rules()
each_rule = pytest.mark.parametrize("module", MODULES, ids=[module.RULE.id for module in MODULES])
FRENCH = Translator("fr", strict=True)
CODE = re.compile(r"`[^`]+`")
THOUSANDS = re.compile(r"(?<=\d)[,\u00a0](?=\d{3}(?!\d))")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


def page(rule_id: str, lang: str) -> str:
    return CliRunner().invoke(cli, ["rules", rule_id, "--lang", lang]).stdout


def numbers(text: str) -> list[str]:
    """Return the numbers of a text, `2,200` and `2 200`, `0.3` and `0,3` alike, in the order of their size."""
    return sorted(NUMBER.findall(THOUSANDS.sub("", text).replace(",", ".")))


@each_rule
def test_each_sentence_of_an_explanation_is_in_french(module: RuleModule) -> None:
    own = [heading for heading in HEADINGS if heading != CITED]
    assert len(sentences(module)) == 1 + sum(len(explained(module).sections[heading]) for heading in own)
    for message in sentences(module):
        assert FRENCH.text(message) != Translator("en").text(message)


@each_rule
def test_names_in_code_and_figures_are_the_same_in_both_languages(module: RuleModule) -> None:
    for message in sentences(module):
        english, french = Translator("en").text(message), FRENCH.text(message)
        assert sorted(CODE.findall(french)) == sorted(CODE.findall(english))
        assert numbers(french) == numbers(english)


def test_no_entry_of_the_rulebook_is_unused() -> None:
    with (ROOT / "hygiene/locale/fr/LC_MESSAGES/rulebook.po").open("rb") as file:
        listed = [entry.id for entry in read_po(file, locale="fr", abort_invalid=True) if entry.id]
    said = {message.id for module in MODULES for message in sentences(module)}
    assert set(listed) - said <= set(HEADINGS)
    assert said <= set(listed)


def test_a_paragraph_that_changed_is_found_missing() -> None:
    known = sentences(MODULES[0])[1]
    assert FRENCH.text(known)
    with pytest.raises(LookupError):
        FRENCH.text(sentence(known.id + " And one thing more."))


@each_rule
def test_a_page_in_french_holds_no_english_heading_and_cites_as_it_is(module: RuleModule) -> None:
    shown = page(module.RULE.id, "fr")
    words = [FRENCH.text(HEADING_WORDS[heading]) for heading in HEADINGS]
    assert [line for line in shown.splitlines() if line in words] == words
    assert not set(shown.splitlines()) & (set(HEADINGS) - {CITED})
    assert shown.startswith(f"{module.RULE.id}\u00a0: ")
    cited = " ".join(explained(module).sections[CITED])
    assert " ".join(shown.split(f"\n{CITED}\n")[1].split()) == cited


@each_rule
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_page_shows_its_signs_as_meant_and_keeps_its_width(module: RuleModule, lang: str) -> None:
    _, _, explanation = page(module.RULE.id, lang).split("\n\n", 2)
    assert "%%" not in explanation
    assert "%(" not in explanation
    assert all(len(line) <= WIDTH for line in explanation.splitlines())


@each_rule
def test_nothing_of_a_page_escapes_translation(module: RuleModule, capsys: pytest.CaptureFixture[str]) -> None:
    print_rule(module, "table", Translator(PSEUDO))
    ours, cited = capsys.readouterr().out.split(f"⟦{CITED}⟧")
    assert set(re.findall(r"[^\W\d_]+", outer_text(ours))) == set()
    assert "⟦" not in cited


def test_of_needs_that_are_alternatives_the_page_says_so_in_its_language() -> None:
    assert "Needs templates, contacts, enrollments or events." in page("TOK-03", "en")
    assert "Nécessite templates, contacts, enrollments ou events." in page("TOK-03", "fr")


@each_rule
def test_a_row_in_json_speaks_the_language_of_its_title(module: RuleModule) -> None:
    rows = {
        lang: json.loads(CliRunner().invoke(cli, ["rules", module.RULE.id, "--format", "json", "--lang", lang]).stdout)[
            0
        ]
        for lang in ("en", "fr")
    }
    translated = {key for key, text in rows["en"].items() if rows["fr"][key] != text}
    assert translated == {"title", "summary", "what_it_checks", "why_it_matters", "what_to_do", "limits"}
    assert rows["fr"].keys() == rows["en"].keys()
    assert rows["fr"]["limits"] == "\n\n".join(
        FRENCH.text(sentence(text)) for text in explained(module).sections["Limits"]
    )
