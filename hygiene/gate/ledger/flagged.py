"""From a contact's flag to what the ledger would remember of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.gate.ledger.types import MAY_EXPIRE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from hygiene.facts.types import ContactFacts
    from hygiene.flags.types import ContactFlag
    from hygiene.gate.ledger.keys import Hasher
    from hygiene.gate.ledger.types import Entry, Reason

REMEMBERED: Mapping[str, Reason] = {
    "opted_out": "opt_out",
    "unsubscribed": "opt_out",
    "asked_out": "objection",
    "complained": "complaint",
    "do_not_contact": "do_not_contact",
    "suppressed": "do_not_contact",
    "unknown_user": "hard_bounce_address",
    "address_bounced": "hard_bounce_address",
}
"""By the reason of a flag `never` or `remove`. What the ledger itself has said (`in_ledger`) it knows already."""


def remembered_as(flag: ContactFlag) -> tuple[Reason, datetime | None] | None:
    """Return the reason to remember a contact by, and since when it holds; None: there is none.

    Of several times at which somebody said no, the first counts.
    """
    reason = REMEMBERED.get(flag.reason)
    if reason is None:
        return None
    return reason, flag.facts.last_bounce_at if reason in MAY_EXPIRE else _first_no(flag.facts)


def address(facts: ContactFacts) -> str | None:
    """Return a contact's address: where exports name contacts by it, the id is one."""
    return facts.email or (facts.contact_id if "@" in facts.contact_id else None)


def entries_of(flags: Iterable[ContactFlag], hasher: Hasher, source: str) -> Iterator[Entry]:
    """Yield what the ledger would remember of contacts: each opt-out and each dead address.

    Parameters
    ----------
    flags
        The decisions; those without an address, or with nothing to remember, yield none.
    hasher
        Of the ledger.
    source
        The tool that they come from.
    """
    for flag in flags:
        found, who = remembered_as(flag), address(flag.facts)
        if found and who and hasher.of(who):
            yield hasher.entry(who, found[0], at=found[1], source=source)


def _first_no(facts: ContactFacts) -> datetime | None:
    said = (facts.opted_out_at, facts.unsubscribed_at, facts.asked_out_at, facts.complained_at)
    return min((at for at in said if at), default=None)
