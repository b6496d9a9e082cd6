"""The empirical-Bayes hierarchy of a team, its list sources and their batches, and of the sender beside its colleagues.

A list is good or bad as a whole, so its bounces come in clumps: a batch's chance is a draw around its source's level,
and that a draw around the team's. Batches are beta-binomial (Williams, Biometrics 31 (1975) 949), or have log-odds by
Student's t with 3 degrees of freedom: most are alike and a few are rotten; the history says which fits. Sources have
log-odds by a t with 4. The kind and spread of batches, the spread of sources and the team's level are integrated over
a grid under priors that some ten batches outweigh, so that a team of three batches and one of three thousand are both
told what they do not know (Gelman et al., Bayesian Data Analysis, 3rd ed., sections 5.3 and 17.2).

Where a campaign's sender is known, the log-odds of all its contacts are shifted by one number, whatever the list: most
senders choose as their colleagues do, so that it is zero, and a few do not. A batch's chance is then what colleagues
would see. The shift is integrated with all else, and its draw is shared by the whole campaign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
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
    from collections.abc import Iterable, Mapping, Sequence

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
ALIKE, SENDER_SPREAD = 0.9, 1.0
"""Share of the senders whose contacts are as good as their colleagues', and the standard deviation of the log-odds of
the others: two in three of these are up to 2.7 times better or worse (assumed). Six bounces over two lists where one
was to be expected make it likelier that the sender is worse; in one list they are blamed on the list."""
ELSEWHERE_SHARE = 2 / 3
"""How far a source without history is believed to be like those of others, rather than like the team's own: that these
are alike says little of one that was never tried (assumed). Where new sources average 4 %, the 80 % interval of a test
batch held in 68 % of cases at a half, in 81 % at two thirds (docs/sources.md)."""
COLLEAGUES = np.zeros(1)
"""Shifts where no sender is named."""
SEED = 20261124
_TINY = 1e-300
"""Keeps the logarithm of a density finite where a batch is out of all reach."""


class _Places(NamedTuple):
    """Draws of what the batches have in common, as places in the grids."""

    shift: Integers
    kind: Integers
    spread: Integers
    level: Integers


@dataclass(frozen=True)
class Hierarchy:
    """The posterior of one kind of outcome, for draws that agree with each other whatever is asked."""

    batches: Mapping[Name, Floats]
    """Likelihood of each batch by shift and `CHANCES`, relative for each shift; the same for all shifts (first length
    1) where it is not the sender's."""
    sources: Mapping[str | None, Floats]
    """Likelihood of each source by shift (as above), kind of batches and `LEVELS`, relative for each of the former."""
    team: Floats
    """Posterior of shift × kind of batches × `SPREADS` × `TEAM_LEVELS`; sums to 1."""
    shifts: Floats
    """Of the sender, log-odds; zero alone where none is named."""
    salt: str
    """Sets the draws of one hierarchy apart from those of another."""
    elsewhere: Floats | None = None
    """Probability of each of `LEVELS` among the sources of others, which speaks beside the team's record of a source
    without history; None: the record alone does."""

    def draws(self, names: Iterable[Name], draws: int) -> dict[Name, Floats]:
        """Return draws of batches' log-odds, by source and batch; of new ones where the history has none such."""
        team = self._team(draws)
        found: dict[Name, Floats] = {}
        by_source: dict[str | None, list[Name]] = {}
        for name in dict.fromkeys(names):
            by_source.setdefault(name[0], []).append(name)
        kinds = self.team.shape[1]
        for source, batches in by_source.items():
            # Most draws share shift, kind and level with another: each such triple is worked out once.
            triples = np.ravel_multi_index(
                (team.shift, team.kind, self._level(source, team)), (self.shifts.size, kinds, LEVELS.size)
            )
            triples, place = np.unique(triples, return_inverse=True)
            shift, rest = np.divmod(triples, kinds * LEVELS.size)
            density = batch_density().reshape(-1, CHANCES.size)[rest]
            for name in batches:
                rng = _rng(self.salt, draws, "batch", *name)
                weights = density * _at(self.batches[name], shift) if name in self.batches else density
                below = weights.cumsum(axis=1)
                below /= below[:, -1:]
                below += np.arange(triples.size)[:, None]
                chance = np.searchsorted(below.ravel(), place + rng.random(draws)) - place * CHANCES.size
                found[name] = CHANCES[chance.clip(0, CHANCES.size - 1)] + CHANCE_STEP * (rng.random(draws) - 0.5)
                found[name] += self.shifts[team.shift]
        return found

    def _level(self, source: str | None, team: _Places) -> Integers:
        """Return draws of a source's level, as places in `LEVELS`."""
        weights = source_density()[team.spread, team.level]
        if source in self.sources:
            weights = weights * _at(self.sources[source], team.shift, team.kind)
        elif self.elsewhere is not None:
            weights = (1 - ELSEWHERE_SHARE) * weights + ELSEWHERE_SHARE * self.elsewhere
        below = weights.cumsum(axis=1)
        luck = _rng(self.salt, team.kind.size, "source", source).random(team.kind.size)
        return np.asarray((below < luck[:, None] * below[:, -1:]).sum(axis=1))

    def _team(self, draws: int) -> _Places:
        """Return draws of what all batches have in common, spread evenly over the posterior."""
        rng = _rng(self.salt, draws, "team")
        below = self.team.ravel().cumsum()
        places = np.searchsorted(below, (np.arange(draws) + rng.random(draws)) / draws * below[-1])
        return _Places(*np.unravel_index(rng.permutation(places.clip(max=below.size - 1)), self.team.shape))


