"""The empirical-Bayes beta-binomial of a team, its list sources and their batches.

A source's mean is a draw around the team's (on the log-odds scale Student's t with 4 degrees of freedom and scale τ:
most vendors are alike and a few are terrible), and a batch's chance is Beta(m φ, (1 − m) φ) around its source's mean m:
a list is good or bad as a whole, so its bounces come in clumps (Williams, Biometrics 31 (1975) 949). The team's mean, τ
and φ are integrated over a grid, with priors weak enough to be outweighed by some ten batches, so that a team of three
batches and one of three thousand are both told what they do not know (Gelman et al., Bayesian Data Analysis, 3rd ed.,
section 5.3, equation 5.8 for the marginal likelihood of a batch).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

import numpy as np
from scipy.sparse import csr_array
from scipy.special import expit, gammaln, logit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

Name: TypeAlias = "tuple[str | None, str | None]"
"""A source and a batch of it."""
MEANS: Floats = np.linspace(-8.0, 1.6, 49)
"""Log-odds that a mean may have: 0.03 to 83 %."""
_STEP = float(MEANS[1] - MEANS[0])
CONCENTRATIONS: Floats = np.geomspace(3.0, 3000.0, 12)
"""φ: a batch's chance is known as well as after so many contacts."""
SPREADS: Floats = np.geomspace(0.1, 2.0, 8)
"""τ: how much sources differ, in log-odds."""
USUAL_CONCENTRATION = 49.0
"""ρ = 1 / (1 + φ) = 0.02, as flags/pauses/clumps.py assumes where a history says little."""
USUAL_SPREAD = 0.5
"""Assumed: two sources in three within a factor of 1.7 of the team's mean."""
WEAK = 1.0
"""Standard deviation of log φ and log τ around the usual (assumed)."""
WEAK_MEAN = 1.5
"""And of the team's log-odds."""
FREEDOM = 4.0
SEED = 20261124
_TINY = 1e-300
"""Keeps the logarithm of a density finite where a source is out of all reach."""


@dataclass(frozen=True)
class Hierarchy:
    """The posterior of one kind of outcome, for draws that agree with each other whatever is asked."""

    batches: dict[Name, tuple[float, float]]
    """Successes and failures of each batch, by source and batch."""
    likelihoods: dict[str | None, Floats]
    """Of each source, relative, by `CONCENTRATIONS` × `MEANS`."""
    posterior: Floats
    """Of `CONCENTRATIONS` × `SPREADS` × team's mean (`MEANS`); sums to 1."""
    salt: str
    """Sets the draws of one hierarchy apart from those of another."""

    def batch_draws(self, names: Iterable[Name], draws: int) -> dict[Name, Floats]:
        """Return draws of batches' chances, by source and batch; of new ones where the history has none such."""
        team = self._team(draws)
        sources: dict[str | None, Floats] = {}
        found: dict[Name, Floats] = {}
        for name in dict.fromkeys(names):
            source = name[0]
            if source not in sources:
                sources[source] = self._source(source, team)
            mean, concentration = sources[source], CONCENTRATIONS[team[0]]
            successes, failures = self.batches.get(name, (0.0, 0.0))
            rng = _rng(self.salt, draws, "batch", *name)
            found[name] = rng.beta(mean * concentration + successes, (1 - mean) * concentration + failures)
        return found

    def source_draws(self, name: str | None, draws: int) -> Floats:
        """Return draws of the mean chance of a source; of a new one where the history does not hold it."""
        return self._source(name, self._team(draws))

    def _source(self, name: str | None, team: tuple[Integers, Integers, Integers]) -> Floats:
        phi, tau, mu = team
        rng = _rng(self.salt, phi.size, "source", name)
        weights = source_density()[tau, mu]
        likelihood = self.likelihoods.get(name)
        if likelihood is not None:
            weights = weights * likelihood[phi]
        total = weights.cumsum(axis=1)
        place = (total < rng.random(phi.size)[:, None] * total[:, -1:]).sum(axis=1)
        return np.asarray(expit(MEANS[place] + _STEP * (rng.random(phi.size) - 0.5)))

    def _team(self, draws: int) -> tuple[Integers, Integers, Integers]:
        """Return draws of the grid places of φ, τ and the team's mean, spread evenly over the posterior."""
        rng = _rng(self.salt, draws, "team")
        total = self.posterior.ravel().cumsum()
        at = (np.arange(draws) + rng.random(draws)) / draws * total[-1]
        places = np.searchsorted(total, at).clip(max=total.size - 1)
        phi, tau, mu = np.unravel_index(rng.permutation(places), self.posterior.shape)
        return np.asarray(phi), np.asarray(tau), np.asarray(mu)


