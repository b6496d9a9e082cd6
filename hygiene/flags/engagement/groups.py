"""Reply rates of senders and company domains, drawn towards the whole, without the contact that is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaln

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

STRENGTHS = 2.0 ** np.arange(0, 13)
"""Mails that the common rate may be worth; the likeliest is taken."""


@dataclass(frozen=True)
class Tally:
    """Replies and mails of each group, by its number."""

    replies: Floats
    sends: Floats

    @classmethod
    def of(cls, group: Ints, replies: Ints, sends: Ints, size: int) -> Tally:
        """Count contacts (one entry each) by their group."""
        return cls(*(np.bincount(group, each.astype(float), size).astype(float) for each in (replies, sends)))

    def __add__(self, other: Tally) -> Tally:
        """Add group by group; both must have the same groups."""
        return Tally(self.replies + other.replies, self.sends + other.sends)


def strength(tally: Tally, rate: float) -> float:
    """Return how many mails the common rate is worth: the beta-binomial likelihood's best of `STRENGTHS`."""
    x, n = tally.replies, tally.sends

    def likelihood(nu: float) -> float:
        a, b = rate * nu, (1 - rate) * nu
        return float((betaln(a + x, b + n - x) - betaln(a, b)).sum())

    return float(max(STRENGTHS, key=likelihood))


def rates_without(tally: Tally, group: Ints, replies: Ints, sends: Ints, rate: float) -> Floats:
    """Return the shrunk reply rate of each contact's group, its own mails left out.

    Parameters
    ----------
    group, replies, sends
        One entry a contact.
    rate
        The common rate, 0–1.

    Examples
    --------
    >>> tally = Tally(np.array([0.0, 30.0]), np.array([100.0, 100.0]))
    >>> rates_without(tally, np.array([0, 1]), np.array([0, 1]), np.array([5, 5]), 0.15).round(3).tolist()
    [0.002, 0.304]
    """
    nu = strength(tally, rate)
    return (tally.replies[group] - replies + rate * nu) / (tally.sends[group] - sends + nu)