def _at(table: Floats, shift: Integers, *rest: Integers) -> Floats:
    """Return the rows of a table at some shifts, and further places; one for a single shift is the same at all."""
    return np.asarray(table[np.minimum(shift, len(table) - 1), *rest])


def fit_hierarchy(
    batches: Mapping[Name, Floats],
    ages: Mapping[Name, float],
    usual: float,
    usual_spread: float,
    salt: str,
    shifts: Floats = COLLEAGUES,
    elsewhere: Floats | None = None,
) -> Hierarchy:
    """Fit the model.

    Parameters
    ----------
    batches
        The log likelihood of each batch by shift (those of others' batches for one alone) and `CHANCES`.
    ages
        Of each batch in days: what a source is like now, its newer batches tell.
    usual, usual_spread
        Where the team's level is expected before anything is seen, 0–1, and the standard deviation of its log-odds.
    salt
        A name for the draws' sake.
    shifts
        That the campaign's sender may have, in log-odds; zero must be among them.
    elsewhere
        Probability of each of `LEVELS` among the sources of others; None: unknown.
    """
    full, now = _of_sources(batches, ages)
    shared = [logs[0] for logs in full.values() if len(logs) == 1]
    around = source_density().reshape(-1, LEVELS.size)
    kinds = batch_density().shape[0]
    evidence = np.zeros((shifts.size, kinds, around.shape[0]))
    evidence += np.array([_marginal(part, around).sum(axis=0) for part in _by_kind(shared, kinds)])
    for logs in full.values():
        if len(logs) > 1:
            evidence += _marginal(logs, around)
    posterior = evidence.reshape(shifts.size, kinds, SPREADS.size, TEAM_LEVELS.size) + _log_prior(usual, usual_spread)
    posterior += np.log(_sender_prior(shifts))[:, None, None, None]
    posterior = np.exp(posterior - posterior.max())
    return Hierarchy(
        {name: _relative(logs) for name, logs in batches.items()},
        {source: _relative(logs) for source, logs in now.items()},
        posterior / posterior.sum(),
        shifts,
        salt,
        elsewhere,
    )


def _of_sources(
    batches: Mapping[Name, Floats], ages: Mapping[Name, float]
) -> tuple[dict[str | None, Floats], dict[str | None, Floats]]:
    """Return the log likelihood of each source by shift (or 1), kind and level: of all times, and of what it is now."""
    density = batch_density()
    others = [name for name, logs in batches.items() if len(logs) == 1]
    of_batch = _marginal(np.array([batches[name][0] for name in others]).reshape(-1, CHANCES.size), density)
    of_batch = of_batch.reshape(len(others), density.shape[0] * density.shape[1])
    weights = {name: 0.5 ** (ages[name] / HALF_LIFE) for name in batches}
    places = {source: place for place, source in enumerate(dict.fromkeys(source for source, _ in batches))}
    member = [places[source] for source, _ in others]

    def joined(weights: Floats) -> dict[str | None, Floats]:
        by_source = csr_array((weights, (member, np.arange(len(others)))), shape=(len(places), len(others)))
        logs = (by_source @ of_batch).reshape(len(places), 1, *density.shape[:2])
        return dict(zip(places, logs, strict=True))

    full, now = joined(np.ones(len(others))), joined(np.array([weights[name] for name in others]))
    for name, logs in batches.items():
        if len(logs) > 1:
            own = _marginal(logs, density)
            full[name[0]] = full[name[0]] + own
            now[name[0]] = now[name[0]] + weights[name] * own
    return full, now


def _marginal(logs: Floats, density: Floats) -> Floats:
    """Return the log likelihood (… × what `density` is by) that is left of one (… × values) once these are averaged."""
    flat = density.reshape(-1, density.shape[-1])
    top = logs.max(axis=-1, keepdims=True)
    found = np.log(np.exp(logs - top) @ flat.T + _TINY) + top
    return np.asarray(found.reshape(*logs.shape[:-1], *density.shape[:-1]))


def _by_kind(sources: Sequence[Floats], kinds: int) -> Floats:
    return np.array(sources).reshape(-1, kinds, LEVELS.size).transpose(1, 0, 2)


def _relative(logs: Floats) -> Floats:
    return np.asarray(np.exp(logs - logs.max(axis=-1, keepdims=True)))


def binomial_logs(successes: float, trials: float, shifts: float | Floats = 0.0) -> Floats:
    """Return the log likelihood of successes among trials by shift of the log-odds (one or several) and `CHANCES`."""
    chance = expit(CHANCES + np.reshape(shifts, (-1, 1)))
    return np.asarray(successes * np.log(chance) + (trials - successes) * np.log1p(-chance))


def _sender_prior(shifts: Floats) -> Floats:
    """Return the prior probability of each shift of a sender."""
    if shifts.size == 1:
        return np.ones(1)
    return np.asarray(ALIKE * (np.abs(shifts) < 1e-9) + (1 - ALIKE) * _bell(shifts, SENDER_SPREAD))


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
