"""A team with a good list and a rotten one, as its export would be."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.advice.making import START, people, write_source

if TYPE_CHECKING:
    from pathlib import Path

MAILED, STOCK = 900, 90
"""Contacts written to, one half from each source; contacts that nobody has written to yet, all of the vendor."""
SENDERS = ("ann", "bob", "eve")
VENDOR = "vendor-x"
SAID = "550 5.1.1 <{0}>: Recipient address rejected: User unknown"
IMPORTED = START - timedelta(days=5)


def is_bad(place: int) -> bool:
    """Whether a contact is the vendor's: the halves alternate within each sender."""
    return place // 3 % 2 == 1


def bounces(place: int) -> bool:
    """One in six of the vendor's, one in ninety of the others."""
    return place // 6 % 6 == 0 if is_bad(place) else place % 180 == 0


def _batch(place: int) -> str | None:
    """The vendor's contacts came in three imports, of which nobody in the last has been written to."""
    if place >= MAILED:
        return "2026-03"
    return ("2026-01", "2026-02")[2 * place // MAILED] if is_bad(place) else None


def list_tables(vendor: str = VENDOR, evidence: str = SAID) -> dict[str, list[dict[str, Any]]]:
    """Return the tables of the source."""
    contacts = people(
        MAILED + STOCK,
        source=lambda place: vendor if place >= MAILED or is_bad(place) else "web-form",
        import_batch=_batch,
        created_at=lambda place: IMPORTED + timedelta(days=0 if place >= MAILED or is_bad(place) else place // 6 % 3),
        legal_basis=lambda place: None if place >= MAILED or is_bad(place) else "consent",
        verification=lambda place: None if place >= MAILED or is_bad(place) else "valid",
        opted_out=lambda place: "true" if place == MAILED else None,
    )
    enrollments, events = [], []
    for place in range(MAILED):
        begun = START + timedelta(hours=place % 100)
        keys = {"contact_id": f"c{place}", "sender_id": SENDERS[place % 3], "sequence_id": "intro"}
        own = {"enrollment_id": f"e{place}", **keys}
        enrollments.append({**own, "enrolled_at": begun, "ended_at": begun + timedelta(days=14), "outcome": "finished"})
        events.append({**own, "type": "sent", "at": begun, "step": 1})
        if bounces(place):
            detail = evidence.format(contacts[place]["email"])
            events.append({**own, "type": "bounce", "at": begun + timedelta(minutes=2), "step": 1, "detail": detail})
        elif place % 17 == 0:
            events.append(
                {**own, "type": "reply", "at": begun + timedelta(days=1), "step": 1, "detail": "Yes, call me"}
            )
    # Something later, so that all of this is settled.
    last = {"contact_id": "c1", "sender_id": "ann", "sequence_id": "intro", "enrollment_id": "late"}
    enrollments.append({**last, "enrolled_at": START + timedelta(days=60), "outcome": "active"})
    events.append({**last, "type": "sent", "at": START + timedelta(days=60), "step": 1})
    return {"contacts": contacts, "enrollments": enrollments, "events": events}


def write_lists_source(folder: Path, **chosen: str) -> Path:
    """Write the source into a folder."""
    return write_source(folder, **list_tables(**chosen))
