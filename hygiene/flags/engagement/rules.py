"""The rules of thumb that others pause contacts by; ours is compared with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hygiene.flags.engagement.histories import Ints
    from hygiene.flags.engagement.judged import Bools

# HubSpot Knowledge Base, "graymail": unengaged are contacts that never engaged and did not with the last 11 mails, and
# contacts that engaged before and did not with the last 16 (page of 2025-07-02; it speaks of marketing mail).
NEVER_ENGAGED_SENDS = 11
ONCE_ENGAGED_SENDS = 16
DORMANT_DAYS = 90
"""Of the rule of many cleaning tools: no open, click or reply for so long."""


def is_unengaged(since_signal: Ints, signals: Ints) -> Bools:
    """Return whom HubSpot's 11/16 rule calls unengaged.

    Parameters
    ----------
    since_signal
        Mails since the last human open, click or reply (all mails, where there was none).
    signals
        Mails with any.

    Examples
    --------
    >>> import numpy as np
    >>> is_unengaged(np.array([11, 11, 16]), np.array([0, 1, 1])).tolist()
    [True, False, True]
    """
    unengaged: Bools = (since_signal >= ONCE_ENGAGED_SENDS) | ((since_signal >= NEVER_ENGAGED_SENDS) & (signals == 0))
    return unengaged
