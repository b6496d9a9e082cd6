"""How mixed the industries of a sender's enrollments in one sequence are, and whether they truly answer differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit

from hygiene.facts.factors import NOT_TOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hygiene.advice.attribution.senders import Models

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

LEAST_ENDED = 200
LEAST_INDUSTRIES = 3
LEAST_ENTROPY = 1.2
"""Bits; three equal parts have 1.58 (evidence/recommender.md, 6)."""
LEAST_OF_ONE = 20
"""Ended enrollments of an industry, below which it is not compared; assumed."""
LEAST_DIFFERENCE = 0.01


class Mix(NamedTuple):
    """The industries of one sender's enrollments in one sequence."""

    sender_id: str
    sequence_id: str
    ended: int
    """Whose industry is told."""
    industries: int
    entropy: float
    """In bits."""
    best: str
    best_rate: float
    """Expected reply rate in this sequence, with this sender's lists."""
    worst: str
    worst_rate: float
    p_differ: float
    """Probability that the two differ by more than `LEAST_DIFFERENCE`."""


def mixes_of(models: Models) -> tuple[Mix, ...]:
    """Return the mixed ones: large enough, of industries enough, and none of them nearly alone."""
    table = models.table
    codes = table.codes["industry"]
    if len(table.levels["industry"]) < LEAST_INDUSTRIES:
        return ()
    fit = models.fits["reply_rate"]
    columns, effects = fit.design.columns, fit.mean
    # What is left of each row's log-odds without its industry: the industries are compared on the same contacts.
    base = fit.log_odds() - effects[columns["industry"]] - effects[columns["fit"]]
    return tuple(
        mix for rows in _groups(models) if (mix := _mix(models, rows[codes[rows] != NOT_TOLD], base)) is not None
    )


def _groups(models: Models) -> Iterator[Integers]:
    """Yield the places of the rows of each sender and sequence."""
    codes, width = models.table.codes, len(models.table.levels["sequence"])
    pair = codes["sender"] * width + codes["sequence"]
    order = np.argsort(pair, kind="stable")
    yield from np.split(order, np.flatnonzero(np.diff(pair[order])) + 1)


def _mix(models: Models, rows: Integers, base: Floats) -> Mix | None:
    table, fit = models.table, models.fits["reply_rate"]
    ended = np.bincount(table.codes["industry"][rows], table.ended[rows], len(table.levels["industry"]))
    compared = np.flatnonzero(ended >= LEAST_OF_ONE)
    shares = ended[ended > 0] / max(ended.sum(), 1)
    entropy = float(-(shares * np.log2(shares)).sum())
    if ended.sum() < LEAST_ENDED or compared.size < LEAST_INDUSTRIES or entropy <= LEAST_ENTROPY:
        return None
    sequence = table.codes["sequence"][rows[0]]
    level = np.average(base[rows], weights=np.maximum(table.delivered[rows], 1e-9))
    places = fit.design.spans["industry"][0] + compared
    fitting = fit.design.fit_of[sequence, compared]
    means = level + fit.mean[places] + fit.mean[fitting]
    best, worst = int(np.argmax(means)), int(np.argmin(means))
    # The two are chosen by their means, not draw by draw: the range of noisy draws is wide where nothing differs.
    drawn = expit(level + models.effects["reply_rate"][:, places] + models.effects["reply_rate"][:, fitting])
    names = table.levels["industry"]
    return Mix(
        sender_id=table.levels["sender"][table.codes["sender"][rows[0]]],
        sequence_id=table.levels["sequence"][sequence],
        ended=int(ended.sum()),
        industries=int((ended > 0).sum()),
        entropy=entropy,
        best=names[compared[best]],
        best_rate=float(expit(means[best])),
        worst=names[compared[worst]],
        worst_rate=float(expit(means[worst])),
        p_differ=float((drawn[:, best] - drawn[:, worst] > LEAST_DIFFERENCE).mean()),
    )
