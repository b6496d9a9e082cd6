"""Whose bounces they are, where it is known who is to blame (benchmarks/blame.py)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.blame import CAUSES, WORLDS, World, make_team
from hygiene.gate.lists.blame import divide

if TYPE_CHECKING:
    from hygiene.gate.lists.types import Blame

TEAMS = 8


def blames(world: World) -> list[tuple[Blame, dict[object, float]]]:
    found = []
    for number in range(TEAMS):
        team = make_team(world, np.random.default_rng([11, number]))
        blame = divide(team.table, {})
        assert blame is not None
        found.append((blame, team.truth(blame.best)))
    return found


@pytest.mark.parametrize("world", ["lists differ", "senders differ"])
def test_the_cause_that_differs_is_named_and_the_others_are_not(world: str) -> None:
    guilty = "source" if world.startswith("lists") else "sender"
    rows = blames(WORLDS[world])
    true = sum(truth[guilty] for _, truth in rows)
    said = {cause: sum(blame.shares[cause].bounces.mean for blame, _ in rows) for cause in CAUSES}
    assert 0.7 < said[guilty] / true < 1.15
    assert said[guilty] > 5 * max(said[cause] for cause in CAUSES if cause != guilty)
    sure = [blame.shares[cause].bounces.low > 0 for blame, _ in rows for cause in CAUSES if cause != guilty]
    assert sum(sure) <= 2


def test_where_nobody_differs_nothing_is_divided() -> None:
    rows = blames(WORLDS["nobody differs"])
    assert sum(any(part.share for part in blame.shares.values()) for blame, _ in rows) <= 2


def test_the_parts_add_up_to_the_excess() -> None:
    for blame, _ in blames(WORLDS["all differ"])[:3]:
        assert sum(part.bounces.mean for part in blame.shares.values()) == pytest.approx(blame.excess.mean)
        shares = [part.share for part in blame.shares.values()]
        assert sum(share.mean for share in shares if share) == pytest.approx(1, abs=1e-6)


def test_a_list_that_one_sender_alone_writes_to_is_not_told_from_the_sender() -> None:
    for blame, _ in blames(WORLDS["one sender alone on a list"])[:3]:
        assert blame.sources["source-0"].rival == ("sender", "sender-0")
        assert blame.sources["source-1"].rival is None
        assert "unclear" in blame.shares


def test_of_one_level_nothing_is_said() -> None:
    table = make_team(WORLDS["lists differ"], np.random.default_rng(5)).table
    alone = replace(
        table,
        codes={**table.codes, "sequence": np.zeros_like(table.codes["sequence"])},
        levels={**table.levels, "sequence": ("only",)},
    )
    blame = divide(alone, {})
    assert blame is not None
    assert set(blame.shares) == {"source", "sender"}


def test_too_little_is_not_divided() -> None:
    table = make_team(WORLDS["lists differ"], np.random.default_rng(5)).table
    assert divide(replace(table, ended=np.minimum(table.ended, 0)), {}) is None
    assert divide(replace(table, address_bounced=np.zeros_like(table.bounced)), {}) is None
