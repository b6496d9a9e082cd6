"""What a sender's contacts would probably have done in another set of sequences, by the team's own data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.advice.attribution.levers import Choice, changes
from hygiene.advice.attribution.senders import gain_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from hygiene.advice.attribution.types import Gain
    from hygiene.advice.case import Case

LEAST_TRIALS = 30
"""Delivered enrollments of the sender in the sequences, below which nothing is compared; assumed."""


def gain_of_others(
    case: Case, sender_key: int, own: Collection[int], others: Collection[int]
) -> tuple[Gain, float] | None:
    """Return what a sender would gain in replies with other sequences instead of some own ones, and P(gain > 0).

    Each own sequence is replaced by the others of its language, by the team's use of them, for the contacts and
    industries that the sender had in it. The gain is of the sender's whole reply rate.

    Parameters
    ----------
    case
        The facts; without attribution there is no answer.
    sender_key
        Whose enrollments.
    own, others
        Keys of sequences.
    """
    if case.attribution is None or sender_key not in case.facts.senders:
        return None
    models = case.attribution.models
    table, fit, draws = models.table, models.fits["reply_rate"], models.effects["reply_rate"]
    place = {name: code for code, name in enumerate(table.levels["sequence"])}
    of = {key: place[row.sequence_id] for key, row in case.facts.sequences.items() if row.sequence_id in place}
    wanted = np.zeros(len(place))
    wanted[[of[key] for key in others if key in of]] = 1
    sender = table.levels["sender"].index(case.facts.senders[sender_key].sender_id)
    mine = table.codes["sender"] == sender
    trials = models.trials["reply_rate"]
    total, met = np.zeros(len(draws)), 0
    for level in sorted(of[key] for key in own if key in of):
        weights = models.others["sequence"][level] * wanted
        rows = np.flatnonzero(mine & (table.codes["sequence"] == level))
        if weights.sum() and trials[rows].sum():
            choice = Choice("sequence", level, weights / weights.sum())
            total += changes(fit, draws, table, rows, trials[rows], choice, ())
            met += int(trials[rows].sum())
    if met < LEAST_TRIALS:
        return None
    gains = total / int(trials[mine].sum())
    return gain_of(gains, "reply_rate", "sequence"), float((gains > 0).mean())
