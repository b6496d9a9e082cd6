"""What a CRM's export says of a bounce: its text first, its own enumeration second, a bare “bounced” last.

HubSpot's property `hs_email_hard_bounce_reason_enum` has six values (public portal dumps agree). Its Knowledge Base
("email bounce types", 2025-09-03) asks to have content, spam, policy and other bounces allow-listed and then unbounced,
so those contacts stay; a full mailbox is a soft bounce that went on. A word without a reason goes to `review`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygiene.mail.bounces.types import MEANINGS, Verdict
from hygiene.mail.read import read_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
}
UNEXPLAINED = Verdict("unknown", "unknown", "review", "ops", 0.0, None, "no reason given", "")
# Words and codes that say only that something bounced: class names of tools, bare reply codes.
_BARE = re.compile(
    r"(?:hard|soft|block|global|permanent|transient|general|undetermined|technical|other|unclassified|invalid)?[ _-]*"
    r"(?:bounced?|bounces|failed|failure|error|general|permanent|transient|unknown|other|undetermined|generic|true|yes|1)?",
    re.IGNORECASE,
)


def read_details(details: Sequence[str | None]) -> list[Verdict]:
    """Return what each detail of a bounce means, in order.

    Parameters
    ----------
    details
        Texts of a server, HubSpot's enumeration, bare words, or None.

    Examples
    --------
    >>> [verdict.action for verdict in read_details(["POLICY", "Bounced", None, "550 5.1.1 no such user"])]
    ['fix_sender', 'review', 'review', 'remove']
    """
    texts = [(detail or "").strip() for detail in details]
    known = [BY_ENUM.get(text.upper()) or (UNEXPLAINED if _BARE.fullmatch(text) else None) for text in texts]
    read = iter(read_lines([text for text, verdict in zip(texts, known, strict=True) if verdict is None]))
    return [verdict or _as_bounce(next(read).verdict) for verdict in known]


def _as_bounce(verdict: Verdict) -> Verdict:
    """Return the verdict of a bounce event, which is a bounce whatever its text looks like."""
    return verdict if verdict.fault != "none" else UNEXPLAINED
