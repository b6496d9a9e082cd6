"""Split tests: how many contacts they need, who is in which arm, and what they showed."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from math import asin, ceil, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hygiene.advice.attribution.types import Lever
    from hygiene.advice.case import Case

SIGNIFICANCE = 0.05
"""Two-sided."""
POWER = 0.8
VOLUME_WEEKS = 12
"""The team's volume is that of the last so many weeks."""
LEAST_DIFFERENCE = 0.005
"""No plan is made for a smaller difference of the two rates: it would never end."""


@dataclass(frozen=True)
class Plan:
    """A random split of the team's next contacts."""

    per_arm: int
    weeks: int
    """At the team's volume; at least 1."""
    rate_a: float
    """Expected rate as it is."""
    rate_b: float
    """Expected rate with the other choice."""


def contacts_per_arm(rate_a: float, rate_b: float) -> int:
    """Return how many contacts each arm needs to tell two rates apart.

    Cohen, Statistical Power Analysis (1988), equation 6.2.1 for h and section 6.4 for n, at `SIGNIFICANCE` and `POWER`.

    Examples
    --------
    >>> contacts_per_arm(0.05, 0.07), contacts_per_arm(0.05, 0.10)
    (2199, 424)
    """
    h = abs(2 * asin(sqrt(rate_b)) - 2 * asin(sqrt(rate_a)))
    z = NormalDist().inv_cdf(1 - SIGNIFICANCE / 2) + NormalDist().inv_cdf(POWER)
    return ceil(2 * (z / h) ** 2)


def plan(case: Case, lever: Lever) -> Plan:
    """Return the plan for a lever: its level against the team's others, for the contacts that it is used for."""
    seen, other = lever.here[lever.metric], lever.elsewhere[lever.metric]
    rate_a = (seen.successes + 0.5) / (seen.trials + 1)
    change = lever.gains[lever.metric].value / max(lever.share, 0.01)
    change = max(abs(change), LEAST_DIFFERENCE)
    rate_b = rate_a + change if lever.metric == "reply_rate" else rate_a - change
    rate_b = min(max(rate_b, 0.001), 0.999)
    if abs(rate_a - rate_b) < LEAST_DIFFERENCE:  # a rate near zero cannot fall by much
        rate_b = (other.successes + 0.5) / (other.trials + 1)
    per_arm = contacts_per_arm(rate_a, rate_b)
    return Plan(per_arm, max(1, ceil(2 * per_arm / max(_weekly(case), 1))), rate_a, rate_b)


def _weekly(case: Case) -> float:
    """Return how many enrollments of the team ended a week, lately."""
    table = case.attribution.models.table if case.attribution else None
    if table is None:
        return 0.0
    recent = table.week > table.week.max() - VOLUME_WEEKS
    return float(table.ended[recent].sum()) / VOLUME_WEEKS


def arm_of(experiment: str, contact_id: str) -> Literal["a", "b"]:
    """Return the arm of a contact: by a hash, so that everybody and every later run finds the same.

    Examples
    --------
    >>> [arm_of("EXP-01-0a1b2c3d", contact) for contact in ("1", "2", "3", "4")]
    ['b', 'b', 'a', 'a']
    """
    return "ab"[blake2b(f"{experiment}|{contact_id}".encode(), digest_size=1).digest()[0] % 2]  # type: ignore[return-value]
