"""What the ledger learns from a cleanup, and what it remembers for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.gate.cleanup.types import Memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from hygiene.facts.types import ContactFacts
    from hygiene.gate.cleanup.types import Decision, Plan
    from hygiene.gate.ledger.ledger import Ledger
    from hygiene.gate.ledger.types import Entry, Match, Reason

SOURCE = "hygiene clean"
"""What entries name as their source: the same in every cleanup, so that a fact known is a fact known."""

LEARNED: Mapping[str, tuple[Reason, Callable[[ContactFacts], datetime | None]]] = {
    "opted_out": ("opt_out", lambda contact: contact.opted_out_at),
    "unsubscribed": ("opt_out", lambda contact: contact.unsubscribed_at),
    "asked_out": ("opt_out", lambda contact: contact.asked_out_at),
    "complained": ("complaint", lambda contact: contact.complained_at),
    "do_not_contact": ("do_not_contact", lambda _: None),
    "suppressed": ("do_not_contact", lambda _: None),
    "unknown_user": ("hard_bounce_address", lambda contact: contact.last_bounce_at),
    "address_bounced": ("hard_bounce_address", lambda contact: contact.last_bounce_at),
}
"""By code: why, and since when. What another record or the ledger itself says is known already."""


class Learned(NamedTuple):
    """One contact's entry."""

    row: Decision
    entry: Entry


def learned(plan: Plan, ledger: Ledger) -> list[Learned]:
    """Return what the ledger should know after a cleanup; contacts without an address have no entry."""
    return list(_learned(plan, ledger))


def _learned(plan: Plan, ledger: Ledger) -> Iterator[Learned]:
    for row in plan.decisions:
        contact = row.flag.facts
        if row.code not in LEARNED or not contact.email:
            continue
        reason, at = LEARNED[row.code]
        try:
            yield Learned(row, ledger.entry(contact.email, reason, at=at(contact), source=SOURCE))
        except ValueError:  # no address by any reading; the lists still hold the contact
            continue


def recall(ledger: Ledger, day: date) -> Callable[[Sequence[str]], dict[str, Memory]]:
    """Return what a ledger remembers, as `plan.make_plan` asks for it.

    A no of a person holds for every spelling of the mailbox, and for the domain if that is what was said; that an
    address is dead, or its owner gone, for this very address alone.

    Parameters
    ----------
    day
        On which an entry must not have expired.
    """

    def of(emails: Sequence[str]) -> dict[str, Memory]:
        found = {position: _memory(matches) for position, matches in ledger.find_all(emails, day).items()}
        return {emails[position]: memory for position, memory in found.items() if memory}

    return of


def _memory(matches: Sequence[Match]) -> Memory | None:
    for match in matches:  # the strictest first
        if match.is_forever:
            return Memory("no", match.reason, match.entry.since)
        if match.how == "exact":
            return Memory("left" if match.reason == "left_company" else "dead", match.reason, match.entry.since)
    return None
