"""The facts: counts and dates read from the engine once. No opinion and no threshold lives here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygiene.mail.bounces.types import Action, Category, Fault

Signal: TypeAlias = Literal["open", "click"]
Sign: TypeAlias = Literal[
    "declared",
    "proxy",
    "scanner",
    "instant",
    "all_links",
    "burst",
    "same_domain",
    "prompt",
    "clicks_everything",
    "opens_everything",
]
"""What gives a machine's open or click away, the surest first (docs/machines.md)."""


class Sender(NamedTuple):
    """A row of `senders`."""

    key: int
    sender_id: str
    name: str | None
    email: str | None
    team: str | None
    has_seat: bool | None
    """None: the source does not know seats."""
    inbox: str | None
    """What the sender's mailbox is, as the export says it; None: not known."""

    @property
    def label(self) -> str:
        """What to call the sender: the name, else the id."""
        return self.name or self.sender_id


class Sequence(NamedTuple):
    """A row of `sequences`."""

    key: int
    sequence_id: str
    name: str | None
    language: str | None
    topic: str | None

    @property
    def label(self) -> str:
        """What to call the sequence: the name, else the id."""
        return self.name or self.sequence_id


class Counts(NamedTuple):
    """Counts of enrollments; the numerators and denominators of every rate (docs/score.md)."""

    ended: int = 0
    replied: int = 0
    """Ended, not bounced, with at least one human reply."""
    bounced: int = 0
    """Ended, its contact never got an email because it was returned."""
    active: int = 0
    """Enrolled and not ended at `as_of`."""
    unsubscribed: int = 0

    def __add__(self, other: object) -> Counts:
        """Add count by count."""
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))


class Cell(NamedTuple):
    """The finest grain of the scores: sender × sequence × month of `ended_at`."""

    sender_key: int
    sequence_key: int | None
    """None where totals name no sequence."""
    month: datetime | None
    """First day of the month, UTC; None where totals name no period, for active enrollments, or where not asked for."""
    counts: Counts


class Step(NamedTuple):
    """What happened at one step of a sequence. Counts of enrollments, not of mails."""

    sequence_key: int
    step: int
    sent: int
    replied: int
    bounced: int
    unsubscribed: int


class ListSource(NamedTuple):
    """Ended enrollments by where their contacts came from."""

    source: str | None
    import_batch: str | None
    counts: Counts


class Remembered(NamedTuple):
    """What the suppression ledger says of a contact's address: the strictest entry (docs/ledger.md)."""

    reason: str
    """One of `gate.ledger.REASONS`."""
    is_forever: bool
    """Whether a person said no, in whatever form; else the address is of no use."""
    since: datetime | None
    """When it happened, else when it was written down; None: neither is known."""
    source: str
    """The tool or file that says so: hostile."""
    how: str
    """`exact`, `variant` (another spelling of the address) or `domain`."""


class ContactFacts(NamedTuple):
    """One contact as of a moment: what was sent, what came back, and what the CRM says."""

    contact_key: int
    contact_id: str
    email: str | None
    sender_key: int | None
    """The sender of the latest enrollment."""
    sends: int | None
    """Sequence mails sent; None where the source has no events."""
    replies: int | None
    """Human replies."""
    engagements: int | None
    """Human opens, clicks and replies."""
    sends_since_reply: int | None
    """Sends after the last human reply (all, where there was none)."""
    sends_since_engagement: int | None
    """Sends after the last human open, click or reply (all, where there was none)."""
    last_sent_at: datetime | None
    last_reply_at: datetime | None
    last_engaged_at: datetime | None
    active_enrollments: int
    last_ended_at: datetime | None
    """When the last of the others ended."""
    opted_out: bool
    opted_out_at: datetime | None
    unsubscribed_at: datetime | None
    """First unsubscribe event."""
    complained_at: datetime | None
    do_not_contact: bool
    suppressed: str | None
    """Reason of the suppressions row that names the address or its domain; may be an empty string."""
    hard_bounce_reason: str | None
    last_bounce_at: datetime | None
    last_bounce_detail: str | None
    last_bounce_category: str | None
    """What the last bounce means, by its text, else by the CRM's reason; None: no bounce, or nothing was said."""
    last_bounce_action: str | None
    last_bounce_signal: str | None
    bounced_lately: bool
    """Whether the last bounce was within `read.HOLD_DAYS` before `as_of`; also where its day is not known."""
    alive_at: datetime | None
    """Last delivery, human open, click or reply."""
    full_mailboxes: int
    """Bounces off a full mailbox within `read.FULL_DAYS` before `as_of`."""
    asked_out_at: datetime | None
    """First reply that asks in words not to be written to."""
    away_at: datetime | None
    """Last out-of-office."""
    away_until: datetime | None
    """The first day back that it names."""
    is_away: bool
    """Whether that day is still to come."""
    left_at: datetime | None
    """Last notice that the person no longer works there."""
    successor: str | None
    """Whom that notice names."""
    marketing_sends_since_engagement: int | None
    """The CRM's own counter (marketing mail only): never mixed with the sequence counts."""
    marketing_engaged: bool | None
    """Whether the CRM knows any open or click; None where it says nothing."""
    remembered: Remembered | None = None
    """What the ledger says; None: nothing, or there is none."""


class BounceFacts(NamedTuple):
    """One bounce: an event, or a contact whose CRM row carries a hard bounce reason."""

    contact_id: str
    email: str | None
    at: datetime | None
    sender_key: int | None
    detail: str | None
    category: Category | None
    """None: nothing was said."""
    fault: Fault | None
    action: Action | None
    confidence: float | None
    signal: str | None
    """What decided."""
    alive_at: datetime | None
    """The contact's last delivery, human open, click or reply."""


class BounceCause(NamedTuple):
    """Bounced enrollments with one cause: the finest grain of “whose fault are the bounces”."""

    sender_key: int
    sequence_key: int | None
    month: datetime
    source: str | None
    """List source of the contacts."""
    provider: str
    """Mail provider of the contacts, by their domain or the host that answered; `other` where neither tells."""
    category: Category
    fault: Fault
    ticket: str | None
    """What IT has to mend, where a code names it."""
    bounced: int


class Engagement(NamedTuple):
    """Opens or clicks of one sender's mail with one sign (docs/machines.md)."""

    sender_key: int
    type: Signal
    sign: Sign | None
    """What gives the machine away; None: by people, as far as one can tell."""
    events: int


class EngagedContacts(NamedTuple):
    """Contacts with an open or a click."""

    contacts: int = 0
    human: int = 0
    """With at least one by a person, or a person's reply; of the others only machines are known."""


@dataclass(frozen=True)
class Facts:
    """Everything the scores and the reports count with. Rows are ordered by key."""

    as_of: datetime | None
    """None only where the source has no date at all."""
    senders: Mapping[int, Sender]
    sequences: Mapping[int, Sequence]
    cells: tuple[Cell, ...]
    steps: tuple[Step, ...]
    list_sources: tuple[ListSource, ...]
    contacts: int
    """Number of contacts known."""
    bounce_causes: tuple[BounceCause, ...] = field(kw_only=True, default=())
    """Enrollments known by their counts alone (totals) have none."""
    engagements: tuple[Engagement, ...] = field(kw_only=True, default=())
    """Opens and clicks as exported, by sign; their sum is the raw figure."""
    engaged: EngagedContacts = field(kw_only=True, default=EngagedContacts())
    has_events: bool
    has_seats: bool
