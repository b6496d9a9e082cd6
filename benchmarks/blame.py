"""How well the blame is divided where it is known who is to blame: python -m benchmarks.blame [--teams 40].

Teams of lists, senders and sequences with known effects on the chance of an address bounce. The truth is what the true
effects of the levels that the blame names as best would have changed, averaged over the six orders of replacing the
three causes.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass
from itertools import permutations, product
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, logit

from hygiene.facts.factors import FACTORS, FactorTable
from hygiene.gate.lists.blame import divide

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hygiene.gate.lists.types import Cause

    Floats = NDArray[np.float64]
    Generator = np.random.Generator

CAUSES: tuple[Cause, ...] = ("source", "sender", "sequence")
SIZES = {"source": 6, "sender": 8, "sequence": 5}
BASE = float(logit(0.02))


@dataclass(frozen=True)
class World:
    """How far the levels of each cause differ: the standard deviation of their log-odds."""

    source: float = 0.0
    sender: float = 0.0
    sequence: float = 0.0
    is_alone: bool = False
    """Whether the first list is written to by the first sender alone, who writes to no other."""


WORLDS = {
    "lists differ": World(source=0.9),
    "senders differ": World(sender=0.7),
    "all differ": World(0.7, 0.5, 0.4),
    "nobody differs": World(),
    "one sender alone on a list": World(source=0.9, is_alone=True),
}


@dataclass(frozen=True)
class Team:
    """A team whose truth is known."""

    table: FactorTable
    effects: dict[Any, Floats]
    """By cause and level."""

    def truth(self, best: Mapping[Cause, tuple[str, ...]]) -> dict[Any, float]:
        """Return the true excess of each cause over the levels that are named as best."""
        codes, ended = self.table.codes, self.table.ended
        own = {cause: self.effects[cause][codes[cause]] for cause in CAUSES}
        reference = {}
        for cause in CAUSES:
            use = np.bincount(codes[cause], ended, SIZES[cause])
            chosen = [self.table.levels[cause].index(name) for name in best[cause]]
            reference[cause] = float(self.effects[cause][chosen] @ use[chosen] / use[chosen].sum())
        return _truth(BASE, own, reference, ended)


def make_team(world: World, rng: Generator) -> Team:
    """Make one team."""
    effects = {cause: getattr(world, cause) * rng.standard_normal(SIZES[cause]) for cause in CAUSES}
    cells = [dict(zip(CAUSES, levels, strict=True)) for levels in product(*(range(SIZES[cause]) for cause in CAUSES))]
    if world.is_alone:
        cells = [cell for cell in cells if (cell["source"] == 0) == (cell["sender"] == 0)]
    ended = rng.multinomial(6_000, rng.dirichlet(np.full(len(cells), 0.5)))
    codes = {cause: np.array([cell[cause] for cell in cells]) for cause in CAUSES}
    odds = BASE + sum(effects[cause][codes[cause]] for cause in CAUSES)
    return Team(_table(codes, ended, rng.binomial(ended, expit(odds))), effects)


def _truth(base: float, own: dict[Any, Floats], best: dict[Any, float], ended: NDArray[np.int64]) -> dict[Any, float]:
    found: defaultdict[Any, float] = defaultdict(float)
    for order in permutations(CAUSES):
        now = dict(own)
        before = ended @ expit(base + sum(now.values()))
        for cause in order:
            now[cause] = np.full(ended.size, best[cause])
            after = ended @ expit(base + sum(now.values()))
            found[cause] += (before - after) / 6
            before = after
    return dict(found)


def _table(codes: dict[Any, NDArray[np.int64]], ended: NDArray[np.int64], bounced: NDArray[np.int64]) -> FactorTable:
    weeks = np.arange(ended.size) % 26
    none = np.full(ended.size, -1, dtype=np.int64)
    return FactorTable(
        codes={factor: codes.get(factor, none) for factor in FACTORS},
        levels={
            factor: tuple(f"{factor}-{place}" for place in range(SIZES[factor])) if factor in codes else ()
            for factor in FACTORS
        },
        week=weeks,
        ended=ended,
        replied=np.zeros_like(ended),
        bounced=bounced,
        address_bounced=bounced,
    )


def main() -> None:
    """Print the table of docs/sources.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.blame")
    parser.add_argument("--teams", type=int, default=40)
    options = parser.parse_args()
    print(f"{'world':<28}{'cause':<10}{'true':>8}{'said':>8}{'in 90 %':>9}{'sure > 0':>9}")
    for name, world in WORLDS.items():
        held: defaultdict[str, list[tuple[float, ...]]] = defaultdict(list)
        for number in range(options.teams):
            team = make_team(world, np.random.default_rng([3, number]))
            blame = divide(team.table, {})
            if blame is None:
                continue
            truth = team.truth(blame.best)
            for cause in CAUSES:
                said, true = blame.shares[cause].bounces, truth[cause]
                held[cause].append((true, said.mean, said.low <= true <= said.high, said.low > 0))
            if "unclear" in blame.shares:
                held["unclear"].append((np.nan, blame.shares["unclear"].bounces.mean, np.nan, np.nan))
        for cause, rows in held.items():
            true, said, covered, sure = np.mean(np.array(rows, dtype=float), axis=0)
            print(f"{name:<28}{cause:<10}{true:>8.1f}{said:>8.1f}{covered:>9.2f}{sure:>9.2f}")


if __name__ == "__main__":
    main()
