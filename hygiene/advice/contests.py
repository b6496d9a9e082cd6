"""Two levers of which nobody can tell which is the larger: named together, and no gain is claimed for either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.pull import SCOPES, level_words, lever_evidence
from hygiene.advice.types import Suggestion
from hygiene.values import Message, Percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.advice.attribution.types import Lever, Metric, Race
    from hygiene.advice.case import Case
    from hygiene.advice.types import Rule
    from hygiene.facts.factors import Factor
    from hygiene.values import Value

STEPS = (Message("Begin with the one that is less work to change; the next report looks at the other again."),)


def contested(case: Case, rule: Rule, metric: Metric, factors: tuple[Factor, ...]) -> Iterator[Suggestion]:
    """Yield what a rule says where a sender's likeliest lever, of one of its factors, may as well be the second."""
    for key, levers in case.attribution.levers.items() if case.attribution else ():
        for lever in levers:
            if lever.metric == metric and lever.factor in factors and (race := lever.contest):
                yield Suggestion(
                    rule=rule,
                    scope=SCOPES[lever.factor],
                    subject=f"{lever.factor}:{lever.level}",
                    sender_key=key,
                    metric=metric,
                    evidence={
                        **lever_evidence(case, key, lever),
                        "p_largest": race.p,
                        "p_either_largest": race.p_either,
                    },
                    advice=_advice(metric, pair_values(case, lever, race)),
                    steps=STEPS,
                )


def pair_values(case: Case, lever: Lever, race: Race) -> dict[str, Value]:
    """Return what a sentence on a contested lever may name: both levers, and how likely it is one of them."""
    return {
        "level": level_words(case, lever.factor, lever.level),
        "second": level_words(case, *race.second),
        "either": Percent(race.p_either, 0),
    }


def _advice(metric: Metric, values: dict[str, Value]) -> Message:
    if metric == "bounce_rate":
        return Message(
            "One of these two raises your bounce rate most, with a probability of %(either)s: %(level)s or %(second)s."
            " Your data cannot tell which, so no gain is promised. Look at both before you enroll more of either.",
            values,
        )
    return Message(
        "One of these two holds your reply rate back most, with a probability of %(either)s: %(level)s or %(second)s."
        " Your data cannot tell which, so no gain is promised. Look at both before you change either.",
        values,
    )
