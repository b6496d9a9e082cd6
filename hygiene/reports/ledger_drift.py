"""The rows of `hygiene ledger drift`: who said no here and could still be written to there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from hygiene.gate.ledger.drift import LEDGER
from hygiene.reports.cells import defuse
from hygiene.reports.ledger_reasons import LEDGER_REASONS
from hygiene.reports.ledger_rows import TABLE_ROWS, any_stream, print_table, stated
from hygiene.reports.tables import csv_text
from hygiene.values import Count, Message, Moment, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygiene.gate.ledger.drift import Drift
    from hygiene.reports.translate import Translator
    from hygiene.values import Value

DRIFT_COLUMNS = (
    *("email", "reason", "said_in", "source", "said_at", "days", "still_in", "state", "sequences", "sequence_names"),
)
DRIFT_TITLES = (
    *(Message("Email"), Message("Why"), Message("Said in"), Message("On"), Message("Days since")),
    *(Message("Still in"), Message("Where it stands")),
)
NOT_STOPPED = Message("in no sequence, but nothing stops one")


def print_drifts(rows: Sequence[Drift], form: str, translator: Translator) -> None:
    """Print the rows, and on stderr how many people they are about."""
    if form == "table":
        print_table(DRIFT_TITLES, [_cells(row) for row in rows[:TABLE_ROWS]], translator)
    elif form == "csv":
        records = [_record(row) for row in rows]
        cells = [[defuse(_joined(record[name])) for name in DRIFT_COLUMNS] for record in records]
        click.echo(csv_text([DRIFT_COLUMNS, *cells]), nl=False)
    else:
        click.echo(json.dumps([_record(row) for row in rows], ensure_ascii=False, indent=1))
    click.echo(translator.text(_summary(rows)), err=True)


def _summary(rows: Sequence[Drift]) -> Message:
    if not rows:
        return Message("No drift: whoever said no is stopped in every tool.")
    running = sum(row.state == "in_sequences" for row in rows)
    return Message(
        "%(n)s person said no and could still be written to; in running sequences: %(running)s.",
        {"running": Count(running)},
        plural="%(n)s times somebody said no and could still be written to; in running sequences: %(running)s.",
        n=len(rows),
    )


def _cells(row: Drift) -> list[Value | None]:
    said_in: Value = Text(any_stream(row.said_in))
    if row.said_in == LEDGER:
        said_in = Message("the ledger")
        if row.source:
            said_in = Message("the ledger (%(source)s)", {"source": Text(any_stream(row.source))})
    stands = NOT_STOPPED
    if row.sequences:
        stands = Message(
            "in %(n)s sequence: %(names)s",
            {"names": Text(any_stream(", ".join(row.sequences)))},
            plural="in %(n)s sequences: %(names)s",
            n=len(row.sequences),
        )
    return [
        *(Text(any_stream(row.email)), LEDGER_REASONS[row.reason], said_in, Moment(row.said_at)),
        *(None if row.days is None else Count(row.days), Text(any_stream(row.still_in)), stands),
    ]


def _record(row: Drift) -> dict[str, Any]:
    return {
        "email": any_stream(row.email),
        "reason": row.reason,
        "said_in": any_stream(row.said_in),
        "source": any_stream(row.source),
        "said_at": stated(row.said_at),
        "days": row.days,
        "still_in": any_stream(row.still_in),
        "state": row.state,
        "sequences": len(row.sequences),
        "sequence_names": [any_stream(name) for name in row.sequences],
    }


def _joined(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else "" if value is None else str(value)
