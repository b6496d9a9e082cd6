"""Tables of factors made from plain arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hygiene.facts.factors import FACTORS, NOT_TOLD, FactorTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


def table_of(replied: Any, *, bounced: Any = 0, week: Any = 0, **codes: Any) -> FactorTable:
    """One enrollment a row; a factor that is not given is told nowhere."""
    y = np.asarray(replied, dtype=np.int64)
    size = y.size

    def column(values: Any) -> NDArray[np.int64]:
        return np.broadcast_to(np.asarray(values, dtype=np.int64), size).copy()

    levels = {factor: column(codes.get(factor, NOT_TOLD)) for factor in FACTORS}
    return FactorTable(
        codes=levels,
        levels={
            factor: tuple(f"{factor}-{n}" for n in range(levels[factor].max(initial=-1) + 1)) for factor in FACTORS
        },
        week=column(week),
        ended=np.ones(size, dtype=np.int64),
        replied=y,
        bounced=column(bounced),
        address_bounced=column(bounced),
    )


def crossed(seed: int, size: int, **effects: tuple[float, ...]) -> FactorTable:
    """Enrollments with random levels of some factors and replies by their effects around log-odds of −2.5."""
    random = np.random.default_rng(seed)
    codes = {name: random.integers(0, len(values), size) for name, values in effects.items()}
    log_odds = -2.5 + sum(np.array(values)[codes[name]] for name, values in effects.items())
    replied = random.random(size) < 1 / (1 + np.exp(-log_odds))
    return table_of(replied, week=random.integers(0, 4, size), **codes)
