"""Which levers are claimed: sure enough for the sender, surer still for one of the team, and told apart."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from hygiene.advice.attribution.attribution import Attribution
from hygiene.advice.attribution.types import Gain, Lever, Observed
from hygiene.advice.pull import claimed_levers, is_claimed

SEEN: Any = {"reply_rate": Observed(3, 100), "bounce_rate": Observed(9, 100)}


def lever(p: float, level: str = "vendor-x", metric: Any = "bounce_rate") -> Lever:
    gains: Any = {name: Gain(0.02, 0.01, 0.03, p if name == metric else 0.0) for name in ("reply_rate", "bounce_rate")}
    return Lever(
        metric, "source", level, 100, 0.5, gains, value=1.0, points=1.0, p_better_band=0.5, replies=0.0, here=SEEN,
        elsewhere=SEEN, rival=None, place=0,
    )  # fmt: skip


def case(*levers: Lever) -> Any:
    """A team in which each sender has one lever."""
    by_sender = {key: (each,) for key, each in enumerate(levers, start=1)}
    return SimpleNamespace(attribution=Attribution(None, by_sender, {}, {}, {}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("chances", "claimed"),
    [
        ((0.84, 0.81, 0.82), []),  # one effect of chance that fools three at once
        ((0.81, 0.85, 0.79), [1, 2]),
        ((0.95,), [1]),
        ((0.79, 0.99), [2]),
    ],
)
def test_a_level_is_claimed_where_it_is_surer_still_for_one_of_the_team(
    chances: tuple[float, ...], claimed: list[int]
) -> None:
    team = case(*(lever(p) for p in chances))
    assert [key for key, _ in claimed_levers(team, "bounce_rate", ("source",))] == claimed


def test_the_certainty_of_another_level_or_rate_is_none_of_its_own() -> None:
    team = case(lever(0.84), lever(0.99, level="web-form"), lever(0.99, metric="reply_rate"))
    assert not is_claimed(team, lever(0.84))
    assert is_claimed(team, lever(0.84, level="web-form"))


def test_what_cannot_be_told_apart_or_compared_is_not_claimed() -> None:
    sure = lever(0.99)
    assert not is_claimed(case(sure), replace(sure, rival=("sender", "ann")))
    assert not is_claimed(SimpleNamespace(attribution=None), sure)
