"""What is told first, and how much: gates, then value for the effort; at most three and one experiment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygiene.advice.attribution.types import METRICS
from hygiene.advice.types import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygiene.advice.types import Suggestion

MOST_GATES = 2
"""Gates on one page where a gain is claimed too: the third place is the gain's. The team's page lists every gate."""
MOST_TOLD = 3
"""Suggestions on one page, besides one experiment: more are not followed."""
PAUSE_MINUTES = 10
"""Added to each effort: to begin anything costs that much; assumed."""


@dataclass(frozen=True)
class Ranked:
    """A suggestion in its place."""

    suggestion: Suggestion
    rank: int
    """From 1, among those to one sender, or to the team."""
    is_told: bool
    """Whether it stands among the few on the page; the others are in recommendations.json only."""


def value(suggestion: Suggestion) -> float:
    """Return what a suggestion is worth a minute: expected score points × probability ÷ effort."""
    probability = suggestion.gain.p if suggestion.gain else 1.0
    return suggestion.points * probability / (suggestion.minutes + PAUSE_MINUTES)


def rank(suggestions: Iterable[Suggestion]) -> tuple[Ranked, ...]:
    """Return the suggestions to one reader in order, and which of them are told.

    Gates come first and are never weighed against a gain; then the largest value; of no value (what only makes things
    cleaner), the more severe. Of a family one is told, so that three pieces of advice are not three times the same.
    """
    ordered = _in_turn(sorted(suggestions, key=_order))
    has_gain = any(said.gain is not None and value(said) > 0 and said.weight != "gate" for said in ordered)
    told: list[Suggestion] = []
    experiments = 0
    ranked = []
    for place, suggestion in enumerate(ordered, start=1):
        if suggestion.rule.family == "experiment":
            is_told = experiments == 0
            experiments += is_told
        else:
            is_told = len(told) < MOST_TOLD and _is_new(suggestion, told, has_gain)
            if is_told:
                told.append(suggestion)
        ranked.append(Ranked(suggestion, place, is_told))
    return tuple(ranked)


def _in_turn(ordered: list[Suggestion]) -> list[Suggestion]:
    """Return the suggestions with the levers of each rate in their turn: a gain on top of another is told after it."""
    found = list(ordered)
    for metric in METRICS:
        places = [
            place
            for place, said in enumerate(ordered)
            if said.metric == metric and said.gain is not None and "on_top_of" in said.evidence
        ]
        levers = sorted((ordered[place] for place in places), key=lambda said: said.evidence["on_top_of"])
        for place, lever in zip(places, levers, strict=True):
            found[place] = lever
    return found


def _is_new(suggestion: Suggestion, told: list[Suggestion], has_gain: bool) -> bool:
    """Tell whether there is a place for a suggestion: a gate leaves the last one to a gain, the rest never repeats."""
    if suggestion.weight == "gate":
        return not has_gain or len(told) < MOST_GATES
    about = (suggestion.rule.family, suggestion.metric)
    return all((other.rule.family, other.metric) != about for other in told)


def _order(suggestion: Suggestion) -> tuple[int, float, int, str, str]:
    severity = SEVERITIES.index(suggestion.weight)
    # An experiment claims nothing, so it comes last whatever is uncertain about it.
    late = 2 if suggestion.rule.family == "experiment" else 0 if suggestion.weight == "gate" else 1
    return late, -value(suggestion), severity, suggestion.rule.id, suggestion.subject
