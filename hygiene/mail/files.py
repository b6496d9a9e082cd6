"""Where mails lie: a file, an mbox of many, a folder of either, whatever the suffix."""

from __future__ import annotations

import mmap
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hygiene.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAIL_LIMIT = 1 << 21
"""Bytes of one mail that are read; of an mbox as much is held at a time as its longest mail, up to this."""
_FROM_LINE = re.compile(
    rb"From [^\r\n]{0,200}(?:\d{1,2}:\d{2}[^\r\n]{0,60})?\d{4}[^\r\n]{0,20}(?:\r\n|\n|\r)[A-Za-z-]{1,60}:"
)
_AFTER_EMPTY = re.compile(rb"(?<=\n\n)From |(?<=\r\n\r\n)From |(?<=\r\r)From ")
_BOUNDARY = re.compile(rb"""boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)
# The last line before a returned original. Its own words may be a person's, so it must look like a report's.
_COPY = re.compile(
    rb"^[ \t]*(?:[-=*_]{2,}.{0,60}(?:copy|original|returned|unsent|forwarded|header)|.{0,40}\bbelow this line|"
    rb".{0,30}\b(?:copy of|original|returned|unsent) (?:the |your )?(?:message|mail)[^.!?]{0,40}(?::|-{2,})[ \t]*$)",
    re.IGNORECASE,
)


class RawMail(NamedTuple):
    """A mail as it lies in a file."""

    file: str
    raw: bytes


def mails_in(paths: Iterable[str | Path]) -> Iterator[RawMail]:
    """Yield the mails of files, mboxes and folders (recursively, by name), in order.

    Raises
    ------
    SourceError
        If a path does not exist or cannot be read.
    """
    for path in map(Path, paths):
        for file in _files(path):
            try:
                for mail in _mails_of(file):
                    yield RawMail(str(file), mail)
            except OSError as error:
                raise SourceError(f"{file} cannot be read: {error.strerror}. Check the name and its rights.") from error


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise SourceError(f"{path} does not exist. Name a mail, an mbox, or a folder of them.")
    if not path.is_dir():
        return [path]
    return sorted(entry for entry in path.rglob("*") if entry.is_file())


def _mails_of(file: Path) -> Iterator[bytes]:
    """Yield the mails of a file; an mbox is looked at where it lies, however long it is."""
    with file.open("rb") as stream:
        if stream.read(5) != b"From ":
            stream.seek(0)
            yield stream.read(MAIL_LIMIT)
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as raw:
            yield from split_mbox(raw)


def split_mbox(raw: bytes | mmap.mmap) -> Iterator[bytes]:
    """Yield the mails of a file: an mbox's one by one, or the file as it is.

    A `From ` line begins a mail only after an empty line and before a header, and not within a returned original: a
    mail whose MIME parts are still open goes on.
    """
    if raw[:5] != b"From ":
        yield raw[:MAIL_LIMIT]
        return
    start = 0
    candidates = _candidates(raw)
    place = next(candidates, None)
    while place is not None:
        following = next(candidates, None)
        if not _goes_on(raw, start, place, len(raw) if following is None else following):
            yield raw[start : min(place, start + MAIL_LIMIT)]
            start = place
        place = following
    yield raw[start : start + MAIL_LIMIT]


def _candidates(raw: bytes | mmap.mmap) -> Iterator[int]:
    """Yield where a mail may begin: a `From ` line after an empty line and before a header."""
    for found in _AFTER_EMPTY.finditer(raw):
        if _FROM_LINE.match(raw, found.start()):
            yield found.start()


def _goes_on(raw: bytes | mmap.mmap, start: int, place: int, following: int) -> bool:
    """Tell whether the mail that began at `start` still goes on at `place`, where the next might begin.

    A part that is open there must be closed before the `following` candidate: no mail can hide more than one.
    """
    last = raw[max(start, place - 400) : place].rstrip().rpartition(b"\n")[2]
    if _COPY.search(last):
        return True
    boundary = _BOUNDARY.search(raw, start, min(place, start + 16_384))
    if not boundary:
        return False
    end = b"--" + (boundary[1] or boundary[2]) + b"--"
    return raw.find(end, start, place) < 0 and raw.find(end, place, following) >= 0
