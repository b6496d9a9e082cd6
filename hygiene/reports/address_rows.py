"""The rows of `hygiene addresses`: what to look at in a contact's address, as a table, CSV or JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from hygiene.reports.cells import defuse
from hygiene.reports.tables import csv_text
from hygiene.reports.text import aligned, cell_text
from hygiene.reports.words import filled
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygiene.flags.addresses import AddressRow
    from hygiene.reports.translate import Translator

COLUMNS = ("contact_id", "email", "problems", "suggestion", "domain_state", "advice")
ADDRESS_COLUMNS = (Message("Finding code"), Message("Domain probably meant"))
"""Further headers of the list for people."""
LIST_FILE = "lists/addresses.people.csv"
TABLE_ROWS = 200
"""Rows of the table for people; all of them are in the other formats."""
ADVICE: Mapping[str, Message] = {
    "malformed": Message("This is no address: look it up again."),
    "unusual": Message("An unusual form, allowed but rare: check it."),
    "typo_domain": Message("Probably mistyped: %(domain)s?"),
    "disposable": Message("A throw-away mailbox: ask for another address."),
    "role_system": Message("A machine's mailbox: never write to it."),
    "role_team": Message("A shared mailbox: find the person."),
    "free_mail": Message("A private mailbox."),
    "privacy_relay": Message("A real person behind a forwarding address."),
    "dead": Message("The domain does not exist: check the spelling, then remove the address."),
    "no_mail": Message("The domain takes no mail: find another address."),
    "unknown": Message("DNS did not answer for the domain: nothing is known."),
}
"""By problem code, and by what DNS said of the domain."""


def advice(row: AddressRow) -> list[Message]:
    """Return what to do about an address, one sentence a finding."""
    said = [
        filled(ADVICE[problem.code], {"domain": Text(problem.suggestion)} if problem.suggestion else None)
        for problem in row.problems
    ]
    return [*said, ADVICE[row.domain_state]] if row.domain_state and row.domain_state in ADVICE else said


def print_addresses(rows: Sequence[AddressRow], form: str, translator: Translator, *, show_all: bool) -> None:
    """Print the addresses worth a look (or all), and on stderr how many there are of each kind."""
    shown = [row for row in rows if show_all or row.is_worth_a_look]
    records = [_record(row, translator) for row in shown]
    if form == "json":
        click.echo(json.dumps(records, ensure_ascii=False, indent=1))
    elif form == "csv":
        cells = [[defuse(record[name] or "") for name in COLUMNS] for record in records]
        click.echo(csv_text([COLUMNS, *cells]), nl=False)
    elif records:
        names = ("contact_id", "email", "advice")
        lines = [[translator.text(Text(record[name] or "")) for name in names] for record in records[:TABLE_ROWS]]
        header = [translator.text(title) for title in (Message("Contact"), Message("Email"), Message("What to do"))]
        click.echo("\n".join(aligned(header, lines, [False] * len(names))))
    counts = Counter(problem.code for row in rows for problem in row.problems)
    summary = Message(
        "%(n)s of %(total)s addresses is worth a look.",
        {"total": Count(len(rows))},
        plural="%(n)s of %(total)s addresses are worth a look.",
        n=sum(row.is_worth_a_look for row in rows),
    )
    click.echo(cell_text(summary, translator), err=True)
    for code, count in counts.most_common():
        click.echo(f"  {count:>6}  {code}", err=True)


def _record(row: AddressRow, translator: Translator) -> dict[str, Any]:
    return {
        "contact_id": row.contact_id,
        "email": row.email,
        "problems": " ".join(problem.code for problem in row.problems),
        "suggestion": row.suggestion,
        "domain_state": row.domain_state,
        "advice": " ".join(translator.text(sentence) for sentence in advice(row)),
    }
