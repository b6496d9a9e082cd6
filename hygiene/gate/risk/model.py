"""The risk model: the chance of an address bounce, and of a human reply, for groups of contacts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from scipy.special import bdtrik, expit

from hygiene.gate.risk.grids import SENDER_SHIFTS, levels_between
from hygiene.gate.risk.hierarchy import COLLEAGUES, SEED, binomial_logs, fit_hierarchy
from hygiene.gate.risk.types import Prediction, Removal
from hygiene.gate.risk.verification import batch_logs, fit_shifts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from hygiene.gate.risk.hierarchy import Hierarchy, Name
    from hygiene.gate.risk.history import RiskFacts, RiskRow
    from hygiene.gate.risk.types import Group, Verification
    from hygiene.gate.risk.verification import Shifts

    Floats = NDArray[np.float64]

DRAWS = 2000
USUAL_BOUNCE_RATE, BOUNCE_SPREAD = 0.02, 1.0
"""What is expected of a team of which nothing is known, and the standard deviation of its log-odds: good teams lie
under HubSpot's 3 %, published means of 3.3 and 5.1 % count every bounce (evidence/peers.md, section 4); assumed."""
BEST_TENTH, WORST_TENTH = 0.015, 0.12
"""Between which eight in ten bounce rates of others lie: cleanlist.ai, cold email benchmarks of 2026-02, grade C
(evidence/peers.md, section 4). Of lists that nobody has tried there is no better count."""
USUAL_REPLY_RATE, REPLY_SPREAD = 0.05, 1.0
"""Published means lie between 3.4 and 8.5 % (the same); assumed."""
KNOWN_GOOD_RATE, KNOWN_GOOD_WEIGHT = 0.005, 200.0
"""Prior of the address bounces of contacts whom a mail has reached before: as if one of 200 had bounced. Addresses die
at some 2 % a month, and later mails mostly follow within weeks; assumed, and soon outweighed."""


@dataclass(frozen=True)
class RiskModel:
    """What a team's history says of the contacts that are yet to be mailed.

    Equal calls give equal answers, and draws agree between calls: the draw of a batch depends on its name alone, not on
    what else is asked, nor in which order.
    """

    bounces: Hierarchy
    replies: Hierarchy
    shifts: Shifts
    tried: frozenset[tuple[Name, Verification]]
    """Of which classes each batch has a history."""
    known_good: tuple[float, float]
    """Both shapes of the Beta posterior of the known good."""

    def by_record(self) -> RiskModel:
        """Return the model that believes of sources without history what the team's own record says.

        Decisions are made by it. A source that nobody has tried gets a test batch whatever is believed of it, and no
        belief, but the outcome of that batch, is to speak against it or for it.
        """
        return replace(self, bounces=replace(self.bounces, elsewhere=None))

    def draws(self, groups: Sequence[Group], draws: int = DRAWS) -> Floats:
        """Return draws of the address-bounce chance of a contact of each group (draws × groups).

        They are coherent: two groups of one batch share the batch's draw, two batches of one source that of the source.
        """
        found = np.empty((draws, len(groups)))
        batches = self.bounces.draws(((g.source, g.batch) for g in groups if not g.is_known_good), draws)
        known_good = _rng("known good", draws).beta(*self.known_good, draws)
        for place, group in enumerate(groups):
            name = group.source, group.batch
            if group.is_known_good:
                found[:, place] = known_good
            elif (name, group.verification) in self.tried:  # the batch's draw already holds how unsure the shift is
                found[:, place] = expit(batches[name] + self.shifts.means.get(group.verification, 0.0))
            else:
                found[:, place] = expit(batches[name] + self.shifts.draws(group.verification, draws))
        return found

    def predict(self, counts: Mapping[Group, int], draws: int = DRAWS) -> Prediction:
        """Return how many address bounces so many contacts of each group will bring, chance included."""
        groups = [group for group, count in counts.items() if count > 0]
        size = np.array([counts[group] for group in groups], dtype=np.float64)
        return _prediction(self.draws(groups, draws), size)

    def reply_rate(self, group: Group, draws: int = DRAWS) -> tuple[float, Floats]:
        """Return the human replies per delivered enrollment of a group's batch: mean, and draws (draws)."""
        name = group.source, group.batch
        found = expit(self.replies.draws((name,), draws)[name])
        return float(found.mean()), found

    def removal(self, counts: Mapping[Group, int], draws: int = DRAWS) -> Removal:
        """Return what it brings and costs not to mail so many contacts of each group."""
        groups = [group for group, count in counts.items() if count > 0]
        size = np.array([counts[group] for group in groups], dtype=np.float64)
        chance = self.draws(groups, draws)
        odds = self.replies.draws(((group.source, group.batch) for group in groups), draws)
        replying = np.empty_like(chance)
        for place, group in enumerate(groups):
            replying[:, place] = expit(odds[group.source, group.batch])
        return Removal(int(size.sum()), _prediction(chance, size), _prediction((1 - chance) * replying, size))


