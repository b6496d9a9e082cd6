"""What pausing costs: contacts paused against replies lost, and the cut that loses no more than is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit, logit

if TYPE_CHECKING:
    from hygiene.flags.engagement.histories import Floats, Ints
    from hygiene.flags.engagement.judged import Bools

POINTS = 41
"""Of the frontier."""
BANDS = ((0, 2), (3, 10), (11, 1 << 30))
"""Mails so far: within each band no more than the allowed share of its replies is lost, so that the long silent do not
pay for the rest, nor the other way round. A sequence has 3 to 8 steps."""
NINETY = 1.6448536269514722
"""Standard deviations from the middle to the limits of a 90 % interval."""
SMALLEST = 1e-9
ROUNDING = 1e-9


class Cost(NamedTuple):
    """What a way of pausing gives up and saves, for one look at the next three mails."""

    contacts: int
    """Paused."""
    replies: float
    """Expected replies lost."""
    low: float
    high: float
    """90 % limits of the number lost, by the chance of each reply alone."""
    share: float
    """Of all expected replies of the judged contacts."""


def cost_of(p_reply: Floats, chosen: Bools, tail: float = 1.0) -> Cost:
    """Return what pausing the chosen contacts costs.

    Parameters
    ----------
    p_reply
        Of all judged contacts.
    tail
        Replies ÷ predicted replies in the model's tail, as its calibration found them; only more is believed.
    """
    lost = p_reply[chosen] * max(tail, 1.0)
    total, expected = float(p_reply.sum()), float(lost.sum())
    spread = NINETY * float(np.sqrt((lost * (1 - np.minimum(lost, 1.0))).sum()))
    share = min(expected / total, 1.0) if total else 0.0
    return Cost(int(chosen.sum()), expected, max(expected - spread, 0.0), expected + spread, share)


def frontier(p_reply: Floats, break_even: Floats, tail: float = 1.0) -> list[Cost]:
    """Return the costs of pausing 0 to all contacts, those first that fall furthest short of their cost."""
    order = np.argsort(p_reply / np.maximum(break_even, 1e-12), kind="stable")
    ends = np.unique(np.linspace(0, len(order), POINTS).astype(int))
    points = []
    for end in ends:
        chosen = np.zeros(len(order), dtype=bool)
        chosen[order[:end]] = True
        points.append(cost_of(p_reply, chosen, tail))
    return points


def cautious(p_reply: Floats, high: Floats) -> Floats:
    """Return the chances one standard deviation above, on the logit scale.

    Examples
    --------
    >>> cautious(np.array([0.01]), np.array([0.02])).round(4).tolist()
    [0.0153]
    """
    low_end = np.clip(np.asarray(p_reply, dtype=float), SMALLEST, 1 - SMALLEST)
    high_end = np.clip(np.asarray(high, dtype=float), low_end, 1 - SMALLEST)
    odds = logit(low_end) + (logit(high_end) - logit(low_end)) / NINETY
    return expit(odds)  # type: ignore[no-any-return]


def budget_thresholds(
    p_reply: Floats,
    high: Floats,
    sends: Ints,
    judged: Bools,
    budget: float,
    pause_after: int,
    tail: float = 1.0,
) -> Floats:
    """Return each contact's probability below which it is paused, so that only a share of the replies is lost.

    The share holds in each of `BANDS`. “Only” asks for caution: a paused contact is taken to reply with a chance one
    standard deviation above the model's, so that little data pauses few.

    Parameters
    ----------
    high
        Upper 90 % limit of `p_reply`.
    judged
        Contacts that no other rule speaks about.
    budget
        The share, 0–1.
    pause_after
        Contacts with fewer mails are not paused.

    Examples
    --------
    >>> p = np.array([0.01, 0.02, 0.40, 0.60])
    >>> budget_thresholds(p, p, np.array([5, 5, 5, 5]), np.ones(4, dtype=bool), 0.03, 3)
    array([0.4, 0.4, 0.4, 0.4])
    """
    result = np.zeros(len(p_reply))
    feared = cautious(p_reply, high) * max(tail, 1.0)
    for least, most in BANDS:
        band = (sends >= max(least, pause_after)) & (sends <= most)
        rows = np.flatnonzero(judged & band)
        rows = rows[np.argsort(p_reply[rows], kind="stable")]
        chances, lost = p_reply[rows], np.cumsum(feared[rows], dtype=float)
        allowed = budget * float(chances.sum(dtype=float)) * (1 + ROUNDING)
        paused = len(rows) if budget >= 1 else int(np.searchsorted(lost, allowed, side="right"))
        if len(chances):
            result[band] = chances[paused] if paused < len(chances) else np.inf
    return result
