"""Who wrote to whom, from which list, with what and when: the enrollments of a team before anything happens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.causes.recipes import ACTIVE_MONDAY, ACTIVE_SHARE, FACTORS, FIRST_MONDAY, WEEKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.causes.effects import Effects, Levels
    from benchmarks.causes.recipes import Recipe

DAY = 86_400
HALF_HOURS = ((7, 12), (12, 19))
"""The hours of a morning and of an afternoon, the last one excluded."""
CONCENTRATION = 0.7
"""Of a rep's Dirichlet, times the number of levels: small, reps differ much."""
BATCH_WIDTH = 0.25
"""Of the span, over which a batch is used."""
BURST = (0.60, 0.70, 0.50)
"""From, until (of the span), and the chance that a mail is refused for the sender's sake."""


@dataclass(frozen=True)
class Design:
    """One row an enrollment, in the order of reps."""

    rep: np.ndarray
    level: Mapping[str, np.ndarray]
    """The code of each factor's level."""
    is_seen: Mapping[str, np.ndarray]
    """Whether the level is exported."""
    time: np.ndarray
    """Of the span, 0–1."""
    at: np.ndarray
    """Enrolled at, seconds UTC."""
    quality: np.ndarray
    """What nobody sees, in log-odds of a reply."""
    burst: np.ndarray
    """Chance of a bounce for the sender's sake, whatever the address."""
    is_active: np.ndarray

    def take(self, rows: np.ndarray) -> Design:
        """Return these rows only."""
        return Design(
            self.rep[rows],
            {factor: codes[rows] for factor, codes in self.level.items()},
            {factor: seen[rows] for factor, seen in self.is_seen.items()},
            *(a[rows] for a in (self.time, self.at, self.quality, self.burst, self.is_active)),
        )


def make_design(recipe: Recipe, levels: Levels, effects: Effects, random: np.random.Generator) -> Design:
    """Draw the enrollments of a team."""
    reps = len(effects.rep_reply)
    ended = np.exp(random.uniform(*np.log(recipe.ended_range), reps)).round().astype(int)
    active = np.ceil(ended * ACTIVE_SHARE).astype(int)
    rep = np.repeat(np.arange(reps), ended + active)
    is_active = np.concatenate([np.arange(e + a) >= e for e, a in zip(ended, active, strict=True)])
    time = np.where(is_active, 1.0, random.random(len(rep)))
    mixes = {f: _mixes(reps, len(levels.names[f]), random) for f in FACTORS}
    drifts = {f: random.normal(0, 1, len(levels.names[f])) * recipe.mix_drift for f in ("source", "sequence")}

    def pick(factor: str, *tilts: np.ndarray) -> np.ndarray:
        return choose(mixes[factor][rep] * np.exp(sum(tilts, np.zeros((1, 1)))), random)

    centred = (time - 0.5)[:, None]
    source = pick("source", centred * drifts["source"])
    industry = pick("industry", random.normal(0, 0.5, (len(mixes["source"][0]), len(mixes["industry"][0])))[source])
    nearness = -(((time[:, None] - levels.batch_centre) / BATCH_WIDTH) ** 2) / 2
    other = np.where(levels.batch_source == source[:, None], 0.0, -np.inf)
    batch = pick("import_batch", np.maximum(nearness, -4.0), other)
    quality = random.standard_normal(len(rep))
    tilt = recipe.quality_tilt * quality[:, None] * _belief(effects.reply["sequence"], random)
    liking = random.normal(0, 0.4, (len(mixes["industry"][0]), len(mixes["sequence"][0])))[industry]
    sequence = _lonely(pick("sequence", centred * drifts["sequence"], tilt, liking), rep, recipe, effects)
    level = {
        "source": source,
        "import_batch": batch,
        "sequence": sequence,
        "industry": industry,
        "timing": pick("timing"),
        "country": pick("country"),
    }
    return Design(
        rep,
        level,
        _seen(recipe, rep, random),
        time,
        _seconds(time, level["timing"], is_active, random),
        quality * recipe.quality_deviation,
        _burst(recipe, rep, time, ended),
        is_active,
    )


def choose(weights: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draw one column a row, by the weights of the row."""
    sums = weights.cumsum(axis=1)
    return (random.random((len(weights), 1)) * sums[:, -1:] >= sums[:, :-1]).sum(axis=1)


def _mixes(reps: int, count: int, random: np.random.Generator) -> np.ndarray:
    """Draw how much each rep uses each level; the first is the team's favourite, and no share is quite nought."""
    popularity = np.sort(random.dirichlet(np.full(count, 3.0)))[::-1]
    return np.stack([random.dirichlet(CONCENTRATION * count * popularity) for _ in range(reps)]) + 1e-6


def _belief(effect: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return how good the reps hold each sequence to be: half the truth, half fancy, mean 0, deviation 1."""
    truth = effect / max(float(effect.std()), 1e-9)
    belief = truth + random.normal(0, 0.7, len(effect))
    return (belief - belief.mean()) / belief.std()


def _lonely(sequence: np.ndarray, rep: np.ndarray, recipe: Recipe, effects: Effects) -> np.ndarray:
    """Give the last sequences to one rep each, and to nobody else."""
    shared = len(effects.reply["sequence"]) - recipe.alone
    return np.where(rep < recipe.alone, shared + rep, sequence % shared)


def _seen(recipe: Recipe, rep: np.ndarray, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw what is exported; a contact without a source has no batch either."""
    seen = {}
    for factor in ("source", "industry"):
        mean = recipe.missing.get(factor, 0.0)
        rates = np.clip(random.normal(mean, mean / 3, rep.max() + 1), 0, 0.9)
        seen[factor] = random.random(len(rep)) >= rates[rep]
    everything = np.ones(len(rep), dtype=bool)
    return {
        f: seen["source" if f == "import_batch" else f] if f in {*seen, "import_batch"} else everything for f in FACTORS
    }


def _seconds(time: np.ndarray, slot: np.ndarray, is_active: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return when each was enrolled."""
    week = np.minimum((time * WEEKS).astype(int), WEEKS - 1)
    monday = np.where(
        is_active,
        int(ACTIVE_MONDAY.timestamp()) + 7 * DAY * random.integers(0, 2, len(time)),
        int(FIRST_MONDAY.timestamp()) + 7 * DAY * week,
    )
    start, end = np.array(HALF_HOURS).T
    hour = start[slot % 2] + (random.random(len(time)) * (end - start)[slot % 2]).astype(int)
    return monday + DAY * (slot // 2) + 3600 * hour + random.integers(0, 3600, len(time))


def _burst(recipe: Recipe, rep: np.ndarray, time: np.ndarray, ended: np.ndarray) -> np.ndarray:
    """Return the planted refusals: of the rep with the most enrollments, for some weeks."""
    start, end, chance = BURST
    is_hit = (rep == ended.argmax()) & (time >= start) & (time < end)
    return np.where(is_hit & recipe.is_planted, chance, 0.0)
