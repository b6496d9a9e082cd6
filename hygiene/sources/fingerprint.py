"""Hashes of files, taken anew only when a file may have changed."""

from __future__ import annotations

import hashlib
import json
import os
import time
from typing import TYPE_CHECKING, Any

from hygiene.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.sources.discover import SourceFile

INDEX = "hashes.json"
RACY_SECONDS = 2.0
"""A file changed this shortly before it was hashed may change again within the same time stamp: it is not indexed."""
MAX_ENTRIES = 1000


def digest(*parts: str) -> str:
    """Return the hash of some texts, each with its length before it."""
    whole = hashlib.blake2b(digest_size=16)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass")
        whole.update(len(content).to_bytes(8, "big") + content)
    return whole.hexdigest()


def hash_files(files: tuple[SourceFile, ...], cache: Path) -> dict[str, str]:
    """Return the content hash of each file, by name.

    A file whose size, time of change and inode are those of the index is not read again.

    Parameters
    ----------
    files
        What to hash.
    cache
        Folder of the index; it is only ever an aid, so that a damaged one is passed over.

    Raises
    ------
    SourceError
        If a file cannot be read.
    """
    index = _read_index(cache / INDEX)
    hashes = {}
    for file in files:
        place = str(file.path.resolve())
        try:
            stamp = _stamp(file.path.stat())
            entry = index.get(place)
            if not (isinstance(entry, list) and entry[:-1] == stamp):
                began = time.time_ns()
                entry = [*stamp, _hash(file.path)]
                index.pop(place, None)
                if began - stamp[1] > RACY_SECONDS * 1e9 and _stamp(file.path.stat()) == stamp:
                    index[place] = entry
        except OSError as error:
            raise SourceError(f"{file.name} cannot be read ({error.strerror}): check its permissions.") from error
        hashes[file.name] = str(entry[-1])
    _write_index(cache / INDEX, index)
    return hashes


def _stamp(stat: os.stat_result) -> list[int]:
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _read_index(path: Path) -> dict[str, Any]:
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return index if isinstance(index, dict) else {}


def _write_index(path: Path, index: dict[str, Any]) -> None:
    newest = dict(list(index.items())[-MAX_ENTRIES:])
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(newest), encoding="utf-8")
    temporary.replace(path)
