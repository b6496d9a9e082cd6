"""Which levers are claimed: sure enough for the sender, surer still for one of the team, told apart and the largest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.attribution.claims import settle
from hygiene.advice.attribution.types import Gain, Lever, Observed, Race

if TYPE_CHECKING:
    from hygiene.advice.attribution.types import Standing

SEEN: Any = {"reply_rate": Observed(3, 100), "bounce_rate": Observed(9, 100)}
SECOND: Any = ("source", "vendor-y")


def lever(
    p: float, level: str = "vendor-x", metric: Any = "bounce_rate", place: int = 0, race: Race | None = None
) -> Lever:
    gains: Any = {name: Gain(0.02, 0.01, 0.03, p if name == metric else 0.0) for name in ("reply_rate", "bounce_rate")}
    return Lever(
        metric, "source", level, 100, 0.5, gains, value=1.0, points=1.0, p_better_band=0.5, replies=0.0, here=SEEN,
        elsewhere=SEEN, rival=None, place=place, race=race,
    )  # fmt: skip


def standings(*levers: Lever) -> list[Standing]:
    """The standings of one sender's levers."""
    return [found.standing for found in settle({1: levers})[1]]


@pytest.mark.parametrize(
    ("chances", "claimed"),
    [
        ((0.89, 0.81, 0.88), []),  # one effect of chance that fools three at once
        ((0.81, 0.90, 0.79), [1, 2]),
        ((0.95,), [1]),
        ((0.79, 0.99), [2]),
    ],
)
def test_a_level_is_claimed_where_it_is_surer_still_for_one_of_the_team(
    chances: tuple[float, ...], claimed: list[int]
) -> None:
    team = settle({key: (lever(p),) for key, p in enumerate(chances, start=1)})
    assert [key for key, (found,) in team.items() if found.standing == "claimed"] == claimed


def test_the_certainty_of_another_level_or_rate_is_none_of_its_own() -> None:
    others = {2: (lever(0.99, level="web-form"),), 3: (lever(0.99, metric="reply_rate"),)}
    assert settle({1: (lever(0.84),), **others})[1][0].standing == "unsure"
    assert settle({1: (lever(0.84, level="web-form"),), **others})[1][0].standing == "claimed"


def test_what_cannot_be_told_from_another_effect_is_not_claimed() -> None:
    assert standings(replace(lever(0.99), rival=("sender", "ann"))) == ["unsure"]


@pytest.mark.parametrize(
    ("race", "standing"),
    [
        (Race(0.60, SECOND, 0.70), "claimed"),
        (Race(0.59, SECOND, 0.95), "contested"),  # it is one of two
        (Race(0.40, SECOND, 0.79), "unsure"),  # it is one of many
    ],
)
def test_the_first_is_claimed_where_it_is_probably_the_largest(race: Race, standing: str) -> None:
    assert standings(lever(0.99, race=race)) == [standing]


def test_a_contest_of_what_is_not_sure_is_none() -> None:
    found = settle({1: (lever(0.7, race=Race(0.5, SECOND, 0.99)),)})[1][0]
    assert (found.standing, found.contest) == ("unsure", None)


def test_nothing_is_claimed_on_top_of_what_is_not() -> None:
    later = lever(0.99, "vendor-y", place=1), lever(0.99, "vendor-z", place=2)
    assert standings(lever(0.95), *later) == ["claimed"] * 3
    assert standings(*later, lever(0.7)) == ["unsure"] * 3  # whatever their order
    assert standings(lever(0.95, race=Race(0.5, SECOND, 1.0)), *later) == ["contested", "unsure", "unsure"]
    reply = lever(0.99, "vendor-y", "reply_rate")
    assert standings(lever(0.7), reply) == ["unsure", "claimed"]  # the other rate has its own
