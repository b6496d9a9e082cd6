"""The canonical tables: what every export becomes, and the only shapes that later rooms know.

`INPUT` is the contract's section 1 (what a user may hand in). `CANONICAL` is what ingest writes to the cache, one
Parquet file a table: integer keys given in the order of the ids, times as UTC without zone, every table always there
(perhaps empty), so that no `.sql` file needs to ask what a source had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "id", "bool", "count", "time", "choice"]


@dataclass(frozen=True)
class Column:
    """One input column: its kind, whether the table is unusable without it, and the values a choice may take."""

    name: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()


def _columns(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}


def _text(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names)


def _times(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, "time") for name in names)


OUTCOMES = ("active", "finished", "replied", "bounced", "unsubscribed", "meeting", "unenrolled")
EVENT_TYPES = ("sent", "delivered", "open", "click", "reply", "bounce", "unsubscribe", "complaint", "meeting")
RESPONSE_TYPES = ("reply", "bounce", "unsubscribe", "complaint", "meeting")
"""Events that answer or end an enrollment; kept once more in the small table `responses`."""
VERIFICATIONS = ("valid", "invalid", "catch_all", "unknown")

INPUT: dict[str, dict[str, Column]] = {
    "enrollments": _columns(
        Column("enrollment_id", "id", required=True),
        Column("contact_id", "id", required=True),
        Column("sender_id", "id", required=True),
        Column("sequence_id", "id", required=True),
        Column("enrolled_at", "time", required=True),
        Column("ended_at", "time"),
        Column("outcome", "choice", choices=OUTCOMES),
        Column("replied", "bool"),
        Column("bounced", "bool"),
        Column("unsubscribed", "bool"),
    ),
    "events": _columns(
        Column("event_id", "id"),
        Column("enrollment_id", "id"),
        Column("contact_id", "id", required=True),
        Column("sender_id", "id", required=True),
        Column("sequence_id", "id"),
        Column("step", "count"),
        Column("type", "choice", required=True, choices=EVENT_TYPES),
        Column("at", "time", required=True),
        *_text("detail", "subject", "user_agent"),
        Column("is_machine", "bool"),
    ),
    "totals": _columns(
        Column("sender_id", "id", required=True),
        Column("sequence_id", "id"),
        Column("period"),
        Column("ended", "count", required=True),
        Column("replied", "count", required=True),
        Column("bounced", "count", required=True),
    ),
    "contacts": _columns(
        Column("contact_id", "id", required=True),
        *_text("email", "other_emails", "first_name", "last_name", "company", "job_title", "industry", "country"),
        *_text("language", "source", "import_batch"),
        *_times("created_at", "verified_at"),
        Column("verification", "choice", choices=VERIFICATIONS),
        Column("opted_out", "bool"),
        Column("opted_out_at", "time"),
        Column("legal_basis"),
        Column("consent_at", "time"),
        *_text("consent_source", "hard_bounce_reason"),
        Column("do_not_contact", "bool"),
        Column("sends_since_engagement", "count"),
        *_times("last_sent_at", "last_opened_at", "last_clicked_at", "last_replied_at"),
    ),
    "senders": _columns(Column("sender_id", "id", required=True), *_text("name", "email", "team", "seat", "inbox")),
    "sequences": _columns(Column("sequence_id", "id", required=True), *_text("name", "language", "topic")),
    "templates": _columns(
        Column("sequence_id", "id", required=True),
        Column("step", "count", required=True),
        *_text("subject", "body", "dialect"),
    ),
    "content": _columns(
        Column("content_id", "id", required=True),
        Column("url", required=True),
        Column("title", required=True),
        *_text("summary", "language", "industry"),
        Column("published_at", "time"),
    ),
    "suppressions": _columns(
        *_text("email", "domain", "key", "reason"),
        Column("at", "time"),
        *_text("source", "key_id", "variant", "scope", "expires"),
    ),
}
NEEDED_TABLES = ("enrollments", "events", "totals", "contacts")
"""A source must have at least one of these."""

CANONICAL: dict[str, dict[str, str]] = {
    "senders": {
        "sender_key": "INTEGER",
        "sender_id": "VARCHAR",
        "name": "VARCHAR",
        "email": "VARCHAR",
        "team": "VARCHAR",
        "has_seat": "BOOLEAN",  # null: seats are not known
        "inbox": "VARCHAR",  # what the sender's mailbox is, as the export says it
    },
    "sequences": {
        "sequence_key": "INTEGER",
        "sequence_id": "VARCHAR",
        "name": "VARCHAR",
        "language": "VARCHAR",
        "topic": "VARCHAR",
    },
    "contacts": {
        "contact_key": "INTEGER",
        "contact_id": "VARCHAR",
        "email": "VARCHAR",
        "mailbox_key": "INTEGER",  # the first contact of the same mailbox; null: nobody else has it
        "first_name": "VARCHAR",
        "last_name": "VARCHAR",
        "company": "VARCHAR",
        "job_title": "VARCHAR",
        "industry": "VARCHAR",
        "country": "VARCHAR",
        "language": "VARCHAR",
        "source": "VARCHAR",
        "import_batch": "VARCHAR",
        "created_at": "TIMESTAMP",
        "verified_at": "TIMESTAMP",
        "verification": "VARCHAR",
        "opted_out": "BOOLEAN",  # never null; an opt-out in any duplicate row wins
        "opted_out_at": "TIMESTAMP",
        "legal_basis": "VARCHAR",
        "consent_at": "TIMESTAMP",
        "consent_source": "VARCHAR",
        "hard_bounce_reason": "VARCHAR",
        "bounce_key": "INTEGER",  # what the hard bounce reason means: a row of bounce_texts
        "do_not_contact": "BOOLEAN",  # never null
        "suppressed": "VARCHAR",  # reason of the suppressions row that names this address or its domain, else null
        "sends_since_engagement": "INTEGER",
        "last_sent_at": "TIMESTAMP",
        "last_opened_at": "TIMESTAMP",
        "last_clicked_at": "TIMESTAMP",
        "last_replied_at": "TIMESTAMP",
    },
    # One row an enrollment. `replied`, `bounced`, `unsubscribed` (never null) are the row's own columns and false
    # where events speak of them instead: an enrollment with events, in a source whose events know that type at all.
    "enrollments": {
        "enrollment_key": "INTEGER",
        "enrollment_id": "VARCHAR",
        "contact_key": "INTEGER",
        "sender_key": "INTEGER",
        "sequence_key": "INTEGER",
        "enrolled_at": "TIMESTAMP",
        "ended_at": "TIMESTAMP",  # by its own columns (or silence, where only events are known); null = still active
        "outcome": "VARCHAR",
        "replied": "BOOLEAN",
        "bounced": "BOOLEAN",
        "unsubscribed": "BOOLEAN",
    },
    # Sorted by `at`, so that time filters skip row groups.
    "events": {
        "event_key": "INTEGER",
        "enrollment_key": "INTEGER",  # null: the event belongs to no known enrollment
        "contact_key": "INTEGER",
        "sender_key": "INTEGER",
        "sequence_key": "INTEGER",
        "step": "INTEGER",
        "type": "VARCHAR",
        "at": "TIMESTAMP",
        "is_machine": "BOOLEAN",  # never null
        "detail": "VARCHAR",
        "subject": "VARCHAR",
        "user_agent": "VARCHAR",
        "agent": "VARCHAR",  # what the user agent gives away: proxy, scanner; null: a person's, or nothing known
    },
    # The events of RESPONSE_TYPES once more: some 7 % of the rows, so that outcomes cost no scan of the rest.
    "responses": {
        "event_key": "INTEGER",
        "enrollment_key": "INTEGER",
        "contact_key": "INTEGER",
        "sender_key": "INTEGER",
        "sequence_key": "INTEGER",
        "step": "INTEGER",
        "type": "VARCHAR",
        "at": "TIMESTAMP",
        "is_machine": "BOOLEAN",
        "detail": "VARCHAR",
        "bounce_key": "INTEGER",  # what a bounce's detail means: a row of bounce_texts; null: it says nothing
        "reply_kind": "VARCHAR",  # as hygiene.mail.replies has it; null: no reply, or one without a text
        "returns_on": "TIMESTAMP",  # of an out-of-office: the first day back, where the text names it
        "successor": "VARCHAR",  # whom a reply points to instead
        # For a bounce: the first later delivery, human open, click or reply in the same enrollment; the mail got there.
        "received_at": "TIMESTAMP",
    },
    # What each distinct text of a bounce means (docs/bounces.md).
    "bounce_texts": {
        "bounce_key": "INTEGER",
        "category": "VARCHAR",
        "fault": "VARCHAR",
        "action": "VARCHAR",
        "owner": "VARCHAR",
        "confidence": "REAL",
        "status_code": "VARCHAR",
        "signal": "VARCHAR",  # what decided
        "ticket": "VARCHAR",  # what IT has to mend
        "provider": "VARCHAR",  # of the recipient, where the text names its host
    },
    "totals": {
        "sender_key": "INTEGER",
        "sequence_key": "INTEGER",
        "period": "VARCHAR",
        "period_at": "TIMESTAMP",  # first moment of the period where it reads as a month or a day, else null
        "ended": "BIGINT",
        "replied": "BIGINT",
        "bounced": "BIGINT",
    },
    "templates": {
        "sequence_key": "INTEGER",
        "step": "INTEGER",
        "subject": "VARCHAR",
        "body": "VARCHAR",
        "dialect": "VARCHAR",
    },
    "content": {
        "content_id": "VARCHAR",
        "url": "VARCHAR",
        "title": "VARCHAR",
        "summary": "VARCHAR",
        "language": "VARCHAR",
        "industry": "VARCHAR",
        "published_at": "TIMESTAMP",
    },
    "suppressions": {
        "email": "VARCHAR",  # normalised: trimmed, lower case
        "domain": "VARCHAR",
        "key": "VARCHAR",
        "reason": "VARCHAR",
        "at": "TIMESTAMP",
        "source": "VARCHAR",
        "key_id": "VARCHAR",  # of a ledger's key, with which `key` and `variant` were hashed
        "variant": "VARCHAR",
        "scope": "VARCHAR",
        "expires": "VARCHAR",  # a day such as 2026-12-31: a time would move with the zone
    },
}
SCHEMA_VERSION = 7
"""Part of the cache key: raise it when CANONICAL or the way ingest fills it changes."""
