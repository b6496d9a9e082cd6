"""Which levers are claimed: sure enough for the sender, surer still for one of the team, and the sender's largest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hygiene.advice.attribution.types import CLAIMED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.advice.attribution.types import Lever, Metric, Standing
    from hygiene.facts.factors import Factor

CERTAIN = 0.9
"""Probability of a material gain that a level must reach for one sender at least, before anybody hears of a claim.

All senders of a team learn from the same rows, so one effect of chance, the largest of some 45 levels, can fool several
at once (docs/advice.md)."""
LARGEST = 0.6
"""Probability that the first lever gains more than any other of the sender's, from which on it is claimed.

Of two levers of much the same gain nobody knows which to pull first; then the pair is named and no gain is claimed."""


def settle(levers: Mapping[int, tuple[Lever, ...]]) -> dict[int, tuple[Lever, ...]]:
    """Return the levers of all senders of a team, by key, each with its standing.

    Parameters
    ----------
    levers
        As `levers_of` returns them.
    """
    certain = {_name(lever) for found in levers.values() for lever in found if lever.gains[lever.metric].p >= CERTAIN}
    return {key: _settled(found, certain) for key, found in levers.items()}


def _settled(found: tuple[Lever, ...], certain: set[tuple[Metric, Factor, str]]) -> tuple[Lever, ...]:
    """Give one sender's levers their standing: a gain on top of one that is not claimed is not claimed either."""
    standings: dict[tuple[Metric, int], Standing] = {}
    for lever in sorted(found, key=lambda lever: lever.place):
        before = standings.get((lever.metric, lever.place - 1), "claimed")
        standings[lever.metric, lever.place] = _standing(lever, certain) if before == "claimed" else "unsure"
    return tuple(replace(lever, standing=standings[lever.metric, lever.place]) for lever in found)


def _standing(lever: Lever, certain: set[tuple[Metric, Factor, str]]) -> Standing:
    is_sure = lever.rival is None and lever.gains[lever.metric].p >= CLAIMED and _name(lever) in certain
    if not is_sure:
        return "unsure"
    if lever.race is None or lever.race.p >= LARGEST:
        return "claimed"
    return "contested" if lever.race.p_either >= CLAIMED else "unsure"


def _name(lever: Lever) -> tuple[Metric, Factor, str]:
    return lever.metric, lever.factor, lever.level
