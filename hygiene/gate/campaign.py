"""What a campaign is checked with: everything that was found out before the questions are asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hygiene.gate.budget import Budget
    from hygiene.gate.consent_rows import Ruling
    from hygiene.gate.ledger import Match
    from hygiene.gate.mail_findings import Sent
    from hygiene.gate.people import People
    from hygiene.gate.risk import RiskModel
    from hygiene.gate.standing import Refusals, Standing
    from hygiene.gate.suppressed import Suppressed
    from hygiene.gate.template import Mails
    from hygiene.gate.types import Finding
    from hygiene.settings import Settings
    from hygiene.sources.lists import Listed


@dataclass(frozen=True)
class Known:
    """What the source can tell of at all; a question that nobody can answer is `unknown`, never `pass`."""

    opt_outs: bool
    bounces: bool
    bases: bool
    """Whether the list or the source has any column on legal bases."""
    sources: frozenset[str | None]
    """List sources with a history."""
    unread_opt_outs: tuple[str, ...] = ()
    """Headers of the list or the source that look like an opt-out and that nothing reads: hostile texts."""
    unread_keys: int = 0
    """Hashed suppressions of the source that no key at hand can read."""


class Complaints(NamedTuple):
    """Reports as spam among the mails of the domain."""

    mails: int
    complaints: int


class Remembered(NamedTuple):
    """What the suppression ledger says of the rows."""

    matches: Mapping[int, Match] = MappingProxyType({})
    """By place: the strictest entry."""
    entries: int = 0
    error: str = ""
    """Why the ledger could not be read; empty: it could."""


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """A list, a mail, and who sends it."""

    settings: Settings
    listed: Listed
    people: People
    mails: Mails | None
    """None: the source holds no template of the sequence."""
    sent: Sent | None
    """What a mail as it was sent shows; None: nobody handed one in."""
    known: Known
    as_of: datetime | None
    """The moment up to which the source knows."""
    today: date
    """On which the check is made: waivers expire by it."""
    risk: RiskModel
    budget: Budget
    domain: Standing
    sender: Standing | None
    """None: no sender was named."""
    sender_label: str | None
    complaints: Complaints | None
    """None: the source tells of none."""
    refusals: Refusals | None
    """Of the sender, else of the domain; None: the source has no words of servers."""
    domain_findings: tuple[Finding, ...] = ()
    """On the domain's records and the bulk rules."""
    suppressed: Mapping[int, Suppressed] = field(default_factory=dict)
    """By place of the rows that the source's own suppressions name."""
    remembered: Remembered = field(default_factory=lambda: Remembered())
    consent: Mapping[int, Ruling] = field(default_factory=dict)
    """By place of the rows whose basis does not do."""
    unknown_countries: int = 0
    """Rows of which nobody knows whose rule counts."""
