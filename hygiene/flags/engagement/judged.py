"""What the model says of every contact, kept as arrays; a contact is looked up by its key."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from hygiene.flags.engagement.histories import Floats, Ints

    Bools = NDArray[np.bool_]

Remedy = Literal["none", "open", "reply"]
"""What would take a contact off the paused: neither, one open or click by a person, one reply."""
CONTROL_BUCKETS = 10_000


class ContactOutlook(NamedTuple):
    """What the model says of one contact."""

    p_reply: float
    low: float
    high: float
    p_engaged: float
    below: bool
    """Whether the next mails cost more than they are worth, or lie within the replies that may be lost."""
    is_control: bool
    """Whether a contact below is written to all the same, so that it stays known what pausing costs."""
    remedy: Remedy
    """What would change that; `none` also where there is nothing to change."""


@dataclass(frozen=True)
class Judged:
    """One entry a contact, ordered by key; float32, for there may be ten million."""

    keys: Ints
    p_reply: Floats
    low: Floats
    high: Floats
    p_engaged: Floats
    threshold: Floats
    """The probability below which a contact is paused."""
    sends: Ints
    """Mails so far that had their chance: those that may yet be answered are not silence."""
    after_open: Floats
    """`p_reply`, had a person opened one more mail just now; 0 where opens say nothing."""
    after_reply: Floats
    """`p_reply`, had the contact answered one more mail just now."""
    half_machines: Floats
    """`p_reply`, were half of the human opens and clicks those of machines."""
    hubspot_rule: Bools
    """Whether HubSpot's 11/16 rule would pause the contact."""
    ninety_days: Bools
    """Whether the rule “no sign of life for 90 days” would."""
    control_share: float
    """Of those below, the share that is written to all the same."""

    def of(self, key: int, contact_id: str) -> ContactOutlook | None:
        """Return what is said of a contact; None where nothing is."""
        row = int(np.searchsorted(self.keys, key))
        if row == len(self.keys) or self.keys[row] != key:
            return None
        threshold = self.threshold[row]
        lifts: tuple[tuple[Remedy, Floats], ...] = (("open", self.after_open), ("reply", self.after_reply))
        return ContactOutlook(
            float(self.p_reply[row]),
            float(self.low[row]),
            float(self.high[row]),
            float(self.p_engaged[row]),
            bool(self.below[row]),
            bool(self.below[row]) and is_control(contact_id, self.control_share),
            next((name for name, lifted in lifts if lifted[row] >= threshold), "none"),
        )

    @cached_property
    def below(self) -> Bools:
        """Whether each contact is under its threshold."""
        return self.p_reply < self.threshold

    def rows_of(self, keys: Iterable[int]) -> Bools:
        """Return which contacts these are."""
        return np.isin(self.keys, np.fromiter(keys, dtype=np.int64))


def is_control(contact_id: str, share: float) -> bool:
    """Tell whether a contact belongs to the control group: by a hash of its id, so for good and in every run.

    Examples
    --------
    >>> sum(is_control(f"c{number}", 0.05) for number in range(10_000))
    495
    """
    digest = hashlib.blake2b(contact_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % CONTROL_BUCKETS < share * CONTROL_BUCKETS
