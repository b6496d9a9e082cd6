"""From the flags of all contacts to the plan of a cleanup: own records, those that share an address, exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.gate.cleanup.decide import decide
from hygiene.gate.cleanup.exceptions import Exceptions
from hygiene.gate.cleanup.types import CODES, Decision, Plan
from hygiene.mail.addresses.names import address_of, variant_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from hygiene.flags.types import ContactFlag
    from hygiene.settings import Allowed


IN_LEDGER = frozenset(("in_ledger", "in_ledger_bounced"))
"""Codes that rest on the ledger alone."""


class Named(NamedTuple):
    """A record that says something of an address."""

    contact_id: str
    at: datetime | None


def same_address(email: str) -> str:
    """Return what two spellings of one address have in common.

    Examples
    --------
    >>> same_address(" Ann@Example.ORG")
    'ann@example.org'
    """
    return str(address_of(email) or email.strip().casefold())


def same_mailbox(email: str) -> str:
    """Return what two addresses of one mailbox have in common: one person's no holds for all of them.

    Examples
    --------
    >>> same_mailbox("Ann+news@Example.ORG")
    'ann@example.org'
    """
    address = address_of(email)
    return str(variant_of(address)) if address else same_address(email)


def make_plan(
    read: Callable[[], Iterable[ContactFlag]],
    as_of: datetime | None,
    allow: Sequence[Allowed] = (),
) -> Plan:
    """Return what to do with each contact.

    Parameters
    ----------
    read
        Gives the flags of all contacts, ordered by contact id; called twice, so that memory holds the facts only of
        those with an action.
    as_of
        The moment of the data; an exception has expired from the day after its last.
    allow
        Exceptions. One that names somebody who said no lifts nothing.
    """
    addresses = _Addresses(decide(row, as_of) for row in read())
    exceptions = Exceptions(allow, as_of)
    contacts, found = 0, []
    for row in read():
        contacts += 1
        exceptions.see(row.facts)
        decision = addresses.judged(decide(row, as_of))
        if decision.action != "keep":
            found.append(decision)
    final = [exceptions.applied(addresses.corrected(row, as_of)) for row in found]
    return Plan(
        as_of.date() if as_of else None,
        tuple(row for row in final if row.action != "keep"),
        contacts,
        exceptions.outcome(),
    )


class _Addresses:
    """What the records say of each address, whichever contact they belong to; the ledger's word is no record."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._no: dict[str, str] = {}
        self._dead: dict[str, Named] = {}
        self._alive: dict[str, Named] = {}
        self._dead_in_ledger: dict[str, Named] = {}
        for row in decisions:
            if row.flag.facts.email:
                self._learn(row, row.flag.facts.email)

    def _learn(self, row: Decision, email: str) -> None:
        contact = row.flag.facts
        if row.code not in IN_LEDGER:
            if row.action == "suppress":
                self._no.setdefault(same_mailbox(email), contact.contact_id)
            elif row.action == "remove":
                self._note_dead(same_address(email), Named(contact.contact_id, contact.last_bounce_at))
        elif row.action == "remove" and contact.remembered:
            self._dead_in_ledger[same_address(email)] = Named(contact.contact_id, contact.remembered.since)

    def _note_dead(self, address: str, record: Named) -> None:
        """Keep the record with the latest bounce: only what came after it shows the address alive."""
        known = self._dead.get(address)
        if known is None or (record.at is not None and (known.at is None or record.at > known.at)):
            self._dead[address] = record

    def judged(self, row: Decision) -> Decision:
        """Return the decision in the light of the other records; notes who is alive."""
        contact = row.flag.facts
        is_own = row.code not in IN_LEDGER
        if not contact.email or (row.action == "suppress" and is_own):
            return row
        if other := self._no.get(same_mailbox(contact.email)):
            return _decision(row, "said_no_elsewhere", other)
        address = same_address(contact.email)
        dead = self._dead.get(address)
        known = dead or self._dead_in_ledger.get(address)
        if row.action == "suppress" or known is None:
            return row
        if contact.alive_at and (known.at is None or contact.alive_at > known.at):
            self._alive.setdefault(address, Named(contact.contact_id, contact.alive_at))
            return row
        if dead is None or (row.action == "remove" and is_own):
            return row
        return _decision(row, "dead_elsewhere", dead.contact_id)

    def corrected(self, row: Decision, as_of: datetime | None) -> Decision:
        """Return the decision now that it is known which dead addresses another record shows alive."""
        address = same_address(row.flag.facts.email or "")
        if row.action != "remove" or address not in self._alive:
            return row
        if row.code == "dead_elsewhere":
            return decide(row.flag, as_of)
        return _decision(row, "alive_elsewhere", self._alive[address].contact_id)


def _decision(row: Decision, code: str, other: str) -> Decision:
    return Decision(row.flag, CODES[code], code, other=other)
