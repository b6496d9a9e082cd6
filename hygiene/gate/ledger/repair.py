"""The way out of a damaged ledger: damaged lines are kept in a file beside it, whole ones stay, nothing is lost."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NamedTuple

from hygiene.errors import LedgerError
from hygiene.gate.ledger import lines
from hygiene.gate.ledger.disk import append, sync_folder
from hygiene.gate.ledger.file import LedgerFile
from hygiene.gate.ledger.keys import read_key

if TYPE_CHECKING:
    from pathlib import Path

DAMAGED = ".damaged"
"""Ending of the file that gets the damaged lines."""


class Repaired(NamedTuple):
    """What a repair did."""

    kept: int
    """Facts that the ledger still holds."""
    set_aside: int
    """Damaged lines that were moved."""
    into: Path
    """The file that got them."""


def repair(path: Path, key_path: Path) -> Repaired:
    """Move the damaged lines of a ledger into a file beside it; without any, change nothing.

    Raises
    ------
    LedgerError
        If there is no ledger, it cannot be written, or its header is damaged and the key at hand is not that of its
        lines.
    """
    file = LedgerFile(path)
    with file.writing():
        if not file.end:
            raise LedgerError(f"There is no ledger at {path}: nothing is to be repaired.")
        header_is_whole = lines.read_header(file.first) is not None
        key_id = file.key_id() if header_is_whole else _key_id_of(file, key_path)
        damaged = [] if header_is_whole else [file.first.rstrip(b"\n")]
        seed, kept = lines.seed_of(key_id), 0
        partial = path.with_name(f".{path.name}.partial")  # one name: whoever writes it holds the lock
        try:
            with partial.open("wb") as target:
                target.write(lines.header(key_id))
                for block in file.all_blocks():
                    whole = [line for line in block if lines.is_whole(line, seed)]
                    damaged += [line for line in block if not lines.is_whole(line, seed)]
                    target.writelines(line + b"\n" for line in whole)
                    kept += len(whole)
                target.flush()
                os.fsync(target.fileno())
            into = path.with_name(path.name + DAMAGED)
            if damaged:
                append(into, b"".join(line + b"\n" for line in damaged))  # safe there before they go here
                shutil.copymode(path, partial)
                file.set_torn_aside()
                partial.replace(path)
                sync_folder(path.parent)
        finally:
            partial.unlink(missing_ok=True)
    return Repaired(kept, len(damaged), into)


def _key_id_of(file: LedgerFile, key_path: Path) -> str:
    """Return the key's id where the header no longer tells it: that of the key at hand, if the lines are its own."""
    if not file.is_ours:
        raise LedgerError(file.no_header())
    hasher = read_key(key_path)
    if hasher is None:
        raise LedgerError(
            f"The header of {file.path} is damaged, and the key {key_path}, which tells what stood there, does not"
            " exist. Put a copy of the key back, or name it with the setting ledger_key."
        )
    seed = lines.seed_of(hasher.key_id)
    seen = False
    for block in file.all_blocks():
        seen = seen or bool(block)
        if any(lines.is_whole(line, seed) for line in block):
            return hasher.key_id
    if seen:
        raise LedgerError(
            f"The header of {file.path} is damaged, and {key_path} is not the key of its lines. Put the right key back,"
            " or name it with the setting ledger_key."
        )
    return hasher.key_id
