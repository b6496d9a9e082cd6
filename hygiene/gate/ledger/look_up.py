"""Looks many addresses up among many entries: by their own hash, their variant's, and their domains'."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hygiene.gate.ledger.names import address_of, covering
from hygiene.gate.ledger.types import Match

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hygiene.gate.ledger.keys import Hasher
    from hygiene.gate.ledger.types import Entry, How


class Asked:
    """Addresses to look up, hashed.

    Attributes
    ----------
    hashes
        Of the addresses and their variants, as lines hold them: what an entry must have as key or variant to matter.
    """

    def __init__(self, hasher: Hasher, emails: Sequence[str | None]) -> None:
        self._hasher = hasher
        self._exact: defaultdict[str, list[int]] = defaultdict(list)
        self._variant: defaultdict[str, list[int]] = defaultdict(list)
        self._domains: defaultdict[str, list[int]] = defaultdict(list)
        for position, email in enumerate(emails):
            if email and (address := address_of(email)):
                own, variant = hasher.address(address)
                self._exact[own].append(position)
                self._variant[variant or own].append(position)
                self._domains[address.domain].append(position)
        self.hashes = {key.encode() for known in (self._exact, self._variant) for key in known}

    def matches(self, entries: Iterable[Entry], as_of: date) -> dict[int, list[Match]]:
        """Return the entries that speak about each address, by its position, the strictest first.

        Parameters
        ----------
        entries
            All that could: those with one of `hashes`, and those of domains.
        as_of
            The day on which they must not have expired.
        """
        found: defaultdict[int, list[Match]] = defaultdict(list)
        domains: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            if not entry.holds_on(as_of):
                continue
            if entry.scope == "domain":
                domains[entry.key].append(entry)
            else:
                for position, how in self._named_by(entry):
                    found[position].append(Match(entry, how))
        if domains:
            self._add_domains(domains, found)
        return {position: sorted(found[position], key=lambda match: match.rank) for position in sorted(found)}

    def _named_by(self, entry: Entry) -> Iterable[tuple[int, How]]:
        """Return the positions that an entry of an address speaks about.

        A dead mailbox is that very spelling's: where a server knows no plus tags, `ann+news@` is dead and `ann@` not.
        """
        exact = self._exact.get(entry.key, ())
        same: set[int] = set()
        if entry.reason != "hard_bounce_address":
            same.update(self._variant.get(entry.variant or entry.key, ()))
        return [*((position, "exact") for position in exact), *((position, "variant") for position in same - {*exact})]

    def _add_domains(self, entries: dict[str, list[Entry]], found: defaultdict[int, list[Match]]) -> None:
        hashed: dict[str, str] = {}
        for domain, positions in self._domains.items():
            for name in covering(domain):
                key = hashed.get(name) or hashed.setdefault(name, self._hasher.domain(name))
                for entry in entries.get(key, ()):
                    for position in positions:
                        found[position].append(Match(entry, "domain"))
