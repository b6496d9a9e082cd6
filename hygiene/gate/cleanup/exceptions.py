"""Exceptions (`allow` in `hygiene.toml`): contacts that somebody answers for. No opt-out can be excepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.gate.cleanup.types import CODES, LIFTED, Decision, Exempted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Literal

    from hygiene.facts.types import ContactFacts
    from hygiene.settings import Allowed


class Exceptions:
    """Applies the exceptions, and keeps what became of each.

    Parameters
    ----------
    entries
        Of the settings.
    as_of
        The moment of the data: an entry holds up to the end of its last day. None: each holds.
    """

    def __init__(self, entries: Sequence[Allowed], as_of: datetime | None) -> None:
        self._entries = entries
        self._places = {self._name(entry.contact, entry.email): place for place, entry in enumerate(entries)}
        self._states: dict[int, Literal["used", "not_needed", "expired", "said_no"]] = {}
        self._lifted: dict[int, str] = {}
        self._expired = {
            place for place, entry in enumerate(entries) if as_of is not None and entry.expires < as_of.date()
        }

    def see(self, contact: ContactFacts) -> None:
        """Note that a contact is there."""
        for place in self._places_of(contact):
            self._states.setdefault(place, "expired" if place in self._expired else "not_needed")

    def applied(self, row: Decision) -> Decision:
        """Return the decision, lifted where an exception holds."""
        places = self._places_of(row.flag.facts)
        if row.action == "suppress":
            self._states.update((place, "said_no") for place in places)
        holding = [place for place in places if place not in self._expired]
        if row.action not in LIFTED or not holding:
            return row
        for place in holding:
            self._states[place] = "used"
            self._lifted[place] = row.code
        return Decision(row.flag, CODES["allowed"], "allowed")

    def outcome(self) -> tuple[Exempted, ...]:
        """Return what became of each entry, in the order of the settings."""
        return tuple(
            Exempted(entry, self._states.get(place, "unknown"), self._lifted.get(place))
            for place, entry in enumerate(self._entries)
        )

    def _places_of(self, contact: ContactFacts) -> list[int]:
        if not self._places:
            return []
        names = (self._name(contact.contact_id, None), self._name(None, contact.email))
        return [self._places[name] for name in names if name in self._places]

    @staticmethod
    def _name(contact_id: str | None, email: str | None) -> tuple[str, str]:
        return ("contact", contact_id) if contact_id is not None else ("email", (email or "").strip().lower())
