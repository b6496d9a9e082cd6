"""The rows of `hygiene bounces`: for people a table with a summary, for scripts CSV or JSON Lines."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

import click

from hygiene.reports.cells import defuse
from hygiene.reports.text import aligned

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from hygiene.mail.bounces.types import Reading

COLUMNS = (
    *("file", "line", "email", "is_bounce", "status_code", "category", "fault", "action", "confidence", "evidence"),
    "owner",
)
"""The contract's columns, then who acts."""
SHOWN = ("where", "email", "status_code", "category", "fault", "action", "confidence", "evidence")
TABLE_ROWS = 200
"""Rows of the table for people; all of them are in the other formats."""
CELL_WIDTH = 60


class Row(NamedTuple):
    """A reading and where it comes from."""

    file: str | None
    line: int | None
    reading: Reading


def print_readings(rows: Iterable[Row], form: str) -> None:
    """Print rows as they come, as `csv` or `jsonl`; as `table`, the first `TABLE_ROWS` and a count of all."""
    if form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([_csv_cell(value) for value in record(row).values()])
    elif form == "jsonl":
        for row in rows:
            click.echo(json.dumps(record(row), ensure_ascii=False))
    else:
        _print_table(rows)


def record(row: Row) -> dict[str, Any]:
    """Return a row as `COLUMNS` name it; numbers and booleans as such, None where there is nothing."""
    verdict = row.reading.verdict
    return {
        "file": None if row.file is None else _plain(row.file),
        "line": row.line,
        "email": None if row.reading.email is None else _plain(row.reading.email),
        "is_bounce": row.reading.is_bounce,
        "status_code": verdict.status_code,
        "category": verdict.category,
        "fault": verdict.fault,
        "action": verdict.action,
        "confidence": verdict.confidence,
        "evidence": evidence(row.reading),
        "owner": verdict.owner,
    }


def evidence(reading: Reading) -> str:
    """Return what decided and the words that it stands on."""
    verdict = reading.verdict
    return _plain(f"{verdict.signal}: “{verdict.quote}”" if verdict.quote else verdict.signal)


def _plain(text: str) -> str:
    """Return a text that any stream takes: a file's name may hold bytes that are no text."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return defuse(value) if isinstance(value, str) else f"{value:.2f}" if isinstance(value, float) else str(value)


def _print_table(rows: Iterable[Row]) -> None:
    shown: list[list[str]] = []
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        verdict = row.reading.verdict
        counts[(verdict.category, verdict.fault, verdict.action)] += 1
        if len(shown) < TABLE_ROWS:
            cells = {**record(row), "where": str(row.line) if row.file is None else PurePath(_plain(row.file)).name}
            shown.append([_csv_cell(cells[name])[:CELL_WIDTH] for name in SHOWN])
    click.echo("\n".join(aligned(list(SHOWN), shown, [name == "confidence" for name in SHOWN])))
    total = sum(counts.values())
    click.echo(f"\n{total} rows" + (f", the first {TABLE_ROWS} shown" if total > TABLE_ROWS else "") + ":", err=True)
    summary = [[str(count), *what] for what, count in counts.most_common()]
    click.echo(
        "\n".join(aligned(["rows", "category", "fault", "action"], summary, [True, False, False, False])), err=True
    )
