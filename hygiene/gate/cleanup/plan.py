"""From the flags of all contacts to the plan of a cleanup: own records, then addresses, the ledger and exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.gate.cleanup.decide import decide
from hygiene.gate.cleanup.exceptions import Exceptions
from hygiene.gate.cleanup.types import CODES, Decision, Plan
from hygiene.gate.ledger.names import address_of, variant_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import TypeAlias

    from hygiene.flags.types import ContactFlag
    from hygiene.gate.cleanup.types import Memory
    from hygiene.settings import Allowed

    Recall: TypeAlias = Callable[[Sequence[str]], Mapping[str, Memory]]


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
    recall: Recall | None = None,
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
    recall
        What the ledger remembers of addresses, by address; asked once. None: there is no ledger.
    """
    addresses = _Addresses(decide(row, as_of) for row in read())
    memories = recall(addresses.open) if recall else {}
    exceptions = Exceptions(allow, as_of)
    contacts, found = 0, []
    for row in read():
        contacts += 1
        exceptions.see(row.facts)
        decision = addresses.judged(decide(row, as_of), memories)
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
    """What the records say of each address, whichever contact they belong to.

    Attributes
    ----------
    open
        The addresses of the contacts that did not say no themselves.
    """

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self.open: list[str] = []
        self._no: dict[str, str] = {}
        self._dead: dict[str, Named] = {}
        self._alive: dict[str, Named] = {}
        for row in decisions:
            contact = row.flag.facts
            if not contact.email:
                continue
            if row.action == "suppress":
                self._no.setdefault(same_mailbox(contact.email), contact.contact_id)
                continue
            self.open.append(contact.email)
            if row.action == "remove":
                self._note_dead(same_address(contact.email), Named(contact.contact_id, contact.last_bounce_at))

    def _note_dead(self, address: str, record: Named) -> None:
        """Keep the record with the latest bounce: only what came after it shows the address alive."""
        known = self._dead.get(address)
        if known is None or (record.at is not None and (known.at is None or record.at > known.at)):
            self._dead[address] = record

    def judged(self, row: Decision, memories: Mapping[str, Memory]) -> Decision:
        """Return the decision in the light of the other records and of the ledger; notes who is alive."""
        contact = row.flag.facts
        if not contact.email or row.action == "suppress":
            return row
        memory = memories.get(contact.email)
        if other := self._no.get(same_mailbox(contact.email)):
            return _decision(row, "said_no_elsewhere", other=other)
        if memory and memory.kind == "no":
            return _decision(row, "ledger_no", memory=memory)
        address = same_address(contact.email)
        dead = self._dead.get(address)
        if dead and contact.alive_at and (dead.at is None or contact.alive_at > dead.at):
            self._alive.setdefault(address, Named(contact.contact_id, contact.alive_at))
        elif dead and row.action != "remove":
            return _decision(row, "dead_elsewhere", other=dead.contact_id)
        return _remembered(row, memory) if memory else row

    def corrected(self, row: Decision, as_of: datetime | None) -> Decision:
        """Return the decision now that it is known which dead addresses another record shows alive."""
        address = same_address(row.flag.facts.email or "")
        if row.action != "remove" or address not in self._alive:
            return row
        if row.code == "dead_elsewhere":
            return decide(row.flag, as_of)
        return _decision(row, "alive_elsewhere", other=self._alive[address].contact_id)


def _decision(row: Decision, code: str, *, other: str | None = None, memory: Memory | None = None) -> Decision:
    return Decision(row.flag, CODES[code], code, other=other, memory=memory)


def _remembered(row: Decision, memory: Memory) -> Decision:
    """Return the decision in the light of what the ledger remembers of the address; later mail that got there wins."""
    alive_at = row.flag.facts.alive_at
    if row.action == "remove" or (alive_at is not None and (memory.since is None or alive_at > memory.since)):
        return row
    if memory.kind == "dead":
        return _decision(row, "ledger_dead", memory=memory)
    return _decision(row, "ledger_left", memory=memory) if row.action in ("keep", "pause") else row
