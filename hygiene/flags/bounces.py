"""What each bounce asks for, in the light of what happened to its contact before and after.

What a text or a CRM's reason means by itself is read at the import (`hygiene.mail.bounces`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.facts.read import FULL_DAYS
from hygiene.flags.types import BounceClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from hygiene.facts.types import BounceFacts

OFTEN_FULL = 3
"""Full mailboxes within `facts.read.FULL_DAYS` from which somebody should look at the contact: perhaps abandoned."""
UNEXPLAINED = BounceClass("unknown", "unknown", "review", 0.0, "no reason given")


def classify(bounce: BounceFacts) -> BounceClass:
    """Return what a bounce means and asks for; a sign of life after it cancels a removal.

    Examples
    --------
    >>> from datetime import datetime
    >>> from hygiene.facts.types import BounceFacts
    >>> at, later = datetime(2026, 3, 1), datetime(2026, 3, 9)
    >>> said = ("550 5.1.1", "invalid_mailbox", "address", "remove", 0.99, "code 5.1.1")
    >>> classify(BounceFacts("c1", "a@x.fr", at, None, *said, None)).action
    'remove'
    >>> classify(BounceFacts("c1", "a@x.fr", at, None, *said, later)).action
    'review'
    """
    if bounce.category is None:
        return UNEXPLAINED
    meaning = BounceClass(
        bounce.category,
        bounce.fault or "unknown",
        bounce.action or "review",
        bounce.confidence or 0.0,
        bounce.signal or "",
    )
    alive = bounce.at is not None and bounce.alive_at is not None and bounce.alive_at > bounce.at
    if alive and meaning.action == "remove":
        return meaning._replace(action="review", history="alive")
    return meaning


def classify_all(bounces: Iterable[BounceFacts]) -> Iterator[tuple[BounceFacts, BounceClass]]:
    """Yield each bounce with its meaning; they must come ordered by contact and time.

    The third full mailbox within 60 days goes to review: to wait once more helps no one, and full is not dead.
    """
    contact = ""
    full: list[datetime] = []
    for bounce in bounces:
        meaning = classify(bounce)
        if bounce.contact_id != contact:
            contact, full = bounce.contact_id, []
        if meaning.category == "mailbox_full" and bounce.at is not None:
            full = [*(at for at in full if at >= bounce.at - FULL_DAYS), bounce.at]
            if len(full) >= OFTEN_FULL:
                meaning = meaning._replace(action="review", history="often_full")
        yield bounce, meaning
