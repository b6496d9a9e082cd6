"""What attribution finds, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.facts.factors import Factor

Metric: TypeAlias = Literal["reply_rate", "bounce_rate"]
CLAIMED = 0.8
"""Probability of a material gain from which on it is claimed (evidence: nine in ten such claims then hold)."""
METRICS: tuple[Metric, ...] = ("reply_rate", "bounce_rate")


class Gain(NamedTuple):
    """An improvement of a rate, as a fraction: more replies, or fewer bounces, are positive."""

    value: float
    low: float
    """5 % quantile of the widened posterior."""
    high: float
    """95 % quantile."""
    p: float
    """Probability that the gain is material (`LEAST_GAIN`)."""


Standing: TypeAlias = Literal["claimed", "contested", "unsure"]
"""Whether a lever's gain is told; `contested`: it is sure, but another of the sender's may be the larger."""


class Race(NamedTuple):
    """How sure it is that a lever gains more than any other of the sender's for the same rate."""

    p: float
    """Probability that it does."""
    second: tuple[Factor, str]
    """The next likeliest, by factor and name."""
    p_either: float
    """Probability that one of the two gains most."""


class Observed(NamedTuple):
    """What was seen without any model: successes of trials."""

    successes: int
    trials: int


@dataclass(frozen=True)
class Lever:
    """A level of a factor that a sender uses, and what replacing it by the team's others would probably change."""

    metric: Metric
    """The rate that it is pulled for."""
    factor: Factor
    level: str
    ended: int
    """The sender's enrollments with this level."""
    share: float
    """Of the sender's ended enrollments."""
    gains: Mapping[Metric, Gain]
    value: float
    """Expected change of the score by `metric` alone × probability that its gain is material."""
    points: float
    """Expected change of the score, both rates together."""
    p_better_band: float
    """Probability that the score would lie in a higher band than it does."""
    replies: float
    """Expected change of the number of replies."""
    here: Mapping[Metric, Observed]
    """The sender's own rows with this level."""
    elsewhere: Mapping[Metric, Observed]
    """The rows of the whole team with the other levels."""
    rival: tuple[Factor, str] | None
    """Another effect that the data cannot tell from this one; None: it stands by itself."""
    place: int
    """How many levers of its rate were followed before it: its gain comes on top of theirs."""
    race: Race | None
    """Of the first of a rate; None of the others, of an only one, and of what cannot be told from another effect."""
    standing: Standing = "unsure"
    """Settled where all senders' levers are known (`claims.py`)."""

    @property
    def contest(self) -> Race | None:
        """The race that is open, where the gain is sure and only that keeps it from being claimed."""
        return self.race if self.standing == "contested" else None


Cause: TypeAlias = Literal["segment", "source", "sequence", "timing", "period", "sender", "sending", "noise"]
"""`sender` is the person; `sending` bounces for other faults than the address's; `noise` what no effect explains."""
CAUSES: tuple[Cause, ...] = ("segment", "source", "sequence", "timing", "period", "sender", "sending", "noise")


class Part(NamedTuple):
    """One part of a gap: so much of the difference of the rates comes from this cause."""

    cause: Cause
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Gap:
    """The difference between a sender's rate and the peers', and its parts, which sum to it exactly."""

    metric: Metric
    own: float
    peers: float
    parts: tuple[Part, ...]
