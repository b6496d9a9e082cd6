"""What happened after a moment in the past: the rows that the model learns from.

A discrete-time hazard (the next mail is answered, given that none since the moment was) rather than “any of the next
three”: so a contact that answered and left the sequence, one whose third mail is still to come, and one whose last mail
may yet be answered all count for as much as is known of them, and none is left out for its outcome.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hygiene.flags.engagement.features import AHEAD

if TYPE_CHECKING:
    from hygiene.facts.engagement import Sends
    from hygiene.flags.engagement.histories import Floats, Ints

FIRST_SHARE, LAST_SHARE = 0.3, 0.95
"""Between which shares of the mails the landmarks lie: earlier there is little history, later little outcome."""
LANDMARKS = 8


class Outcomes(NamedTuple):
    """One row a mail after the landmark, up to the first that was answered, `AHEAD` at most."""

    contact: Ints
    """Row of the contact."""
    position: Ints
    """0 for the first mail after the landmark."""
    replied: Floats
    """1 or 0."""


def landmarks(sends: Sends, as_of: float, count: int = LANDMARKS) -> Floats:
    """Return moments in the past, ordered, at equal numbers of mails."""
    past = sends.sent_at[sends.sent_at <= as_of]
    if not len(past):
        return np.zeros(0)
    return np.unique(np.quantile(past, np.linspace(FIRST_SHARE, LAST_SHARE, count)))


def outcomes(sends: Sends, moment: float, until: float, delay: float) -> Outcomes:
    """Return what came of the mails between a landmark and a later moment, for contacts that had a mail before.

    A mail sent less than `delay` days before `until` says nothing yet, answered or not: to count the answered ones
    alone would flatter everybody.
    """
    size = len(sends.keys)
    known = np.bincount(sends.contact[sends.sent_at <= moment], minlength=size) > 0
    after = (sends.sent_at > moment) & (sends.sent_at <= until)
    contact, sent_at = sends.contact[after], sends.sent_at[after]
    replied = sends.replied_at[after] <= until
    counts = np.bincount(contact, minlength=size)
    first = np.cumsum(counts) - counts
    position = np.arange(len(contact)) - first[contact]
    replies_before = np.concatenate(([0], np.cumsum(replied)))
    is_first_reply_to_come = replies_before[:-1] == replies_before[first[contact]]
    told = sent_at <= until - delay
    use = known[contact] & (position < AHEAD) & is_first_reply_to_come & told
    return Outcomes(contact[use], position[use], replied[use].astype(float))
