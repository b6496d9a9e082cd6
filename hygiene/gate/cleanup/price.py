"""What a cleanup brings and costs: bounces avoided and replies lost, each with its interval and what it rests on.

Asked is the next enrollment of each contact, up to three mails of a sequence. Two kinds of contacts are priced:

- *removed*: their address bounced for its own fault. How surely it bounces again comes from the history's own repeated
  mails, by a Beta posterior; whoever does not bounce may reply, with the engagement model's chance.
- *paused* for silence: the risk model's chance that an address goes bad which took mail before, and the engagement
  model's chance of a reply.

The others have none: who said no must not be written to at any price, and a hold, a review or an absence ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
from scipy.special import expit, logit
from scipy.stats import betabinom

from hygiene.facts.queries import LAST_MOMENT, Questions
from hygiene.facts.read import send_type
from hygiene.gate.risk.history import SETTLED
from hygiene.gate.risk.model import DRAWS
from hygiene.gate.risk.types import Group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hygiene.engine import Engine
    from hygiene.gate.cleanup.types import Decision, Plan
    from hygiene.gate.risk.model import RiskModel
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

    Floats = NDArray[np.float64]

AGAIN_RATE, AGAIN_WEIGHT = 0.9, 10.0
"""Prior of an address bouncing again after a bounce of its own fault, on evidence that carries a removal: as if nine of
ten had. RFC 5321, section 4.2.1 calls a 5yz answer one not to be tried again as it is; of the removals of good
classifiers some 4 % were wrong (evidence/bounces.md, section 2). Assumed, and outweighed by a dozen own mails."""
SHARED = 0.3
"""Share of the variance of the contacts' chances (on the logit scale) that they have in common: where the model is
wrong about the silent, it is wrong about many at once. With it the 80 % interval of the lost replies held in 20 of 26
simulated histories, without it in 13, and in 31 of 33 fresh ones (benchmarks.worlds.judge_clean)."""
NINETY = 1.6448536269514722
"""Standard deviations from the middle to the limits of a 90 % interval."""
NODES = np.linspace(-4, 4, 33)
"""Common luck, in standard deviations, at which the sum of the chances is worked out; between them it is a line."""
SMALLEST = 1e-9
INTERVAL = 0.8
"""Share of the outcomes that an interval holds."""


class Repeats(NamedTuple):
    """The row of `repeated_bounces.sql`."""

    tried: int
    again: int


class Estimate(NamedTuple):
    """An expected number with the limits between which four outcomes in five lie."""

    mean: float
    low: float
    high: float


class Share(NamedTuple):
    """The price of one action."""

    contacts: int
    bounces: Estimate
    """Avoided."""
    replies: Estimate | None
    """Human replies lost; None where nothing is known of any of the contacts."""
    unjudged: int
    """Contacts of whom the engagement model says nothing; no reply is counted for them."""


@dataclass(frozen=True)
class Price:
    """What it brings and costs not to write to the removed and the paused."""

    removed: Share
    paused: Share
    both: Share
    repeats: Repeats
    """What the removals rest on."""
    knows_replies: bool
    """Whether the history has any human reply; else nothing is known of what is lost."""


def read_repeats(engine: Engine, report: ImportReport, settings: Settings) -> Repeats:
    """Return how often an address that bounced for its own fault did so again."""
    questions = Questions(settings, report)
    settled = (questions.as_of or LAST_MOMENT) - SETTLED
    query = questions.sql("repeated_bounces", send_type=send_type(engine, questions), settled=settled)
    return Repeats(*engine.rows(query)[0])


def price_of(plan: Plan, risk: RiskModel, repeats: Repeats, *, tail: float = 1.0, knows_replies: bool = True) -> Price:
    """Return the price of a plan.

    Parameters
    ----------
    risk
        Learned from the same history.
    repeats
        Of the same history.
    tail
        Replies ÷ predicted replies in the engagement model's tail; only more is believed.
    knows_replies
        Whether the history has any human reply.
    """
    removed, paused = plan.of("remove"), plan.of("pause")
    shapes = (
        AGAIN_RATE * AGAIN_WEIGHT + repeats.again,
        (1 - AGAIN_RATE) * AGAIN_WEIGHT + repeats.tried - repeats.again,
    )
    again = _rng("again").beta(*shapes, DRAWS)
    back = _rng("back").permutation(_beta_binomial(len(removed), *shapes))
    gone = risk.predict({Group(None, is_known_good=True): len(paused)}, DRAWS)
    dead = _part(removed, "removed", back, len(removed) * float(again.mean()), 1 - again)
    silent = _part(paused, "paused", gone.draws, gone.mean, np.full(DRAWS, max(tail, 1.0)))
    of_removed, of_paused, of_both = (
        part.share(knows_replies=knows_replies) for part in (dead, silent, dead.with_(silent))
    )
    return Price(of_removed, of_paused, of_both, repeats, knows_replies)


class _Part(NamedTuple):
    """What `Share` is made from; the arrays hold equally likely outcomes."""

    contacts: int
    bounces: Floats
    mean_bounces: float
    replies: Floats
    mean_replies: float
    unjudged: int

    def with_(self, other: _Part) -> _Part:
        return _Part(
            self.contacts + other.contacts,
            self.bounces + other.bounces,
            self.mean_bounces + other.mean_bounces,
            self.replies + other.replies,
            self.mean_replies + other.mean_replies,
            self.unjudged + other.unjudged,
        )

    def share(self, *, knows_replies: bool) -> Share:
        is_known = knows_replies and self.unjudged < max(self.contacts, 1)
        replies = _estimate(self.replies, self.mean_replies) if is_known else None
        return Share(self.contacts, _estimate(self.bounces, self.mean_bounces), replies, self.unjudged)


def _part(rows: Sequence[Decision], name: str, bounces: Floats, mean: float, arriving: Floats) -> _Part:
    """Return the part of some contacts; `arriving` is what their chances of a reply are multiplied by."""
    chances, unjudged = _chances(rows, name)
    expected = chances * arriving
    replies = _rng(f"replies of the {name}").poisson(expected).astype(np.float64)
    return _Part(len(rows), bounces, mean, replies, float(expected.mean()), unjudged)


def _chances(rows: Sequence[Decision], name: str) -> tuple[Floats, int]:
    """Return draws of how many would reply, chance aside, and of how many contacts nothing is known."""
    known = [row.flag.outlook for row in rows if row.flag.outlook]
    if not known:
        return np.zeros(DRAWS), len(rows)
    p, low, high = (
        np.clip([getattr(outlook, field) for outlook in known], SMALLEST, 1 - SMALLEST)
        for field in ("p_reply", "low", "high")
    )
    spread = np.sqrt(SHARED) * np.maximum(logit(high) - logit(low), 0.0) / (2 * NINETY)
    sums = np.array([expit(logit(p) + node * spread).sum() for node in NODES])
    drawn = np.interp(_rng(name).standard_normal(DRAWS), NODES, sums)
    return drawn * float(p.sum()) / float(drawn.mean()), len(rows) - len(known)


def _beta_binomial(trials: int, yes: float, no: float) -> Floats:
    """Return `DRAWS` equally likely outcomes, spread evenly."""
    below = betabinom.pmf(np.arange(trials + 1), trials, yes, no).cumsum()
    return np.asarray(np.searchsorted(below, (np.arange(DRAWS) + 0.5) / DRAWS * below[-1]), dtype=np.float64)


def narrowest(chances: Floats) -> tuple[int, int]:
    """Return the shortest run of whole numbers that holds `INTERVAL` of the probability, and as little more as can be.

    Outcomes pile up at one end where nearly all or nearly none bounce; an interval with a tenth on either side would
    there leave out what is likeliest, and be longer.

    Parameters
    ----------
    chances
        Of 0, 1, 2 …; they sum to 1.

    Examples
    --------
    >>> narrowest(np.array([0.05, 0.15, 0.2, 0.6]))
    (2, 3)
    >>> narrowest(np.array([0.9, 0.1]))
    (0, 0)
    """
    below = np.concatenate([[0.0], np.cumsum(chances)])
    past = np.searchsorted(below, below[:-1] + INTERVAL - SMALLEST)
    lows = np.flatnonzero(past < below.size)
    held = below[past[lows]] - below[lows]
    best = lows[np.lexsort((held, past[lows] - lows))[0]]
    return int(best), int(past[best]) - 1


def _estimate(draws: Floats, mean: float) -> Estimate:
    low, high = narrowest(np.bincount(draws.astype(np.int64)) / draws.size)
    return Estimate(mean, float(low), float(high))


def _rng(name: str) -> np.random.Generator:
    return np.random.default_rng([crc32(b"price of a cleanup"), crc32(name.encode())])
