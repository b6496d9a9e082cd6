"""What the ledger asks of the disk: one writer at a time, and nothing acknowledged before it is on the disk."""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hygiene.errors import LedgerError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAIT_SECONDS = 120.0
"""How long a writer waits for the others; a million entries are written in some ten seconds."""
POLL_SECONDS = 0.02
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


@contextmanager
def locked(path: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """Hold the lock of a file: `NAME.lock` beside it, which stays. The system frees the lock of a killed process.

    A file of its own, since `repair` puts another file into the place of the ledger.

    Raises
    ------
    LedgerError
        If another process holds it for too long, or the file system knows no locks.
    OSError
        If the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _wait(descriptor, path, time.monotonic() + wait_seconds)
        yield
    finally:
        os.close(descriptor)  # and with it goes the lock


def _wait(descriptor: int, path: Path, until: float) -> None:
    while True:
        try:
            _take(descriptor)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise LedgerError(
                    f"The file system of {path} has no locks ({error.strerror}), so that two runs could write over each"
                    " other. Keep the ledger on a disk of this machine."
                ) from error
        else:
            return
        if time.monotonic() > until:
            raise LedgerError(
                f"Another run has been writing to {path} for too long. Wait until it is done, or end it, and try again;"
                " nothing was added."
            )
        time.sleep(POLL_SECONDS)


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def append(path: Path, content: bytes) -> None:
    """Write whole lines to the end of a file and see them onto the disk; all of them or, on an error, none.

    The caller holds the lock.

    Raises
    ------
    OSError
        If the file cannot be written; it is then as long as before.
    """
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    try:
        size = os.fstat(descriptor).st_size
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            os.fsync(descriptor)
        except OSError:  # a full disk
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


def shorten(path: Path, size: int) -> None:
    """Cut a file off and see that onto the disk."""
    with path.open("rb+") as file:
        file.truncate(size)
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """See the names in a folder onto the disk, where the system can."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
