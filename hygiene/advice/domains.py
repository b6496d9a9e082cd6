"""The domain whose reputation a sender's mail shares: providers add up what its sub-domains send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.mail.addresses.registered import primary_domain

if TYPE_CHECKING:
    from hygiene.advice.case import Case


def sender_domain(case: Case, sender_key: int) -> str | None:
    """Return the registered domain of a sender's address; None: the source names none."""
    sender = case.facts.senders.get(sender_key)
    return primary_domain((sender.email or "").rpartition("@")[2]) if sender else None
