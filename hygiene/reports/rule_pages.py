"""The rules of the recommender in a terminal: `hygiene rules`, and one of them in full."""

from __future__ import annotations

import json
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click

from hygiene.advice.registry import HEADINGS, explained
from hygiene.advice.rulebook import needs_of
from hygiene.reports.tables import csv_text
from hygiene.reports.text import aligned
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygiene.advice.types import RuleModule
    from hygiene.reports.translate import Translator
    from hygiene.values import Value

COLUMNS = ("id", "title", "severity", "scope", "basis")
HEADER = (Message("Rule"), Message("All is well where"), Message("Severity"), Message("About"), Message("Basis"))


def print_rules(modules: Sequence[RuleModule], form: str, translator: Translator) -> None:
    """Print a row a rule, as `table`, `csv` or `json`."""
    records = [_record(module, translator) for module in modules]
    if form == "json":
        click.echo(json.dumps(records, ensure_ascii=False, indent=1))
        return
    rows = [[str(record[name]) for name in COLUMNS] for record in records]
    if form == "csv":
        click.echo(csv_text([COLUMNS, *rows]), nl=False)
        return
    header = [translator.text(title) for title in HEADER]
    click.echo("\n".join(aligned(header, rows, [False] * len(COLUMNS))))


def print_rule(module: RuleModule, form: str, translator: Translator) -> None:
    """Print one rule in full, as a page (`table`), or as one row in `csv` or `json`."""
    if form != "table":
        print_rules([module], form, translator)
        return
    rule, summary, sections = explained(module)
    facts: dict[str, Value] = {
        "family": Text(rule.family),
        "severity": Text(rule.severity),
        "scope": Text(rule.scope),
        "basis": Text(rule.basis),
        "minutes": Count(rule.effort_minutes),
        "owner": Text(rule.owner),
        "needs": Text(", ".join(needs_of(rule)) or "–"),
    }
    about = (
        Message("Family %(family)s, severity %(severity)s, about a %(scope)s, basis %(basis)s.", facts),
        Message("%(minutes)s minutes of work for: %(owner)s. Needs %(needs)s.", facts),
    )
    click.echo(f"{rule.id}: {summary}\n")
    click.echo("\n".join(translator.text(line) for line in about))
    for heading in HEADINGS:
        click.echo(f"\n{heading}\n{indent(sections[heading], '    ')}")


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
        "summary": summary,
        **{heading.lower().replace(" ", "_"): sections[heading] for heading in HEADINGS},
    }
