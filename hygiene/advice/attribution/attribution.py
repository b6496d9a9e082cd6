"""Attribution of a whole run: the models, each sender's levers, and what each gap is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hygiene.advice.attribution.claims import settle
from hygiene.advice.attribution.gap import gap_between, side_of
from hygiene.advice.attribution.senders import Models, fit_models, levers_of
from hygiene.advice.attribution.separable import without_lone_batches
from hygiene.advice.attribution.types import METRICS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hygiene.advice.attribution.types import Gap, Lever, Metric
    from hygiene.facts.factors import FactorTable
    from hygiene.facts.types import Facts
    from hygiene.scores.types import Scores

    Integers = NDArray[np.int64]

LEAST_SENDERS = 2
LEAST_TEAM_ENDED = 200
"""Ended enrollments of a team below which nothing is attributed; assumed."""
LEAST_SENDER_ENDED = 30
"""Of a sender, below which no lever and no gap is looked for; assumed."""
CHANGE_WEEKS = 12
"""The change of a rate is that of the last so many weeks against as many before."""


@dataclass(frozen=True)
class Attribution:
    """What explains the differences of one source; all by sender key."""

    models: Models
    levers: Mapping[int, tuple[Lever, ...]]
    """Largest expected change of the score first."""
    gaps: Mapping[tuple[int, Metric], Gap]
    """Between a sender and all others."""
    changes: Mapping[tuple[int, Metric], Gap]
    """Between a sender's last `CHANGE_WEEKS` weeks and as many before; `own` is the later rate."""
    team_changes: Mapping[Metric, Gap]


def attribute(table: FactorTable, facts: Facts, scores: Scores) -> Attribution | None:
    """Return the attribution of a run; None where there is too little to compare.

    Parameters
    ----------
    table
        As `read_factors` returns it.
    facts
        For the languages of the sequences.
    scores
        For the senders' rates and the profile.
    """
    ended = np.bincount(table.codes["sender"], table.ended, len(table.levels["sender"]))
    if (ended >= LEAST_SENDER_ENDED).sum() < LEAST_SENDERS or ended.sum() < LEAST_TEAM_ENDED:
        return None
    table = without_lone_batches(table)
    models = fit_models(table, {row.sequence_id: row.language for row in facts.sequences.values()})
    keys = {sender.sender_id: key for key, sender in facts.senders.items()}
    score_of = {score.sender_key: score for score in scores.senders}
    levers: dict[int, tuple[Lever, ...]] = {}
    gaps: dict[tuple[int, Metric], Gap] = {}
    changes: dict[tuple[int, Metric], Gap] = {}
    latest = int(table.week.max())
    age = (latest - table.week) // CHANGE_WEEKS
    order = np.argsort(table.codes["sender"], kind="stable")
    rows_of = np.split(order, np.cumsum(np.bincount(table.codes["sender"]))[:-1])
    everybody = {metric: side_of(models, metric, order) for metric in METRICS}
    for code, sender_id in enumerate(table.levels["sender"]):
        key, own = keys[sender_id], rows_of[code]
        if ended[code] < LEAST_SENDER_ENDED:
            continue
        levers[key] = levers_of(models, own, score_of[key], scores.profile)
        for metric in METRICS:
            mine = side_of(models, metric, own)
            _put(gaps, key, gap_between(models, metric, mine, everybody[metric] - mine))
            _put(changes, key, _change(models, metric, own, age[own]))
    team = (_change(models, metric, order, age[order]) for metric in METRICS)
    return Attribution(models, settle(levers), gaps, changes, {gap.metric: gap for gap in team if gap})


def _change(models: Models, metric: Metric, rows: Integers, age: Integers) -> Gap | None:
    """Return the gap between the last `CHANGE_WEEKS` weeks and as many before."""
    later, before = (side_of(models, metric, rows[age == period]) for period in (0, 1))
    return gap_between(models, metric, later, before)


def _put(gaps: dict[tuple[int, Metric], Gap], key: int, gap: Gap | None) -> None:
    if gap is not None:
        gaps[key, gap.metric] = gap
