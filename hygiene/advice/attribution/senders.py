"""The levers of each sender: every level that the sender uses, by what replacing it would probably gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hygiene.advice.attribution.design import build_design
from hygiene.advice.attribution.fit import fit_effects
from hygiene.advice.attribution.levers import LEVERS, alternatives, changes
from hygiene.advice.attribution.types import METRICS, Gain, Lever, Observed
from hygiene.facts.factors import NOT_TOLD
from hygiene.scores.points import score_points

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from hygiene.advice.attribution.fit import Fit
    from hygiene.advice.attribution.types import Metric
    from hygiene.facts.factors import Factor, FactorTable
    from hygiene.scores.profile import Profile
    from hygiene.scores.types import Score

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

LEAST_GAIN: Mapping[Metric, float] = {"reply_rate": 0.004, "bounce_rate": 0.003}
"""Below these an improvement is not worth anybody's time; assumed."""
LEAST_ENDED = 10
"""Enrollments of a sender with a level, below which nothing is said of it."""
DRAWS = 400
DRAWN = 3
"""Levers of a sender and a rate whose uncertainty is worked out: those with the largest expected gains."""
WIDENED = 1.3
"""Factor on the posterior's spread (docs/advice.md)."""
INSEPARABLE = 0.8
"""Posterior correlation beyond which two effects cannot be told apart; assumed."""
INTERVAL = (0.05, 0.95)
SEED = 20261124


@dataclass(frozen=True)
class Models:
    """Both fits of one source."""

    table: FactorTable
    fits: Mapping[Metric, Fit]
    trials: Mapping[Metric, Integers]
    """By row: what could reply, what could bounce."""
    effects: Mapping[Metric, Floats]
    """Draws of the effects."""
    others: Mapping[Factor, Floats]
    """By factor the weights of the alternatives, levels × levels."""


def fit_models(table: FactorTable, languages: Mapping[str, str | None], widened: float = WIDENED) -> Models:
    """Fit the models of replies and of address bounces.

    Parameters
    ----------
    table
        The facts.
    languages
        Of the sequences, by id.
    widened
        Factor on the spread of the draws.
    """
    design = build_design(table)
    trials: dict[Metric, Integers] = {"reply_rate": table.delivered, "bounce_rate": table.ended}
    batch = table.codes["import_batch"] if (table.codes["import_batch"] >= 0).any() else table.codes["source"]
    weeks = table.week - table.week.min()
    fits: dict[Metric, Fit] = {
        "reply_rate": fit_effects(design, table.replied, table.delivered, _pairs(table.codes["sequence"], weeks)),
        "bounce_rate": fit_effects(design, table.address_bounced, table.ended, _pairs(batch, weeks)),
    }
    effects = {metric: fit.draws(DRAWS, widened, SEED + place) for place, (metric, fit) in enumerate(fits.items())}
    others = {factor: alternatives(table, factor, languages) for factor in LEVERS}
    return Models(table, fits, trials, effects, others)


def _pairs(codes: Integers, weeks: Integers) -> Integers:
    return np.asarray((codes + 1) * (weeks.max(initial=0) + 1) + weeks)


def levers_of(models: Models, sender: int, score: Score, profile: Profile) -> tuple[Lever, ...]:
    """Return a sender's levers, the largest expected change of the score first.

    Parameters
    ----------
    models
        As `fit_models` returns them.
    sender
        Code of the sender in the table.
    score
        The sender's score, for its rates and denominators.
    profile
        Turns rates into points.
    """
    table = models.table
    own = np.flatnonzero(table.codes["sender"] == sender)
    signs = {"reply_rate": 1.0, "bounce_rate": -1.0}
    denominators = {"reply_rate": score.reply.trials, "bounce_rate": score.bounce.trials}
    expected: dict[tuple[Factor, int], dict[Metric, float]] = {}
    rows_of: dict[tuple[Factor, int], Integers] = {}
    for factor, level, rows in _used(models, own):
        rows_of[factor, level] = rows
        expected[factor, level] = {
            metric: signs[metric] * _change(models, metric, rows, factor, level, mean=True)[0] / denominators[metric]
            for metric in METRICS
            if denominators[metric]
        }
    chosen = {
        key
        for metric in METRICS
        for key in sorted(expected, key=lambda key: -expected[key].get(metric, 0.0))[:DRAWN]
        if expected[key].get(metric, 0.0) > 0
    }
    found = [
        _lever(models, rows_of[key], key, score, profile, own)
        for key in sorted(chosen, key=lambda key: (key[0], key[1]))
    ]
    return tuple(sorted(found, key=lambda lever: -lever.points))


