"""What a bounce means, by the reason that HubSpot gives: only `UNKNOWN_USER` is the address's own fault.

HubSpot's property `hs_email_hard_bounce_reason_enum` has six values (public portal dumps agree). Its Knowledge Base
("email bounce types", 2025-09-03) asks to have content, spam, policy and other bounces allow-listed and then unbounced,
so those contacts stay; a full mailbox is a soft bounce that went on. A bounce without a reason goes to `review`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.flags.types import BounceClass

if TYPE_CHECKING:
    from hygiene.facts.types import BounceFacts

UNKNOWN_USER = "UNKNOWN_USER"

# The CRM's reason is one signal, so `remove` is as sure as HubSpot's own reading of the server's answer.
BY_REASON: dict[str, BounceClass] = {
    UNKNOWN_USER: BounceClass("invalid_mailbox", "address", "remove", 0.9, "hubspot:UNKNOWN_USER"),
    "MAILBOX_FULL": BounceClass("mailbox_full", "temporary", "hold", 0.9, "hubspot:MAILBOX_FULL"),
    "CONTENT": BounceClass("content", "sender", "fix_sender", 0.7, "hubspot:CONTENT"),
    "SPAM": BounceClass("content", "sender", "fix_sender", 0.7, "hubspot:SPAM"),
    "POLICY": BounceClass("policy", "sender", "fix_sender", 0.7, "hubspot:POLICY"),
    "OTHER": BounceClass("unknown", "unknown", "review", 0.0, "hubspot:OTHER"),
}
UNEXPLAINED = BounceClass("unknown", "unknown", "review", 0.0, "no reason given")


def classify(bounce: BounceFacts) -> BounceClass:
    """Return what the bounce means: by the CRM's reason, or by a detail that is itself such a reason.

    Examples
    --------
    >>> from hygiene.facts.types import BounceFacts
    >>> classify(BounceFacts("c1", "a@x.fr", None, None, "policy", None)).action
    'fix_sender'
    >>> classify(BounceFacts("c1", "a@x.fr", None, None, None, "550 no")).action
    'review'
    """
    for text in (bounce.reason, bounce.detail):
        found = BY_REASON.get((text or "").strip().upper())
        if found:
            return found
    return UNEXPLAINED
