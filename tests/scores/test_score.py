from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as run_settings
from hypothesis import strategies as st

from hygiene.errors import SourceError
from hygiene.facts.types import Counts
from hygiene.scores.points import band_of, rate_at, score_points
from hygiene.scores.rates import JEFFREYS, BetaPrior, fit_beta_prior
from hygiene.scores.score import score_all, score_level, score_unit
from hygiene.settings import Settings
from tests.scores.small_facts import DEFAULT, cell, counts_up_to, facts_of

PLAIN = Settings()
cells_of = st.lists(
    st.builds(
        lambda sender, sequence, month, counts: cell(sender, sequence, month, *counts),
        st.integers(1, 4),
        st.none() | st.integers(1, 3),
        st.none() | st.integers(1, 5),
        counts_up_to(400),
    ),
    max_size=12,
)


@pytest.mark.parametrize(
    ("rate", "points"), [(0, 0), (0.035, 15), (0.07, 30), (0.10, 40), (0.13, 50), (0.5, 50), (1, 50)]
)
def test_reply_points_run_straight_between_the_points_of_the_contract(rate: float, points: float) -> None:
    assert float(score_points(rate, DEFAULT.reply)) == pytest.approx(points)


@pytest.mark.parametrize(
    ("rate", "points"), [(0, 50), (0.015, 40), (0.03, 30), (0.04, 22.5), (0.05, 15), (0.075, 7.5), (0.10, 0), (1, 0)]
)
def test_bounce_points_run_straight_between_the_points_of_the_contract(rate: float, points: float) -> None:
    assert float(score_points(rate, DEFAULT.bounce)) == pytest.approx(points)


@pytest.mark.parametrize("points", [0, 7, 15, 30, 44, 50])
def test_the_rate_at_some_points_is_worth_these_points(points: float) -> None:
    for knots in (DEFAULT.reply, DEFAULT.bounce):
        assert float(score_points(rate_at(points, knots), knots)) == pytest.approx(points)


@pytest.mark.parametrize(
    ("score", "band"),
    [(0, "low"), (39.99, "low"), (40, "fair"), (60, "good"), (79.9, "good"), (80, "excellent"), (100, "excellent")],
)
def test_an_edge_belongs_to_the_band_above_it(score: float, band: str) -> None:
    assert band_of(score, DEFAULT.edges) == band


def test_the_worked_case_divides_by_what_was_delivered_or_by_what_ended() -> None:
    counts = Counts(ended=200, replied=14, bounced=10)
    delivered = score_unit(counts, "sender", DEFAULT, PLAIN)
    ended = score_unit(counts, "sender", DEFAULT, Settings(reply_denominator="ended"))
    assert round(100 * delivered.reply.value, 2) == 7.37
    assert round(100 * ended.reply.value, 2) == 7.00
    assert (delivered.reply.trials, ended.reply.trials) == (190, 200)
    assert delivered.bounce.value == ended.bounce.value == 0.05
    # 14/190 is 7.37 %: 30 points and 20 · (7.37 − 7)/6 more; a bounce rate of 5 % is 15 points.
    assert delivered.score == pytest.approx(30 + 20 * (14 / 190 - 0.07) / 0.06 + 15)
    assert ended.score == pytest.approx(45)
    assert delivered.band == ended.band == "fair"


def test_the_bounce_rate_may_be_of_everyone_enrolled() -> None:
    counts = Counts(ended=90, replied=5, bounced=3, active=10)
    assert score_unit(counts, "sender", DEFAULT, Settings(bounce_denominator="enrolled")).bounce.value == 0.03
    assert score_unit(counts, "sender", DEFAULT, PLAIN).bounce.value == pytest.approx(3 / 90)


