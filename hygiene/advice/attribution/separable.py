"""Which effects the data cannot tell apart, such as a sender alone on a sequence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hygiene.facts.factors import FACTORS, NOT_TOLD

if TYPE_CHECKING:
    from hygiene.facts.factors import Factor, FactorTable

INSEPARABLE = 0.9
"""Of the enrollments that have either of two levels, the share that has both, from which on they are not told apart.

With nothing but the rest to compare on, the data know the sum of both effects and next to nothing of each; assumed."""


def rival_of(table: FactorTable, factor: Factor, level: int) -> tuple[Factor, str] | None:
    """Return the level of another factor that always comes with a level, by factor and name; None: there is none.

    Parameters
    ----------
    table
        The facts.
    factor, level
        The factor and the code of the level.
    """
    here = table.codes[factor] == level
    size = table.ended[here].sum()
    for other in FACTORS:
        codes = table.codes[other]
        told = here & (codes != NOT_TOLD)
        if other == factor or not told.any():
            continue
        shared = np.bincount(codes[told], table.ended[told])
        likest = int(np.argmax(shared))
        either = size + table.ended[codes == likest].sum() - shared[likest]
        if shared[likest] >= INSEPARABLE * either:
            return other, table.levels[other][likest]
    return None


def without_lone_batches(table: FactorTable) -> FactorTable:
    """Return the table with no import batch that is all there is of its source: the two are one thing to act on."""
    codes = table.codes["import_batch"].copy()
    for batch in np.unique(codes[codes != NOT_TOLD]).tolist():
        here = codes == batch
        sources = np.unique(table.codes["source"][here])
        if sources.size == 1 and sources[0] != NOT_TOLD:
            whole = table.ended[table.codes["source"] == sources[0]].sum()
            if table.ended[here].sum() >= INSEPARABLE * whole:
                codes[here] = NOT_TOLD
    return replace(table, codes={**table.codes, "import_batch": codes})
