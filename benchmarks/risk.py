"""How often the risk model's claims hold, in worlds not built as it is: python -m benchmarks.risk [WORLD …].

Each team has a history of first mails and a stock of contacts that nobody has written to yet. Four claims a team are
held against what then happens: a mixed campaign from the stock, new lists of sources that are known, the removal of
the three batches that look worst, and the removal of every batch whose bounce rate is above 3 % with probability 80 %.
The last two are chosen by the model itself, so luck in the history speaks for them.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.special import expit, logit

from hygiene.gate.risk import Group, RiskFacts, RiskModel, RiskRow, fit
from hygiene.gate.risk.types import VERIFICATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hygiene.gate.risk import Prediction

    Floats = NDArray[np.float64]
    Generator = np.random.Generator

AS_OF = datetime(2026, 11, 1)
LIMIT, SURE = 0.03, 0.8
KINDS = ("new list", "mixed campaign", "worst three", "above the limit")
WORST = 3
NEW = 5
"""New lists of a team that are judged."""
REPLY_ODDS = float(logit(0.06))
SHIFTS = {"valid": -1.2, "invalid": 2.5, "catch_all": 0.6, "unknown": 0.2, "none": 0.0}


@dataclass
class Team:
    """A team whose truth is known."""

    rows: list[RiskRow] = field(default_factory=list)
    stock: dict[Group, int] = field(default_factory=dict)
    """Contacts not yet written to."""
    chance: dict[Group, float] = field(default_factory=dict)
    """The true chance of an address bounce."""
    replying: dict[Group, float] = field(default_factory=dict)


Chances: TypeAlias = "Callable[[Generator, int, int], Floats]"
"""Draws the true chances of a team's batches: generator, sources, batches a source (in the order of time)."""


def clumped(rng: Generator, sources: int, batches: int) -> Floats:
    """As the model has it: beta around the source's mean."""
    mean = expit(logit(rng.uniform(0.008, 0.04)) + 0.5 * rng.standard_normal((sources, 1)))
    concentration = 10 ** rng.uniform(1, 2.5)
    return rng.beta(mean * concentration, (1 - mean) * concentration, (sources, batches))


def rotten(rng: Generator, sources: int, batches: int) -> Floats:
    """Good batches and rotten ones; some vendors sell more of the rotten."""
    share = rng.choice([0.0, 0.1, 0.4], (sources, 1), p=[0.5, 0.3, 0.2])
    good = 0.012 * np.exp(0.3 * rng.standard_normal((sources, batches)))
    return np.where(rng.random((sources, batches)) < share, rng.uniform(0.08, 0.3, (sources, batches)), good)


def drift(rng: Generator, sources: int, batches: int) -> Floats:
    """Let sources get better or worse from batch to batch."""
    start = logit(rng.uniform(0.01, 0.04)) + 0.5 * rng.standard_normal((sources, 1))
    walk = np.cumsum(0.25 * rng.standard_normal((sources, batches)), axis=1)
    return expit(start + walk + 0.3 * rng.standard_normal((sources, batches)))


def heavy(rng: Generator, sources: int, batches: int) -> Floats:
    """Log-odds with long tails, of sources and of batches."""
    start = logit(rng.uniform(0.01, 0.03)) + 0.5 * rng.standard_t(3, (sources, 1))
    return expit(start + 0.5 * rng.standard_t(3, (sources, batches)))


def alike(rng: Generator, sources: int, batches: int) -> Floats:
    """No differences at all: the best and the worst are luck."""
    return np.full((sources, batches), rng.uniform(0.01, 0.05))


@dataclass(frozen=True)
class World:
    """How teams are made."""

    chances: Chances
    sources: tuple[int, int] = (2, 8)
    batches: tuple[int, int] = (4, 25)
    sizes: Callable[[Generator, int], Floats] = lambda rng, n: np.exp(rng.normal(4.6, 0.7, n))
    is_verified: bool = False


def few_huge(rng: Generator, number: int) -> Floats:
    """Sizes of batches: most hold a handful, a few thousands."""
    huge = rng.random(number) < 0.08
    return np.where(huge, rng.uniform(1000, 4000, number), rng.uniform(1, 12, number))


WORLDS = {
    "as modelled": World(clumped),
    "rotten batches": World(rotten),
    "drift": World(drift),
    "long tails": World(heavy),
    "few huge, many tiny": World(heavy, batches=(30, 80), sizes=few_huge),
    "all alike": World(alike),
    "rotten, verified": World(rotten, is_verified=True),
    "three batches": World(clumped, sources=(1, 2), batches=(3, 4)),
}


