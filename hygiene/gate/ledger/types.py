"""What the ledger remembers, and what it answers."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal, NamedTuple, TypeAlias, get_args

Reason: TypeAlias = Literal[
    "legal",
    "erasure",
    "objection",
    "complaint",
    "opt_out",
    "do_not_contact",
    "hard_bounce_address",
    "left_company",
]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""From the strictest: what no later word of the person lifts (a court, an erasure), what the person asked for, what we
decided ourselves, and what is only true of an address for a while."""
MAY_EXPIRE = frozenset[Reason](("hard_bounce_address", "left_company"))
"""Facts about an address. A no of a person has no end."""
Scope: TypeAlias = Literal["address", "domain"]
How: TypeAlias = Literal["exact", "variant", "domain"]
"""By what an entry matches: the address, another spelling of the same mailbox, or its domain or one above."""
HOW: tuple[How, ...] = get_args(How)
MASK = "(address)"
"""What stands in a source for an address: the ledger holds none."""
_WORD = re.compile(r"[^\s<>,;:\"()]+")


class Entry(NamedTuple):
    """One fact, as a line of the ledger holds it: no address, only keyed hashes."""

    key: str
    """HMAC-SHA256 of the address or domain, 64 hexadecimal digits."""
    variant: str | None
    """The same of the address without its plus tag (and, at Gmail, its dots); None: that is the address itself."""
    scope: Scope
    reason: Reason
    at: datetime | None
    """When it happened, naive UTC to the second; None: not known."""
    source: str
    """The tool or file that says so: free text, hostile."""
    expires: date | None = None
    """The last day on which it holds; None: it has no end."""
    added_at: datetime | None = None
    """When it was written into the ledger, naive UTC; None: it has not been."""

    @property
    def fact(self) -> tuple[str, Reason, datetime | None, str, date | None]:
        """What makes two entries the same."""
        return self.key, self.reason, self.at, self.source, self.expires

    @property
    def since(self) -> datetime | None:
        """From when it is known at the latest: when it happened, else when it was written down."""
        return self.at or self.added_at

    def holds_on(self, day: date) -> bool:
        """Tell whether it has not expired by a day."""
        return self.expires is None or day <= self.expires


class Hashes(NamedTuple):
    """What stands for an address or a domain."""

    key: str
    variant: str | None
    """None where the address has no other spelling, and for domains."""
    scope: Scope


def make_entry(
    hashes: Hashes, reason: Reason, *, at: datetime | None = None, source: str = "", expires: date | None = None
) -> Entry:
    """Return an entry as the ledger holds it: to the second, and without any address in its source.

    Raises
    ------
    ValueError
        If the reason has no end and one is given.
    """
    if expires is not None and reason not in MAY_EXPIRE:
        raise ValueError(f"{reason} has no end")
    moment = at.replace(microsecond=0) if at else None
    return Entry(*hashes, reason, moment, masked(source), expires)


def masked(text: str) -> str:
    """Return a text without the addresses in it.

    Examples
    --------
    >>> masked("asked by ann@acme.com, at 10:00"), masked("@SUM(A1)")
    ('asked by (address), at 10:00', '@SUM(A1)')
    """
    return _WORD.sub(lambda found: MASK if "@" in found[0][1:-1] else found[0], text) if "@" in text else text


class Match(NamedTuple):
    """An entry that speaks about an address."""

    entry: Entry
    how: How

    @property
    def reason(self) -> Reason:
        """Why not to write."""
        return self.entry.reason

    @property
    def is_forever(self) -> bool:
        """Whether a person said no, in whatever form; else it is the address that is of no use."""
        return self.entry.reason not in MAY_EXPIRE

    @property
    def is_variant(self) -> bool:
        """Whether another spelling of the address is in the ledger, not the address itself."""
        return self.how == "variant"

    @property
    def rank(self) -> tuple[int, int, datetime, str, str]:
        """The strictest first; of equal ones the nearest, then the oldest."""
        known = self.entry.since or datetime.max
        return REASONS.index(self.entry.reason), HOW.index(self.how), known, self.entry.source, self.entry.key


class Added(NamedTuple):
    """What became of facts that were handed to the ledger."""

    added: int
    known: int
    """The same fact was there already, or came twice."""
