"""The scores: numbers with their uncertainty, from the counts of facts/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygiene.facts.types import Counts
    from hygiene.scores.profile import Profile

Band = Literal["low", "fair", "good", "excellent"]
BANDS: tuple[Band, ...] = ("low", "fair", "good", "excellent")
Level = Literal["team", "sender", "sequence", "sender_sequence"]
Status = Literal["scored", "insufficient_evidence", "bounce_tracking_suspect"]


class Faults(NamedTuple):
    """Bounced enrollments by whose fault they are (docs/bounces.md); they sum to `bounced`."""

    address: int = 0
    sender: int = 0
    temporary: int = 0
    recipient_filter: int = 0
    unknown: int = 0


NO_FAULTS = Faults()


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its counts and its 90 % interval (Beta posterior); all rates are fractions 0–1."""

    successes: int
    trials: int
    value: float | None
    """successes / trials; None without trials."""
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class NextBand:
    """The least that would lift the score into the next band, on the counts at hand: exact arithmetic, no forecast."""

    band: Band
    extra_replies: int | None
    """Fewest further delivered enrollments that would have had to reply, bounces unchanged; None: not enough alone."""
    fewer_bounces: int | None
    """Fewest bounced enrollments that would have had to be delivered (without a reply); None: cannot do it alone."""
    both: tuple[int, int] | None
    """(replies, bounces) with the smallest sum when neither is zero and the sum is below either alone; else None."""


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one unit (docs/score.md)."""

    level: Level
    sender_key: int | None
    sequence_key: int | None
    counts: Counts
    reply: Rate
    bounce: Rate
    reply_points: float | None
    """0–50; None without a denominator."""
    bounce_points: float | None
    score: float | None
    """0–100 = reply_points + bounce_points at the observed rates."""
    low: float
    high: float
    """90 % interval of the score under the posterior."""
    band: Band | None
    """Band of `score`; None without a score, and where bounces may not have been seen (`bounces_unseen`)."""
    p_bands: Mapping[Band, float]
    """Posterior probability of each band; sums to 1."""
    status: Status
    hubspot_eligible: bool
    next_band: NextBand | None
    """None in the top band or without a score."""
    faults: Faults = NO_FAULTS

    @property
    def missing_for_hubspot(self) -> int:
        """Ended enrollments still missing to the count from which HubSpot shows a score (100 a sender, 101 a pair)."""
        needed = 101 if self.level == "sender_sequence" else 100
        return max(0, needed - self.counts.ended)


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """One month of a trend; rates with intervals under the prior of the level."""

    month: datetime
    counts: Counts
    reply: Rate
    bounce: Rate


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One sender on the funnel plot of a rate."""

    sender_key: int
    trials: int
    rate: float
    outside: Literal["inside", "95", "99.8"]
    """The widest limit the sender lies beyond."""
    side: Literal["low", "high", "none"]


@dataclass(frozen=True, slots=True)
class Funnel:
    """Senders against the limits within which chance alone would keep them.

    Spiegelhalter, Statistics in Medicine 24 (2005) 1185: exact binomial control limits around the team's rate.
    """

    metric: Literal["reply_rate", "bounce_rate"]
    target: float
    """The team's rate."""
    points: tuple[FunnelPoint, ...]
    curve: tuple[tuple[int, float, float, float, float], ...]
    """(trials, low 99.8, low 95, high 95, high 99.8), by rising trials; at most 60 rows, for drawing."""


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of a run; rows ordered by key."""

    profile: Profile
    team: Score
    senders: tuple[Score, ...]
    sequences: tuple[Score, ...]
    pairs: tuple[Score, ...]
    """sender × sequence."""
    team_trend: tuple[MonthPoint, ...]
    sender_trends: Mapping[int, tuple[MonthPoint, ...]]
    funnels: tuple[Funnel, ...]
    """Of the reply rate and of the bounce rate; empty with fewer than two senders."""
