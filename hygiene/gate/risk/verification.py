"""What a verifier's word is worth: a shift of the log-odds for each class, drawn towards none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from scipy.special import expit

from hygiene.gate.risk.grids import CHANCES
from hygiene.gate.risk.hierarchy import SEED, binomial_logs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hygiene.gate.risk.hierarchy import Name
    from hygiene.gate.risk.history import RiskRow, SenderRow
    from hygiene.gate.risk.types import Verification

    Floats = NDArray[np.float64]

SPREAD = 1.0
"""Standard deviation of a shift before anything is seen: an odds ratio of 2.7 either way (assumed)."""
_ROUNDS = 12


@dataclass(frozen=True)
class Shifts:
    """The shift of each class that the history holds beside another; empty where it holds but one."""

    means: Mapping[Verification, float] = field(default_factory=dict)
    spreads: Mapping[Verification, float] = field(default_factory=dict)

    def draws(self, kind: Verification, draws: int) -> Floats:
        """Return draws of a class's shift; zeros where the history cannot tell."""
        if kind not in self.means:
            return np.zeros(draws)
        rng = np.random.default_rng([SEED, draws, crc32(f"verification {kind}".encode())])
        return np.asarray(self.means[kind] + self.spreads[kind] * rng.standard_normal(draws))


def fit_shifts(rows: Sequence[RiskRow]) -> Shifts:
    """Fit the shifts within batches, so that a verified list is not good only because its vendor is.

    A penalised logistic in which each batch has a chance of its own; what these chances are is learned beside it,
    freely over the grid, in turns (EM; Laird, J. Am. Stat. Assoc. 73 (1978) 805).

    Parameters
    ----------
    rows
        Of contacts that were first written to.
    """
    kinds = list(dict.fromkeys(row.verification for row in rows))
    if len(kinds) < 2:
        return Shifts()
    batches = list(dict.fromkeys((row.source, row.batch) for row in rows))
    counts = np.zeros((2, len(kinds), len(batches)))
    place = {name: number for number, name in enumerate(batches)}
    for row in rows:
        counts[:, kinds.index(row.verification), place[row.source, row.batch]] += (row.address_bounced, row.tried)
    bounced, tried = counts
    shift = np.zeros(len(kinds))
    prior: Floats = np.full(CHANCES.size, 1 / CHANCES.size)
    for _ in range(_ROUNDS):
        chance = expit(CHANCES + shift[:, None])
        logs = bounced.T @ np.log(chance) + (tried - bounced).T @ np.log1p(-chance)
        weights = prior * np.exp(logs - logs.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        prior = weights.mean(axis=0)
        exposed = tried @ weights
        gradient = bounced.sum(axis=1) - (exposed * chance).sum(axis=1) - shift / SPREAD**2
        curvature = (exposed * chance * (1 - chance)).sum(axis=1) + 1 / SPREAD**2
        shift = shift + np.clip(gradient / curvature, -1.0, 1.0)
    spread = curvature**-0.5
    return Shifts(dict(zip(kinds, shift.tolist(), strict=True)), dict(zip(kinds, spread.tolist(), strict=True)))


def batch_logs(
    rows: Sequence[RiskRow], shifts: Shifts, by_sender: Sequence[SenderRow], sender_shifts: Floats
) -> dict[Name, Floats]:
    """Return the log likelihood of each batch by its chance without a shift.

    Shape (1, chances), and of the batches that the sender wrote to (sender's shifts, chances).
    """
    own = {(row.source, row.batch, row.verification): row for row in by_sender}
    found: dict[Name, Floats] = {}
    for row in rows:
        shift = shifts.means.get(row.verification, 0.0)
        mine = own.get((row.source, row.batch, row.verification))
        back, tried = (mine.address_bounced, mine.tried) if mine else (0, 0)
        logs = binomial_logs(row.address_bounced - back, row.tried - tried, shift)
        if mine:
            logs = logs + binomial_logs(back, tried, shift + sender_shifts)
        name = row.source, row.batch
        found[name] = found[name] + logs if name in found else logs
    return found
