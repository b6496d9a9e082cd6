"""Canonical tables made from plain rows, and a contact of whom little is known, for tests right of sources/."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb

from hygiene.facts.types import ContactFacts
from hygiene.sources.schema import CANONICAL, RESPONSE_TYPES
from hygiene.sources.tables import ImportReport, Tables

if TYPE_CHECKING:
    from pathlib import Path

START = datetime(2026, 1, 1)
REJECTS = {
    "file": "VARCHAR",
    "line": "BIGINT",
    "column": "VARCHAR",
    "value": "VARCHAR",
    "code": "VARCHAR",
    "expected": "VARCHAR",
}


def day(number: float) -> datetime:
    """The moment `number` days after the start of 2026."""
    return START + timedelta(days=number)


def make_tables(folder: Path, **rows: list[dict[str, Any]]) -> Tables:
    """Write every canonical table; columns that a row leaves out are null (false for the never-null booleans)."""
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(rows.get("events", []), key=lambda event: event["at"])
    rows["events"] = [{**event, "event_key": key} for key, event in enumerate(ordered, start=1)]
    rows.setdefault("responses", _responses(rows["events"]))
    with duckdb.connect() as connection:
        for table, columns in {**CANONICAL, "rejects": REJECTS}.items():
            _write(connection, folder / f"{table}.parquet", columns, rows.get(table, []))
    moments = [row["at"] for row in rows.get("events", [])]
    moments += [
        row[name] for row in rows.get("enrollments", []) for name in ("enrolled_at", "ended_at") if row.get(name)
    ]
    report = ImportReport(
        source="test",
        data_hash="0" * 32,
        tables={table: len(rows.get(table, [])) for table in CANONICAL},
        given=tuple(rows),
        files=(),
        notes=(),
        rejected=0,
        data_from=min(moments, default=None),
        data_until=max(moments, default=None),
        has_events=bool(rows.get("events")),
    )
    return Tables(folder, report)


NEVER_NULL = ("replied", "bounced", "unsubscribed", "is_machine", "opted_out", "do_not_contact")


def _write(connection: Any, path: Path, columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
    names = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    connection.execute(f"CREATE OR REPLACE TABLE rows ({names})")
    values = [
        [row.get(name, False if name in NEVER_NULL and kind == "BOOLEAN" else None) for name, kind in columns.items()]
        for row in rows
    ]
    if values:
        connection.executemany(f"INSERT INTO rows VALUES ({', '.join('?' * len(columns))})", values)
    connection.execute(f"COPY rows TO '{path}' (FORMAT parquet)")


def _responses(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {**event, "received_at": _received_at(event, events)} for event in events if event["type"] in RESPONSE_TYPES
    ]


def _received_at(bounce: dict[str, Any], events: list[dict[str, Any]]) -> datetime | None:
    """The slow, obvious form of `responses.received_at`."""
    if bounce["type"] != "bounce":
        return None
    later = [
        event["at"]
        for event in events
        if event["enrollment_key"] == bounce["enrollment_key"]
        and event["at"] > bounce["at"]
        and (
            event["type"] == "delivered"
            or (event["type"] in ("open", "click", "reply") and not event.get("is_machine"))
        )
    ]
    return min(later, default=None)


QUIET = ContactFacts(
    contact_key=1,
    contact_id="c1",
    email="ana@example.org",
    sender_key=1,
    sends=3,
    replies=0,
    engagements=0,
    sends_since_reply=3,
    sends_since_engagement=3,
    last_sent_at=day(3),
    last_reply_at=None,
    last_engaged_at=None,
    active_enrollments=0,
    last_ended_at=None,
    opted_out=False,
    opted_out_at=None,
    unsubscribed_at=None,
    complained_at=None,
    do_not_contact=False,
    suppressed=None,
    hard_bounce_reason=None,
    last_bounce_at=None,
    last_bounce_detail=None,
    last_bounce_category=None,
    last_bounce_action=None,
    last_bounce_signal=None,
    bounced_lately=False,
    alive_at=None,
    full_mailboxes=0,
    asked_out_at=None,
    away_at=None,
    away_until=None,
    is_away=False,
    left_at=None,
    successor=None,
    marketing_sends_since_engagement=None,
    marketing_engaged=None,
)
"""A contact with three mails and no sign of anything."""
