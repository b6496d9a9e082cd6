"""The words of a bounce: categories, faults, actions, owners, and what one reading holds (docs/bounces.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Category = Literal[
    "invalid_mailbox",
    "invalid_domain",
    "moved",
    "mailbox_disabled",
    "mailbox_full",
    "temporary",
    "rate_limit",
    "reputation",
    "authentication",
    "content",
    "policy",
    "recipient_filter",
    "suppressed_by_provider",
    "unknown",
    "complaint",
    "left_company",
    "auto_reply",
    "challenge",
    "delivered",
    "delayed",
    "human",
    "other",
]
Fault = Literal["address", "sender", "temporary", "recipient_filter", "unknown", "none"]
Action = Literal["remove", "hold", "retry", "fix_sender", "review", "suppress", "ignore"]
Owner = Literal["ops", "it", "writer", "nobody"]
"""Who acts: sales ops (lists), IT (DNS, servers), the writer of the mail, or nobody (wait)."""


class Meaning(NamedTuple):
    """What a category stands for."""

    fault: Fault
    action: Action
    """The default; weaker evidence asks for less (`verdict.py`)."""
    owner: Owner


MEANINGS: Mapping[Category, Meaning] = {
    "invalid_mailbox": Meaning("address", "remove", "ops"),
    "invalid_domain": Meaning("address", "remove", "ops"),
    "moved": Meaning("address", "remove", "ops"),
    "mailbox_disabled": Meaning("address", "remove", "ops"),
    "mailbox_full": Meaning("temporary", "hold", "nobody"),
    "temporary": Meaning("temporary", "retry", "nobody"),
    "rate_limit": Meaning("temporary", "retry", "ops"),
    "reputation": Meaning("sender", "fix_sender", "it"),
    "authentication": Meaning("sender", "fix_sender", "it"),
    "content": Meaning("sender", "fix_sender", "writer"),
    "policy": Meaning("sender", "fix_sender", "it"),
    "recipient_filter": Meaning("recipient_filter", "hold", "nobody"),
    "suppressed_by_provider": Meaning("unknown", "review", "ops"),
    "unknown": Meaning("unknown", "review", "ops"),
    "complaint": Meaning("none", "suppress", "ops"),
    "left_company": Meaning("none", "review", "ops"),
    "auto_reply": Meaning("none", "ignore", "nobody"),
    "challenge": Meaning("none", "ignore", "nobody"),
    "delivered": Meaning("none", "ignore", "nobody"),
    "delayed": Meaning("none", "ignore", "nobody"),
    "human": Meaning("none", "ignore", "nobody"),
    "other": Meaning("none", "ignore", "nobody"),
}
"""Every category, bounces first."""
BOUNCES: tuple[Category, ...] = tuple(name for name, meaning in MEANINGS.items() if meaning.fault != "none")
ADDRESS: frozenset[Category] = frozenset(name for name, meaning in MEANINGS.items() if meaning.fault == "address")


class Diagnostic(NamedTuple):
    """What is known of one failed delivery, before it is judged."""

    text: str
    """The server's words, with whatever else the report says of this recipient."""
    status: str | None = None
    """The enhanced code of the report's `Status` field (RFC 3464, section 2.3.4), where there is one."""
    after_data: bool = False
    """Whether the server refused only after it had seen the whole mail, by the command that the report names."""


class Verdict(NamedTuple):
    """What a bounce means."""

    category: Category
    fault: Fault
    action: Action
    owner: Owner
    confidence: float
    """0–1: how surely the category is right."""
    status_code: str | None
    """The enhanced code, else the reply code, of the server's answer."""
    signal: str
    """What decided: `code 5.1.1`, `phrase en.invalid_mailbox.user_unknown`, `model`, joined by `+`."""
    quote: str
    """The words of the text that decided, for people; addresses are masked in it."""
    ticket: str | None = None
    """Id of what IT has to mend (`models/bounces/tickets.toml`), where a code names it."""
    provider: str | None = None
    """The provider whose code it is, where only one uses it."""


class Reading(NamedTuple):
    """One row of `hygiene bounces`: a recipient of a mail, or a line."""

    email: str | None
    is_bounce: bool
    verdict: Verdict
