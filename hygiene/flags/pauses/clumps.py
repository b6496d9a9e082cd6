"""How much the bounces of one list go together, and how much evidence a list is therefore worth.

A list is good or bad as a whole: its bounce rate is a draw around the sender's. With ρ the correlation of two mails of
one list, n mails have bounces of variance n · p · (1 − p) · (1 + (n − 1) · ρ) (the beta-binomial's; Williams,
Biometrics 31 (1975) 949), so they tell as much about the sender as n / (1 + (n − 1) · ρ) mails of as many lists (the
design effect; Kish, Survey Sampling, 1965). Each list's sends and bounces are scaled down so; what is left
feeds the Beta posterior. A list of a hundred at ρ = 0.02 is worth 34 mails, and one of any size at most 50.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.flags.pauses.types import Stream, running

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

USUAL_OVERDISPERSION = 0.02
"""Assumed where a history says little: lists around 2 % then differ by a standard deviation of 2 points."""
USUAL_WEIGHT = 20
"""Lists of which as many say as much as the assumption (assumed)."""
MOST_OVERDISPERSION = 0.5
_DECIMALS = 8
"""Of a mail's worth: more than the rounding errors of a million sums, less than any list weighs."""


def effective(sends: Ints | Floats, bounces: Ints | Floats, overdispersion: float) -> tuple[Floats, Floats]:
    """Return what the sends and the bounces of one list are worth.

    Examples
    --------
    >>> sends, bounces = effective(np.array([100, 1]), np.array([6, 1]), 0.02)
    >>> sends.round(1).tolist(), bounces.round(1).tolist()
    ([33.6, 1.0], [2.0, 1.0])
    """
    inflation = 1 + np.maximum(sends - 1, 0) * overdispersion
    return sends / inflation, bounces / inflation


def estimate_overdispersion(stream: Stream) -> float:
    """Return the correlation ρ of two mails of one list, 0–0.5, from all lists of all senders.

    The moment estimator: how far each list's bounces lie from what its sender's own rate predicts, against how far
    chance alone puts them. Drawn towards `USUAL_OVERDISPERSION` as if `USUAL_WEIGHT` more lists had said so. A sender
    whose rate changes over time looks like one whose lists differ; that makes ρ larger, and us more careful.
    """
    if not stream.sender.size:
        return USUAL_OVERDISPERSION
    clumps = int(stream.clump.max()) + 1
    n, k = (np.bincount(stream.clump, weights=x, minlength=clumps) for x in _counts(stream))
    owner = np.zeros(clumps, dtype=np.int64)
    owner[stream.clump] = stream.sender
    total, bounced = (np.bincount(owner, weights=x) for x in (n, k))
    used = (n > 0) & (total[owner] > n) & (bounced[owner] > 0) & (bounced[owner] < total[owner])
    n, k, owner = n[used], k[used], owner[used]
    if not n.size:
        return USUAL_OVERDISPERSION
    rate, part = (bounced / np.maximum(total, 1))[owner], n / total[owner]
    spread = rate * (1 - rate)
    # E (k − n·p̂)², summed over a sender's lists: Σ v (1 − 2 part + Σ part²), v = n p (1 − p) (1 + (n − 1) ρ).
    left = 1 - 2 * part + np.bincount(owner, weights=part**2)[owner]
    chance = float((spread * n * left).sum())
    clumped = float((spread * n * (n - 1) * left).sum())
    found = float(((k - n * rate) ** 2).sum() - chance) / max(clumped, 1e-9)
    lists = n.size - np.unique(owner).size
    drawn = (lists * found + USUAL_WEIGHT * USUAL_OVERDISPERSION) / (lists + USUAL_WEIGHT)
    return float(np.clip(drawn, 0.0, MOST_OVERDISPERSION))


def effective_in_windows(stream: Stream, start: Ints, overdispersion: float) -> tuple[Floats, Floats]:
    """Return what the sends and address bounces from `start` up to each element are worth.

    Parameters
    ----------
    stream
        The senders' mails.
    start
        For each element, the first one of its window: of the same sender and never falling.
    overdispersion
        ρ; 0 leaves the plain counts.

    Notes
    -----
    An element enters its list's counts once and leaves them once; each time, the list's worth changes by a difference,
    and the sums of these differences over time are what is asked for.
    """
    size = stream.sender.size
    elements = np.arange(size)
    left_at = np.searchsorted(start, elements, side="right")
    leaves = np.flatnonzero(left_at < np.append(stream.first[1:], size)[stream.sender])
    element = np.concatenate([elements, leaves])
    at = np.concatenate([elements, left_at[leaves]])
    sign = np.repeat(np.array([1, -1]), (size, leaves.size))
    order = np.lexsort((at, stream.clump[element]))
    element, at, sign = element[order], at[order], sign[order]
    clump = stream.clump[element]
    is_first = np.append(True, clump[1:] != clump[:-1])
    changes = [sign * values[element] for values in _counts(stream)]
    n, k = (_within(change, is_first) for change in changes)
    after, before = effective(n, k, overdispersion), effective(n - changes[0], k - changes[1], overdispersion)
    sums = (running(np.bincount(at, weights=a - b, minlength=size)) for a, b in zip(after, before, strict=True))
    # What is nothing must be nothing: sums of differences end a rounding error above or below it.
    sends, bounces = (np.maximum((x[1:] - x[stream.first_of_own]).round(_DECIMALS), 0.0) for x in sums)
    return sends, bounces


def _counts(stream: Stream) -> tuple[Ints, Ints]:
    return stream.sends, stream.address_bounces


def _within(values: Ints, is_first: NDArray[np.bool_]) -> Ints:
    """Return running sums that start anew at each `is_first`."""
    sums = running(values)
    return np.asarray(sums[1:] - sums[np.flatnonzero(is_first)][np.cumsum(is_first) - 1])
