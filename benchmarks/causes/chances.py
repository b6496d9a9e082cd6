"""The true probabilities of a team, as they are and with one factor set to a level, and what was drawn from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, ndtr

from benchmarks.causes.recipes import FACTORS, PROBIT_SCALE, WEEKS

if TYPE_CHECKING:
    from benchmarks.causes.design import Design
    from benchmarks.causes.effects import Effects
    from benchmarks.causes.recipes import Recipe


@dataclass(frozen=True)
class Laws:
    """How effects become probabilities in one team."""

    effects: Effects
    is_probit: bool
    reply_base: float = 0.0
    bounce_base: float = 0.0

    def chances(self, design: Design, factor: str = "", level: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Return each enrollment's chance of a reply unless it bounces, and of a bounce.

        Parameters
        ----------
        design
            The enrollments.
        factor, level
            Set this factor to this level everywhere, all else as it is; "" sets nothing.
        """
        effects = self.effects
        codes = {f: np.full_like(c, level) if f == factor else c for f, c in design.level.items()}
        reply = self.reply_base + effects.rep_reply[design.rep] + design.quality + effects.drift * (design.time - 0.5)
        reply = reply + effects.cells[codes["sequence"], codes["industry"]]
        bounce = self.bounce_base + effects.rep_bounce[design.rep]
        for name in FACTORS:
            reply = reply + effects.reply[name][codes[name]]
            bounce = bounce + effects.bounce[name][codes[name]]
        if self.is_probit:
            answers, returns = ndtr(PROBIT_SCALE * reply), -np.expm1(-np.exp(bounce))
        else:
            answers, returns = expit(reply), expit(bounce)
        return answers, 1 - (1 - returns) * (1 - design.burst)


def make_laws(recipe: Recipe, effects: Effects, design: Design, random: np.random.Generator) -> Laws:
    """Draw the team's mean rates, and find the bases that give them."""
    targets = random.uniform(*recipe.reply_range), random.uniform(*recipe.bounce_range)
    low, high = np.full(2, -12.0), np.full(2, 4.0)
    # What is planted comes on top of these rates, so that the clean twin has the same bases.
    calm = replace(design, burst=np.zeros_like(design.burst))
    still = replace(effects, bounce={**effects.bounce, "source": effects.bounce["source"] * (not recipe.is_planted)})
    for _ in range(50):
        middle = (low + high) / 2
        rates = Laws(still, recipe.is_probit, *middle).chances(calm)
        is_low = np.array([rate.mean() < target for rate, target in zip(rates, targets, strict=True)])
        low, high = np.where(is_low, middle, low), np.where(is_low, high, middle)
    return Laws(effects, recipe.is_probit, *low)


def draw(
    recipe: Recipe, laws: Laws, design: Design, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw who replied, who bounced, and which bounces were the sender's fault; nothing for those still running.

    Bounces may come in clumps: the luck of the contacts of one batch in one week hangs together (a Gaussian copula),
    which leaves the chance of each what it is.
    """
    answers, returns = laws.chances(design)
    returns = 1 - (1 - returns) / (1 - design.burst)
    week = np.minimum((design.time * WEEKS).astype(int), WEEKS - 1)
    batches = len(laws.effects.bounce["import_batch"])
    shared = random.standard_normal((batches, WEEKS))[design.level["import_batch"], week]
    own = random.standard_normal(len(week))
    luck = random.random((2, len(week)))
    address_luck = ndtr(np.sqrt(recipe.clump) * shared + np.sqrt(1 - recipe.clump) * own)
    is_blocked = (luck[0] < design.burst) & ~design.is_active
    is_bounced = ((address_luck < returns) & ~design.is_active) | is_blocked
    return (luck[1] < answers) & ~is_bounced & ~design.is_active, is_bounced, is_blocked
