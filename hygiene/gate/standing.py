"""How a sender or a whole domain stands: the bounces of its recent enrollments against the limit, each list weighed.

The posterior is that of our pause rule (docs/pauses.md): bounces of one list go together, so a list of n enrollments
tells as much as n / (1 + (n − 1) ρ) of as many lists, under a Beta(1, 49) prior.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import betaincc, betaincinv

from hygiene.facts.factors import NOT_TOLD
from hygiene.flags.pauses.clumps import effective, estimate_overdispersion
from hygiene.flags.pauses.types import Stream

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from hygiene.facts.factors import FactorTable

    Ints = NDArray[np.int64]

RECENT_WEEKS = 13
"""What the mailbox providers are taken to remember (assumed: a quarter of a year)."""
ENOUGH_ENDED = 600
"""Where the recent weeks hold fewer ended enrollments, older ones are taken in until there are so many: lists of a
hundred that differ as ρ = 0.02 has it then tell 1 from 8 % in 99 of 100 cases (docs/check.md)."""
BUDGET_WEEKS = 4
"""Weeks over which the bounce budget of a domain is reckoned, as in our pause rule."""
PRIOR = (1.0, 49.0)
"""a and b: one bounce in fifty emails seen before (models/pauses/rules.toml)."""


class Standing(NamedTuple):
    """The recent record of some senders together."""

    ended: int
    bounced: int
    """For the address's fault, or for no known one."""
    p_over: float
    """Probability that their bounce rate is above the limit."""
    low: float
    high: float
    """90 % interval of the rate, as fractions."""
    budget_ended: int
    """Ended in the last `BUDGET_WEEKS` weeks."""
    budget_bounced: int


def standing(table: FactorTable, senders: Collection[str], week: int, limit: float) -> Standing:
    """Return how some senders stand.

    Parameters
    ----------
    table
        Ended enrollments of the whole source.
    senders
        Ids; none of them in the table: nothing is known, and the prior speaks.
    week
        Up to which, in weeks since 1970.
    limit
        Bounce rate, 0–1.
    """
    wanted = np.isin(
        table.codes["sender"], [place for place, name in enumerate(table.levels["sender"]) if name in senders]
    )
    chosen = wanted & (table.week <= week)
    recent = chosen & (table.week > _since(table, chosen, week))
    ended, bounced = _by_list(table, recent)
    worth_ended, worth_bounced = (x.sum() for x in effective(ended, bounced, overdispersion(table)))
    a, b = PRIOR[0] + worth_bounced, PRIOR[1] + worth_ended - worth_bounced
    budget = chosen & (table.week > week - BUDGET_WEEKS)
    return Standing(
        ended=int(ended.sum()),
        bounced=int(bounced.sum()),
        p_over=float(betaincc(a, b, limit)),
        low=float(betaincinv(a, b, 0.05)),
        high=float(betaincinv(a, b, 0.95)),
        budget_ended=int(table.ended[budget].sum()),
        budget_bounced=int(table.address_bounced[budget].sum()),
    )


def _since(table: FactorTable, chosen: NDArray[np.bool_], week: int) -> int:
    """Return the week after which enrollments count."""
    since = week - RECENT_WEEKS
    if table.ended[chosen & (table.week > since)].sum() >= ENOUGH_ENDED or not chosen.any():
        return since
    weeks, place = np.unique(table.week[chosen], return_inverse=True)
    later = np.cumsum(np.bincount(place, weights=table.ended[chosen])[::-1])[::-1]
    enough = np.flatnonzero(later >= ENOUGH_ENDED)
    return min(since, int(weeks[enough[-1]] if enough.size else weeks[0]) - 1)


def _lists(table: FactorTable) -> Ints:
    """Return a number for each list of each sender: its import batch, else the week."""
    batch = table.codes["import_batch"]
    week = np.where(batch == NOT_TOLD, table.week, 0)
    _, place = np.unique(
        np.stack([table.codes["sender"], table.codes["source"], batch, week]), axis=1, return_inverse=True
    )
    return np.asarray(place, dtype=np.int64).ravel()


def _by_list(table: FactorTable, chosen: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    lists = _lists(table)[chosen]
    ended = np.bincount(lists, weights=table.ended[chosen])
    bounced = np.bincount(lists, weights=table.address_bounced[chosen])
    there = ended > 0
    return ended[there].astype(np.int64), bounced[there].astype(np.int64)


def overdispersion(table: FactorTable) -> float:
    """Return how much the bounces of one list go together, 0–0.5, over all senders (docs/pauses.md)."""
    if not table.ended.size:
        return estimate_overdispersion(_stream(*(np.zeros(0, dtype=np.int64),) * 4))
    lists = _lists(table)
    count = int(lists.max()) + 1
    sender = np.zeros(count, dtype=np.int64)
    sender[lists] = table.codes["sender"]
    ended = np.bincount(lists, weights=table.ended, minlength=count).astype(np.int64)
    bounced = np.bincount(lists, weights=table.address_bounced, minlength=count).astype(np.int64)
    order = np.argsort(sender, kind="stable")
    return estimate_overdispersion(_stream(sender[order], np.arange(count), ended[order], bounced[order]))


def _stream(sender: Ints, lists: Ints, ended: Ints, bounced: Ints) -> Stream:
    """Return lists as a stream, of which only senders, lists and counts are asked for."""
    return Stream(sender, np.zeros_like(sender), lists, ended, bounced, bounced)
