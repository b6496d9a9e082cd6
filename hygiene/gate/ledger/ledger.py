"""The ledger: one file of facts that only grows, and the key without which it tells nothing.

    ledger = open_ledger(settings.ledger, key_path(settings), create=True)
    ledger.add([ledger.entry("ann@acme.com", "opt_out", source="HubSpot")])
    ledger.find(["Ann+news@acme.com"], date.today())[0].reason

A reader sees the ledger as it was when it was opened, needs no lock and writes nothing. A writer holds the lock, and
has its lines on the disk before it says so.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from hygiene.errors import LedgerError
from hygiene.gate.ledger import lines
from hygiene.gate.ledger.file import LedgerFile
from hygiene.gate.ledger.keys import make_key, read_key
from hygiene.gate.ledger.look_up import Asked
from hygiene.gate.ledger.types import Added

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from hygiene.gate.ledger.keys import Hasher
    from hygiene.gate.ledger.types import Entry, Match, Reason
    from hygiene.settings import Settings


def key_path(settings: Settings) -> Path:
    """Return where the ledger's key lies."""
    return settings.ledger_key or settings.ledger.with_suffix(".key")


def open_ledger(path: Path, key_path: Path, *, create: bool = False) -> Ledger:
    """Open a ledger.

    Parameters
    ----------
    path, key_path
        Its file, and the file of its key.
    create
        Whether to make both where neither is there. A reader takes a missing ledger for an empty one, unless its key
        is there.

    Raises
    ------
    LedgerError
        If the ledger is lost and its key is not, the key is lost, of another ledger or no key at all, or the file is no
        ledger, of a newer version, or cannot be used. Nothing is written then.
    """
    ledger = Ledger(path, key_path)
    if create:
        ledger.create()
    else:
        ledger.stop_if_lost()
    return ledger


