"""Decisions for tests, from a contact of whom little is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

from hygiene.flags.contacts import decide as flag_of
from hygiene.flags.engagement.judged import ContactOutlook
from hygiene.gate.cleanup.decide import decide
from hygiene.gate.cleanup.plan import make_plan
from tests.canonical import QUIET, day

if TYPE_CHECKING:
    from hygiene.facts.types import ContactFacts
    from hygiene.flags.types import ContactFlag
    from hygiene.gate.cleanup.types import Decision, Plan

AS_OF = day(60)
DEAD = {
    "last_bounce_at": day(9),
    "last_bounce_category": "invalid_mailbox",
    "last_bounce_action": "remove",
    "last_bounce_signal": "code 5.1.1 + phrase en.invalid_mailbox.user_unknown",
}
REFUSED = {
    "last_bounce_at": day(9),
    "last_bounce_category": "authentication",
    "last_bounce_action": "fix_sender",
    "last_bounce_signal": "code 5.7.26",
    "last_bounce_detail": "550 5.7.26 unauthenticated",
}
FULL = {
    "last_bounce_at": day(50),
    "last_bounce_category": "mailbox_full",
    "last_bounce_action": "hold",
    "last_bounce_signal": "code 5.2.2",
    "bounced_lately": True,
}
UNLIKELY = ContactOutlook(0.005, 0.001, 0.02, 0.1, below=True, is_control=False, remedy="none")


def contact(contact_id: str = "c1", **known: Any) -> ContactFacts:
    """A contact; its key is made from the id, its address too unless it is given."""
    known.setdefault("email", f"{contact_id}@example.org")
    return QUIET._replace(contact_id=contact_id, contact_key=crc32(contact_id.encode()), **known)


def flag(contact_id: str = "c1", *, outlook: ContactOutlook | None = None, **known: Any) -> ContactFlag:
    """The flag of such a contact."""
    row = flag_of(contact(contact_id, **known))
    if outlook is None or row.flag != "keep":
        return row._replace(outlook=outlook)
    reason, kind = ("control_group", "keep") if outlook.is_control else ("unlikely_to_reply", "pause")
    return row._replace(
        outlook=outlook, reason=reason if outlook.below else "none", flag=kind if outlook.below else "keep"
    )


def decided(**known: Any) -> Decision:
    """The decision on one contact, by its own record."""
    return decide(flag(**known), AS_OF)


def plan(*rows: ContactFlag, **more: Any) -> Plan:
    """The plan of some contacts."""
    return make_plan(lambda: rows, AS_OF, **more)
