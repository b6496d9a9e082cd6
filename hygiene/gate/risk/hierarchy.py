"""The empirical-Bayes hierarchy of a team, its list sources and their batches.

A list is good or bad as a whole, so its bounces come in clumps: a batch's chance is a draw around its source's level,
and that a draw around the team's. Batches are beta-binomial (Williams, Biometrics 31 (1975) 949), or have log-odds by
Student's t with 3 degrees of freedom: most are alike and a few are rotten; the history says which fits. Sources have
log-odds by a t with 4. The kind and spread of batches, the spread of sources and the team's level are integrated over
a grid under priors that some ten batches outweigh, so that a team of three batches and one of three thousand are both
told what they do not know (Gelman et al., Bayesian Data Analysis, 3rd ed., sections 5.3 and 17.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit, logit

from hygiene.gate.risk.grids import (
    CHANCE_STEP,
    CHANCES,
    CONCENTRATIONS,
    LEVELS,
    SCALES,
    SPREADS,
    TEAM_LEVELS,
    batch_density,
    source_density,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

Name: TypeAlias = "tuple[str | None, str | None]"
"""A source and a batch of it."""
USUAL_CONCENTRATION = 49.0
"""ρ = 1 / (1 + φ) = 0.02, as flags/pauses/clumps.py assumes where a history says little."""
USUAL_SCALE = 0.5
"""Of batches by Student's t; as much the usual as the above (assumed)."""
USUAL_SPREAD = 0.5
"""Assumed: two sources in three within a factor of 1.7 of the team's level."""
WEAK = 2.0
"""Standard deviation of log φ, and of twice log σ and log τ, around the usual (assumed)."""
HALF_LIFE = 180.0
"""Days after which a batch weighs half in what its source is like now: vendors change. Where they do, claims on bad
lists held 76 to 82 instead of 71 to 73 % of the time, elsewhere as often as without (benchmarks/risk.py); assumed."""
SEED = 20261124
_TINY = 1e-300
"""Keeps the logarithm of a density finite where a batch is out of all reach."""


@dataclass(frozen=True)
class Hierarchy:
    """The posterior of one kind of outcome, for draws that agree with each other whatever is asked."""

    batches: Mapping[Name, Floats]
    """Likelihood of each batch by `CHANCES`, relative."""
    sources: Mapping[str | None, Floats]
    """Likelihood of each source by kind of batches and `LEVELS`, relative within a kind."""
    team: Floats
    """Posterior of kind of batches × `SPREADS` × `TEAM_LEVELS`; sums to 1."""
    salt: str
    """Sets the draws of one hierarchy apart from those of another."""

    def draws(self, names: Iterable[Name], draws: int) -> dict[Name, Floats]:
        """Return draws of batches' log-odds, by source and batch; of new ones where the history has none such."""
        team = self._team(draws)
        found: dict[Name, Floats] = {}
        by_source: dict[str | None, list[Name]] = {}
        for name in dict.fromkeys(names):
            by_source.setdefault(name[0], []).append(name)
        for source, batches in by_source.items():
            # Most draws share the kind and the level of another: each pair is worked out once.
            pairs, place = np.unique(team[0] * LEVELS.size + self._level(source, team), return_inverse=True)
            density = batch_density().reshape(-1, CHANCES.size)[pairs]
            for name in batches:
                rng = _rng(self.salt, draws, "batch", *name)
                weights = density * self.batches[name] if name in self.batches else density
                below = weights.cumsum(axis=1)
                below /= below[:, -1:]
                below += np.arange(pairs.size)[:, None]
                chance = np.searchsorted(below.ravel(), place + rng.random(draws)) - place * CHANCES.size
                found[name] = CHANCES[chance.clip(0, CHANCES.size - 1)] + CHANCE_STEP * (rng.random(draws) - 0.5)
        return found

    def _level(self, source: str | None, team: tuple[Integers, Integers, Integers]) -> Integers:
        """Return draws of a source's level, as places in `LEVELS`."""
        kind, tau, mu = team
        weights = source_density()[tau, mu]
        if source in self.sources:
            weights = weights * self.sources[source][kind]
        below = weights.cumsum(axis=1)
        luck = _rng(self.salt, kind.size, "source", source).random(kind.size)
        return np.asarray((below < luck[:, None] * below[:, -1:]).sum(axis=1))

    def _team(self, draws: int) -> tuple[Integers, Integers, Integers]:
        """Return draws of the places of kind, τ and the team's level, spread evenly over the posterior."""
        rng = _rng(self.salt, draws, "team")
        below = self.team.ravel().cumsum()
        places = np.searchsorted(below, (np.arange(draws) + rng.random(draws)) / draws * below[-1])
        kind, tau, mu = np.unravel_index(rng.permutation(places.clip(max=below.size - 1)), self.team.shape)
        return np.asarray(kind), np.asarray(tau), np.asarray(mu)