@pytest.mark.parametrize(
    ("level", "ended", "eligible"),
    [
        ("sender", 99, False),
        ("sender", 100, True),
        ("sender_sequence", 100, False),
        ("sender_sequence", 101, True),
        ("team", 5000, False),
        ("sequence", 5000, False),
    ],
)
def test_hubspot_shows_a_score_from_100_a_sender_and_from_101_a_pair(level: str, ended: int, *, eligible: bool) -> None:
    score = score_unit(Counts(ended=ended, replied=5), level, DEFAULT, PLAIN)
    assert score.hubspot_eligible is eligible


def test_where_seats_are_known_a_sender_without_one_is_not_eligible() -> None:
    cells = [cell(k, 1, 1, 150, 9, 2) for k in (1, 2, 3)]
    seated = facts_of(cells, seats={1: True, 2: False, 3: None})
    assert [s.hubspot_eligible for s in score_level(seated, "sender", DEFAULT, PLAIN)] == [True, False, False]
    assert [s.hubspot_eligible for s in score_level(seated, "sender_sequence", DEFAULT, PLAIN)] == [True, False, False]
    unknown = score_level(facts_of(cells), "sender", DEFAULT, PLAIN)
    assert [s.hubspot_eligible for s in unknown] == [True, True, True]


def test_fewer_than_ten_ended_are_never_scored_however_sure_the_team() -> None:
    facts = facts_of([cell(1, None, None, 9, 0, 0), *(cell(k, None, None, 1000, 30, 20) for k in range(2, 9))])
    few, *many = score_level(facts, "sender", DEFAULT, PLAIN)
    assert max(few.p_bands.values()) > 0.9
    assert few.status == "insufficient_evidence"
    assert {s.status for s in many} == {"scored"}


def test_a_score_needs_a_band_as_likely_as_the_certainty_setting() -> None:
    counts = Counts(ended=200, replied=14, bounced=10)
    sure = max(score_unit(counts, "sender", DEFAULT, PLAIN).p_bands.values())
    statuses = [score_unit(counts, "sender", DEFAULT, Settings(certainty=c)).status for c in (sure - 0.01, sure + 0.01)]
    assert 0.5 < sure < 0.99
    assert statuses == ["scored", "insufficient_evidence"]


def test_a_unit_without_enrollments_has_a_row_without_a_score() -> None:
    facts = facts_of([cell(1, 1, 1, 200, 14, 10)], senders=[1, 2], sequences=[1, 2])
    for level in ("sender", "sequence"):
        empty = score_level(facts, level, DEFAULT, PLAIN)[1]
        assert empty.counts == Counts()
        assert (empty.score, empty.band, empty.reply.value, empty.next_band) == (None, None, None, None)
        assert empty.status == "insufficient_evidence"
        assert 0 <= empty.low < empty.high <= 100


def test_where_everything_bounced_there_is_a_bounce_rate_but_no_score() -> None:
    score = score_unit(Counts(ended=50, bounced=50), "sender", DEFAULT, PLAIN)
    assert (score.bounce.value, score.bounce_points, score.reply_points, score.score) == (1, 0, None, None)
    assert score.status == "insufficient_evidence"


def test_where_everyone_replied_the_score_is_full() -> None:
    score = score_unit(Counts(ended=500, replied=500), "sender", DEFAULT, PLAIN)
    assert (score.score, score.band, score.status, score.next_band) == (100, "excellent", "scored", None)
    assert score.p_bands["excellent"] > 0.999


def test_ten_million_enrollments_leave_no_doubt() -> None:
    score = score_unit(Counts(10_000_000, 1_000_000, 100_000), "team", DEFAULT, PLAIN)
    assert score.p_bands["excellent"] == pytest.approx(1)
    assert score.high - score.low < 0.3
    assert score.low < score.score < score.high


def test_cells_without_a_sequence_count_for_the_team_and_the_sender_only() -> None:
    scores = score_all(facts_of([cell(1, None, None, 50, 4, 1), cell(1, 7, 2, 100, 6, 2)]), DEFAULT, PLAIN)
    assert scores.team.counts == scores.senders[0].counts == Counts(150, 10, 3)
    assert [(s.sequence_key, s.counts.ended) for s in scores.sequences] == [(7, 100)]
    assert [(s.sender_key, s.sequence_key, s.counts.ended) for s in scores.pairs] == [(1, 7, 100)]


