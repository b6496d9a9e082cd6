"""The levels of a team and what each truly does to replies and bounces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.causes.recipes import FACTORS, LARGEST_EFFECT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.causes.recipes import Recipe, Spike

INDUSTRIES = (
    *("Software", "Manufacturing", "Logistics", "Retail"),
    *("Healthcare", "Finance", "Construction", "Education"),
)
COUNTRIES = ("Germany", "United States", "France", "United Kingdom", "Spain")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
HALVES = ("am", "pm")
SLOTS = tuple(f"{day}-{half}" for day in WEEKDAYS for half in HALVES)
"""Half-days (UTC); slot s is weekday s // 2, half s % 2."""
PLANTED_EFFECT = np.log(5.0)
"""Of the planted bad source, on its bounces."""


@dataclass(frozen=True)
class Levels:
    """The levels of each factor, by name, in the order of their codes."""

    names: Mapping[str, tuple[str, ...]]
    batch_source: np.ndarray
    """The source of each import batch."""
    batch_centre: np.ndarray
    """When each batch is mostly used, 0–1 of the span."""


@dataclass(frozen=True)
class Effects:
    """What each level adds to the log-odds; arrays by the levels' codes."""

    reply: Mapping[str, np.ndarray]
    bounce: Mapping[str, np.ndarray]
    cells: np.ndarray
    """Of sequence × industry, on replies."""
    rep_reply: np.ndarray
    rep_bounce: np.ndarray
    drift: float
    """What the whole span adds to the log-odds of a reply."""


def make_levels(recipe: Recipe, random: np.random.Generator) -> Levels:
    """Draw how many levels there are of each factor."""
    sources = tuple(f"vendor-{letter}" for letter in "abcdefg"[: random.integers(4, 8)])
    counts = random.integers(2, 6, len(sources))
    batch_source = np.repeat(np.arange(len(sources)), counts)
    batches = tuple(f"{sources[s]}-{i + 1}" for s, count in enumerate(counts) for i in range(count))
    sequences = random.integers(4, 9) + recipe.alone
    industries = random.permutation(INDUSTRIES)[: random.integers(5, 9)]
    countries = COUNTRIES[: random.integers(3, 6)]
    names = {
        "source": sources,
        "import_batch": batches,
        "sequence": tuple(f"seq-{i + 1:02d}" for i in range(sequences)),
        "industry": tuple(str(name) for name in industries),
        "timing": SLOTS,
        "country": countries,
    }
    return Levels(names, batch_source, random.random(len(batches)))


def make_effects(recipe: Recipe, levels: Levels, reps: int, random: np.random.Generator) -> Effects:
    """Draw what each level does."""
    sizes = {factor: len(levels.names[factor]) for factor in FACTORS}
    reply = {factor: _draw(recipe.reply[factor], sizes[factor], random) for factor in FACTORS}
    bounce = {factor: _draw(recipe.bounce[factor], sizes[factor], random) for factor in FACTORS}
    cells = _draw(recipe.cells, sizes["sequence"] * sizes["industry"], random)
    if recipe.is_planted:
        bounce["source"][0] = PLANTED_EFFECT
    return Effects(
        reply,
        bounce,
        cells.reshape(sizes["sequence"], sizes["industry"]),
        _draw(recipe.rep_reply, reps, random),
        _draw(recipe.rep_bounce, reps, random),
        float(random.uniform(*recipe.drift_range)),
    )


def _draw(spike: Spike, count: int, random: np.random.Generator) -> np.ndarray:
    """Draw effects; the numbers are spent whatever the spike is, so that worlds of one seed stay alike."""
    is_on = random.random(count) < spike.share
    # A t of three degrees by its own normals: `standard_t` spends a number of draws that hangs on what it draws.
    normals = random.standard_normal((count, 6))
    half = int(spike.freedom)
    slab = normals[:, 0] / np.sqrt((normals[:, 1 : half + 1] ** 2).mean(axis=1))
    return np.where(is_on, np.clip(spike.scale * slab, -LARGEST_EFFECT, LARGEST_EFFECT), 0.0)
