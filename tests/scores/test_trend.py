from __future__ import annotations

from datetime import datetime

from hygiene.facts.types import Counts
from hygiene.scores.rates import JEFFREYS, fit_beta_prior, rate
from hygiene.scores.score import score_all
from hygiene.scores.trend import team_trend
from hygiene.settings import Settings
from tests.scores.small_facts import DEFAULT, cell, facts_of


def test_months_are_summed_over_sequences_and_ordered() -> None:
    cells = [cell(1, 2, 3, 40, 3, 1), cell(1, 1, 2, 30, 2, 0), cell(1, 1, 3, 10, 1, 1), cell(2, 1, 2, 20, 0, 0)]
    scores = score_all(facts_of(cells), DEFAULT, Settings())
    months = [datetime(2025, 2, 1), datetime(2025, 3, 1)]
    assert [(p.month, p.counts.ended) for p in scores.team_trend] == list(zip(months, [50, 50], strict=True))
    assert [(p.month, p.counts) for p in scores.sender_trends[1]] == [
        (months[0], Counts(30, 2, 0)),
        (months[1], Counts(50, 4, 2)),
    ]
    assert list(scores.sender_trends) == [1, 2]


def test_a_month_without_ended_enrollments_in_between_is_a_point_without_a_value() -> None:
    facts = facts_of([cell(5, 1, 11, 20, 1, 0), cell(5, 1, 14, 30, 2, 0), cell(5, 1, 20, 0, 0, 0, 9)])
    trend = score_all(facts, DEFAULT, Settings()).sender_trends[5]
    assert [p.month for p in trend] == [
        datetime(2025, 11, 1),
        datetime(2025, 12, 1),
        datetime(2026, 1, 1),
        datetime(2026, 2, 1),
    ]
    assert [p.reply.trials for p in trend] == [20, 0, 0, 30]
    assert [p.reply.value for p in trend] == [0.05, None, None, 2 / 30]
    prior = fit_beta_prior([1, 2], [20, 30])
    assert (trend[1].reply.low, trend[1].reply.high) == (rate(0, 0, prior).low, rate(0, 0, prior).high)


def test_each_sender_runs_over_its_own_months() -> None:
    scores = score_all(facts_of([cell(1, 1, 1, 9, 0, 0), cell(2, 1, 6, 9, 0, 0)]), DEFAULT, Settings())
    assert [len(scores.sender_trends[k]) for k in (1, 2)] == [1, 1]
    assert len(scores.team_trend) == 6


def test_the_months_of_a_sender_are_read_under_the_prior_of_all_months_and_the_teams_under_jeffreys() -> None:
    cells = [cell(k, 1, month, 50, k, 1) for k in range(1, 6) for month in (1, 2)]
    scores = score_all(facts_of(cells), DEFAULT, Settings())
    prior = fit_beta_prior([k for k in range(1, 6) for _ in range(2)], [49] * 10)
    assert scores.sender_trends[3][0].reply == rate(3, 49, prior)
    assert scores.team_trend[0].reply == rate(15, 245, JEFFREYS)


def test_cells_without_a_month_are_no_trend() -> None:
    facts = facts_of([cell(1, 1, None, 100, 5, 1), cell(2, 1, None, 100, 5, 1)])
    assert team_trend(facts, Settings()) == ()
    assert score_all(facts, DEFAULT, Settings()).sender_trends == {}