def fit_hierarchy(batches: dict[Name, tuple[float, float]], usual_mean: float, salt: str) -> Hierarchy:
    """Fit the model.

    Parameters
    ----------
    batches
        Successes and failures of each batch, both ≥ 0, by source and batch.
    usual_mean
        Where the team's mean is expected before anything is seen, 0–1.
    salt
        A name for the draws' sake.
    """
    names = list(dict.fromkeys(source for source, _ in batches))
    code = {name: place for place, name in enumerate(names)}
    logs = _log_likelihoods(batches, [code[source] for source, _ in batches], len(names))
    top = logs.max(axis=2, keepdims=True)
    relative = np.exp(logs - top)
    density = source_density().reshape(-1, MEANS.size)
    # Of each source and φ: its likelihood averaged over its mean, for every τ and team's mean.
    evidence = np.array([np.log(part @ density.T + _TINY).sum(axis=0) for part in relative.transpose(1, 0, 2)])
    evidence += top.sum(axis=0)
    shape = (CONCENTRATIONS.size, SPREADS.size, MEANS.size)
    posterior = evidence.reshape(shape) + _log_prior(usual_mean)
    posterior = np.exp(posterior - posterior.max())
    return Hierarchy(batches, dict(zip(names, relative, strict=True)), posterior / posterior.sum(), salt)


@cache
def source_density() -> Floats:
    """Return the density of a source's mean (last axis) by τ and the team's mean, on the grid."""
    distance = (MEANS[None, None, :] - MEANS[None, :, None]) / SPREADS[:, None, None]
    density = (1 + np.square(distance) / FREEDOM) ** (-(FREEDOM + 1) / 2)
    return np.asarray(density / density.sum(axis=2, keepdims=True))


def _log_likelihoods(batches: dict[Name, tuple[float, float]], source: list[int], sources: int) -> Floats:
    """Return the log likelihood of sources × φ × mean: the product of their batches' beta-binomials."""
    counts = np.array(list(batches.values()), dtype=np.float64).reshape(-1, 2)
    size = counts.shape[0]
    member = csr_array((np.ones(size), (source, np.arange(size))), shape=(sources, size))
    mean = expit(MEANS)
    a, b = np.outer(CONCENTRATIONS, mean).ravel(), np.outer(CONCENTRATIONS, 1 - mean).ravel()
    total = np.repeat(CONCENTRATIONS, MEANS.size)
    logs = np.zeros((sources, a.size))
    for values, shape, sign in ((counts[:, 0], a, 1), (counts[:, 1], b, 1), (counts.sum(axis=1), total, -1)):
        distinct, place = np.unique(values, return_inverse=True)
        weights = (member @ csr_array((np.ones(size), (np.arange(size), place)), shape=(size, distinct.size))).toarray()
        logs += sign * (weights @ (gammaln(shape + distinct[:, None]) - gammaln(shape)))
    return logs.reshape(sources, CONCENTRATIONS.size, MEANS.size)


def _log_prior(usual_mean: float) -> Floats:
    """Return the log prior of φ × τ × the team's mean: each a normal distribution on its log scale."""
    phi = np.square(np.log(CONCENTRATIONS / USUAL_CONCENTRATION) / WEAK)
    tau = np.square(np.log(SPREADS / USUAL_SPREAD) / WEAK)
    mean = np.square((MEANS - logit(usual_mean)) / WEAK_MEAN)
    return np.asarray(-0.5 * (phi[:, None, None] + tau[None, :, None] + mean[None, None, :]))


def _rng(salt: str, draws: int, *names: str | None) -> np.random.Generator:
    return np.random.default_rng([SEED, draws, crc32(repr((salt, *names)).encode())])
