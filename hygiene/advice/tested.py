"""What the split tests of an earlier report have shown: by the arms that every run finds again.

A contact's arm is a hash of its id (`experiments.arm_of`), so nothing had to be kept but the test's id. Contacts count
in the arm that they were drawn into, whatever was done with them in the end (intention to treat: Hernán and Robins,
Causal Inference: What If (2020), section 22.1); a test whose arms were not kept to is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from hygiene.advice.attribution.types import Gain
from hygiene.advice.experiments import arm_of
from hygiene.advice.follow import counts_of, has_level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygiene.advice.attribution.types import Metric
    from hygiene.advice.case import Case

State: TypeAlias = Literal["better", "worse", "no_difference", "running"]
KEPT_TO = 0.8
"""Share of the contacts that got what their arm says, from which on a test was held; assumed."""
FEWEST_STARTED = 20
"""Contacts since the plan, below which it has not begun; assumed."""
SURE = 0.95


@dataclass(frozen=True)
class HeldTest:
    """A test that was held."""

    row: Mapping[str, Any]
    """Of the earlier recommendations.json."""
    metric: Metric
    level: str
    as_it_was: tuple[int, int]
    """Successes of trials in arm A, which kept the level."""
    changed: tuple[int, int]
    """In arm B, which had the other choice."""
    needed: int
    """Contacts in each arm, as planned."""
    gain: Gain
    state: State


def read_tests(case: Case) -> Iterator[HeldTest]:
    """Yield the tests of the last report that were held; those that nobody began are passed over."""
    if case.previous is None:
        return
    began = case.enrolled.rows[case.enrolled.rows["enrolled_at"] > case.previous.as_of]
    ended = began[began["ended_at"].notna()]
    for row in case.previous.rows:
        planned = row.get("evidence", {})
        kind, _, level = str(row["subject"]).partition(":")
        needed = planned.get("contacts_an_arm")
        if row["rule"] != "EXP-01" or row["metric"] == "none" or not isinstance(needed, int):
            continue
        if len(ended) < FEWEST_STARTED:
            continue
        has = has_level(ended, case, kind, level)
        in_a = ended["contact_id"].map(lambda contact, test=str(row["subject"]): arm_of(test, contact) == "a")
        if has is None or (has == in_a).mean() < KEPT_TO:
            continue
        metric: Metric = row["metric"]
        counts = counts_of(ended[in_a], metric), counts_of(ended[~in_a], metric)
        gain = _gain(*counts, metric)
        yield HeldTest(row, metric, level, *counts, needed, gain, _state(counts, needed, gain))


def _gain(as_it_was: tuple[int, int], changed: tuple[int, int], metric: Metric) -> Gain:
    """Return what the change brings, with its 90 % interval: two Beta posteriors under Jeffreys' prior, as normals."""
    means, variances = [], []
    for successes, trials in (as_it_was, changed):
        a, b = successes + 0.5, trials - successes + 0.5
        means.append(a / (a + b))
        variances.append(a * b / ((a + b) ** 2 * (a + b + 1)))
    sign = 1 if metric == "reply_rate" else -1
    gain = NormalDist(sign * (means[1] - means[0]), sum(variances) ** 0.5)
    return Gain(gain.mean, gain.inv_cdf(0.05), gain.inv_cdf(0.95), 1 - gain.cdf(0.0))


def _state(counts: tuple[tuple[int, int], tuple[int, int]], needed: int, gain: Gain) -> State:
    if min(trials for _, trials in counts) < needed:
        return "running"
    if gain.p >= SURE:
        return "better"
    return "worse" if gain.p <= 1 - SURE else "no_difference"
