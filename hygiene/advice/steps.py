"""What the rules on sequences share: what each step brought, whether that is known at all, and who uses a sequence."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from scipy.special import betainc, betaincinv

from hygiene.flags.engagement.costs import COMPLAINT_RATE
from hygiene.scores.rates import INTERVAL, JEFFREYS_SHAPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.advice.case import Case
    from hygiene.facts.types import Step

PLACED = 0.8
"""Of a sequence's replies, the share that must be known by its step; else a step without replies means nothing."""
ONE_USER = 0.9
"""Of a sequence's ended enrollments, the share from which on it is one sender's; assumed."""


class Tail(NamedTuple):
    """Emails of a sequence counted together, and the replies to them."""

    replied: int
    delivered: int

    def __add__(self, other: object) -> Tail:
        """Add both counts."""
        if not isinstance(other, Tail):
            return NotImplemented
        return Tail(self.replied + other.replied, self.delivered + other.delivered)

    @property
    def rate(self) -> float:
        """Posterior mean of the reply rate, under Jeffreys' prior."""
        return (self.replied + JEFFREYS_SHAPE) / (self.delivered + 2 * JEFFREYS_SHAPE)

    def p_below(self, rate: float) -> float:
        """Return the posterior probability that the true reply rate is below another."""
        return float(betainc(*self._shapes, rate))

    def interval(self) -> tuple[float, float]:
        """Return the 5 % and the 95 % quantile of the reply rate."""
        low, high = (float(betaincinv(*self._shapes, level)) for level in INTERVAL)
        return low, high

    @property
    def _shapes(self) -> tuple[float, float]:
        return self.replied + JEFFREYS_SHAPE, self.delivered - self.replied + JEFFREYS_SHAPE


def tail_of(steps: list[Step]) -> Tail:
    """Return what some steps of a sequence brought; bounced emails had no chance and are left out."""
    replied = sum(step.replied for step in steps)
    return Tail(replied, max(sum(step.sent - step.bounced for step in steps), replied))


def steps_known(case: Case) -> Mapping[int, list[Step]]:
    """Return the steps of each sequence (key), rising, of those whose replies are known by their step.

    None, where the team's are not: then a sequence without replies may be one whose replies nobody exported.
    """
    team = case.scores.team.counts.replied
    if not team or sum(step.replied for step in case.facts.steps) < PLACED * team:
        return {}
    steps: defaultdict[int, list[Step]] = defaultdict(list)
    for step in case.facts.steps:
        steps[step.sequence_key].append(step)
    replied = {score.sequence_key: score.counts.replied for score in case.scores.sequences}
    return {
        key: sorted(rows, key=lambda step: step.step)
        for key, rows in steps.items()
        if sum(step.replied for step in rows) >= PLACED * replied.get(key, 0)
    }


def cost_line(case: Case) -> float:
    """Return the reply rate at which one more email costs what it brings, with the risk of a complaint."""
    complaints = case.engagement.complaint_rate if case.engagement else COMPLAINT_RATE
    settings = case.settings
    return min((settings.send_cost + complaints * settings.complaint_cost) / settings.reply_value, 1.0)


def only_users(case: Case) -> Mapping[int, int]:
    """Return the sender (key) of each sequence (key) that next to nobody else uses."""
    ended: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for cell in case.facts.cells:
        if cell.sequence_key is not None:
            ended[cell.sequence_key][cell.sender_key] += cell.counts.ended
    users = {}
    for sequence, counts in ended.items():
        (sender, most), total = counts.most_common(1)[0], counts.total()
        if total and most >= ONE_USER * total:
            users[sequence] = sender
    return users
