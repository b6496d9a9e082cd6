"""What the rules on delivery and on suppressions count with: mails a day, complaints, and who is suppressed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hygiene.facts.queries import Questions
from hygiene.facts.read import send_type

if TYPE_CHECKING:
    from datetime import datetime

    from hygiene.engine import Engine
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

BULK_PROVIDERS = frozenset(("google", "yahoo", "microsoft"))
"""Providers with rules of their own for senders of bulk mail."""


class ConsumerDay(NamedTuple):
    """Mails of one day (UTC) to the private mailboxes of one provider."""

    day: datetime
    sender_domain: str | None
    """Of the senders' addresses; None: the source has none."""
    provider: str
    """`google`, `yahoo` or `microsoft`."""
    sends: int


class SenderMails(NamedTuple):
    """Mails of one sender."""

    sender_key: int
    sent: int
    delivered: int
    """As the tool logs deliveries; 0 where it logs none."""
    bounced: int
    complaints: int
    """Reports as spam."""


class SuppressedContact(NamedTuple):
    """A contact that a suppression names by its address or by its domain."""

    contact_key: int
    contact_id: str
    created_at: datetime | None
    reason: str
    suppressed_at: datetime | None
    """None: no row that names it has a date."""
    active: int
    """Running enrollments."""


@dataclass(frozen=True)
class Sending:
    """What was sent, and who must not be written to."""

    consumer_days: tuple[ConsumerDay, ...]
    """Ordered by day; days without such mails are missing."""
    mails: tuple[SenderMails, ...]
    """Ordered by sender; empty without events."""
    suppressed: tuple[SuppressedContact, ...]
    """Ordered by contact id."""


def read_sending(engine: Engine, report: ImportReport, settings: Settings) -> Sending:
    """Return what was sent and who is suppressed; needs the view `outcomes`, which `read_facts` defines."""
    questions = Questions(settings, report)
    return Sending(
        consumer_days=_consumer_days(engine, questions),
        mails=tuple(SenderMails(*row) for row in engine.rows(questions.sql("sender_mails"))),
        suppressed=tuple(SuppressedContact(*row) for row in engine.rows(questions.sql("suppressed_contacts"))),
    )


def _consumer_days(engine: Engine, questions: Questions) -> tuple[ConsumerDay, ...]:
    from hygiene.mail.addresses.lists import free_mail

    providers = free_mail()
    sends: Counter[tuple[datetime, str | None, str]] = Counter()
    query = questions.sql("consumer_days", send_type=send_type(engine, questions))
    for batch in engine.batches(query):
        for day, sender_domain, domain, count in batch:
            provider = providers.get(domain)
            if provider in BULK_PROVIDERS:
                sends[(day, sender_domain or None, provider)] += count
    return tuple(ConsumerDay(*key, count) for key, count in sends.items())
