"""Two levers of which nobody can tell which is the larger: both are named, in words, and no gain is claimed."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.attribution.types import Race
from hygiene.advice.contests import contested
from hygiene.advice.pull import claimed_levers
from hygiene.advice.registry import find_rule
from hygiene.advice.rules.bounce import bad_source
from hygiene.advice.rules.experiment import split_test
from hygiene.advice.rules.segment import weak_segment
from hygiene.advice.rules.sequence import weak_sequence
from hygiene.advice.rules.timing import weak_slot
from hygiene.reports.translate import Translator
from tests.advice.attribution.test_claims import lever

if TYPE_CHECKING:
    from hygiene.advice.attribution.types import Lever, Metric
    from hygiene.facts.factors import Factor


def case(*levers: Lever) -> Any:
    """One sender with these levers."""
    return SimpleNamespace(
        attribution=SimpleNamespace(levers={1: levers}),
        facts=SimpleNamespace(sequences={2: SimpleNamespace(sequence_id="seq-1", label="Spring offer")}),
        score=lambda _key: None,
        scores=SimpleNamespace(senders=()),
    )


def open_race(factor: Factor, level: str, metric: Metric, second: tuple[Factor, str]) -> Lever:
    found = lever(0.99, level, metric, race=Race(0.5, second, 0.93))
    return replace(found, factor=factor, standing="contested")


@pytest.mark.parametrize(
    ("rule", "first", "metric", "second", "words"),
    [
        (weak_sequence, ("sequence", "seq-1"), "reply_rate", ("industry", "Retail"), "93%: Spring offer or Retail."),
        (weak_segment, ("industry", "Retail"), "reply_rate", ("timing", "tue-am"), "Retail or Tuesday before noon."),
        (weak_slot, ("timing", "mon"), "reply_rate", ("sequence", "seq-1"), "Monday or Spring offer."),
        (bad_source, ("source", "x"), "bounce_rate", ("import_batch", "x-1"), "bounce rate most"),
        (weak_segment, ("industry", "Retail"), "bounce_rate", ("source", "x"), "Retail or x."),
    ],
)
def test_both_are_named_and_no_gain_is_claimed(rule: Any, first: Any, metric: Any, second: Any, words: str) -> None:
    team = case(open_race(*first, metric, second))
    (said,) = rule.check(team).suggestions
    assert words in Translator("en").text(said.advice)
    assert (said.subject, said.gain, said.points) == (":".join(first), None, 0.0)
    assert said.evidence["p_either_largest"] == 0.93
    assert not list(claimed_levers(team, metric, (first[0],)))


def test_what_is_claimed_or_unsure_is_no_contest() -> None:
    rule = find_rule("SEQ-01").RULE
    for standing in ("claimed", "unsure"):
        found = replace(open_race("sequence", "seq-1", "reply_rate", ("industry", "Retail")), standing=standing)
        assert not list(contested(case(found), rule, "reply_rate", ("sequence",)))


def test_a_test_of_a_contested_sequence_says_what_it_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    planned = SimpleNamespace(per_arm=400, weeks=8, rate_a=0.05, rate_b=0.08)
    monkeypatch.setattr(split_test, "plan", lambda _case, _lever: planned)
    monkeypatch.setattr(split_test, "read_tests", lambda _case: ())
    team = case(open_race("sequence", "seq-1", "reply_rate", ("industry", "Retail")))
    team.enrolled = SimpleNamespace(waiting=())
    (said,) = split_test.check(team).suggestions  # type: ignore[union-attr]
    assert "either it or Retail is what holds you back most" in Translator("en").text(said.advice)
