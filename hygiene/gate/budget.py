"""Whether the bounces that some rows would bring fit: the list by itself, and the budget that its domain has left.

Two questions, both on draws of each group's bounce chance (`gate.risk`), which hold together for groups of one list:

- of the list: is the mean chance of its rows above the limit?
- of the domain: with the bounces of the last weeks and those to come, does its bounce rate stay under the limit?
  Bounces to come are binomial around each draw. One bounce is always allowed: it ruins nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binom

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

ALWAYS_ALLOWED = 1
"""Bounces that a campaign may have, whatever the domain's record."""


@dataclass(frozen=True)
class Budget:
    """What a campaign has to fit into."""

    limit: float
    """Bounce rate, 0–1, of the domain and of the list."""
    tried: int
    """Enrollments of the domain that began in the last weeks."""
    bounced: int
    """Of these."""
    certainty: float
    """Probability with which the bounces have to fit."""
    doubt: float
    """Probability of a list above the limit from which it does not pass."""

    def room(self, rows: int) -> int:
        """Return the bounces that a campaign of so many rows may have.

        Examples
        --------
        >>> Budget(0.03, tried=400, bounced=4, certainty=0.8, doubt=0.5).room(200)
        14
        >>> Budget(0.03, tried=400, bounced=40, certainty=0.8, doubt=0.5).room(200)
        1
        """
        return max(int(np.floor(self.limit * (self.tried + rows) + 1e-9)) - self.bounced, ALWAYS_ALLOWED)

    def after(self, rows: int, bounces: int) -> Budget:
        """Return what is left once so many rows were sent and so many of them bounced."""
        return replace(self, tried=self.tried + rows, bounced=self.bounced + bounces)

    def p_fits(self, draws: Floats, counts: Ints) -> float:
        """Return the probability that the bounces fit into the domain's room.

        Parameters
        ----------
        draws
            Bounce chances, shape (draws, groups).
        counts
            Rows of each group.
        """
        rows = int(counts.sum())
        if not rows:
            return 1.0
        return float(binom.cdf(self.room(rows), rows, draws @ counts / rows).mean())

    def p_over(self, draws: Floats, counts: Ints) -> float:
        """Return the probability that the mean chance of the rows is above the limit."""
        rows = int(counts.sum())
        return float((draws @ counts / rows > self.limit).mean()) if rows else 0.0

    def passes(self, draws: Floats, counts: Ints) -> bool:
        """Tell whether so many rows of each group may be sent."""
        return self.p_fits(draws, counts) >= self.certainty and self.p_over(draws, counts) < self.doubt
