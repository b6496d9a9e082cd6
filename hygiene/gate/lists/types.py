"""What the scorecard says of each list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygiene.advice.legal import SourceKind
    from hygiene.facts.factors import Factor
    from hygiene.gate.risk import Removal
    from hygiene.scores.types import Rate

Level: TypeAlias = Literal["team", "source", "batch"]
Grade: TypeAlias = Literal["good", "bad"]
Cause: TypeAlias = Literal["source", "sender", "sequence", "unclear"]
"""Of bounces that the best of the team do not have; `unclear`: of two that the data cannot tell apart."""
CAUSES: tuple[Cause, ...] = ("source", "sender", "sequence", "unclear")


@dataclass(frozen=True, kw_only=True)
class Card:
    """The figures of one source, of one batch, or of all."""

    level: Level
    source: str | None
    batch: str | None
    is_import: bool
    """Whether the batch is an import's own name; else it is a day of creation, or not told."""
    origin: SourceKind | None
    """What the source's own name gives away (rule OPT-06)."""
    contacts: int
    ended: int
    """Ended enrollments; with `bounced` and `replied` they add up to the team's figures in the report."""
    bounced: int
    replied: int
    bounce: Rate
    """Address bounces at the first mail, of the contacts whose first mail is settled (`risk_history.sql`)."""
    p_above: float | None
    """Probability that the chance of an address bounce is above the limit; None without a first mail."""
    reply: Rate
    """Human replies of delivered enrollments that are old enough."""
    with_basis: int
    """Contacts with a documented legal basis or consent."""
    verified: int
    age_days: int | None
    """Median of the days since the contacts were created; None: no such day is known."""
    not_mailed: int
    """Contacts who may be written to and never were."""
    grade: Grade | None
    """None: not enough data."""


@dataclass(frozen=True)
class Hold:
    """A batch whose unmailed contacts are proposed for quarantine."""

    source: str | None
    batch: str | None
    p_above: float
    """Probability that these contacts' chance is above the limit."""
    removal: Removal


class Amount(NamedTuple):
    """A number of bounces with its 90 % interval."""

    mean: float
    low: float
    high: float


class Share(NamedTuple):
    """A cause's part of the excess."""

    bounces: Amount
    share: Amount | None
    """Of the excess, 1 = all of it; None where there is no excess to divide."""


@dataclass(frozen=True)
class SourceBlame:
    """One source's part."""

    bounced: int
    """Address bounces."""
    share: float
    """Of all address bounces."""
    ended_share: float
    """Of all ended enrollments."""
    excess: Amount
    """Bounces that the list had beyond the team's best quarter, whatever the rest was like."""
    rival: tuple[Factor, str] | None
    """What always comes with the source, so that the data cannot tell the two apart: a factor and its level."""


@dataclass(frozen=True)
class Blame:
    """How the bounces divide between the lists, the senders and the sequences."""

    ended: int
    bounced: int
    """Of the address's fault, or of nobody's known one."""
    excess: Amount
    """Beyond what the team's best quarter of lists, senders and sequences would have had."""
    shares: Mapping[Cause, Share]
    """A cause of which there is but one level is missing: nothing can be compared."""
    best: Mapping[Cause, tuple[str, ...]]
    """What the others are held against: of each cause the levels of the best quarter, as the data name them; of lists
    `source` or `source / batch`."""
    sources: Mapping[str, SourceBlame]


class ClaimRow(NamedTuple):
    """An address that came back: a row of `vendor_claims.sql`."""

    contact_id: str
    email: str | None
    source: str | None
    batch: str | None
    created_at: datetime | None
    mailed_at: datetime
    bounced_at: datetime
    status_code: str | None
    category: str
    action: str
    evidence: str | None


@dataclass(frozen=True)
class Claim:
    """What may be claimed from one vendor."""

    source: str
    rows: tuple[ClaimRow, ...]
    """Returned for the address's own fault within the days of the claim, on evidence that carries a removal."""
    mailed: int
    """Contacts of the source first written to within the days of the claim."""
    late: int
    """Returned later than that."""
    undated: int
    """Returned, but nobody knows when the contact was imported."""
    weak: int
    """Returned in time, on evidence that asks for a second look."""


@dataclass(frozen=True)
class Scorecard:
    """Everything that `hygiene sources` says."""

    as_of: datetime | None
    limit: float
    claim_days: int
    team: Card
    cards: tuple[Card, ...]
    """Sources, the worst first, each followed by its batches."""
    holds: tuple[Hold, ...]
    blame: Blame | None
    """None where there is too little to divide."""
    claims: tuple[Claim, ...]
    """Of the named sources with any bounce of an address's own fault; the largest first."""
