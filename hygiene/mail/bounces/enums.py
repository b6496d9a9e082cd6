"""The enumerations of CRMs: words that stand for a bounce's reason, and words that say only that something bounced.

HubSpot's property `hs_email_hard_bounce_reason_enum` has six values (public portal dumps agree). Its Knowledge Base
("email bounce types", 2025-09-03) asks to have content, spam, policy and other bounces allow-listed and then unbounced,
so those contacts stay; a full mailbox is a soft bounce that went on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygiene.mail.bounces.types import MEANINGS, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.mail.bounces.types import Action, Category

UNKNOWN_USER = "UNKNOWN_USER"


def _enum(category: Category, confidence: float, name: str, action: Action | None = None) -> Verdict:
    meaning = MEANINGS[category]
    signal = f"hubspot:{name}"
    return Verdict(category, meaning.fault, action or meaning.action, meaning.owner, confidence, None, signal, name)


# The CRM's reason is one signal, so `remove` is as sure as HubSpot's own reading of the server's answer.
BY_ENUM: Mapping[str, Verdict] = {
    UNKNOWN_USER: _enum("invalid_mailbox", 0.9, UNKNOWN_USER),
    "MAILBOX_FULL": _enum("mailbox_full", 0.9, "MAILBOX_FULL"),
    "CONTENT": _enum("content", 0.7, "CONTENT"),
    "SPAM": _enum("content", 0.7, "SPAM"),
    "POLICY": _enum("policy", 0.7, "POLICY"),
    "OTHER": _enum("unknown", 0.0, "OTHER"),
    # Reasons for which HubSpot did not send at all (its email events' drop reasons).
    "PREVIOUSLY_BOUNCED": _enum("suppressed_by_provider", 0.9, "PREVIOUSLY_BOUNCED"),
    "PREVIOUSLY_UNSUBSCRIBED_MESSAGE": _enum("suppressed_by_provider", 0.9, "PREVIOUSLY_UNSUBSCRIBED_MESSAGE"),
    "PREVIOUS_SPAM": _enum("suppressed_by_provider", 0.9, "PREVIOUS_SPAM"),
    "BLOCKED_ADDRESS": _enum("suppressed_by_provider", 0.7, "BLOCKED_ADDRESS"),
}
UNEXPLAINED = Verdict("unknown", "unknown", "review", "ops", 0.0, None, "no reason given", "")
# Words and codes that say only that something bounced: class names of tools, bare reply codes.
_BARE = re.compile(
    r"(?:hard|soft|block|global|permanent|transient|general|undetermined|technical|other|unclassified|invalid)?[ _-]*"
    r"(?:bounced?|bounces|failed|failure|error|general|permanent|transient|unknown|other|undetermined|generic|true|yes|1)?",
    re.IGNORECASE,
)
_ENUM_WORD = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{4,}")


def by_enum(text: str) -> Verdict | None:
    """Return what a CRM's own word means; None for what a server said.

    A word in capitals that is none of the known ones is a CRM's too, and says nothing that could be relied on.

    Examples
    --------
    >>> by_enum("unknown_user").action, by_enum("MISSING_CONTENT").action, by_enum("550 no such user")
    ('remove', 'review', None)
    """
    text = text.strip()
    known = BY_ENUM.get(text.upper())
    return known or (UNEXPLAINED if _BARE.fullmatch(text) or _ENUM_WORD.fullmatch(text) else None)
