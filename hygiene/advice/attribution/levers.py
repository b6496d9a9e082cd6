"""What would change if a sender's contacts had met another level: g-computation on the sender's own rows.

For the rows of a sender with level L of a factor, the level's effect is replaced by that of each other level, weighed
by the team's use of them, everything else as it was: Robins, Mathematical Modelling 7 (1986) 1393; Hernán and Robins,
Causal Inference: What If (2020), chapter 13. That the answer is what *would* have happened assumes that nothing unseen
decided who got which level. It is an association until a random split has tested it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit

from hygiene.facts.factors import NOT_TOLD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hygiene.advice.attribution.fit import Fit
    from hygiene.advice.attribution.types import Metric
    from hygiene.facts.factors import Factor, FactorTable

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

LEVERS: Mapping[Metric, tuple[Factor, ...]] = {
    "reply_rate": ("source", "import_batch", "sequence", "industry", "timing"),
    "bounce_rate": ("source", "import_batch", "industry"),
}
"""What a sender can change, by the rate that it can change: no wording and no hour makes an address exist. The person
and the territory (`country`) are only adjusted for."""
FITTED: tuple[Factor, ...] = ("sequence", "industry")
"""The two factors that may suit each other (`fit`)."""
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


class Choice(NamedTuple):
    """A level and what replaces it."""

    factor: Factor
    level: int
    others: Floats
    """Weights of the factor's levels, sum 1."""


def changes(
    fit: Fit,
    effects: Floats,
    table: FactorTable,
    rows: Integers,
    weight: Integers,
    choice: Choice,
    done: Sequence[Choice] = (),
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
        Places of the rows of the choice's level.
    weight
        Trials of each of them.
    choice
        What is replaced.
    done
        What has been replaced before, so that a gain is never counted twice.
    """
    rows, weight = rows[weight > 0], weight[weight > 0]
    columns = fit.design.columns
    fixed = effects[:, -2][:, None] + sum(effects[:, column[rows]] for column in columns.values())
    for earlier in done:
        met = table.codes[earlier.factor][rows] == earlier.level
        if met.any():
            fixed[:, met] += _replaced(fit, effects, table, rows[met], earlier)
    before = expit(fixed)
    rest = fixed - _own(fit, effects, rows, choice.factor)
    after = np.zeros_like(before)
    for level in np.flatnonzero(choice.others):
        after += choice.others[level] * expit(rest + _there(fit, effects, table, rows, choice.factor, level))
    return np.asarray((after - before) @ weight)


def _replaced(fit: Fit, effects: Floats, table: FactorTable, rows: Integers, choice: Choice) -> Floats:
    """Return what an earlier replacement adds to the log-odds of its rows, on average over the alternatives."""
    there = sum(
        choice.others[level] * _there(fit, effects, table, rows, choice.factor, level)
        for level in np.flatnonzero(choice.others)
    )
    return np.asarray(there - _own(fit, effects, rows, choice.factor))


def _own(fit: Fit, effects: Floats, rows: Integers, factor: Factor) -> Floats:
    columns = fit.design.columns
    own = effects[:, columns[factor][rows]]
    return np.asarray(own + effects[:, columns["fit"][rows]] if factor in FITTED else own)


def _there(fit: Fit, effects: Floats, table: FactorTable, rows: Integers, factor: Factor, level: np.int64) -> Floats:
    """Return the effect of another level on the rows, with how another sequence suits their industries, or they it."""
    design = fit.design
    there = effects[:, design.spans[factor][0] + level][:, None]
    if factor not in FITTED:
        return np.asarray(there)
    other = table.codes["industry" if factor == "sequence" else "sequence"][rows]
    matrix = design.fit_of if factor == "sequence" else design.fit_of.T
    return np.asarray(there + effects[:, matrix[level, other]])