def fit(facts: RiskFacts) -> RiskModel:
    """Learn from a history; without any, what is assumed of a team is all that the model knows.

    Where `facts.by_sender` tells of one sender, the model speaks of that sender's mail: its contacts may be worse or
    better than its colleagues', whatever the list. A sender without colleagues differs from nobody.
    """
    new = [row for row in facts.rows if not row.is_known_good]
    shifts = fit_shifts(new)
    ages = _ages(facts.rows)
    own = facts.by_sender or ()
    is_alone = sum(row.tried for row in own) == sum(row.tried for row in new)
    by_shift = COLLEAGUES if facts.by_sender is None or is_alone else SENDER_SHIFTS
    logs = batch_logs(new, shifts, () if is_alone else own, by_shift)
    elsewhere = levels_between(BEST_TENTH, WORST_TENTH)
    return RiskModel(
        fit_hierarchy(logs, ages, USUAL_BOUNCE_RATE, BOUNCE_SPREAD, "bounces", by_shift, elsewhere),
        fit_hierarchy(_reply_logs(facts.rows), ages, USUAL_REPLY_RATE, REPLY_SPREAD, "replies"),
        shifts,
        frozenset(((row.source, row.batch), row.verification) for row in new),
        _known_good([row for row in facts.rows if row.is_known_good]),
    )


def _ages(rows: Sequence[RiskRow]) -> dict[Name, float]:
    """Return the days from each batch's first mail to that of the latest batch."""
    begun: dict[Name, datetime] = {}
    for row in rows:
        name = row.source, row.batch
        begun[name] = min(row.first_tried_at, begun.get(name, row.first_tried_at))
    latest = max(begun.values(), default=None)
    return {name: (latest - at) / timedelta(days=1) for name, at in begun.items()} if latest else {}


def _reply_logs(rows: Sequence[RiskRow]) -> dict[Name, Floats]:
    counts: dict[Name, tuple[int, int]] = {}
    for row in rows:
        replied, delivered = counts.get((row.source, row.batch), (0, 0))
        counts[row.source, row.batch] = replied + row.replied, delivered + row.delivered
    return {name: binomial_logs(*both) for name, both in counts.items() if both[1]}


def _known_good(rows: Sequence[RiskRow]) -> tuple[float, float]:
    tried, back = sum(row.tried for row in rows), sum(row.address_bounced for row in rows)
    return KNOWN_GOOD_RATE * KNOWN_GOOD_WEIGHT + back, (1 - KNOWN_GOOD_RATE) * KNOWN_GOOD_WEIGHT + tried - back


def _prediction(chance: Floats, size: Floats) -> Prediction:
    """Return the sum of binomials with the chances of each draw.

    A sum of trials with unequal chances is taken as binomial with the same mean and variance. The luck of a draw is the
    same in every call, so that a smaller set never looks worse than a larger one by chance alone.
    """
    draws = chance.shape[0]
    mean = chance @ size
    square = np.square(chance) @ size
    p = np.clip(np.divide(square, mean, out=np.zeros(draws), where=mean > 0), 1e-12, 1 - 1e-12)
    luck = _rng("luck", draws)
    number = np.where(mean > 0, np.ceil(bdtrik(luck.random(draws), np.maximum(mean / p, 1e-12), p)), 0.0)
    number = np.clip(np.nan_to_num(number), 0.0, size.sum())
    # Between whole numbers, so that the quantiles of small counts hold what they promise.
    spread = (number + luck.random(draws) - 0.5).clip(0.0, size.sum())
    ends = [_interval(spread, float((number == 0).mean()), share) for share in (0.8, 0.9)]
    return Prediction(float(mean.mean()), *ends[0], *ends[1], number)


def _interval(spread: Floats, nothing: float, share: float) -> tuple[float, float]:
    """Return the interval that holds a share of the draws; from zero where nothing at all is likely enough."""
    tail = (1 - share) / 2
    if nothing > tail:
        return 0.0, float(np.quantile(spread, share))
    return float(np.quantile(spread, tail)), float(np.quantile(spread, 1 - tail))


def _rng(name: str, draws: int) -> np.random.Generator:
    return np.random.default_rng([SEED, draws, crc32(name.encode())])
