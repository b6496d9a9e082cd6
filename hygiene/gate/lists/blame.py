"""Whose bounces they are: the lists', the senders' or the sequences' (the model of advice/attribution).

Best practice is the best quarter: of each cause the levels with the smallest effects that a quarter of the team's
enrollments had. What the rest would have bounced with their effects instead is worked out on every cell of the team,
draw by draw (g-computation: Robins, Mathematical Modelling 7 (1986) 1393), and the excess of all three causes together
is divided by their Shapley values, which need no order (Shapley, in Contributions to the Theory of Games II, 1953, page
307). A level that always comes with another cause's, such as a list that one person alone writes to, goes to neither.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, cast

import numpy as np
from scipy.special import expit

from hygiene.advice.attribution.attribution import LEAST_TEAM_ENDED
from hygiene.advice.attribution.design import PERIOD_WEEKS
from hygiene.advice.attribution.senders import fit_models
from hygiene.advice.attribution.separable import rival_of, without_lone_batches
from hygiene.facts.factors import NOT_TOLD, FactorTable
from hygiene.gate.lists.types import CAUSES, Amount, Blame, Share, SourceBlame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hygiene.advice.attribution.design import Group as Effects
    from hygiene.advice.attribution.senders import Models
    from hygiene.facts.factors import Factor
    from hygiene.gate.lists.types import Cause

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

EFFECTS_OF: Mapping[Cause, tuple[Effects, ...]] = {
    "source": ("source", "import_batch"),
    "sender": ("sender",),
    "sequence": ("sequence",),
}
DIVIDED = tuple(EFFECTS_OF)
BEST = 0.25
"""Share of the enrollments that best practice is taken from (assumed)."""
LEAST_EXCESS = 1.0
"""Bounces below which there is no excess to divide."""
INTERVAL = (0.05, 0.95)
WIDENED = 1.3
"""Factor on the spread of the effects: a best quarter is chosen, and the choice flatters (benchmarks/blame.py)."""
_AT_ONCE = 1_000
"""Cells worked out together: draws × cells numbers are held at a time."""


@dataclass(frozen=True)
class _Cells:
    """The team's enrollments by source, batch, sender and sequence."""

    columns: Mapping[Effects, Integers]
    """Of each effect the model's column of each cell."""
    ended: Floats
    rest: Floats
    """Mean log-odds of what else the enrollments had."""
    source: Integers
    """Code of the source."""
    unclear: NDArray[np.bool_]
    """Cells × `DIVIDED`: whose effect cannot be told from another's."""


def divide(table: FactorTable, languages: Mapping[str, str | None]) -> Blame | None:
    """Return how the address bounces divide; None where there is too little.

    Parameters
    ----------
    table
        As `read_factors` returns it.
    languages
        Of the sequences, by id.
    """
    if table.ended.sum() < LEAST_TEAM_ENDED or not table.address_bounced.any():
        return None
    table = _merged(without_lone_batches(table))
    models = fit_models(table, languages, WIDENED, metrics=("bounce_rate",))
    cells = _cells(models)
    totals, by_source = _shapley(models, cells)
    causes = [cause for cause in DIVIDED if _levels(models, EFFECTS_OF[cause]) > 1]
    excess = totals.sum(axis=1)
    amount = _amount(excess)
    divided = amount.low > 0 and amount.mean >= LEAST_EXCESS
    shares: dict[Cause, Share] = {}
    for place, cause in enumerate(CAUSES):
        if cause in causes or (cause == "unclear" and cells.unclear.any()):
            part = totals[:, place]
            shares[cause] = Share(_amount(part), _amount(part / excess) if divided else None)
    return Blame(
        ended=int(table.ended.sum()),
        bounced=int(table.address_bounced.sum()),
        excess=amount,
        shares=shares,
        best={cause: _best_names(models, cells, cause) for cause in causes},
        sources=_sources(models, by_source),
    )


