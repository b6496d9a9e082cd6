"""Each dialect against its table of texts, whose tokens and problems a person has read one by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hygiene.advice.tokens.dialects import AUTO, DIALECTS, GRAMMARS
from hygiene.advice.tokens.scan import scan

HERE = Path(__file__).parent
CASES = [
    (path.stem, row)
    for path in sorted((HERE / "cases").glob("*.jsonl"))
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
]
PLAIN = (HERE / "plain.txt").read_text(encoding="utf-8").splitlines()
CONTRACT = (
    "hubspot outreach salesloft apollo instantly lemlist smartlead saleshandy reply mailshake salesforce marketo "
    "mailchimp activecampaign pardot snov woodpecker zendesk unify mautic auto"
)


@pytest.mark.parametrize(("dialect", "row"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_the_tokens_and_problems_of_a_text_are_those_of_the_table(dialect, row):
    found = scan(row["text"], dialect, row.get("fields"))
    assert [list(pair) for pair in found.pairs()] == row["tokens"], row["text"]
    assert [problem.kind for problem in found.problems] == row["problems"], row["text"]
    if dialect == AUTO:
        assert found.dialect == row["dialect"], row["text"]


def test_each_dialect_of_the_contract_has_a_grammar_and_at_least_twelve_texts():
    assert set(CONTRACT.split()) <= set(DIALECTS)
    for dialect in DIALECTS:
        assert sum(name == dialect for name, _ in CASES) >= 12, dialect
    assert len(CASES) >= 260


def test_each_grammar_names_the_page_that_it_is_from():
    assert all(name == grammar.name and "." in grammar.source for name, grammar in GRAMMARS.items())


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_has_neither_tokens_nor_problems_in_any_dialect(text):
    for dialect in DIALECTS:
        found = scan(text, dialect)
        assert (dialect, found.tokens, found.problems) == (dialect, (), ())


@pytest.mark.parametrize(("dialect", "row"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_text_among_others_and_in_html_reads_as_it_does_alone(dialect, row):
    """What is broken by its end alone is left out: there, what follows belongs to it."""
    if dialect == AUTO or "malformed" in row["problems"]:
        return
    found = scan(f"<p>Prix : 10 % — voir [ici](https://a.example).</p>\n{row['text']}\n<br>À bientôt", dialect)
    assert [list(pair) for pair in found.pairs()] == row["tokens"]


def test_a_field_is_known_by_its_whole_name_or_by_the_name_without_its_object():
    text = "{{ contact.firstname }} {{ contact.city }} {{ owner.email }} {{ contact.x }}"
    found = scan(text, "hubspot", ["firstname", "contact.city"])
    assert [(problem.kind, problem.text) for problem in found.problems] == [("unknown_token", "{{ contact.x }}")]
    assert scan(text, "hubspot").problems == ()
    assert len(scan(text, "hubspot", []).problems) == 3


def test_a_token_that_is_only_tested_says_so():
    tested, printed = scan("{% if company %}{{ city }}{% endif %}", "salesloft").tokens
    assert (tested.path, tested.tested) == ("company", True)
    assert (printed.path, printed.tested) == ("city", False)


def test_a_span_is_the_whole_tag_in_characters():
    text = "Été {{first_name}}, {x_y} [Prénom]"
    found = scan(text, "outreach")
    assert [text[slice(*token.span)] for token in found.tokens] == ["{{first_name}}"]
    assert [text[slice(*problem.span)] for problem in found.problems] == ["{x_y}", "[Prénom]"]
