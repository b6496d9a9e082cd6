"""The rules of the recommender, and the tokens of templates."""

from __future__ import annotations

import sys

import click

from hygiene.options import LANGUAGES

DIALECTS = (
    *("hubspot", "outreach", "salesloft", "apollo", "instantly", "lemlist", "smartlead", "saleshandy", "reply"),
    *("mailshake", "salesforce", "marketo", "mailchimp", "activecampaign", "pardot", "snov", "woodpecker", "zendesk"),
    *("unify", "mautic", "sendgrid", "auto"),
)
"""As `advice.tokens.dialects.DIALECTS` (a test holds them equal), which a command loads when it runs."""
ERRORS_SHOWN = 5
"""Errors of a kind that are shown; the others are counted."""


@click.command()
@click.argument("rule_id", metavar="[ID]", required=False)
@click.option("--family", metavar="NAME", help="Only the rules of this family, such as bounce or segment.")
@click.option(
    "--format", "form", type=click.Choice(("table", "csv", "json")), default="table", show_default=True, help="Output."
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language.")
def rules(rule_id: str | None, family: str | None, form: str, lang: str) -> None:
    """List the rules of the recommender, or explain the rule ID: what it checks, why, its limits and its source.

    \b
    Example:
      hygiene rules --family bounce
      hygiene rules BNC-02
    """
    from hygiene.advice.registry import find_rule, of_family
    from hygiene.reports.rule_pages import print_rule, print_rules
    from hygiene.reports.translate import Translator

    if rule_id and family:
        raise click.UsageError("Name a rule or a family, not both.")
    if rule_id:
        print_rule(find_rule(rule_id), form, Translator(lang))
    else:
        print_rules(of_family(family), form, Translator(lang))


@click.command()
@click.option(
    "--dialect", required=True, type=click.Choice(DIALECTS), help="Whose syntax the texts have; auto: the likeliest."
)
@click.option(
    "--format", "form", type=click.Choice(("table", "jsonl")), default="table", show_default=True, help="Output."
)
def tokens(dialect: str, form: str) -> None:
    """Find the personalization tokens of texts, and what is wrong with them.

    Reads one JSON object a line: a "text" and, if you have them, the "fields" that exist. Never runs a template.

    \b
    Example:
      hygiene tokens --dialect hubspot --format jsonl < templates.jsonl
      echo '{"text": "Hi {{first_name}}"}' | hygiene tokens --dialect auto
    """
    from hygiene.advice.tokens.lines import FORM, scan_lines
    from hygiene.errors import SourceError
    from hygiene.reports.token_rows import print_tokens

    if sys.stdin.isatty():
        raise click.UsageError(f"Send texts through a pipe: {FORM}.")
    errors = print_tokens(scan_lines(sys.stdin.buffer, dialect), form)
    if errors:
        more = f" And {len(errors) - ERRORS_SHOWN} more like it." if len(errors) > ERRORS_SHOWN else ""
        raise SourceError(" ".join(errors[:ERRORS_SHOWN]) + more)
