"""The history that the risk model learns from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from hygiene.facts.queries import LAST_MOMENT, Questions, define_outcomes
from hygiene.facts.read import send_type

if TYPE_CHECKING:
    from datetime import datetime

    from hygiene.engine import Engine
    from hygiene.gate.risk.types import Verification
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

RISK_TABLES = ("contacts", "enrollments", "events", "responses", "bounce_texts")
"""What `read_risk` reads."""
SETTLED = timedelta(days=3)
"""After so long without a bounce an address counts as good: a server that refuses an address does so at once, and one
that cannot be reached is given up after two to five days (RFC 5321, section 4.5.4.1; three assumed)."""
MATURED = timedelta(days=28)
"""After so long without a reply none is waited for (assumed)."""


class RiskRow(NamedTuple):
    """A row of `risk_history.sql`."""

    source: str | None
    batch: str | None
    verification: Verification
    is_known_good: int
    tried: int
    """Contacts, each counted once; of the known good, enrollments."""
    address_bounced: int
    delivered: int
    """Of those tried long enough ago to have answered."""
    replied: int
    first_tried_at: datetime


class SenderRow(NamedTuple):
    """A row of `sender_first_mails.sql`."""

    source: str | None
    batch: str | None
    verification: Verification
    tried: int
    address_bounced: int


@dataclass(frozen=True)
class RiskFacts:
    """What became of the contacts of each list, as of a moment."""

    rows: tuple[RiskRow, ...]
    as_of: datetime | None
    by_sender: tuple[SenderRow, ...] | None = None
    """Of the rows, those whom the sender wrote to whose campaign it is; None: no sender is named."""


def read_risk(engine: Engine, report: ImportReport, settings: Settings, sender_key: int | None = None) -> RiskFacts:
    """Return the history of each list.

    Defines the views of `define_outcomes` and keeps the tables `first_sends` and `tries`.

    Parameters
    ----------
    engine
        With the tables `RISK_TABLES` attached.
    report, settings
        Give the moment after which nothing is known, and the period that counts.
    sender_key
        Whose campaign is to be judged; None: anybody's.
    """
    questions = Questions(settings, report)
    define_outcomes(engine, questions)
    now = questions.as_of or LAST_MOMENT
    engine.keep("first_sends", questions.sql("first_sends", send_type=send_type(engine, questions)))
    engine.keep("tries", questions.sql("tries", has_events=report.has_events))
    query = questions.sql("risk_history", settled=now - SETTLED, matured=now - MATURED)
    rows = tuple(RiskRow(*row) for batch in engine.batches(query) for row in batch)
    if sender_key is None:
        return RiskFacts(rows, questions.as_of)
    query = questions.sql("sender_first_mails", settled=now - SETTLED, sender=sender_key)
    own = tuple(SenderRow(*row) for batch in engine.batches(query) for row in batch)
    return RiskFacts(rows, questions.as_of, own)


def batch_of(import_batch: str | None, created_at: datetime | None) -> str | None:
    """Return the name of a contact's batch: the import batch, else the day it was created.

    Examples
    --------
    >>> from datetime import datetime
    >>> batch_of(None, datetime(2026, 3, 1, 9))
    '2026-03-01'
    """
    if import_batch is not None:
        return import_batch
    return f"{created_at:%Y-%m-%d}" if created_at else None
