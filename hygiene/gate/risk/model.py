"""The risk model: the chance of an address bounce, and of a human reply, for groups of contacts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from scipy.special import bdtrik, expit, logit

from hygiene.gate.risk.hierarchy import SEED, fit_hierarchy
from hygiene.gate.risk.types import Prediction, Removal
from hygiene.gate.risk.verification import fit_shifts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hygiene.gate.risk.hierarchy import Hierarchy, Name
    from hygiene.gate.risk.history import RiskFacts
    from hygiene.gate.risk.types import Group
    from hygiene.gate.risk.verification import Shifts

    Floats = NDArray[np.float64]

DRAWS = 2000
USUAL_BOUNCE_RATE = 0.03
"""HubSpot's limit of a good rate, for a team of which nothing is known."""
USUAL_REPLY_RATE = 0.05
"""Published means lie between 3.4 and 8.5 % (evidence/peers.md, section 4); assumed."""
KNOWN_GOOD_RATE, KNOWN_GOOD_WEIGHT = 0.005, 200.0
"""Prior of the address bounces of contacts whom a mail has reached before: as if one of 200 had bounced. Addresses die
at some 2 % a month, and later mails mostly follow within weeks; assumed, and soon outweighed."""
INTERVAL, INTERVAL_90 = (0.1, 0.9), (0.05, 0.95)


@dataclass(frozen=True)
class RiskModel:
    """What a team's history says of the contacts that are yet to be mailed.

    Equal calls give equal answers, and draws agree between calls: the draw of a batch depends on its name alone, not on
    what else is asked, nor in which order.
    """

    bounces: Hierarchy
    replies: Hierarchy
    shifts: Shifts
    known_good: tuple[float, float]
    """Both shapes of the Beta posterior of the known good."""

    def draws(self, groups: Sequence[Group], draws: int = DRAWS) -> Floats:
        """Return draws of the address-bounce chance of a contact of each group (draws × groups).

        They are coherent: two groups of one batch share the batch's draw, two batches of one source that of the source.
        """
        found = np.empty((draws, len(groups)))
        batches = self.bounces.batch_draws(((g.source, g.batch) for g in groups if not g.is_known_good), draws)
        shifts = self.shifts.draws(draws)
        known_good = _rng("known good", draws).beta(*self.known_good, draws)
        for place, group in enumerate(groups):
            if group.is_known_good:
                found[:, place] = known_good
                continue
            shift = shifts.get(group.verification)
            chance = batches[group.source, group.batch]
            found[:, place] = chance if shift is None else expit(logit(chance) + shift)
        return found

    def predict(self, counts: Mapping[Group, int], draws: int = DRAWS) -> Prediction:
        """Return how many address bounces so many contacts of each group will bring, chance included."""
        groups = [group for group, count in counts.items() if count > 0]
        size = np.array([counts[group] for group in groups], dtype=np.float64)
        return _prediction(self.draws(groups, draws), size)

    def reply_rate(self, group: Group, draws: int = DRAWS) -> tuple[float, Floats]:
        """Return the human replies per delivered enrollment of a group's batch: mean, and draws (draws)."""
        name = group.source, group.batch
        found = self.replies.batch_draws((name,), draws)[name]
        return float(found.mean()), found

    def removal(self, counts: Mapping[Group, int], draws: int = DRAWS) -> Removal:
        """Return what it brings and costs not to mail so many contacts of each group."""
        groups = [group for group, count in counts.items() if count > 0]
        size = np.array([counts[group] for group in groups], dtype=np.float64)
        chance = self.draws(groups, draws)
        rates = self.replies.batch_draws(((group.source, group.batch) for group in groups), draws)
        replying = np.column_stack([rates[group.source, group.batch] for group in groups]) if groups else chance
        return Removal(int(size.sum()), _prediction(chance, size), _prediction((1 - chance) * replying, size))


def fit(facts: RiskFacts) -> RiskModel:
    """Learn from a history; without any, what is assumed of a team is all that the model knows."""
    new = [row for row in facts.rows if not row.is_known_good]
    shifts = fit_shifts(new)
    bounced: defaultdict[Name, Floats] = defaultdict(lambda: np.zeros(2))
    for row in new:
        worth = max(row.tried * shifts.exposure(row.verification), row.address_bounced)
        bounced[row.source, row.batch] += (row.address_bounced, worth - row.address_bounced)
    replied: defaultdict[Name, Floats] = defaultdict(lambda: np.zeros(2))
    for row in facts.rows:
        replied[row.source, row.batch] += (row.replied, row.delivered - row.replied)
    good = [row for row in facts.rows if row.is_known_good]
    back = sum(row.address_bounced for row in good)
    known_good = (
        KNOWN_GOOD_RATE * KNOWN_GOOD_WEIGHT + back,
        (1 - KNOWN_GOOD_RATE) * KNOWN_GOOD_WEIGHT + sum(row.tried for row in good) - back,
    )
    return RiskModel(
        fit_hierarchy(_plain(bounced), USUAL_BOUNCE_RATE, "bounces"),
        fit_hierarchy(_plain(replied), USUAL_REPLY_RATE, "replies"),
        shifts,
        known_good,
    )


def _plain(counts: Mapping[Name, Floats]) -> dict[Name, tuple[float, float]]:
    return {key: (round(float(yes), 2), round(float(no), 2)) for key, (yes, no) in counts.items()}


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
    spread = number + luck.random(draws) - 0.5
    low, low90, high90, high = np.clip(
        np.quantile(spread, (INTERVAL[0], *INTERVAL_90, INTERVAL[1])), 0.0, float(size.sum())
    )
    return Prediction(float(mean.mean()), float(low), float(high), float(low90), float(high90), number)


def _rng(name: str, draws: int) -> np.random.Generator:
    return np.random.default_rng([SEED, draws, crc32(name.encode())])
