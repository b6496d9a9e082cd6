"""From the flags of all contacts to the plan of a cleanup: own records, then addresses, the ledger and exceptions."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from hygiene.gate.cleanup.decide import decide
from hygiene.gate.cleanup.exceptions import Exceptions
from hygiene.gate.cleanup.types import CODES, Decision, Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import TypeAlias

    from hygiene.flags.types import ContactFlag
    from hygiene.gate.cleanup.types import Memory
    from hygiene.settings import Allowed

    Recall: TypeAlias = Callable[[Sequence[str]], Mapping[str, Memory]]

AT_ONCE = 10_000
"""Addresses that the ledger is asked for together."""


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
    return email.strip().lower()


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
        Gives the flags of all contacts, ordered by contact id; called twice, so that memory holds only those with an
        action.
    as_of
        The moment of the data; an exception has expired from the day after its last.
    allow
        Exceptions. One that names somebody who said no lifts nothing.
    recall
        What the ledger remembers of addresses; None: there is no ledger.
    """
    addresses = _Addresses(decide(row, as_of) for row in read())
    exceptions = Exceptions(allow, as_of)
    contacts, found = 0, []
    for chunk in _chunks(read(), AT_ONCE):
        memories = recall([row.facts.email for row in chunk if row.facts.email]) if recall else {}
        for row in chunk:
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
    """What the records say of each address, whichever contact they belong to."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._no: dict[str, Named] = {}
        self._dead: dict[str, Named] = {}
        self._alive: dict[str, Named] = {}
        for row in decisions:
            contact = row.flag.facts
            if contact.email and row.action in ("suppress", "remove"):
                known = self._no if row.action == "suppress" else self._dead
                known.setdefault(same_address(contact.email), Named(contact.contact_id, contact.last_bounce_at))

    def judged(self, row: Decision, memories: Mapping[str, Memory]) -> Decision:
        """Return the decision in the light of the other records and of the ledger; notes who is alive."""
        contact = row.flag.facts
        if not contact.email or row.action == "suppress":
            return row
        address, memory = same_address(contact.email), memories.get(contact.email)
        if address in self._no:
            return _decision(row, "said_no_elsewhere", other=self._no[address].contact_id)
        if memory and memory.is_no:
            return _decision(row, "ledger_no", memory=memory)
        dead = self._dead.get(address)
        if dead and contact.alive_at and (dead.at is None or contact.alive_at > dead.at):
            self._alive.setdefault(address, Named(contact.contact_id, contact.alive_at))
        elif dead and row.action != "remove":
            return _decision(row, "dead_elsewhere", other=dead.contact_id)
        elif memory and row.action != "remove" and not _is_later(contact.alive_at, memory.since):
            return _decision(row, "ledger_dead", memory=memory)
        return row

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


def _is_later(at: datetime | None, than: datetime | None) -> bool:
    return at is not None and (than is None or at > than)


def _chunks(rows: Iterable[ContactFlag], size: int) -> Iterator[list[ContactFlag]]:
    rows = iter(rows)
    while chunk := list(islice(rows, size)):
        yield chunk