def make_team(world: World, rng: Generator) -> Team:
    """Make one team; the last fifth of each source's batches is new and has no history."""
    team = Team()
    sources, batches = (int(rng.integers(*bounds)) for bounds in (world.sources, world.batches))
    chances = world.chances(rng, sources, batches)
    for source in range(sources):
        sizes = np.maximum(world.sizes(rng, batches), 1).astype(int)
        replying = float(expit(REPLY_ODDS + 0.4 * rng.standard_normal()))
        for batch in range(batches):
            is_new = batch >= batches - max(1, batches // 5)
            mailed = 0 if is_new else int(sizes[batch] * rng.uniform(0.2, 1.0))
            mix = rng.dirichlet([4, 0.3, 1.5, 1, 3]) if world.is_verified else np.array([0, 0, 0, 0, 1.0])
            parts = zip(
                VERIFICATIONS, rng.multinomial(mailed, mix), rng.multinomial(sizes[batch] - mailed, mix), strict=True
            )
            for kind, done, left in parts:
                group = Group(f"source-{source}", f"batch-{batch}", kind)
                chance = float(expit(logit(chances[source, batch]) + SHIFTS[kind]))
                team.chance[group], team.replying[group] = chance, replying
                if left:
                    team.stock[group] = int(left)
                if done:
                    bounced = int(rng.binomial(done, chance))
                    replied = int(rng.binomial(done - bounced, replying))
                    when = datetime(2025 + (batch >= 12), 1 + batch % 12, 1)
                    counts = int(done), bounced, int(done) - bounced, replied
                    team.rows.append(RiskRow(group.source, group.batch, kind, 0, *counts, when))
    return team


@dataclass
class Tally:
    """What the claims of one kind came to."""

    covered: list[bool] = field(default_factory=list)
    covered90: list[bool] = field(default_factory=list)
    claimed: float = 0.0
    true: float = 0.0

    def add(self, said: Prediction, happened: int, expected: float) -> None:
        """Hold one claim against what happened; the ratio is told without the noise of what happened."""
        self.covered.append(said.low <= happened <= said.high)
        self.covered90.append(said.low90 <= happened <= said.high90)
        self.claimed += said.mean
        self.true += expected

    def join(self, other: Tally) -> None:
        """Count another's claims too."""
        self.covered += other.covered
        self.covered90 += other.covered90
        self.claimed += other.claimed
        self.true += other.true

    @property
    def coverage(self) -> float:
        """Share of claims whose 80 % interval held."""
        return sum(self.covered) / max(len(self.covered), 1)

    @property
    def ratio(self) -> float:
        """Claimed over true."""
        return self.claimed / self.true if self.true else float("nan")


def claims(team: Team, model: RiskModel, rng: Generator) -> list[tuple[str, dict[Group, int]]]:
    """Return the sets of contacts that something is claimed of, by the kind of claim."""
    batches: defaultdict[tuple[str | None, str | None], dict[Group, int]] = defaultdict(dict)
    for group, count in team.stock.items():
        batches[group.source, group.batch][group] = count
    known = {(row.source, row.batch) for row in team.rows}
    new = [name for name in batches if name not in known]
    found = [("new list", batches[new[place]]) for place in rng.permutation(len(new))[:NEW]]
    names = list(batches)
    mixed = rng.permutation(len(batches))[:6]
    found.append(("mixed campaign", {g: c for place in mixed for g, c in batches[names[place]].items()}))
    rates = {}
    for name in batches:
        size = np.array(list(batches[name].values()), dtype=float)
        rates[name] = model.draws(list(batches[name])) @ size / size.sum()
    worst = sorted(rates, key=lambda name: -rates[name].mean())[:WORST]
    found.append(("worst three", {g: c for name in worst for g, c in batches[name].items()}))
    bad = [name for name, rate in rates.items() if (rate > LIMIT).mean() >= SURE]
    if bad:
        found.append(("above the limit", {g: c for name in bad for g, c in batches[name].items()}))
    return found


def judge(world: World, teams: int, seed: int = 1, kinds: tuple[str, ...] = KINDS) -> dict[str, Tally]:
    """Return the tallies of one world by kind of claim, for some kinds."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for number in range(teams):
        rng = np.random.default_rng([seed, number])
        team = make_team(world, rng)
        model = fit(RiskFacts(tuple(team.rows), AS_OF))
        for claim, counts in claims(team, model, rng):
            if claim not in kinds:
                continue
            removal = model.removal(counts)
            bounced = replied = 0
            bounces = replies = 0.0
            for group, count in counts.items():
                now = int(rng.binomial(count, team.chance[group]))
                bounced, bounces = bounced + now, bounces + count * team.chance[group]
                replied += int(rng.binomial(count - now, team.replying[group]))
                replies += count * (1 - team.chance[group]) * team.replying[group]
            tallies[claim].add(removal.bounces, bounced, bounces)
            tallies[f"{claim}: replies"].add(removal.replies, replied, replies)
    return dict(tallies)


def main() -> None:
    """Print the table of docs/sources.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.risk")
    parser.add_argument("worlds", nargs="*", default=[*WORLDS], metavar="WORLD", help=", ".join(WORLDS))
    parser.add_argument("--teams", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(f"{'world':<22}{'claim':<26}{'n':>6}{'80 %':>8}{'90 %':>8}{'ratio':>8}")
    for name in options.worlds:
        for claim, tally in judge(WORLDS[name], options.teams, options.seed).items():
            n90 = sum(tally.covered90) / len(tally.covered90)
            print(f"{name:<22}{claim:<26}{len(tally.covered):>6}{tally.coverage:>8.3f}{n90:>8.3f}{tally.ratio:>8.2f}")


if __name__ == "__main__":
    main()
