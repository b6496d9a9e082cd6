"""How a sender or a whole domain stands: the bounces of its recent enrollments against the limit, each list weighed.

The posterior is that of our pause rule (docs/pauses.md): bounces of one list go together, so a list of n enrollments
tells as much as n / (1 + (n − 1) ρ) of as many lists, under a Beta(1, 49) prior.

Enrollments are counted by the week of their first mail, whether they have ended or not (`tries.sql` tells why): counted
by their end, three times as many senders with a rate of 2 % came out above 3 % (docs/check.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import betaincc, betaincinv

from hygiene.facts.arrays import plain
from hygiene.facts.queries import LAST_MOMENT, Questions
from hygiene.flags.pauses.clumps import effective, estimate_overdispersion
from hygiene.flags.pauses.types import Stream
from hygiene.gate.risk.history import SETTLED

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from hygiene.engine import Engine
    from hygiene.facts.types import Facts
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

    Ints = NDArray[np.int64]

RECENT_WEEKS = 13
"""What the mailbox providers are taken to remember (assumed: a quarter of a year)."""
ENOUGH_TRIED = 600
"""Where the recent weeks hold fewer enrollments, older ones are taken in until there are so many: lists of a hundred
that differ as ρ = 0.02 has it then tell 1 from 8 % in 99 of 100 cases (docs/check.md)."""
BUDGET_WEEKS = 4
"""Weeks over which the bounce budget of a domain is reckoned, as in our pause rule."""
PRIOR = (1.0, 49.0)
"""a and b: one bounce in fifty emails seen before (models/pauses/rules.toml)."""


@dataclass(frozen=True)
class Tries:
    """Enrollments of one sender, list and week as columns of equal length."""

    sender: Ints
    """Places in `senders`."""
    senders: tuple[str, ...]
    """Ids."""
    list: Ints
    """A number for each list of each sender: a batch of a source, else what had its first mail in one week."""
    week: Ints
    """Of the first mail, weeks since 1970."""
    tried: Ints
    """Enrollments whose bounce would be known by now."""
    bounced: Ints
    """Of these, for the address's fault, or for no known one."""


class Standing(NamedTuple):
    """The recent record of some senders together."""

    tried: int
    bounced: int
    """For the address's fault, or for no known one."""
    p_over: float
    """Probability that their bounce rate is above the limit."""
    low: float
    high: float
    """90 % interval of the rate, as fractions."""
    budget_tried: int
    """Tried in the last `BUDGET_WEEKS` weeks."""
    budget_bounced: int


def read_tries(engine: Engine, report: ImportReport, facts: Facts, settings: Settings) -> Tries:
    """Return the enrollments of all senders; needs the table `tries`, which `read_risk` keeps."""
    questions = Questions(settings, report)
    settled = (questions.as_of or LAST_MOMENT) - SETTLED
    columns = engine.arrays(questions.sql("sender_tries", settled=settled))
    keys, sender = np.unique(plain(columns["sender_key"]).astype(np.int64), return_inverse=True)
    week = plain(columns["tried_at"]).astype("datetime64[D]").astype(np.int64) // 7
    source, batch = (plain(columns[name]).tolist() for name in ("source", "batch"))
    rows = zip(sender.tolist(), source, batch, week.tolist(), strict=True)
    places: dict[tuple[object, ...], int] = {}
    lists = [
        places.setdefault((who, list_source, name, None if name else at), len(places))
        for who, list_source, name, at in rows
    ]
    return Tries(
        sender=sender.astype(np.int64).ravel(),
        senders=tuple(facts.senders[key].sender_id for key in keys.tolist()),
        list=np.array(lists, dtype=np.int64),
        week=week,
        tried=plain(columns["tried"]).astype(np.int64),
        bounced=plain(columns["address_bounced"]).astype(np.int64),
    )


def standing(tries: Tries, senders: Collection[str], week: int, limit: float) -> Standing:
    """Return how some senders stand.

    Parameters
    ----------
    tries
        Enrollments of the whole source.
    senders
        Ids; none of them among the tries: nothing is known, and the prior speaks.
    week
        Up to which, in weeks since 1970.
    limit
        Bounce rate, 0–1.
    """
    wanted = np.isin(tries.sender, [place for place, name in enumerate(tries.senders) if name in senders])
    chosen = wanted & (tries.week <= week)
    recent = chosen & (tries.week > _since(tries, chosen, week))
    tried, bounced = _by_list(tries, recent)
    worth_tried, worth_bounced = (x.sum() for x in effective(tried, bounced, overdispersion(tries)))
    a, b = PRIOR[0] + worth_bounced, PRIOR[1] + worth_tried - worth_bounced
    budget = chosen & (tries.week > week - BUDGET_WEEKS)
    return Standing(
        tried=int(tried.sum()),
        bounced=int(bounced.sum()),
        p_over=float(betaincc(a, b, limit)),
        low=float(betaincinv(a, b, 0.05)),
        high=float(betaincinv(a, b, 0.95)),
        budget_tried=int(tries.tried[budget].sum()),
        budget_bounced=int(tries.bounced[budget].sum()),
    )


def _since(tries: Tries, chosen: NDArray[np.bool_], week: int) -> int:
    """Return the week after which enrollments count."""
    since = week - RECENT_WEEKS
    if tries.tried[chosen & (tries.week > since)].sum() >= ENOUGH_TRIED or not chosen.any():
        return since
    weeks, place = np.unique(tries.week[chosen], return_inverse=True)
    later = np.cumsum(np.bincount(place, weights=tries.tried[chosen])[::-1])[::-1]
    enough = np.flatnonzero(later >= ENOUGH_TRIED)
    return min(since, int(weeks[enough[-1]] if enough.size else weeks[0]) - 1)


def _by_list(tries: Tries, chosen: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    lists = tries.list[chosen]
    tried = np.bincount(lists, weights=tries.tried[chosen])
    bounced = np.bincount(lists, weights=tries.bounced[chosen])
    there = tried > 0
    return tried[there].astype(np.int64), bounced[there].astype(np.int64)


def overdispersion(tries: Tries) -> float:
    """Return how much the bounces of one list go together, 0–0.5, over all senders (docs/pauses.md)."""
    if not tries.tried.size:
        return estimate_overdispersion(_stream(*(np.zeros(0, dtype=np.int64),) * 4))
    count = int(tries.list.max()) + 1
    sender = np.zeros(count, dtype=np.int64)
    sender[tries.list] = tries.sender
    tried = np.bincount(tries.list, weights=tries.tried, minlength=count).astype(np.int64)
    bounced = np.bincount(tries.list, weights=tries.bounced, minlength=count).astype(np.int64)
    order = np.argsort(sender, kind="stable")
    return estimate_overdispersion(_stream(sender[order], np.arange(count), tried[order], bounced[order]))


def _stream(sender: Ints, lists: Ints, tried: Ints, bounced: Ints) -> Stream:
    """Return lists as a stream, of which only senders, lists and counts are asked for."""
    return Stream(sender, np.zeros_like(sender), lists, tried, bounced, bounced)
