"""What the risk model is asked of, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Verification: TypeAlias = Literal["valid", "invalid", "catch_all", "unknown", "none"]
"""What a verifier said before the first mail; `none`: nobody asked one."""
VERIFICATIONS: tuple[Verification, ...] = ("valid", "invalid", "catch_all", "unknown", "none")


class Group(NamedTuple):
    """Contacts whose addresses share their chances."""

    source: str | None
    """The list source; None: not told. One that the history does not hold is a new source."""
    batch: str | None = None
    """The import batch, as `batch_of` names it. A name that the history does not hold under this source is a new batch:
    give all rows of one new list one name, such as the file's, so that they share their luck."""
    verification: Verification = "none"
    is_known_good: bool = False
    """Whether a mail has reached the contact before, with no address bounce since."""


@dataclass(frozen=True, eq=False)
class Prediction:
    """The number of something that a set of contacts will bring, with what nobody can know yet."""

    mean: float
    low: float
    """`low` and `high` hold four in five outcomes: the 10 and 90 % quantiles, or where nothing at all is likelier than
    10 %, from 0 to the 80 % quantile. Ends lie between whole numbers."""
    high: float
    low90: float
    """`low90` and `high90` hold nine in ten in the same way."""
    high90: float
    draws: Floats
    """Equally likely outcomes, whole numbers."""

    def p_above(self, number: float) -> float:
        """Return the probability of more than a number."""
        return float((self.draws > number).mean())


@dataclass(frozen=True, eq=False)
class Removal:
    """What it brings and costs not to mail a set of contacts."""

    contacts: int
    bounces: Prediction
    """Address bounces avoided."""
    replies: Prediction
    """Human replies lost."""
