"""Whom of a list the source knows, and what it says of them: all contacts of an address or an id, strictest first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hygiene.facts.arrays import plain
from hygiene.flags.types import FLAGS
from hygiene.mail.addresses import check_address
from hygiene.mail.addresses.names import address_of, variant_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from hygiene.engine import Engine
    from hygiene.flags.types import ContactFlag
    from hygiene.sources.lists import Listed

ATTRIBUTES = (
    *("email", "first_name", "last_name", "company", "job_title", "industry", "country", "language", "source"),
    *("import_batch", "created_at", "verified_at", "verification", "legal_basis", "consent_at", "consent_source"),
    *("last_clicked_at", "last_replied_at"),
)
"""Columns of a row that the source's own contact fills where the list has no such column, or an empty cell."""
MOST_KEYS = 20_000
"""Keys in one query."""


@dataclass(frozen=True)
class People:
    """What the source knows of the rows of a list."""

    known: tuple[tuple[ContactFlag, ...], ...]
    """By row: the contacts that it names, the strictest flag first; empty where nobody is known."""
    values: dict[str, NDArray[Any]]
    """`ATTRIBUTES` by row: the list's own value, else that of the contact it names; None or NaT where neither has."""
    active_at: Mapping[str, int]
    """Contacts in running enrollments by the domain of their address, of the domains on the list."""
    ids_differ: bool
    """Whether the list's ids are another system's: most that are also the source's have another address there."""


def domain_of(email: str | None) -> str | None:
    """Return the domain of an address as lists and counts use it; None: it has none."""
    return check_address(email).domain if email else None


def read_people(engine: Engine, listed: Listed, contacts: Iterable[ContactFlag]) -> People:
    """Look every row of a list up among all contacts.

    Parameters
    ----------
    engine
        With the table `contacts` attached.
    listed
        The list.
    contacts
        All contacts of the source with their flags.
    """
    emails = [mailbox(value) for value in plain(listed.values["email"]).tolist()]
    ids = [value if "contact_id" in listed.columns else None for value in plain(listed.values["contact_id"]).tolist()]
    by_email, by_id, active = _find(contacts, set(filter(None, emails)), set(filter(None, ids)))
    ids_differ = _ids_differ(emails, ids, by_id)
    if ids_differ:
        by_id = {}
    known = tuple(
        _strictest_first([*by_email.get(email or "", ()), *by_id.get(one or "", ())])
        for email, one in zip(emails, ids, strict=True)
    )
    return People(known, _values(engine, listed, known), active, ids_differ)


def mailbox(email: str | None) -> str | None:
    """Return the mailbox that an address leads to: without plus tag and, at Gmail, without dots; None: no address.

    Whoever opted out as ann@acme.com has opted out as ann+news@acme.com, too.

    Examples
    --------
    >>> mailbox(" Ann+News@ACME.com "), mailbox("n/a")
    ('ann@acme.com', None)
    """
    address = address_of(email) if email else None
    return str(variant_of(address)) if address else None


Found = dict[str, list["ContactFlag"]]


def _find(contacts: Iterable[ContactFlag], emails: set[str], ids: set[str]) -> tuple[Found, Found, Mapping[str, int]]:
    domains = {email.rpartition("@")[2] for email in emails}
    by_email: Found = {}
    by_id: Found = {}
    active: Counter[str] = Counter()
    for row in contacts:
        email = mailbox(row.facts.email)
        if email in emails:
            by_email.setdefault(email or "", []).append(row)
        if row.facts.contact_id in ids:
            by_id.setdefault(row.facts.contact_id, []).append(row)
        if row.facts.active_enrollments and email and (domain := email.rpartition("@")[2]) in domains:
            active[domain] += 1
    return by_email, by_id, active


def _ids_differ(emails: list[str | None], ids: list[str | None], by_id: Found) -> bool:
    """Tell whether the ids of the list mean others than the source's of the same name."""
    same = other = 0
    for email, one in zip(emails, ids, strict=True):
        for row in by_id.get(one or "", ()):
            theirs = mailbox(row.facts.email)
            if email and theirs:
                same, other = same + (email == theirs), other + (email != theirs)
    return other > same


def _strictest_first(rows: list[ContactFlag]) -> tuple[ContactFlag, ...]:
    distinct = {row.facts.contact_key: row for row in rows}
    return tuple(sorted(distinct.values(), key=lambda row: (FLAGS.index(row.flag), row.facts.contact_key)))


def _values(engine: Engine, listed: Listed, known: tuple[tuple[ContactFlag, ...], ...]) -> dict[str, NDArray[Any]]:
    found = {name: plain(listed.values[name]).copy() for name in ATTRIBUTES}
    places: dict[int, list[int]] = {}
    for place, contacts in enumerate(known):
        if contacts:
            places.setdefault(contacts[0].facts.contact_key, []).append(place)
    keys = sorted(places)
    for start in range(0, len(keys), MOST_KEYS):
        wanted = ", ".join(map(str, keys[start : start + MOST_KEYS]))
        names = ", ".join(f"c.{name}" for name in ATTRIBUTES)
        query = f"SELECT c.contact_key, {names} FROM contacts AS c WHERE c.contact_key IN ({wanted}) ORDER BY 1"
        columns = {name: plain(values) for name, values in engine.arrays(query).items()}
        rows = np.array([place for key in columns["contact_key"].tolist() for place in places[int(key)]], dtype=int)
        counts = [len(places[int(key)]) for key in columns["contact_key"].tolist()]
        for name in ATTRIBUTES:
            _fill(found[name], rows, np.repeat(columns[name], counts))
    return found


def _fill(own: NDArray[Any], places: NDArray[Any], theirs: NDArray[Any]) -> None:
    """Put values where a row has none of its own."""
    current = own[places]
    is_empty = np.isnat(current) if own.dtype.kind == "M" else np.array([not value for value in current], dtype=bool)
    own[places[is_empty]] = theirs[is_empty].astype(own.dtype)
