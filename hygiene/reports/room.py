"""How much may stand on a coaching page: it is mailed, and its body is two printed sheets."""

from __future__ import annotations

from dataclasses import dataclass

from hygiene.reports.translate import TEXT_LIMIT


@dataclass(frozen=True)
class Room:
    """Rows and characters of one page; what is left out is counted, with the place where it stands."""

    sequences: int
    """The sender's largest."""
    months: int
    """Of the trend, the latest: a coaching page is about what can be done now."""
    contacts: int
    """To clean."""
    named: int
    """Contacts that an action names."""
    names: int
    """Characters of a sequence's name in the table."""
    texts: int
    """Characters of any text from the data."""


FULL_ROOM = Room(sequences=8, months=6, contacts=6, named=5, names=60, texts=TEXT_LIMIT)
ROOMS = (
    FULL_ROOM,
    Room(sequences=5, months=6, contacts=4, named=3, names=60, texts=160),
    Room(sequences=3, months=4, contacts=3, named=2, names=40, texts=80),
    Room(sequences=2, months=3, contacts=2, named=1, names=30, texts=40),
)
"""From the usual one to the smallest: a page takes the first that it fits in."""
