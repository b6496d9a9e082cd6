"""What would change if a sender's contacts had met another level: g-computation on the sender's own rows.

For the rows of a sender with level L of a factor, the level's effect is replaced by that of each other level, weighed
by the team's use of them, everything else as it was: Robins, Mathematical Modelling 7 (1986) 1393; Hernán and Robins,
Causal Inference: What If (2020), chapter 13. That the answer is what *would* have happened assumes that nothing unseen
decided who got which level. It is an association until a random split has tested it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from hygiene.facts.factors import NOT_TOLD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hygiene.advice.attribution.fit import Fit
    from hygiene.facts.factors import Factor, FactorTable

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

LEVERS: tuple[Factor, ...] = ("source", "import_batch", "sequence", "industry", "timing")
"""What a sender can change; the person and the territory (`country`) are only adjusted for."""
LEAST_WEIGHT = 0.01
"""A level that less than this share of the others' enrollments used is no alternative."""


def alternatives(table: FactorTable, factor: Factor, languages: Mapping[str, str | None]) -> Floats:
    """Return what may replace each level: the others of the factor, by the team's use of them (levels × levels).

    Each row sums to 1, or is zero where nothing may replace the level.

    Parameters
    ----------
    table
        The facts.
    factor
        One of `LEVERS`.
    languages
        Of sequences, by id: a sequence is never replaced by one of another language.
    """
    names = table.levels[factor]
    codes = table.codes[factor]
    told = codes != NOT_TOLD
    use = np.bincount(codes[told], table.ended[told], len(names)).astype(float)
    weights = np.tile(use, (len(names), 1))
    np.fill_diagonal(weights, 0)
    if factor == "sequence":
        spoken = np.array([languages.get(name) or "" for name in names], dtype=object)
        known = (spoken[:, None] != "") & (spoken[None, :] != "")
        weights[known & (spoken[:, None] != spoken[None, :])] = 0
    total = weights.sum(axis=1, keepdims=True)
    weights = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    weights[weights < LEAST_WEIGHT] = 0
    total = weights.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(weights, total, out=np.zeros_like(weights), where=total > 0))


def changes(
    fit: Fit, effects: Floats, table: FactorTable, rows: Integers, trials: Integers, factor: Factor, others: Floats
) -> Floats:
    """Return how many more successes some rows would have had, one number a draw of the effects.

    Parameters
    ----------
    fit
        The model.
    effects
        Draws × effects, as `Fit.draws` gives them; or the mean alone as one draw.
    table
        The facts.
    rows
        Places of the rows of one level of the factor.
    trials
        By row of the table.
    factor
        Whose level is replaced.
    others
        Weights of the factor's levels, sum 1.
    """
    design = fit.design
    weight = trials[rows]
    rows, weight = rows[weight > 0], weight[weight > 0]
    own = [column[rows] for column in design.columns.values()]
    fixed = effects[:, -2][:, None] + sum(effects[:, column] for column in own)
    before = expit(fixed)
    mine = effects[:, design.columns[factor][rows]] + effects[:, design.columns["fit"][rows]] * _has_fit(factor)
    rest = fixed - mine
    after = np.zeros_like(before)
    for level in np.flatnonzero(others):
        there = effects[:, design.column(factor, np.array([level]))] + _fit_there(
            fit, effects, table, rows, factor, level
        )
        after += others[level] * expit(rest + there)
    return np.asarray((after - before) @ weight)


def _has_fit(factor: Factor) -> bool:
    return factor in ("sequence", "industry")


def _fit_there(
    fit: Fit, effects: Floats, table: FactorTable, rows: Integers, factor: Factor, level: np.int64
) -> Floats | float:
    """Return how another sequence suits the rows' industries, or the rows' sequences another industry."""
    if not _has_fit(factor):
        return 0.0
    other = table.codes["industry" if factor == "sequence" else "sequence"][rows]
    matrix = fit.design.fit_of if factor == "sequence" else fit.design.fit_of.T
    columns = np.where(other == NOT_TOLD, fit.design.nothing, matrix[level, np.maximum(other, 0)])
    return np.asarray(effects[:, columns])
