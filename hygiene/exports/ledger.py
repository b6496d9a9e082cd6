"""The ledger as the contract's table `suppressions`, for another ledger or a run elsewhere with the same key."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hygiene.exports.files import write_files
from hygiene.reports.cells import defuse
from hygiene.reports.ledger_rows import any_stream, stated
from hygiene.reports.tables import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hygiene.gate.ledger import Entry

EXPORT_COLUMNS = ("key", "reason", "at", "source", "key_id", "variant", "scope", "expires")
MARK = "key_id"
"""What each export holds, so that a later one may take its place."""


def export_text(entries: Iterable[Entry], key_id: str, form: str) -> str:
    """Return entries as `csv`, defused for spreadsheets, or `jsonl`, unchanged."""
    records = (_record(entry, key_id) for entry in entries)
    if form == "jsonl":
        return "".join(json.dumps(record) + "\n" for record in records)
    cells = ([defuse(any_stream(record[name] or "")) for name in EXPORT_COLUMNS] for record in records)
    return csv_text([EXPORT_COLUMNS, *cells])


def write_export(path: Path, text: str) -> None:
    """Write an export whole or not at all, and over nothing but an earlier one.

    Raises
    ------
    OutputError
        If the file cannot be written, or is not ours.
    """
    write_files(path.parent, {path.name: text}, MARK)


def _record(entry: Entry, key_id: str) -> dict[str, Any]:
    return {
        "key": entry.key,
        "reason": entry.reason,
        "at": stated(entry.at),
        "source": entry.source,
        "key_id": key_id,
        "variant": entry.variant,
        "scope": entry.scope,
        "expires": entry.expires and entry.expires.isoformat(),
    }
