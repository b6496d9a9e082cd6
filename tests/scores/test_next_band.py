from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as run_settings
from hypothesis import strategies as st

from hygiene.facts.types import Counts
from hygiene.scores.points import score_points
from hygiene.scores.score import score_unit
from hygiene.scores.types import BANDS, NextBand
from hygiene.settings import Settings
from tests.scores.small_facts import DEFAULT, counts_up_to

SETTINGS = [
    Settings(reply_denominator=r, bounce_denominator=b) for r in ("delivered", "ended") for b in ("ended", "enrolled")
]


def slow_score(ended: int, replied: int, bounced: int, active: int, settings: Settings) -> float:
    delivered = ended - bounced if settings.reply_denominator == "delivered" else ended
    enrolled = ended if settings.bounce_denominator == "ended" else ended + active
    return float(score_points(replied / delivered, DEFAULT.reply) + score_points(bounced / enrolled, DEFAULT.bounce))


def slow_next_band(counts: Counts, settings: Settings) -> NextBand | None:
    """Try everything."""
    ended, replied, bounced, active, _ = counts
    score = slow_score(ended, replied, bounced, active, settings)
    band = sum(score >= edge for edge in DEFAULT.edges)
    if band == 3:
        return None
    reached = [
        (x + y, y, x)
        for y in range(bounced + 1)
        for x in range(ended - bounced - replied + 1)
        if slow_score(ended, replied + x, bounced - y, active, settings) >= DEFAULT.edges[band]
    ]
    replies = min((x for _, y, x in reached if y == 0), default=None)
    bounces = min((y for _, y, x in reached if x == 0), default=None)
    both = min((row for row in reached if row[1] and row[2]), default=None)
    alone = min(n for n in (replies, bounces, 10**9) if n is not None)
    return NextBand(BANDS[band + 1], replies, bounces, (both[2], both[1]) if both and both[0] < alone else None)


@run_settings(deadline=None, max_examples=120)
@given(counts_up_to(60).filter(lambda c: c.ended > c.bounced), st.sampled_from(SETTINGS))
def test_the_way_to_the_next_band_is_the_shortest_of_all_that_exist(counts: Counts, settings: Settings) -> None:
    assert score_unit(counts, "sender", DEFAULT, settings).next_band == slow_next_band(counts, settings)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # 22 of 190 replies are 45.3 points beside 15; 6 bounces of 200 are 30 beside the 30.7 of 14 replies of 194.
        (Counts(200, 14, 10), NextBand("good", 8, 4, None)),
        # 10 of 100 replies are 40 points; so are 3 bounces of 200.
        (Counts(200, 0, 100), NextBand("fair", 10, 97, None)),
        # 7 of 100 replies and no bounce are 80; with the bounce, it takes 9 of 99.
        (Counts(100, 6, 1), NextBand("excellent", 3, None, (1, 1))),
        (Counts(1000, 200, 0), None),
        (Counts(0, 0, 0), None),
        (Counts(50, 0, 50), None),
    ],
)
def test_worked_cases(counts: Counts, expected: NextBand | None) -> None:
    assert score_unit(counts, "sender", DEFAULT, Settings()).next_band == expected


def test_a_reply_too_few_does_not_reach_and_the_number_named_does_at_ten_million() -> None:
    counts = Counts(10_000_000, 600_000, 300_000)
    found = score_unit(counts, "team", DEFAULT, Settings()).next_band
    for more, reached in ((found.extra_replies, True), (found.extra_replies - 1, False)):
        assert (slow_score(counts.ended, counts.replied + more, counts.bounced, 0, Settings()) >= 60) is reached
    for fewer, reached in ((found.fewer_bounces, True), (found.fewer_bounces - 1, False)):
        assert (slow_score(counts.ended, counts.replied, counts.bounced - fewer, 0, Settings()) >= 60) is reached