def test_a_source_without_any_cell_has_a_team_row_and_nothing_else() -> None:
    scores = score_all(facts_of([]), DEFAULT, PLAIN)
    assert (scores.team.score, scores.team.counts) == (None, Counts())
    assert (scores.senders, scores.sequences, scores.pairs, scores.funnels, scores.team_trend) == ((), (), (), (), ())


def test_the_prior_comes_from_the_same_level_and_the_team_has_jeffreys() -> None:
    facts = facts_of([cell(s, q, 1, 40 + 9 * s, s + q, q) for s in range(1, 6) for q in (1, 2)])
    scores = score_all(facts, DEFAULT, PLAIN)
    for units in (scores.senders, scores.sequences, scores.pairs):
        prior = fit_beta_prior([s.reply.successes for s in units], [s.reply.trials for s in units])
        counts = units[0].counts
        alone = score_unit(counts, "sender", DEFAULT, PLAIN, (prior, BetaPrior(1, 1)))
        assert (alone.reply.low, alone.reply.high) == (units[0].reply.low, units[0].reply.high)
    assert scores.team.reply == score_unit(scores.team.counts, "team", DEFAULT, PLAIN, (JEFFREYS, JEFFREYS)).reply


def test_more_replies_and_bounces_than_ended_are_refused() -> None:
    with pytest.raises(SourceError) as caught:
        score_level(facts_of([cell(3, None, None, 10, 8, 4)]), "team", DEFAULT, PLAIN)
    assert str(caught.value) == (
        'The counts of sender "s3" cannot be: 8 replied and 4 bounced of 10 ended.'
        " Count a reply only where nothing bounced."
    )


@run_settings(deadline=None, max_examples=40)
@given(cells_of, st.randoms(use_true_random=False))
def test_neither_the_order_of_the_cells_nor_splitting_one_changes_a_score(cells: list, random) -> None:
    split = []
    for one in cells:
        part = Counts(*(random.randint(0, n) for n in one.counts))
        rest = Counts(*(n - p for n, p in zip(one.counts, part, strict=True)))
        possible = all(c.replied + c.bounced <= c.ended for c in (part, rest))
        split += [one._replace(counts=c) for c in (part, rest)] if possible else [one]
    random.shuffle(split)
    assert score_all(facts_of(split), DEFAULT, PLAIN) == score_all(facts_of(cells), DEFAULT, PLAIN)


@run_settings(deadline=None, max_examples=40)
@given(cells_of)
def test_score_level_is_score_all_of_that_level(cells: list) -> None:
    facts = facts_of(cells)
    scores = score_all(facts, DEFAULT, PLAIN)
    levels = {
        "team": (scores.team,),
        "sender": scores.senders,
        "sequence": scores.sequences,
        "sender_sequence": scores.pairs,
    }
    for level, expected in levels.items():
        assert score_level(facts, level, DEFAULT, PLAIN) == expected


@run_settings(deadline=None, max_examples=60)
@given(counts_up_to(400).filter(lambda c: c.ended > c.bounced + c.replied), st.sampled_from(["delivered", "ended"]))
def test_one_more_reply_never_lowers_the_score(counts: Counts, denominator: str) -> None:
    settings = Settings(reply_denominator=denominator)
    more = counts._replace(replied=counts.replied + 1)
    assert score_unit(more, "sender", DEFAULT, settings).score >= score_unit(counts, "sender", DEFAULT, settings).score


@run_settings(deadline=None, max_examples=60)
@given(counts_up_to(400).filter(lambda c: c.ended > c.bounced + c.replied))
def test_one_more_bounce_never_raises_the_score_where_both_divide_by_ended(counts: Counts) -> None:
    settings = Settings(reply_denominator="ended")
    more = counts._replace(bounced=counts.bounced + 1)
    before, after = (score_unit(c, "sender", DEFAULT, settings).score for c in (counts, more))
    assert after <= before
