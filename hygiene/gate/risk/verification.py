"""What a verifier's word is worth: a shift of the log-odds for each class, drawn towards none."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from scipy.special import expit, logit

from hygiene.gate.risk.hierarchy import SEED
from hygiene.gate.risk.types import VERIFICATIONS
from hygiene.scores.rates import fit_beta_prior

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hygiene.gate.risk.history import RiskRow
    from hygiene.gate.risk.types import Verification

    Floats = NDArray[np.float64]

SPREAD = 1.0
"""Standard deviation of a shift before anything is seen: an odds ratio of 2.7 either way (assumed)."""
_ROUNDS = 4
_STEPS = 6


@dataclass(frozen=True)
class Shifts:
    """The shift of each class that the history holds beside another; empty where it holds but one."""

    means: dict[Verification, float]
    spreads: dict[Verification, float]
    base: float
    """Log-odds around which an exposure is worked out."""

    def draws(self, draws: int) -> dict[Verification, Floats]:
        """Return draws of each class's shift."""
        found: dict[Verification, Floats] = {}
        for name, mean in self.means.items():
            rng = np.random.default_rng([SEED, draws, crc32(f"verification {name}".encode())])
            found[name] = mean + self.spreads[name] * rng.standard_normal(draws)
        return found

    def exposure(self, name: Verification) -> float:
        """Return how many contacts without a shift bounce as often as one of this class."""
        return float(expit(self.base + self.means.get(name, 0.0)) / expit(self.base))


def fit_shifts(rows: Sequence[RiskRow]) -> Shifts:
    """Fit the shifts around each batch's own chance, in turns with these (a penalised logistic with offsets).

    Parameters
    ----------
    rows
        Of contacts that were first written to.
    """
    tried = np.array([row.tried for row in rows], dtype=np.float64)
    bounced = np.array([row.address_bounced for row in rows], dtype=np.float64)
    kind = np.array([VERIFICATIONS.index(row.verification) for row in rows], dtype=np.int64)
    told = np.unique(kind)
    base = float(logit((bounced.sum() + 0.5) / (tried.sum() + 1.0))) if tried.size else 0.0
    if told.size < 2:
        return Shifts({}, {}, base)
    names: defaultdict[tuple[str | None, str | None], int] = defaultdict(lambda: len(names))
    batch = np.array([names[row.source, row.batch] for row in rows], dtype=np.int64)
    shift = np.zeros(len(VERIFICATIONS))
    curvature = np.ones(len(VERIFICATIONS))
    for _ in range(_ROUNDS):
        exposed = np.maximum(tried * expit(base + shift[kind]) / expit(base), bounced)
        successes, trials = np.bincount(batch, bounced), np.ceil(np.bincount(batch, exposed))
        prior = fit_beta_prior(successes, trials)
        offset = logit((prior.a + successes) / (prior.a + prior.b + trials))[batch]
        for _ in range(_STEPS):
            p = expit(offset + shift[kind])
            gradient = np.bincount(kind, bounced - tried * p, len(VERIFICATIONS)) - shift / SPREAD**2
            curvature[:] = np.bincount(kind, tried * p * (1 - p), len(VERIFICATIONS)) + 1 / SPREAD**2
            shift += np.clip(gradient / curvature, -1.0, 1.0)
    return Shifts(
        {VERIFICATIONS[place]: float(shift[place]) for place in told.tolist()},
        {VERIFICATIONS[place]: float(curvature[place] ** -0.5) for place in told.tolist()},
        base,
    )
