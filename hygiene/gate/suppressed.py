"""The source's own suppressions, asked about people whom it knows no other way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.gate.ledger import MAY_EXPIRE
from hygiene.gate.people import mailbox
from hygiene.mail.addresses.names import address_of, covering

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from hygiene.engine import Engine
    from hygiene.gate.ledger.keys import Hasher


class Suppressed(NamedTuple):
    """A row of `suppressions` that names somebody."""

    reason: str
    """Hostile text; may be empty."""
    at: datetime | None


def read_suppressed(
    engine: Engine, emails: Sequence[str | None], hasher: Hasher | None, day: date
) -> dict[int, Suppressed]:
    """Return, by the place of each address that a suppression names, by address, domain or keyed hash, the first one.

    Parameters
    ----------
    engine
        With the table `suppressions` attached.
    emails
        As they stand in a list.
    hasher
        With the key of the ledger, for rows that hold hashes; None: there is no key, and they match nobody.
    day
        On which a row about an address must not have expired; a person's no has no end.
    """
    places = _places(emails, hasher)
    found: dict[int, Suppressed] = {}
    query = "SELECT s.email, s.domain, s.key, s.variant, s.reason, s.at, s.expires FROM suppressions AS s"
    for batch in engine.batches(query):
        for email, domain, key, variant, reason, at, expires in batch:
            if reason in MAY_EXPIRE and expires and expires < day.isoformat():
                continue
            hashes = [text.lower() for text in (key, variant) if text]
            for name in dict.fromkeys((mailbox(email), f"@{domain}" if domain else None, *hashes)):
                for place in places.get(name or "", ()):
                    row = Suppressed(reason or "", at)
                    found[place] = min(found.get(place, row), row, key=_rank)
    return found


def _rank(row: Suppressed) -> tuple[bool, str, str]:
    """Let the earliest dated row speak; the order of the file makes no difference."""
    return row.at is None, row.at.isoformat() if row.at else "", row.reason


def _places(emails: Sequence[str | None], hasher: Hasher | None) -> dict[str, list[int]]:
    """Return the places of the rows by everything that a suppression may call them."""
    places: dict[str, list[int]] = {}
    for place, email in enumerate(emails):
        address = address_of(email) if email else None
        if address is None:
            continue
        names = [mailbox(email) or "", *(f"@{domain}" for domain in covering(address.domain))]
        if hasher:
            key, variant = hasher.address(address)
            names += [key, variant or key, *map(hasher.domain, covering(address.domain))]
        for name in dict.fromkeys(names):
            places.setdefault(name, []).append(place)
    return places
