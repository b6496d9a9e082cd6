"""Keeps what was ingested: one folder a source and settings, there in full or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hygiene.errors import OutputError
from hygiene.sources.schema import CANONICAL
from hygiene.sources.storage import read_report

try:
    import fcntl
except ImportError:  # not on this system: leftovers are told by their age alone
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.sources.tables import ImportReport

REPORT = "report.json"
KEPT_ENTRIES = 10
STALE_SECONDS = 24 * 3600
"""Age at which the unfinished folder of a process counts as dead where locks cannot tell."""
_ENTRY = re.compile(r"[0-9a-f]{32}")
_TEMPORARY = "unfinished-"
_MAGIC = b"PAR1"


def prepare(cache: Path) -> None:
    """Make the cache folder and sweep what killed runs left.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=cache):
            pass
        for entry in cache.iterdir():
            if entry.name.startswith(_TEMPORARY) and _is_dead(entry):
                shutil.rmtree(entry, ignore_errors=True)
    except OSError as error:
        raise _unwritable(cache, error) from error


def find(cache: Path, key: str) -> ImportReport | None:
    """Return the report of a complete entry, or None: what is damaged is read once more."""
    folder = cache / key
    try:
        report = read_report(folder / REPORT)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not all(_is_whole(folder / f"{table}.parquet") for table in (*CANONICAL, "rejects")):
        return None
    with suppress(OSError):  # the newest entries are kept
        os.utime(folder)
    return report


@contextmanager
def new_entry(cache: Path, key: str) -> Iterator[Path]:
    """Give an empty folder that becomes the entry `key` when the block ends well, in one step.

    A run that is killed leaves the folder unfinished, to be swept; the entry of another run that was faster stays.

    Raises
    ------
    OutputError
        If the disk is full or the folder cannot be written.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=cache))
        lock = (folder / "taking").open("w")
    except OSError as error:
        raise _unwritable(cache, error) from error
    try:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "taking").rename(folder / "lock")  # only a lock that is held is seen: no other run sweeps this folder
        yield folder
        shutil.rmtree(folder / "work", ignore_errors=True)
        (folder / "lock").unlink()
        _publish(folder, cache / key)
        _limit(cache)
    except OSError as error:
        raise _unwritable(cache, error) from error
    finally:
        lock.close()
        shutil.rmtree(folder, ignore_errors=True)


def _publish(folder: Path, target: Path) -> None:
    try:
        folder.rename(target)
    except OSError:
        # Another run wrote the same entry meanwhile, or a damaged one lies there.
        if find(target.parent, target.name) is None:
            shutil.rmtree(target, ignore_errors=True)
            folder.rename(target)


def _is_whole(path: Path) -> bool:
    """Tell whether a file begins and ends as Parquet does: one that was cut off or never written out does not."""
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
            file.seek(-len(_MAGIC), os.SEEK_END)
            return head == file.read() == _MAGIC
    except OSError:
        return False


def _limit(cache: Path) -> None:
    """Remove all entries but the newest; nothing that is not ours."""
    entries = [entry for entry in cache.iterdir() if _ENTRY.fullmatch(entry.name) and (entry / REPORT).is_file()]
    for entry in sorted(entries, key=lambda entry: -entry.stat().st_mtime_ns)[KEPT_ENTRIES:]:
        shutil.rmtree(entry, ignore_errors=True)


def _is_dead(folder: Path) -> bool:
    """Tell whether the process that was filling a folder is gone: the system gives up its lock with it."""
    try:
        if fcntl is None or not (folder / "lock").exists():
            return time.time() - folder.stat().st_mtime > STALE_SECONDS
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _unwritable(cache: Path, error: OSError) -> OutputError:
    return OutputError(
        f"The cache folder {cache} cannot be written ({error.strerror or error}): "
        "make room or give another folder in HYGIENE_CACHE_DIR."
    )