class Ledger:
    """An open ledger; made by `open_ledger`.

    Attributes
    ----------
    path, key_path
        Its file, and the file of its key.
    hasher
        Hashes with the key; None where there is none.
    """

    def __init__(self, path: Path, key_path: Path) -> None:
        self.path, self.key_path = path, key_path
        self.hasher: Hasher | None = read_key(key_path)
        self._file = LedgerFile(path)
        self._check()

    @property
    def is_there(self) -> bool:
        """Whether the file holds a ledger, be it one without a fact."""
        return self._file.end > 0

    def create(self) -> None:
        """Make the key and the header where there is none."""
        if not self.is_there:
            with self._file.writing():
                self._look_again()
                if not self.is_there:
                    self.stop_if_lost()
                    self.hasher = self.hasher or make_key(self.key_path)
                    self._file.append(lines.header(self.hasher.key_id))

    def stop_if_lost(self) -> None:
        """Stop where the key lies beside a ledger that is gone; a key alone, elsewhere, reads hashes of other machines.

        Raises
        ------
        LedgerError
            If so: an empty ledger in its place would let people be written to who said no.
        """
        is_own_key = self.hasher is not None and self.key_path == self.path.with_suffix(".key")
        # A first line that a killed run left torn is no loss.
        if is_own_key and not self._file.first:
            raise LedgerError(
                f"The ledger {self.path} is lost: its key {self.key_path} is there, and it is not, or is empty. Put a"
                " copy of it back. If the key alone is meant to be here, move it elsewhere and name it with the setting"
                " ledger_key."
            )

    def entry(
        self, who: str, reason: Reason, *, at: datetime | None = None, source: str = "", expires: date | None = None
    ) -> Entry:
        """Return the entry of an address, or of a domain and all below it; it is not added yet.

        Parameters
        ----------
        who
            `ann@acme.com`, or `@acme.com`.
        reason
            One of `types.REASONS`.
        at
            When it happened, naive UTC; cut to the second. None: not known.
        source
            The tool or file that says so; addresses in it are masked.
        expires
            The last day on which it holds; only for the reasons of `types.MAY_EXPIRE`.

        Raises
        ------
        ValueError
            If `who` is neither an address nor a domain, or the reason has no end.
        """
        return self.own_hasher.entry(who, reason, at=at, source=source, expires=expires)

    def add(self, entries: Iterable[Entry]) -> Added:
        """Add facts; when this returns they are on the disk.

        A fact that is known (the same hash, reason, source, time and expiry) is not added again.

        Parameters
        ----------
        entries
            As `entry` makes them, or another ledger's with the same key.

        Raises
        ------
        LedgerError
            If the ledger cannot be written, or is damaged; then none is added.
        """
        given = list(entries)
        wanted = {entry.fact: entry for entry in given}
        self.create()
        with self._file.writing():
            self._look_again()
            for entry in self._entries_of({entry.key.encode() for entry in given}):
                wanted.pop(entry.fact, None)
            if wanted:
                now, seed = datetime.now(UTC).replace(tzinfo=None), self._seed()
                self._file.append(b"".join(lines.encode(entry, now, seed) for entry in wanted.values()))
        return Added(len(wanted), len(given) - len(wanted))

    def find(self, emails: Sequence[str | None], as_of: date) -> dict[int, Match]:
        """Return, by the position of each address that the ledger speaks about, the strictest entry.

        Parameters
        ----------
        emails
            Addresses as they stand in a list; None and what is no address match nothing.
        as_of
            The day on which entries must not have expired.
        """
        return {position: found[0] for position, found in self.find_all(emails, as_of).items()}

    def find_all(self, emails: Sequence[str | None], as_of: date) -> dict[int, list[Match]]:
        """Return the same with every entry that holds, the strictest first."""
        if self.hasher is None or not self.is_there:
            return {}
        asked = Asked(self.hasher, emails)
        return asked.matches(self._entries_of(asked.hashes, with_domains=True), as_of)

    def entries(self) -> Iterator[Entry]:
        """Yield every entry, in the order in which they were added."""
        for block in self._blocks():
            for line in block:
                yield self._decoded(line)

    @property
    def digest(self) -> str:
        """Equal for ledgers with the same lines: 32 hexadecimal digits."""
        return self._summary[0]

    def __len__(self) -> int:
        return self._summary[1]

    @cached_property
    def _summary(self) -> tuple[str, int]:
        return self._file.summary()

    def _entries_of(self, hashes: set[bytes], *, with_domains: bool = False) -> Iterator[Entry]:
        """Yield the entries with one of some hashes as their key or variant, and with `with_domains` all of domains."""
        key, variant, after, is_domain = lines.KEY, lines.VARIANT, lines.AFTER_KEY, lines.IS_DOMAIN
        for block in self._blocks():
            for line in [line for line in block if line[key] in hashes or line[variant] in hashes]:
                yield self._decoded(line)
            for line in [line for line in block if line[after] == is_domain] if with_domains else ():
                yield self._decoded(line)

    def _blocks(self) -> Iterator[list[bytes]]:
        return self._file.blocks(self._seed()) if self.is_there else iter(())

    def _decoded(self, line: bytes) -> Entry:
        try:
            return lines.decode(line)
        except ValueError as error:
            raise LedgerError(
                f"{self.path} holds what this version of hygiene does not know ({error}). Update hygiene."
            ) from error

    def _seed(self) -> int:
        return lines.seed_of(self.own_hasher.key_id)

    @property
    def own_hasher(self) -> Hasher:
        """The hasher.

        Raises
        ------
        LedgerError
            If there is no key yet.
        """
        if self.hasher is None:
            raise LedgerError(f"There is no ledger at {self.path} yet. Add somebody to it first.")
        return self.hasher

    def _look_again(self) -> None:
        """Take up what other runs have written since, the key too; within `writing`, which looks at the file."""
        self.hasher = read_key(self.key_path)
        self.__dict__.pop("_summary", None)
        self._check()

    def _check(self) -> None:
        """Stop at a header or a key that does not fit."""
        if not self.is_there:
            return
        key_id = self._file.key_id()
        if self.hasher is None:
            raise LedgerError(
                f"The key of the ledger {self.path} is lost: {self.key_path} does not exist. Put a copy of it back, or"
                " name it with the setting ledger_key; without it nobody can be looked up, so no new one is made."
            )
        if self.hasher.key_id != key_id:
            raise LedgerError(
                f"{self.key_path} is not the key of the ledger {self.path}: with it nobody would be found. Put the"
                " right key back, or name it with the setting ledger_key; nothing was changed."
            )
