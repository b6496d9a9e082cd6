"""The recommender on made-up teams with known causes (benchmarks/causes): few of them, so the bars are wide.

What 50 teams of each world give stands in docs/advice.md; this is the gate that a change of the model must pass.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.causes.intervals import Estimate, Share
from benchmarks.causes.judge import Verdict, judge
from benchmarks.causes.naive import METHODS
from benchmarks.causes.team import make_team
from hygiene import pipeline
from hygiene.exports.recommendations import recommendation_rows
from hygiene.settings import Settings
from hygiene.sources import load

if TYPE_CHECKING:
    from pathlib import Path

TEAMS = 6
SEED = 20261124


def verdict(world: str, folder: Path, teams: int = TEAMS) -> Verdict:
    def recommend(source: Path) -> list[dict[str, Any]]:
        settings = replace(Settings(), cache_dir=folder / "cache")
        audit = pipeline.audit(load(source, settings), settings)
        assert audit.advice is not None
        return recommendation_rows(audit.advice, audit.facts)

    folders = [folder / f"team-{number:03d}" for number in range(teams)]
    for number, team in enumerate(folders):
        make_team(world, number, SEED, 12).write(team)
    return judge(folders, recommend)[world]


def share(figure: Share | Estimate | int) -> float:
    assert isinstance(figure, Share)
    return figure.part / figure.whole


def test_the_true_lever_is_named_with_an_honest_gain(tmp_path: Path) -> None:
    found = verdict("base", tmp_path, teams=2 * TEAMS)  # the ratio of six teams may be anything from 1.1 to 1.6
    naive = judge(sorted(tmp_path.glob("team-*")), METHODS["own"])["base"]
    for metric in ("reply_rate", "bounce_rate"):
        figures = found.metrics[metric]
        assert (
            share(figures["80 % of the top's gain, first claim"]) > 0.7
        )  # twelve teams, some 50 claims that hang together: worth 14
        textbook = naive.metrics[metric]["precision@1, any row"]  # one's own lists, compared by eye
        assert share(figures["precision@1, first claim"]) > share(textbook) + 0.2
        ratio = figures["all claims: gain claimed / true"]
        assert isinstance(ratio, Estimate)
        assert 0.8 < ratio.value < 1.25
        assert share(figures["all claims: in their interval (90 %)"]) > 0.8
        assert share(figures["all claims: harmful (true gain < 0)"]) < 0.05


@pytest.mark.parametrize("world", ["nothing", "nothing-reps"])
def test_where_nothing_matters_hardly_anybody_hears_of_a_gain(world: str, tmp_path: Path) -> None:
    found = verdict(world, tmp_path)
    for metric in ("reply_rate", "bounce_rate"):
        assert share(found.metrics[metric]["senders with a claim"]) <= 0.05


def test_what_cannot_be_told_apart_is_not_claimed(tmp_path: Path) -> None:
    found = verdict("alone", tmp_path)
    assert found.metrics["reply_rate"]["claims that can't be told apart"] == 0
