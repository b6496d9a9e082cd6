"""The claims “removes N, avoids b bounces” in worlds that are not built as the model is (benchmarks/risk.py).

Few teams, so the bars are wide; what 400 teams of each world give stands in docs/sources.md.
"""

from __future__ import annotations

from benchmarks.risk import WORLDS, Tally, judge

TEAMS = 40
HARD = ("rotten batches", "long tails", "rotten, verified")


def test_claims_on_the_batches_that_look_worst_hold_as_often_as_they_say() -> None:
    chosen, replies, blind = Tally(), Tally(), Tally()
    for world in HARD:
        for claim, tally in judge(WORLDS[world], TEAMS, seed=20261124).items():
            if "replies" in claim:
                replies.join(tally)
            elif claim in ("worst three", "above the limit"):
                chosen.join(tally)
            else:
                blind.join(tally)
    for tally in (chosen, blind):
        assert 0.72 <= tally.coverage <= 0.88  # 220 claims and more: 0.8 ± three standard errors
        assert 0.85 <= tally.ratio <= 1.15
    assert 0.75 <= replies.coverage <= 0.93
    assert 0.95 <= replies.ratio <= 1.05
