"""The ledger's file: its whole lines, read without a lock, and added to under one.

A last line without its end was never acknowledged: readers pass it over, the next writer moves it into a file beside
the ledger. A line whose checksum does not fit is damage, and stops everybody until it is mended.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING
from zlib import crc32

from hygiene.errors import LedgerError
from hygiene.gate.ledger.disk import append, locked, shorten
from hygiene.gate.ledger.lines import CHECKED, END, FORMAT, is_whole, read_header

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

BLOCK = 1 << 20
LONGEST_HEADER = 4096
TORN = ".torn"
"""Ending of the file that gets what a killed run left of a line."""
SHOWN = 5
"""Damaged lines that are named; of more, the number is said."""


class LedgerFile:
    """The file as it was when it was last looked at.

    Attributes
    ----------
    path
        Where it is.
    end
        Where its last whole line ends; 0: there is no ledger.
    first
        Its first line; empty where there is none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.first, self.end = b"", 0
        self.look()

    def look(self) -> None:
        """Look at the file again: another run may have written."""
        with self._reading():
            try:
                with self.path.open("rb") as file:
                    first = file.readline(LONGEST_HEADER)
                    self.first, self.end = first, _end_of_lines(file)
            except FileNotFoundError:
                self.first, self.end = b"", 0

    def key_id(self) -> str:
        """Return the id of the key with which the hashes were made, from the header.

        Raises
        ------
        LedgerError
            If the header is damaged, of a newer version, or that of another file.
        """
        found = read_header(self.first)
        if found is None:
            raise LedgerError(self.no_header())
        form, key_id = found
        if form != FORMAT:
            raise LedgerError(f"{self.path} has the format {form}, which this version does not know. Update hygiene.")
        return key_id

    @property
    def is_ours(self) -> bool:
        """Whether the first line is a ledger's, be it damaged."""
        return b"hygiene-ledger" in self.first or b'"key_id"' in self.first

    def no_header(self) -> str:
        """Return what to say of a first line that is no whole header."""
        if self.is_ours:
            return damaged_sentence(self.path, [1])
        return (
            f"{self.path} is no ledger of hygiene: its first line is another file's. Name the ledger with the setting"
            " ledger; nothing was changed."
        )

    def blocks(self, seed: int) -> Iterator[list[bytes]]:
        """Yield the lines after the header, up to `end`, without their ends, some thousands at a time.

        Raises
        ------
        LedgerError
            Where lines are damaged; at the end, so that they are named together.
        """
        damaged: list[int] = []
        before = 1
        for block in self.all_blocks():
            # A million lines pass here: one expression each, and no call but the checksum's.
            odd = [n for n, line in enumerate(block) if line[END] != b'%08x"}' % crc32(line[:CHECKED], seed)]
            wrong = [n for n in odd if not is_whole(block[n], seed)]
            damaged += [before + n + 1 for n in wrong]
            yield [line for n, line in enumerate(block) if n not in {*wrong}] if wrong else block
            before += len(block)
        if damaged:
            raise LedgerError(damaged_sentence(self.path, damaged))

    def all_blocks(self) -> Iterator[list[bytes]]:
        """Yield the same lines, whole or not."""
        if not self.end:
            return
        with self._reading(), self.path.open("rb") as file:
            left = self.end - len(file.readline())
            rest = b""
            while left and (block := file.read(min(BLOCK, left))):
                left -= len(block)
                *whole, rest = (rest + block).split(b"\n")
                yield whole
        if left or rest:
            raise LedgerError(f"{self.path} was changed while it was read. Try again.")

    def summary(self) -> tuple[str, int]:
        """Return a hash of the lines, and how many there are besides the header."""
        state, count, left = hashlib.blake2b(digest_size=16), 0, self.end
        if left:
            with self._reading(), self.path.open("rb") as file:
                while left and (block := file.read(min(BLOCK, left))):
                    state.update(block)
                    count += block.count(b"\n")
                    left -= len(block)
        return state.hexdigest(), max(count - 1, 0)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock, with a fresh look at the file; turn what the disk refuses into a sentence."""
        try:
            with locked(self.path):
                self.look()
                yield
        except OSError as error:
            raise LedgerError(
                f"The ledger {self.path} cannot be written: {error.strerror}. Make room, or mend the rights of its"
                " folder; nothing was added."
            ) from error

    def append(self, content: bytes) -> None:
        """Write whole lines after the last whole one; within `writing`."""
        self.set_torn_aside()
        append(self.path, content)
        self.end += len(content)

    def set_torn_aside(self) -> None:
        """Move what a killed run left of a line into a file beside the ledger; within `writing`."""
        if not self.path.exists() or self.path.stat().st_size == self.end:
            return
        with self.path.open("rb") as file:
            file.seek(self.end)
            append(self.path.with_name(self.path.name + TORN), file.read() + b"\n")
        shorten(self.path, self.end)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LedgerError(
                f"The ledger {self.path} cannot be read: {error.strerror}. Mend its rights, or name another with the"
                " setting ledger."
            ) from error


def damaged_sentence(path: Path, damaged: Sequence[int]) -> str:
    """Return what to say of lines whose checksum does not fit."""
    named = ", ".join(map(str, damaged[:SHOWN]))
    more = f" and {len(damaged) - SHOWN} more" if len(damaged) > SHOWN else ""
    what = f"line {named} is damaged" if len(damaged) == 1 else f"lines {named}{more} are damaged"
    return (
        f"{path}, {what}: the checksum does not fit. Put a copy of the ledger back, or run `hygiene ledger repair`,"
        " which sets such lines aside and throws nothing away."
    )


def _end_of_lines(file: BinaryIO) -> int:
    """Return where the last whole line of a file ends; 0: it has none."""
    position = file.seek(0, 2)
    while position:
        start = max(0, position - BLOCK)
        file.seek(start)
        if (found := file.read(position - start).rfind(b"\n")) >= 0:
            return start + found + 1
        position = start
    return 0
