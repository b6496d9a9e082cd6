"""What is told first, and how much."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hygiene.advice.attribution.types import Gain, Metric
from hygiene.advice.rank import MOST_TOLD, rank, value
from hygiene.advice.types import Family, Rule, Severity, Suggestion
from hygiene.values import Message


def suggestion(
    rule_id: str,
    family: Family = "bounce",
    *,
    severity: Severity = "high",
    points: float = 0.0,
    p: float | None = None,
    minutes: int = 15,
    metric: Metric = "bounce_rate",
) -> Suggestion:
    rule = Rule(
        id=rule_id,
        family=family,
        scope="sender",
        severity=severity,
        title=Message("fine"),
        effort_minutes=minutes,
    )
    gain = Gain(0.01, 0.0, 0.02, p) if p is not None else None
    return Suggestion(
        rule=rule, subject=f"x:{rule_id}", advice=Message("do it"), points=points, gain=gain, metric=metric
    )


def told(*suggestions: Suggestion) -> list[str]:
    return [row.suggestion.rule.id for row in rank(suggestions) if row.is_told]


def test_value_is_points_times_probability_by_effort() -> None:
    assert value(suggestion("A", points=10, p=0.9, minutes=15)) == 10 * 0.9 / 25
    assert value(suggestion("A", points=10, minutes=40)) == 10 / 50  # counted, not estimated


def test_a_gate_comes_before_any_gain() -> None:
    gate = suggestion("OPT", "opt_out", severity="gate")
    lever = suggestion("BNC", points=50, p=0.99)
    assert told(lever, gate) == ["OPT", "BNC"]


def test_gates_of_one_family_are_all_told() -> None:
    first, second = (suggestion(name, "opt_out", severity="gate") for name in ("OPT-01", "OPT-05"))
    assert told(second, first) == ["OPT-01", "OPT-05"]


def test_the_larger_value_comes_first_and_effort_counts() -> None:
    slow = suggestion("SLOW", "segment", points=10, p=0.9, minutes=60)
    quick = suggestion("QUICK", "sequence", points=8, p=0.9, minutes=5)
    assert told(slow, quick) == ["QUICK", "SLOW"]


def test_the_same_thing_is_not_said_twice_but_another_rate_is_another_thing() -> None:
    best, second = suggestion("A", points=9, p=0.9), suggestion("B", points=5, p=0.9)
    replies = suggestion("C", points=4, p=0.9, metric="reply_rate")
    assert told(best, second, replies) == ["A", "C"]
    assert [row.suggestion.rule.id for row in rank([best, second, replies])] == ["A", "B", "C"]


def test_one_experiment_at_most_and_last() -> None:
    experiments = [suggestion(name, "experiment", severity="info") for name in ("EXP-1", "EXP-2")]
    assert told(*experiments, suggestion("TOK", "token", severity="info")) == ["TOK", "EXP-1"]


FAMILIES = ("token", "segment", "content", "copy", "sequence", "bounce", "opt_out", "experiment")
ANY = st.builds(
    suggestion,
    st.text("ABC", min_size=1, max_size=3),
    st.sampled_from(FAMILIES),
    severity=st.sampled_from(("gate", "high", "medium", "info")),
    points=st.floats(-5, 50),
    p=st.one_of(st.none(), st.floats(0, 1)),
)


@given(st.lists(ANY, max_size=12))
def test_never_more_than_three_and_one_experiment(suggestions: list[Suggestion]) -> None:
    ranked = rank(suggestions)
    assert [row.rank for row in ranked] == list(range(1, len(suggestions) + 1))
    kinds = [row.suggestion.rule.family == "experiment" for row in ranked if row.is_told]
    assert kinds.count(False) <= MOST_TOLD
    assert kinds.count(True) <= 1


@given(st.lists(ANY, max_size=8, unique_by=lambda said: (said.rule.id, said.rule.family)), st.randoms())
def test_the_order_in_which_rules_were_asked_does_not_matter(suggestions: list[Suggestion], random: object) -> None:
    shuffled = list(suggestions)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    values = [value(row.suggestion) for row in rank(suggestions)]
    assert values == [value(row.suggestion) for row in rank(shuffled)]


def test_the_id_is_the_same_in_every_run_and_another_for_another_subject() -> None:
    assert suggestion("BNC-02").id == suggestion("BNC-02", points=3).id
    assert suggestion("BNC-02").id.startswith("BNC-02-")
    assert suggestion("BNC-02").id != suggestion("BNC-03").id


def test_three_gates_leave_a_place_to_a_gain_and_none_where_there_is_none() -> None:
    gates = [suggestion(name, "opt_out", severity="gate") for name in ("OPT-01", "OPT-02", "OPT-05")]
    assert told(*gates, suggestion("BNC", points=9, p=0.9)) == ["OPT-01", "OPT-02", "BNC"]
    assert told(*gates, suggestion("DAT", "segment", severity="info")) == ["OPT-01", "OPT-02", "OPT-05"]


def test_a_gain_on_top_of_another_is_told_after_it() -> None:
    def lever(name: str, place: int, metric: Metric = "reply_rate", **values: Any) -> Suggestion:
        return replace(suggestion(name, "segment", p=0.9, metric=metric, **values), evidence={"on_top_of": place})

    first, second = lever("FIRST", 0, points=3), lever("SECOND", 1, points=9)
    other = lever("OTHER", 0, "bounce_rate", points=6)
    assert [row.suggestion.rule.id for row in rank((second, other, first))] == ["FIRST", "OTHER", "SECOND"]
    test = replace(suggestion("TEST", "experiment", metric="reply_rate"), evidence={"on_top_of": 0})
    assert [row.suggestion.rule.id for row in rank((test, second))] == ["SECOND", "TEST"]  # it claims no gain
