"""The figures of each source and batch, and which of the rest is better held back."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from hygiene.advice.legal import source_kind
from hygiene.gate.lists.stock import Stock, together
from hygiene.gate.lists.types import Card, Hold
from hygiene.gate.risk import Group
from hygiene.gate.risk.model import DRAWS
from hygiene.scores.types import Rate

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from numpy.typing import NDArray

    from hygiene.gate.lists.types import Grade, Level
    from hygiene.gate.risk import RiskFacts, RiskModel, RiskRow
    from hygiene.gate.risk.hierarchy import Name

    Floats = NDArray[np.float64]

SURE = 0.8
"""Probability from which on a list is called good or bad, as for the claims of the rules (`advice.pull.CLAIMED`)."""
LEAST_MAILED = 10
"""First mails below which a list has no grade of its own, as a score (docs/score.md)."""
INTERVAL = (0.05, 0.95)


class _Tally:
    """First mails and replies of one list, with draws of what their counts were expected to be."""

    def __init__(self) -> None:
        self.counts = np.zeros(4, dtype=np.int64)
        self.expected = np.zeros((2, DRAWS))

    def add(self, other: _Tally) -> None:
        self.counts += other.counts
        self.expected += other.expected

    def rate(self, place: int) -> Rate:
        """Return the rate of address bounces (0) or of replies (1)."""
        successes, trials = (int(count) for count in self.counts[2 * place : 2 * place + 2])
        draws = self.expected[place] / max(trials, 1)
        low, high = np.quantile(draws, INTERVAL)
        return Rate(successes, trials, successes / trials if trials else None, float(low), float(high))

    def p_above(self, limit: float) -> float | None:
        trials = int(self.counts[1])
        return float((self.expected[0] > limit * trials).mean()) if trials else None


def make_cards(
    stock: Mapping[Name, Stock], facts: RiskFacts, model: RiskModel, limit: float, as_of: datetime | None
) -> tuple[Card, tuple[Card, ...]]:
    """Return the card of all, and those of the sources, the worst first, each followed by its batches.

    Parameters
    ----------
    stock
        As `read_stock` returns it.
    facts, model
        The history, and what was learned from it.
    limit
        Chance of an address bounce above which a list is bad, 0–1.
    as_of
        The moment from which ages are counted.
    """
    rows: defaultdict[Name, list[RiskRow]] = defaultdict(list)
    for row in facts.rows:
        rows[row.source, row.batch].append(row)
    sources: defaultdict[str | None, list[str | None]] = defaultdict(list)
    for source, batch in {**stock, **rows}:
        sources[source].append(batch)
    whole = _Tally()
    found: list[tuple[Card, list[Card]]] = []
    for source, batches in sources.items():
        tallies = _tallies(model, {(source, batch): rows[source, batch] for batch in batches})
        own = _Tally()
        for tally in tallies.values():
            own.add(tally)
        whole.add(own)
        made = [_card("batch", name, stock.get(name, Stock()), tally, limit, as_of) for name, tally in tallies.items()]
        joined = together(stock[source, batch] for batch in batches if (source, batch) in stock)
        found.append((_card("source", (source, None), joined, own, limit, as_of), sorted(made, key=_worst_first)))
    found.sort(key=lambda pair: _worst_first(pair[0]))
    team = _card("team", (None, None), together(stock.values()), whole, limit, as_of)
    return team, tuple(card for source_card, cards in found for card in (source_card, *cards))


def _tallies(model: RiskModel, lists: Mapping[Name, list[RiskRow]]) -> dict[Name, _Tally]:
    """Return the tallies of one source's batches."""
    first = [row for rows in lists.values() for row in rows if not row.is_known_good]
    chances = model.draws([Group(row.source, row.batch, row.verification) for row in first], DRAWS)
    odds = model.replies.draws(lists, DRAWS)
    found = {name: _Tally() for name in lists}
    for place, row in enumerate(first):
        tally = found[row.source, row.batch]
        tally.counts[:2] += (row.address_bounced, row.tried)
        tally.expected[0] += row.tried * chances[:, place]
    for name, rows in lists.items():
        delivered = sum(row.delivered for row in rows)
        found[name].counts[2:] += (sum(row.replied for row in rows), delivered)
        found[name].expected[1] += delivered * expit(odds[name])
    return found


def _card(level: Level, name: Name, stock: Stock, tally: _Tally, limit: float, as_of: datetime | None) -> Card:
    source, batch = name
    p_above = tally.p_above(limit)
    bounce = tally.rate(0)
    return Card(
        level=level,
        source=source,
        batch=batch,
        is_import=stock.is_import,
        origin=None if level == "team" else source_kind(source),
        contacts=stock.contacts,
        ended=stock.ended,
        bounced=stock.bounced,
        replied=stock.replied,
        bounce=bounce,
        p_above=p_above,
        reply=tally.rate(1),
        with_basis=stock.with_basis,
        verified=stock.verified,
        age_days=stock.age_days(as_of),
        not_mailed=stock.not_mailed.total(),
        grade=_grade(p_above, bounce.trials),
    )


def _grade(p_above: float | None, mailed: int) -> Grade | None:
    if p_above is None or mailed < LEAST_MAILED:
        return None
    return "bad" if p_above >= SURE else "good" if p_above <= 1 - SURE else None


def _worst_first(card: Card) -> tuple[float, int, int, str, str]:
    return -(card.p_above or 0.0), -card.bounce.successes, -card.contacts, card.source or "", card.batch or ""


def holds(stock: Mapping[Name, Stock], model: RiskModel, limit: float) -> tuple[Hold, ...]:
    """Return the batches whose unmailed contacts have a chance above the limit for sure enough, most bounces first."""
    found = []
    for (source, batch), own in stock.items():
        counts = {Group(source, batch, kind): number for kind, number in sorted(own.not_mailed.items())}
        if not counts:
            continue
        p_above = _p_above(model, counts, limit)
        if p_above >= SURE:
            found.append(Hold(source, batch, p_above, model.removal(counts)))
    return tuple(sorted(found, key=lambda hold: (-hold.removal.bounces.mean, hold.source or "", hold.batch or "")))


def _p_above(model: RiskModel, counts: Mapping[Group, int], limit: float) -> float:
    size = np.array(list(counts.values()), dtype=np.float64)
    mean = model.draws(list(counts), DRAWS) @ size / size.sum()
    return float((mean > limit).mean())
