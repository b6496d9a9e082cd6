"""What the rules on delivery and on opt-outs count with: mails a day, complaints, who is suppressed, who said no."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hygiene.facts.opt_outs import keep_opt_outs, read_late_mails, read_opt_outs
from hygiene.facts.queries import Questions
from hygiene.facts.read import send_type

if TYPE_CHECKING:
    from datetime import datetime

    from hygiene.engine import Engine
    from hygiene.facts.opt_outs import LateMail, OptOut
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
    opt_outs: tuple[OptOut, ...] = ()
    """Ordered by contact and time."""
    late_mails: tuple[LateMail, ...] = ()
    """Mails after an opt-out, ordered by contact and time."""


def read_sending(engine: Engine, report: ImportReport, settings: Settings) -> Sending:
    """Return what was sent and who is suppressed; needs the view `outcomes`, which `read_facts` defines."""
    questions = Questions(settings, report)
    keep_opt_outs(engine, questions)
    return Sending(
        consumer_days=_consumer_days(engine, questions),
        mails=tuple(SenderMails(*row) for row in engine.rows(questions.sql("sender_mails"))),
        suppressed=tuple(SuppressedContact(*row) for row in engine.rows(questions.sql("suppressed_contacts"))),
        opt_outs=read_opt_outs(engine),
        late_mails=read_late_mails(engine, questions, send_type(engine, questions)),
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