def _used(models: Models, own: Integers) -> Iterator[tuple[Factor, int, Integers]]:
    """Yield the levels that a sender's rows have and that something could replace."""
    table = models.table
    for factor in LEVERS:
        codes = table.codes[factor][own]
        for level in np.unique(codes[codes != NOT_TOLD]).tolist():
            rows = own[codes == level]
            if table.ended[rows].sum() >= LEAST_ENDED and models.others[factor][level].any():
                yield factor, level, rows


def _change(
    models: Models, metric: Metric, rows: Integers, factor: Factor, level: int, *, mean: bool = False
) -> Floats:
    fit = models.fits[metric]
    effects = fit.mean[None, :] if mean else models.effects[metric]
    return changes(fit, effects, models.table, rows, models.trials[metric], factor, models.others[factor][level])


def _lever(
    models: Models, rows: Integers, key: tuple[Factor, int], score: Score, profile: Profile, own: Integers
) -> Lever:
    factor, level = key
    table = models.table
    replies = _change(models, "reply_rate", rows, factor, level)
    bounces = _change(models, "bounce_rate", rows, factor, level)
    reply_gain = replies / max(score.reply.trials, 1)
    bounce_gain = -bounces / max(score.bounce.trials, 1)
    before, after = _score(score, profile, 0.0, 0.0), _score(score, profile, reply_gain, bounce_gain)
    edges = np.array(profile.edges)
    band = np.searchsorted(edges, before, side="right")
    ended = int(table.ended[rows].sum())
    rest = (table.codes[factor] != level) & (table.codes[factor] != NOT_TOLD)
    return Lever(
        factor=factor,
        level=table.levels[factor][level],
        ended=ended,
        share=ended / max(int(table.ended[own].sum()), 1),
        gains={"reply_rate": _gain(reply_gain, "reply_rate"), "bounce_rate": _gain(bounce_gain, "bounce_rate")},
        points=float((after - before).mean()),
        p_better_band=float((np.searchsorted(edges, after, side="right") > band).mean()),
        replies=float(replies.mean()),
        here=_observed(table, rows),
        elsewhere=_observed(table, np.flatnonzero(rest)),
        rival=None,
    )


def _gain(draws: Floats, metric: Metric) -> Gain:
    low, high = np.quantile(draws, INTERVAL)
    return Gain(float(draws.mean()), float(low), float(high), float((draws > LEAST_GAIN[metric]).mean()))


def _score(score: Score, profile: Profile, reply_gain: Floats | float, bounce_gain: Floats | float) -> Floats:
    reply = np.clip((score.reply.value or 0.0) + reply_gain, 0, 1)
    bounce = np.clip((score.bounce.value or 0.0) - bounce_gain, 0, 1)
    return np.asarray(score_points(reply, profile.reply) + score_points(bounce, profile.bounce))


def _observed(table: FactorTable, rows: Integers) -> dict[Metric, Observed]:
    return {
        "reply_rate": Observed(int(table.replied[rows].sum()), int(table.delivered[rows].sum())),
        "bounce_rate": Observed(int(table.address_bounced[rows].sum()), int(table.ended[rows].sum())),
    }
