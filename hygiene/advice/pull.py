"""What the rules on levers share: which levers are claimed, and what a claim says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.attribution.senders import LEAST_GAIN
from hygiene.advice.slots import slot_words
from hygiene.advice.types import Clear, Fired, NotEnough, Suggestion
from hygiene.values import Count, Interval, Message, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygiene.advice.attribution.types import Lever, Metric
    from hygiene.advice.case import Case
    from hygiene.advice.types import Number, Outcome, Rule, Scope
    from hygiene.facts.factors import Factor
    from hygiene.scores.types import Score
    from hygiene.values import Value

LIST_FACTORS: tuple[Factor, ...] = ("source", "import_batch")
SCOPES: Mapping[Factor, Scope] = {
    "source": "source",
    "import_batch": "list",
    "sequence": "sequence",
    "industry": "segment",
    "country": "segment",
    "timing": "sender",
    "sender": "sender",
}
TOO_FEW = Message("ended enrollments of two senders or more")


def claimed_levers(case: Case, metric: Metric, factors: tuple[Factor, ...]) -> Iterator[tuple[int, Lever]]:
    """Yield the levers of some factors whose gain is claimed, with the sender's key."""
    if case.attribution is None:
        return
    for key, levers in case.attribution.levers.items():
        for lever in levers:
            if lever.metric == metric and lever.factor in factors and lever.standing == "claimed":
                yield key, lever


def outcome(case: Case, found: tuple[Suggestion, ...]) -> Outcome:
    """Return what a rule on levers answers, given its suggestions."""
    if case.attribution is None:
        have = sum(score.counts.ended for score in case.scores.senders)
        return NotEnough(have, 200, TOO_FEW)
    return Fired(found) if found else Clear(len(case.attribution.levers))


def suggest(case: Case, rule: Rule, key: int, lever: Lever, advice: Message, steps: tuple[Message, ...]) -> Suggestion:
    """Return the suggestion to pull a lever; `advice` gets the values of `lever_values`."""
    return Suggestion(
        rule=rule,
        scope=SCOPES[lever.factor],
        subject=f"{lever.factor}:{lever.level}",
        sender_key=key,
        metric=lever.metric,
        gain=lever.gains[lever.metric],
        points=lever.points,
        p_better_band=lever.p_better_band,
        replies=lever.replies,
        evidence=lever_evidence(case, key, lever),
        advice=advice,
        steps=steps,
    )


def lever_values(case: Case, key: int, lever: Lever) -> dict[str, Value]:
    """Return what a sentence on a lever may name: before and after, here and elsewhere, each with its count."""
    before = _rate(case.score(key), lever.metric)
    gain = lever.gains[lever.metric]
    sign = 1 if lever.metric == "reply_rate" else -1
    ends = sorted(min(max(before + sign * bound, 0.0), 1.0) for bound in (gain.low, gain.high))
    here, elsewhere = lever.here[lever.metric], lever.elsewhere[lever.metric]
    return {
        "level": level_words(case, lever.factor, lever.level),
        "before": Percent(before),
        "after": Percent(min(max(before + sign * gain.value, 0.0), 1.0)),
        "interval": Interval(ends[0], ends[1]),
        "probability": Percent(lever.p_better_band, 0),
        "certainty": Percent(gain.p, 0),
        "here": Percent(here.successes / max(here.trials, 1)),
        "here_trials": Count(here.trials),
        "elsewhere": Percent(elsewhere.successes / max(elsewhere.trials, 1)),
        "elsewhere_trials": Count(elsewhere.trials),
        "share": Percent(lever.share, 0),
        "replies": Points(abs(lever.replies), 1),
        "ended": Count(lever.ended),
    }


def lever_evidence(case: Case, key: int, lever: Lever) -> dict[str, Number]:
    """Return the numbers behind a lever, by name; rates are fractions."""
    before = _rate(case.score(key), lever.metric)
    evidence: dict[str, Number] = {"ended": lever.ended, "share": lever.share, "rate_before": before}
    for place, seen in (("here", lever.here), ("elsewhere", lever.elsewhere)):
        for metric, observed in seen.items():
            what = "replied" if metric == "reply_rate" else "bounced"
            evidence[f"{what}_{place}"] = observed.successes
            evidence[f"{what}_{place}_of"] = observed.trials
    return {**evidence, "least_gain": LEAST_GAIN[lever.metric], "on_top_of": lever.place}


def _rate(score: Score | None, metric: Metric) -> float:
    rate = (score.reply if metric == "reply_rate" else score.bounce).value if score else None
    return rate or 0.0


def level_words(case: Case, factor: Factor, level: str) -> Value:
    """Return a level as people know it: the label of a sequence, a time of the week in words."""
    if factor == "timing":
        return slot_words(level)
    if factor != "sequence":
        return Text(level)
    labels = {row.sequence_id: row.label for row in case.facts.sequences.values()}
    return Text(labels.get(level, level))
