"""Pause rules, the streams they are replayed on, and what came of it. Numbers and codes; no sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

Kind = Literal["share", "count", "daily", "tiers", "posterior"]
"""`share`: a part of the sends in a window; `count`: bounces in a window; `daily`: a part of one day's sends; `tiers`:
a limit that depends on the sends so far; `posterior`: the probability that the rate lies above a limit."""


class Published(NamedTuple):
    """Where a rule is published, and when the page was read."""

    page: str
    url: str | None
    date: date
    says: str
    """What it says, in our own words."""


class Tier(NamedTuple):
    """From so many sends on, this is the limit: a rate, or a number of bounces."""

    sends: int
    rate: float | None = None
    bounces: int | None = None


@dataclass(frozen=True, kw_only=True)
class PauseRule:
    """One rule that stops a sender, or only warns, because of bounces; a row of `models/pauses/rules.toml`."""

    name: str
    owner: str
    """The tool that publishes it; `ours`, `plain` (ours without its lists) or `thumb` (talked of by many)."""
    kind: Kind
    source: Published | None
    """None: assumed."""
    warns_only: bool = False
    watches: Literal["sender", "sequence", "account"] = "sender"
    """What the rule watches as published; replayed is the sender's whole stream."""
    rate: float | None = None
    """Limit of the bounce rate, a fraction."""
    includes_limit: bool = False
    """Whether a rate that equals the limit stops."""
    bounces: int | None = None
    min_sends: int = 1
    """Sends in the window below which the rule is silent."""
    window_sends: int | None = None
    window_days: int | None = None
    short_days: int | None = None
    """A second, shorter window that may fire too: after many good mails, the long one sees a change late."""
    tiers: tuple[Tier, ...] = ()
    certainty: float | None = None
    prior: tuple[float, float] | None = None
    """a and b of the Beta prior."""
    by_list: bool = False
    """Whether bounces of one list count as evidence of one another (`clumps`)."""
    address_only: bool = False
    """Whether only bounces of the address's or of unknown fault count; else all do."""
    pause_days: int
    """Whole days that the pause lasts after the day of the stop; 0: the rest of that day."""
    pause_assumed: bool = False


@dataclass(frozen=True, eq=False)
class Stream:
    """What happened to the senders, one mail or late bounce after another: ordered by sender, then time.

    A day's bounces of one list are laid out evenly over its sends, for the facts have no finer order. A bounce on a day
    without a send of its list is an element of its own, with 0 sends.
    """

    sender: Ints
    """Numbers from 0, rising."""
    day: Ints
    """Days since some day, rising within a sender."""
    clump: Ints
    """A number for each sender's each list: bounces within it go together."""
    sends: Ints
    """1, or 0 where only bounces came."""
    bounces: Ints
    """Of whatever fault."""
    address_bounces: Ints
    """Of the address's fault, or of unknown."""

    @cached_property
    def first(self) -> Ints:
        """The first element of each sender, and at the end the number of elements."""
        return np.searchsorted(self.sender, np.arange(self.senders + 1))

    @cached_property
    def first_of_own(self) -> Ints:
        """For each element, the first of its sender."""
        return self.first[self.sender]

    @cached_property
    def total_sends(self) -> Ints:
        """Sends before each element of all senders together, and at the end all."""
        return running(self.sends)

    @property
    def senders(self) -> int:
        """How many senders there are."""
        return int(self.sender[-1]) + 1 if self.sender.size else 0

    def counted(self, rule: PauseRule) -> Ints:
        """Return the bounces that a rule counts."""
        return self.address_bounces if rule.address_only else self.bounces


def running(values: Ints) -> Ints:
    """Return the sums before each element, and at the end of all: one longer than the values."""
    return np.concatenate([np.zeros(1, dtype=values.dtype), np.cumsum(values)])


class RuleReplay(NamedTuple):
    """What a rule would have done to the senders of a history; see `replay` for the meaning of each count."""

    rule: PauseRule
    stopped: int
    """Senders; `right` + `false` + `not_judged`."""
    right: int
    false: int
    not_judged: int
    sends_lost: int
    crossed_in_time: int
    """Senders who crossed the limit and whom the rule stopped then or later."""
    missed: int
    """Senders who crossed the limit and whom the rule did not stop from then on."""
    median_days_late: float | None
    most_days_late: int | None


@dataclass(frozen=True)
class PauseReplay:
    """Every rule on one history."""

    rules: tuple[RuleReplay, ...]
    senders: int
    sends: int
    bounces: int
    address_bounces: int
    crossed: int
    """Senders whose bounce rate surely lay above the limit within some 28 days."""
    limit: float
    certainty: float
    judged_days: int
    """Days after a stop from whose sends it is judged."""
    judged_sends: int
    """Sends after a stop below which it is not judged."""
    overdispersion: float
    """How much the bounces of one list go together: the correlation of two of them, 0–1."""
    simulated: Simulated


@dataclass(frozen=True)
class Simulated:
    """Shares of senders whom each rule ever stopped, where the truth is known (`models/pauses/simulated.toml`)."""

    runs: int
    sends: int
    sends_a_day: int
    list_size: int
    overdispersions: tuple[float, ...]
    """0: every mail for itself."""
    rates: tuple[float, ...]
    shares: Mapping[str, Mapping[float, tuple[float, ...]]]
    """By rule and overdispersion, one a rate."""