def _merged(table: FactorTable) -> FactorTable:
    """Return the table by periods, without the hours, which make no address exist: fewer rows, the same answer."""
    week = table.week // PERIOD_WEEKS * PERIOD_WEEKS
    codes = {**table.codes, "timing": np.full_like(week, NOT_TOLD)}
    wide = np.column_stack([*codes.values(), week])
    rows, place = np.unique(wide, axis=0, return_inverse=True)
    counts = (
        np.bincount(place.ravel(), column, len(rows)).astype(np.int64)
        for column in (table.ended, table.replied, table.bounced, table.address_bounced)
    )
    merged = dict(zip(codes, rows[:, :-1].T, strict=True))
    return FactorTable(merged, table.levels, rows[:, -1], *counts)


def _cells(models: Models) -> _Cells:
    table, fit = models.table, models.fits["bounce_rate"]
    names = [effect for cause in DIVIDED for effect in EFFECTS_OF[cause]]
    wide = np.column_stack([*(fit.design.columns[name] for name in names), table.codes["source"]])
    cells, place = np.unique(wide, axis=0, return_inverse=True)
    place = place.ravel()
    columns = {name: cells[:, number] for number, name in enumerate(names)}
    own = fit.mean[-2] + sum(fit.mean[fit.design.columns[name]] for name in names)
    ended = np.bincount(place, table.ended).astype(np.float64)
    rest = np.bincount(place, table.ended * (fit.log_odds() - own)) / np.maximum(ended, 1)
    return _Cells(columns, ended, rest, cells[:, -1], _unclear(models, columns))


def _unclear(models: Models, columns: Mapping[Effects, Integers]) -> NDArray[np.bool_]:
    """Tell of each cell and cause whether its level always comes with that of another factor."""
    table, design = models.table, models.fits["bounce_rate"].design
    size = next(iter(columns.values())).size
    found = np.zeros((size, len(DIVIDED)), dtype=bool)
    cause_of = {effect: place for place, cause in enumerate(DIVIDED) for effect in EFFECTS_OF[cause]}
    factors: tuple[Factor, ...] = ("source", "import_batch", "sender", "sequence")
    for factor in factors:
        start = design.spans[factor][0]
        for column in np.unique(columns[factor][columns[factor] != design.nothing]).tolist():
            rival = rival_of(table, factor, column - start)
            # A rival of the same cause is no riddle, and one that has no effect of its own is none either.
            if rival is None or cause_of.get(rival[0]) == cause_of[factor] or len(table.levels[rival[0]]) < 2:
                continue
            here = columns[factor] == column
            found[here, cause_of[factor]] = True
            if rival[0] in cause_of:
                found[here, cause_of[rival[0]]] = True
    return found


def _shapley(models: Models, cells: _Cells) -> tuple[Floats, Floats]:
    """Return draws of the excess: by cause (draws × 4, the last unclear), and that of the lists by source."""
    effects = models.effects["bounce_rate"]
    draws, number = effects.shape[0], len(DIVIDED)
    reference = [_reference(models, cells, cause) for cause in DIVIDED]
    totals = np.zeros((draws, number + 1))
    by_source = np.zeros((draws, len(models.table.levels["source"])))
    sets = [chosen for size in range(number + 1) for chosen in combinations(range(number), size)]
    for begin in range(0, cells.ended.size, _AT_ONCE):
        part = slice(begin, begin + _AT_ONCE)
        base = cells.rest[part] + effects[:, -2][:, None]
        changes = []
        for place, cause in enumerate(DIVIDED):
            own = sum(effects[:, cells.columns[effect][part]] for effect in EFFECTS_OF[cause])
            told = np.any([cells.columns[effect][part] != _nothing(models) for effect in EFFECTS_OF[cause]], axis=0)
            base = base + own
            changes.append(np.where(told, reference[place][:, None] - own, 0.0))
        bounces = {chosen: cells.ended[part] * expit(base + sum(changes[place] for place in chosen)) for chosen in sets}
        for place in range(number):
            excess = _value(bounces, place, number)
            unclear = cells.unclear[part, place]
            totals[:, place] += excess[:, ~unclear].sum(axis=1)
            totals[:, number] += excess[:, unclear].sum(axis=1)
            if place == 0:
                source = cells.source[part]
                for code in np.unique(source[source != NOT_TOLD]).tolist():
                    by_source[:, code] += excess[:, source == code].sum(axis=1)
    return totals, by_source


