"""Writes the canonical tables as Parquet, one file a table, always all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources.schema import CANONICAL
from hygiene.sources.sql import literal, quoted
from hygiene.sources.typed import given

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

RELATIONS = {
    "templates": f"(SELECT * FROM {given('templates')} AS g JOIN ids_sequences AS q ON q.id = g.sequence_id)",
    "content": given("content"),
}
"""Where a table's rows lie, if not in the work table of its name."""
RENAMED = {("templates", "sequence_key"): '"key"'}
ORDER = {
    "senders": "sender_key",
    "sequences": "sequence_key",
    "contacts": "contact_key",
    "enrollments": "enrollment_key",
    "events": "",  # sorted by time already
    "responses": "event_key",
    "bounce_texts": "bounce_key",
    "totals": "sender_key, sequence_key, period, ended, replied, bounced",
    "templates": '"key", step',
    "content": "content_id",
    "suppressions": 'email, domain, "key", reason, "at", source, key_id, variant, scope, expires',
}
"""The same data give the same bytes, in whatever order their rows came."""
_REJECTS = 'SELECT file, line, "column", value, code, expected FROM rejects ORDER BY file, line, "column", code, value'


def write_tables(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, int]:
    """Write every table of `schema.CANONICAL` and the rejects into a folder; return the rows of each table."""
    counts = {}
    for table, columns in CANONICAL.items():
        selected = ", ".join(
            f"CAST({RENAMED.get((table, name), quoted(name))} AS {kind}) AS {quoted(name)}"
            for name, kind in columns.items()
        )
        order = f"ORDER BY {ORDER[table]}" if ORDER[table] else ""
        query = f"SELECT {selected} FROM {RELATIONS.get(table, table)} {order}"
        counts[table] = _write(con, query, folder / f"{table}.parquet")
    _write(con, _REJECTS, folder / "rejects.parquet")
    return counts


def _write(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    row = con.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)").fetchone()
    return int(row[0]) if row else 0
