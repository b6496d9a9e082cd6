"""The rules of the recommender in a terminal: `hygiene rules`, and one of them in full."""

from __future__ import annotations

import json
from functools import reduce
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from hygiene.advice.registry import CITED, HEADINGS, explained, sentence
from hygiene.advice.rulebook import WIDTH
from hygiene.reports.actions import BASIS_WORDS, FAMILY_WORDS
from hygiene.reports.tables import csv_text
from hygiene.reports.team_actions import TEAM_OWNERS
from hygiene.reports.text import aligned
from hygiene.reports.translate import NOTHING
from hygiene.values import Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygiene.advice.types import Rule, RuleModule, Scope, Severity
    from hygiene.reports.translate import Translator
    from hygiene.values import Value

COLUMNS = ("id", "title", "severity", "scope", "basis")
SEVERITY_WORDS: Mapping[Severity, Message] = {
    "gate": Message("to be settled first"),
    "high": Message("high"),
    "medium": Message("medium"),
    "info": Message("a hint"),
}
SCOPE_WORDS: Mapping[Scope, Message] = {
    "team": Message("the team"),
    "sender": Message("one sender"),
    "sequence": Message("one sequence"),
    "template": Message("one template"),
    "segment": Message("one segment"),
    "source": Message("one source of contacts"),
    "list": Message("one list of contacts"),
}
HEADING_WORDS: Mapping[str, Message] = {
    "What it checks": Message("What it checks"),
    "Why it matters": Message("Why it matters"),
    "What to do": Message("What to do"),
    "Limits": Message("Limits"),
    "Source": Message("Source"),
}
"""By the headings of a rule's docstring."""
INDENT = "    "
HEADER = (Message("Rule"), Message("All is well where"), Message("Severity"), Message("About"), Message("Basis"))


def print_rules(modules: Sequence[RuleModule], form: str, translator: Translator) -> None:
    """Print a row a rule, as `table`, `csv` or `json`."""
    records = [_record(module, translator) for module in modules]
    if form == "json":
        click.echo(json.dumps(records, ensure_ascii=False, indent=1))
        return
    if form == "csv":
        rows = [[str(record[name]) for name in COLUMNS] for record in records]
        click.echo(csv_text([COLUMNS, *rows]), nl=False)
        return
    rows = [_words(module.RULE, translator) for module in modules]
    header = [translator.text(title) for title in HEADER]
    click.echo("\n".join(aligned(header, rows, [False] * len(COLUMNS))))


def _words(rule: Rule, translator: Translator) -> list[str]:
    cells = (rule.title, SEVERITY_WORDS[rule.severity], SCOPE_WORDS[rule.scope], BASIS_WORDS[rule.basis])
    return [rule.id, *(translator.text(cell) for cell in cells)]


def print_rule(module: RuleModule, form: str, translator: Translator) -> None:
    """Print one rule in full, as a page (`table`), or as one row in `csv` or `json`."""
    if form != "table":
        print_rules([module], form, translator)
        return
    rule, summary, sections = explained(module)
    facts: dict[str, Value] = {
        "family": FAMILY_WORDS[rule.family],
        "severity": SEVERITY_WORDS[rule.severity],
        "scope": SCOPE_WORDS[rule.scope],
        "basis": BASIS_WORDS[rule.basis],
        "owner": TEAM_OWNERS[rule.owner],
        "needs": _needs(rule),
    }
    about = (
        Message("Family: %(family)s. Severity: %(severity)s. About: %(scope)s. Rests on: %(basis)s.", facts),
        Message(
            "%(n)s minute of work for: %(owner)s. Needs %(needs)s.",
            facts,
            plural="%(n)s minutes of work for: %(owner)s. Needs %(needs)s.",
            n=rule.effort_minutes,
        ),
    )
    title = Message("%(term)s: %(value)s", {"term": Text(rule.id), "value": sentence(summary)})
    click.echo(f"{translator.text(title)}\n")
    click.echo("\n".join(translator.text(line) for line in about))
    for heading in HEADINGS:
        click.echo(f"\n{translator.text(HEADING_WORDS[heading])}")
        click.echo("\n\n".join(_wrapped(text) for text in _paragraphs(heading, sections[heading], translator)))


def _needs(rule: Rule) -> Value:
    """Return what a rule needs; of the names in one need, any is enough."""
    named: list[list[Value]] = [[Text(name) for name in need.split("|")] for need in rule.needs]
    return reduce(_both, [reduce(_either, names) for names in named]) if named else Text(NOTHING)


def _either(before: Value, after: Value) -> Value:
    return Message("%(before)s or %(next)s", {"before": before, "next": after})


def _both(before: Value, after: Value) -> Value:
    return Message("%(before)s, %(next)s", {"before": before, "next": after})


def _paragraphs(heading: str, texts: Sequence[str], translator: Translator) -> list[str]:
    """Return a section in the reader's language; what a source says keeps its own."""
    return [text if heading == CITED else translator.text(sentence(text)) for text in texts]


def _wrapped(text: str) -> str:
    return fill(
        text, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT, break_long_words=False, break_on_hyphens=False
    )


def _record(module: RuleModule, translator: Translator) -> dict[str, Any]:
    rule, summary, sections = explained(module)
    return {
        "id": rule.id,
        "title": translator.text(rule.title),
        "family": rule.family,
        "severity": rule.severity,
        "scope": rule.scope,
        "basis": rule.basis,
        "effort_minutes": rule.effort_minutes,
        "owner": rule.owner,
        "needs": list(rule.needs),
        "summary": translator.text(sentence(summary)),
        **{
            heading.lower().replace(" ", "_"): "\n\n".join(_paragraphs(heading, sections[heading], translator))
            for heading in HEADINGS
        },
    }
