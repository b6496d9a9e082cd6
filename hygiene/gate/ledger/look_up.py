"""Looks many addresses up among many entries: by their own hash, their variant's, and their domains'."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hygiene.gate.ledger.types import Match
from hygiene.mail.addresses.names import address_of, covering

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
        self._mailboxes: dict[str, list[int]] = {}
        """Positions by the hash of the variant, which is most often the address's own."""
        self._spelled: dict[str, list[int]] = {}
        """Positions by the address's own hash, of those that have a variant."""
        self._own: dict[int, str] = {}
        """The other way round."""
        self._domains: list[tuple[int, str]] = []
        for position, email in enumerate(emails):
            if email and (address := address_of(email)):
                own, variant = hasher.address(address)
                self._mailboxes.setdefault(variant or own, []).append(position)
                if variant:
                    self._spelled.setdefault(own, []).append(position)
                    self._own[position] = own
                self._domains.append((position, address.domain))
        self.hashes = {key.encode() for known in (self._mailboxes, self._spelled) for key in known}

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
        mailbox = entry.variant or entry.key
        named: dict[int, How] = dict.fromkeys(self._spelled.get(entry.key, ()), "exact")
        for position in self._mailboxes.get(mailbox, ()):
            if self._own.get(position, mailbox) == entry.key:
                named[position] = "exact"
            elif entry.reason != "hard_bounce_address":
                named.setdefault(position, "variant")
        return named.items()

    def _add_domains(self, entries: dict[str, list[Entry]], found: defaultdict[int, list[Match]]) -> None:
        covered: dict[str, list[Match]] = {}
        for position, domain in self._domains:
            matches = covered.get(domain)
            if matches is None:
                keys = map(self._hasher.domain, covering(domain))
                matches = covered[domain] = [Match(entry, "domain") for key in keys for entry in entries.get(key, ())]
            if matches:
                found[position] += matches