def fit_hierarchy(
    batches: Mapping[Name, Floats], ages: Mapping[Name, float], usual: float, usual_spread: float, salt: str
) -> Hierarchy:
    """Fit the model.

    Parameters
    ----------
    batches
        The log likelihood of each batch by `CHANCES`, by source and batch.
    ages
        Of each batch in days: what a source is like now, its newer batches tell.
    usual, usual_spread
        Where the team's level is expected before anything is seen, 0–1, and the standard deviation of its log-odds.
    salt
        A name for the draws' sake.
    """
    places = {source: place for place, source in enumerate(dict.fromkeys(source for source, _ in batches))}
    member = [places[source] for source, _ in batches]
    logs = np.array(list(batches.values())).reshape(-1, CHANCES.size)
    likelihood = np.exp(logs - logs.max(axis=1, keepdims=True))
    density = batch_density()
    of_batch = np.log(likelihood @ density.reshape(-1, CHANCES.size).T + _TINY)
    weights = 0.5 ** (np.array([ages[name] for name in batches]) / HALF_LIFE)

    def of_source(weights: Floats) -> tuple[Floats, Floats]:
        joined = csr_array((weights, (member, np.arange(len(member)))), shape=(len(places), len(member)))
        logs = (joined @ of_batch).reshape(len(places), *density.shape[:2])
        top = logs.max(axis=2, keepdims=True)
        return np.exp(logs - top), top

    relative, top = of_source(np.ones(len(member)))
    around = source_density().reshape(-1, LEVELS.size)
    evidence = np.array([np.log(part @ around.T + _TINY).sum(axis=0) for part in relative.transpose(1, 0, 2)])
    evidence += top.sum(axis=0)
    shape = (density.shape[0], SPREADS.size, TEAM_LEVELS.size)
    posterior = evidence.reshape(shape) + _log_prior(usual, usual_spread)
    posterior = np.exp(posterior - posterior.max())
    return Hierarchy(
        dict(zip(batches, likelihood, strict=True)),
        dict(zip(places, of_source(weights)[0], strict=True)),
        posterior / posterior.sum(),
        salt,
    )


def binomial_logs(successes: float, trials: float, shift: float = 0.0) -> Floats:
    """Return the log likelihood of successes among trials by `CHANCES`, the log-odds shifted."""
    chance = expit(CHANCES + shift)
    return np.asarray(successes * np.log(chance) + (trials - successes) * np.log1p(-chance))


def _log_prior(usual: float, usual_spread: float) -> Floats:
    """Return the log prior of kind × τ × the team's level: normal distributions on their log scales."""
    kinds = np.concatenate(
        [_bell(np.log(CONCENTRATIONS / USUAL_CONCENTRATION), WEAK), _bell(2 * np.log(SCALES / USUAL_SCALE), WEAK)]
    )
    spread = _bell(2 * np.log(SPREADS / USUAL_SPREAD), WEAK)
    level = _bell(TEAM_LEVELS - logit(usual), usual_spread)
    return np.asarray(np.log(kinds[:, None, None] * spread[None, :, None] * level[None, None, :]))


def _bell(distance: Floats, spread: float) -> Floats:
    density = np.exp(-0.5 * np.square(distance / spread)) + _TINY
    return np.asarray(density / density.sum())


def _rng(salt: str, draws: int, *names: str | None) -> np.random.Generator:
    return np.random.default_rng([SEED, draws, crc32(repr((salt, *names)).encode())])
