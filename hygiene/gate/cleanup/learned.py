"""What the ledger learns from a cleanup."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.gate.ledger.flagged import address, remembered_as

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.gate.cleanup.types import Decision, Plan
    from hygiene.gate.ledger.ledger import Ledger
    from hygiene.gate.ledger.types import Entry

SOURCE = "hygiene clean"
"""What entries name as their source: the same in every cleanup, so that a fact known is a fact known."""


class Learned(NamedTuple):
    """One contact's entry."""

    row: Decision
    entry: Entry


def learned(plan: Plan, ledger: Ledger) -> list[Learned]:
    """Return what the ledger should know after a cleanup; contacts without an address have no entry."""
    return list(_learned(plan, ledger))


def _learned(plan: Plan, ledger: Ledger) -> Iterator[Learned]:
    for row in plan.decisions:
        # What another record or the ledger itself says is known already.
        found = (
            remembered_as(row.flag) if row.action in ("suppress", "remove") and row.code == row.flag.reason else None
        )
        who = address(row.flag.facts)
        if found is None or who is None:
            continue
        try:
            yield Learned(row, ledger.entry(who, found[0], at=found[1], source=SOURCE))
        except ValueError:  # no address by any reading; the lists still hold the contact
            continue