def _value(bounces: Mapping[tuple[int, ...], Floats], place: int, number: int) -> Floats:
    """Return the Shapley value of one cause: what replacing it saves, averaged over the orders of replacing."""
    others = [other for other in range(number) if other != place]
    found = np.zeros_like(bounces[()])
    weights = (1 / 3, 1 / 6, 1 / 3)  # by how many of the two others were replaced before
    for size, weight in enumerate(weights):
        for chosen in combinations(others, size):
            found += weight * (bounces[chosen] - bounces[tuple(sorted((*chosen, place)))])
    return np.asarray(found)


def _best(models: Models, cells: _Cells, cause: Cause) -> tuple[Integers, Floats]:
    """Return the levels of the best quarter of the enrollments, as columns (levels × effects), and their weights."""
    fit = models.fits["bounce_rate"]
    wide = np.column_stack([cells.columns[effect] for effect in EFFECTS_OF[cause]])
    levels, place = np.unique(wide, axis=0, return_inverse=True)
    ended = np.bincount(place.ravel(), cells.ended)
    ended[(levels == _nothing(models)).all(axis=1)] = 0
    order = np.argsort(fit.mean[levels].sum(axis=1), kind="stable")
    before = np.cumsum(ended[order]) - ended[order]
    best = order[(before < BEST * ended.sum()) & (ended[order] > 0)]
    return levels[best], ended[best] / max(ended[best].sum(), 1)


def _reference(models: Models, cells: _Cells, cause: Cause) -> Floats:
    """Return draws of best practice: the mean effect of the best levels."""
    levels, weights = _best(models, cells, cause)
    return np.asarray(models.effects["bounce_rate"][:, levels].sum(axis=2) @ weights)


def _best_names(models: Models, cells: _Cells, cause: Cause) -> tuple[str, ...]:
    spans, levels = models.fits["bounce_rate"].design.spans, models.table.levels
    found = []
    for columns in _best(models, cells, cause)[0].tolist():
        told = zip(cast("tuple[Factor, ...]", EFFECTS_OF[cause]), columns, strict=True)
        names = [levels[name][column - spans[name][0]] for name, column in told if column != _nothing(models)]
        found.append(" / ".join(names))
    return tuple(sorted(found))


def _nothing(models: Models) -> int:
    return models.fits["bounce_rate"].design.nothing


def _levels(models: Models, effects: tuple[Effects, ...]) -> int:
    """Return how many levels a cause has that the model tells apart."""
    design = models.fits["bounce_rate"].design
    return max(np.unique(column[column != design.nothing]).size for column in (design.columns[e] for e in effects))


def _sources(models: Models, excess: Floats) -> dict[str, SourceBlame]:
    table = models.table
    bounced, ended = int(table.address_bounced.sum()), int(table.ended.sum())
    found = {}
    for code, name in enumerate(table.levels["source"]):
        here = table.codes["source"] == code
        own = int(table.address_bounced[here].sum())
        found[name] = SourceBlame(
            own,
            own / bounced,
            int(table.ended[here].sum()) / ended,
            _amount(excess[:, code]),
            rival_of(table, "source", code) if len(table.levels["source"]) > 1 else None,
        )
    return found


def _amount(draws: Floats) -> Amount:
    low, high = np.quantile(draws, INTERVAL)
    return Amount(float(draws.mean()), float(low), float(high))
