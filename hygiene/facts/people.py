"""Who a contact is, for whoever has to find it again: an id alone tells a rep nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.facts.queries import text

if TYPE_CHECKING:
    from collections.abc import Collection

    from hygiene.engine import Engine


class Person(NamedTuple):
    """What to call a contact and where it is written to; empty where the export does not say. Hostile text."""

    name: str
    """First and last name."""
    email: str


NOBODY = Person("", "")


def read_people(engine: Engine, contact_ids: Collection[str]) -> dict[str, Person]:
    """Return who some contacts are, by id; those of whom neither name nor address is known are missing."""
    if not contact_ids:
        return {}
    return {
        contact_id: Person(" ".join(f"{first or ''} {last or ''}".split()), email or "")
        for batch in engine.batches(text("people"))
        for contact_id, first, last, email in batch
        if contact_id in contact_ids
    }
