"""The rows of `hygiene ledger check` and `list`, as a table, CSV or JSON."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from hygiene.reports.cells import defuse
from hygiene.reports.ledger_reasons import HOW_WORDS, LEDGER_REASONS
from hygiene.reports.tables import csv_text
from hygiene.reports.text import aligned
from hygiene.values import Count, Message, Moment, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hygiene.gate.ledger import Entry, Match
    from hygiene.reports.translate import Translator
    from hygiene.values import Value

CHECK_COLUMNS = ("email", "blocked", "reason", "at", "source", "match", "expires", "entries")
LIST_COLUMNS = ("line", "key", "scope", "reason", "at", "source", "expires", "added_at")
CHECK_TITLES = (
    *(Message("Email"), Message("Blocked"), Message("Why"), Message("Since"), Message("Source"), Message("Found by")),
    Message("Until"),
)
LIST_TITLES = (
    *(Message("Line"), Message("Hash"), Message("Applies to"), Message("Why"), Message("Since"), Message("Source")),
    Message("Until"),
)
TABLE_ROWS = 200
"""Rows of a table for people; all of them are in the other formats."""
HASH_DIGITS = 12
"""Digits of a hash that a table shows."""
SCOPES: Mapping[str, Message] = {"address": Message("an address"), "domain": Message("a domain")}
STATES: Mapping[bool | None, Message] = {True: Message("yes"), False: Message("no"), None: Message("no address")}


def stated(at: datetime | None) -> str | None:
    """Return a UTC time as ISO 8601 to the second."""
    return f"{at.isoformat(timespec='seconds')}Z" if at else None


def any_stream(text: str) -> str:
    """Return a text that any stream takes: what was typed or read may hold half a character."""
    return text.encode("utf-8", "replace").decode("utf-8")


def print_checked(
    emails: Sequence[str],
    states: Sequence[bool | None],
    found: Mapping[int, Sequence[Match]],
    form: str,
    translator: Translator,
) -> None:
    """Print what the ledger says of each address, and on stderr of how many it says something.

    Parameters
    ----------
    emails
        As they were asked for.
    states
        Of each, whether it is blocked; None: it is no address.
    found
        The entries about each by its position, the strictest first.
    form
        `table`, `csv` or `json`.
    translator
        For the table and what is said of it.
    """
    if form == "table":
        rows = [
            _checked_cells(emails[position], states[position], found.get(position, ()))
            for position in range(min(len(emails), TABLE_ROWS))
        ]
        print_table(CHECK_TITLES, rows, translator)
    elif form == "csv":
        cells = (_checked_row(emails[n], states[n], found.get(n, ())) for n in range(len(emails)))
        click.echo(csv_text([CHECK_COLUMNS, *cells]), nl=False)
    else:
        records = [
            {
                **_checked(emails[n], states[n], found.get(n, ())),
                "entries": [_matched(match) for match in found.get(n, ())],
            }
            for n in range(len(emails))
        ]
        click.echo(json.dumps(records, ensure_ascii=False, indent=1))
    said = Message(
        "%(n)s of %(total)s addresses is blocked.",
        {"total": Count(len(emails))},
        plural="%(n)s of %(total)s addresses are blocked.",
        n=sum(state is True for state in states),
    )
    click.echo(translator.text(said), err=True)


def print_entries(entries: Sequence[tuple[int, Entry]], form: str, translator: Translator) -> None:
    """Print entries with their lines in the ledger, and on stderr how many there are by reason and source."""
    if form == "table":
        print_table(LIST_TITLES, [_listed_cells(*row) for row in entries[:TABLE_ROWS]], translator)
    elif form == "csv":
        cells = [[_csv_cell(_listed(*row)[name]) for name in LIST_COLUMNS] for row in entries]
        click.echo(csv_text([LIST_COLUMNS, *cells]), nl=False)
    else:
        click.echo(json.dumps([_listed(*row) for row in entries], ensure_ascii=False, indent=1))
    total = Message("%(n)s entry", plural="%(n)s entries", n=len(entries))
    click.echo(translator.text(total), err=True)
    counts = Counter((entry.reason, entry.source) for _, entry in entries)
    for (reason, source), count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        click.echo(f"  {count:>6}  {reason}  {translator.text(Text(any_stream(source)))}".rstrip(), err=True)


def _checked(email: str, state: bool | None, matches: Sequence[Match]) -> dict[str, Any]:
    first = _matched(matches[0]) if matches else dict.fromkeys(("reason", "at", "source", "match", "expires"))
    return {"email": any_stream(email), "blocked": state, **first, "entries": len(matches)}


def _checked_row(email: str, state: bool | None, matches: Sequence[Match]) -> list[str]:
    if matches:
        record = _checked(email, state, matches)
        return [_csv_cell(record[name]) for name in CHECK_COLUMNS]
    # Most rows of a long list: nothing is known of them.
    return [defuse(any_stream(email)), _csv_cell(state), "", "", "", "", "", "0"]


def _matched(match: Match) -> dict[str, Any]:
    entry = match.entry
    return {
        "reason": entry.reason,
        "at": stated(entry.at),
        "source": any_stream(entry.source),
        "match": match.how,
        "expires": entry.expires and entry.expires.isoformat(),
        "added_at": stated(entry.added_at),
        "key": entry.key,
    }


def _checked_cells(email: str, state: bool | None, matches: Sequence[Match]) -> list[Value | None]:
    if not matches:
        return [Text(any_stream(email)), STATES[state], None, None, None, None, None]
    match = matches[0]
    return [
        *(Text(any_stream(email)), STATES[state], LEDGER_REASONS[match.reason], Moment(match.entry.since)),
        *(Text(any_stream(match.entry.source)), HOW_WORDS[match.how], _until(match.entry)),
    ]


def _listed(line: int, entry: Entry) -> dict[str, Any]:
    return {
        "line": line,
        "key": entry.key,
        "scope": entry.scope,
        "reason": entry.reason,
        "at": stated(entry.at),
        "source": any_stream(entry.source),
        "expires": entry.expires and entry.expires.isoformat(),
        "added_at": stated(entry.added_at),
    }


def _listed_cells(line: int, entry: Entry) -> list[Value | None]:
    return [
        *(Text(str(line)), Text(entry.key[:HASH_DIGITS]), SCOPES[entry.scope], LEDGER_REASONS[entry.reason]),
        *(Moment(entry.since), Text(any_stream(entry.source)), _until(entry)),
    ]


def _until(entry: Entry) -> Moment | None:
    from datetime import datetime, time

    return Moment(datetime.combine(entry.expires, time())) if entry.expires else None


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else defuse(str(value))


def print_table(titles: Sequence[Message], rows: Sequence[Sequence[Value | None]], translator: Translator) -> None:
    """Print a table for people; nothing where there is no row."""
    if rows:
        cells = [[translator.text(cell) if cell else "" for cell in row] for row in rows]
        click.echo("\n".join(aligned([translator.text(title) for title in titles], cells, [False] * len(titles))))
