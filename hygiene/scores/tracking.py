"""Whether a sender's bounces can be seen at all: none in a hundred may be luck, or a tool that is blind.

HubSpot, for one, finds bounces in inboxes of Google and Microsoft; in others it sees them only where the server answers
at once. A spotless record through an unknown inbox is therefore no excellent one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from hygiene.facts.types import Counts

if TYPE_CHECKING:
    from hygiene.facts.types import Facts, Sender

SUSPECT_ENDED = 100
"""Ended enrollments without any bounce from which we doubt that bounces are seen: HubSpot's minimum for a score. At a
bounce rate of 1 % a sender who sees them has none in 37 of 100 such samples, at 3 % in 5 of 100."""
_SEEN = re.compile(
    r"google|gmail|g ?suite|workspace|microsoft|outlook|office|exchange|hotmail|m365|o365", re.IGNORECASE
)
_PROVIDERS_SEEN = ("google", "microsoft")


def bounces_unseen(counts: Counts, sender: Sender | None) -> bool:
    """Tell whether a sender's bounces may have happened without being seen.

    Examples
    --------
    >>> from hygiene.facts.types import Counts, Sender
    >>> ann = Sender(1, "ann", None, "ann@example.com", None, None, None)
    >>> bounces_unseen(Counts(ended=100), ann), bounces_unseen(Counts(ended=100), ann._replace(inbox="Gmail"))
    (True, False)
    >>> bounces_unseen(Counts(ended=99), ann), bounces_unseen(Counts(ended=100, bounced=1), ann)
    (False, False)
    """
    return counts.ended >= SUSPECT_ENDED and counts.bounced == 0 and not _is_seen(sender)


def _is_seen(sender: Sender | None) -> bool:
    if sender is None:
        return False
    if sender.inbox:
        return _SEEN.search(sender.inbox) is not None
    if not sender.email:
        return False
    from hygiene.mail.addresses import provider_of  # only for the few senders without a bounce

    return provider_of(sender.email.rpartition("@")[2]) in _PROVIDERS_SEEN


def senders_unseen(facts: Facts) -> frozenset[int]:
    """Return the senders (keys) whose bounces may have happened without being seen."""
    counts: defaultdict[int, Counts] = defaultdict(Counts)
    for cell in facts.cells:
        counts[cell.sender_key] += cell.counts
    return frozenset(key for key, total in counts.items() if bounces_unseen(total, facts.senders.get(key)))
