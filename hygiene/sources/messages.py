"""What the texts among the events say, read once at the import: why a mail bounced, and whether a reply is a person's.

A reply that a machine wrote is marked as one, so that nothing later counts it. Each distinct text is read once.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from hygiene.sources.schema import CANONICAL
from hygiene.sources.sql import count, literal
from hygiene.sources.tables import ImportNote
from hygiene.sources.typed import given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    import duckdb

    Progress = Callable[[str, float | None], None]

CHUNK = 2_000
"""Texts that are read at a time."""
TEXT_LIMIT = 20_000
"""Characters of a text that are taken to be read."""

_BOUNCE_KEYS = f"""
CREATE TABLE bounce_keys AS
SELECT CAST(row_number() OVER (ORDER BY text) AS INTEGER) AS "key", text FROM (
    SELECT DISTINCT detail AS text FROM {given("events")} WHERE type = 'bounce' AND detail IS NOT NULL
    UNION SELECT DISTINCT hard_bounce_reason FROM {given("contacts")} WHERE hard_bounce_reason IS NOT NULL
)
"""
# A return without a year depends on the day of the answer.
_REPLY_KEYS = f"""
CREATE TABLE reply_keys AS
SELECT CAST(row_number() OVER (ORDER BY detail, subject, on_day) AS INTEGER) AS "key", detail, subject, on_day FROM (
    SELECT DISTINCT coalesce(detail, '') AS detail, coalesce(subject, '') AS subject, CAST("at" AS DATE) AS on_day
    FROM {given("events")} WHERE type = 'reply' AND (detail IS NOT NULL OR subject IS NOT NULL)
)
"""
REPLY_COLUMNS = {
    "key": "INTEGER",
    "kind": "VARCHAR",
    "is_machine": "BOOLEAN",
    "returns_on": "TIMESTAMP",
    "successor": "VARCHAR",
}
_MARKED = """
UPDATE events_sorted SET is_machine = true
WHERE type = 'reply' AND NOT is_machine AND rowid + 1 IN (
    SELECT e.event_key FROM events AS e JOIN reply_keys AS k
        ON k.detail = coalesce(e.detail, '') AND k.subject = coalesce(e.subject, '') AND k.on_day = CAST(e."at" AS DATE)
    JOIN reply_texts AS t ON t."key" = k."key"
    WHERE e.type = 'reply' AND t.is_machine
)
"""


def read_messages(con: duckdb.DuckDBPyConnection, work: Path, progress: Progress) -> list[ImportNote]:
    """Create `bounce_keys`, `bounce_texts`, `reply_keys` and `reply_texts`, and mark the replies of machines.

    Parameters
    ----------
    con
        Holds `given_events`, `given_contacts`, `events_sorted` and `events`.
    work
        A folder for what passes between.
    progress
        Called with the step and the part done.

    Returns
    -------
    A note on replies that their text shows to be automatic.
    """
    con.execute(_BOUNCE_KEYS)
    con.execute(_REPLY_KEYS)
    bounces, replies = (count(con, f"SELECT count(*) FROM {name}") for name in ("bounce_keys", "reply_keys"))
    _load(con, work, "bounce_texts", CANONICAL["bounce_texts"], _bounce_rows(con, bounces, progress))
    _load(con, work, "reply_texts", REPLY_COLUMNS, _reply_rows(con, replies, progress))
    before = _machines(con)
    con.execute(_MARKED)
    marked = _machines(con) - before
    return [ImportNote("automatic_replies", {"count": marked})] if marked else []


def _machines(con: duckdb.DuckDBPyConnection) -> int:
    return count(con, "SELECT count(*) FROM events_sorted WHERE type = 'reply' AND is_machine")


def _bounce_rows(con: duckdb.DuckDBPyConnection, total: int, progress: Progress) -> Iterator[tuple[Any, ...]]:
    if not total:
        return
    from hygiene.mail.addresses import provider_of
    from hygiene.mail.bounces.crm import read_details

    for done, chunk in _chunks(con, f'SELECT "key", left(text, {TEXT_LIMIT}) FROM bounce_keys ORDER BY "key"'):
        progress("Understanding the bounces", done / total)
        for (key, text), verdict in zip(chunk, read_details([text for _, text in chunk]), strict=True):
            host = provider_of("", text)
            provider = verdict.provider if host == "other" else host
            yield (
                key,
                verdict.category,
                verdict.fault,
                verdict.action,
                verdict.owner,
                verdict.confidence,
                verdict.status_code,
                verdict.signal,
                verdict.ticket,
                provider,
            )


def _reply_rows(con: duckdb.DuckDBPyConnection, total: int, progress: Progress) -> Iterator[tuple[Any, ...]]:
    if not total:
        return
    from hygiene.mail.replies import read_reply
    from hygiene.mail.triage import is_report

    query = (
        f'SELECT "key", left(detail, {TEXT_LIMIT}), subject, CAST(on_day AS TIMESTAMP) FROM reply_keys ORDER BY "key"'
    )
    for done, chunk in _chunks(con, query):
        progress("Understanding the replies", done / total)
        for key, text, subject, at in chunk:
            if is_report(subject, text):
                yield key, "auto_reply", True, None, None
                continue
            reading = read_reply(text, subject, at=at)
            yield key, reading.kind, reading.is_machine, reading.returns_on, reading.successor


def _chunks(con: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    cursor = con.cursor()
    try:
        cursor.execute(query)
        done = 0
        while chunk := cursor.fetchmany(CHUNK):
            yield done, chunk
            done += len(chunk)
    finally:
        cursor.close()


def _load(
    con: duckdb.DuckDBPyConnection, work: Path, table: str, columns: dict[str, str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Create a table of rows that Python made; a file is the engine's quickest way in."""
    path = work / f"{table}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([tuple(columns), *(tuple(map(_cell, row)) for row in rows)])
    kinds = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    con.execute(
        f"""CREATE TABLE {table} AS SELECT * FROM read_csv(
                {literal(str(path))}, header = true, quote = '"', escape = '"', auto_detect = false,
                columns = {{{kinds}}}
            )"""
    )


def _cell(value: str | float | bool | datetime | None) -> str:
    return "" if value is None else str(value)
