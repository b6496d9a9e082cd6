"""Where mails lie: a file, an mbox of many, a folder of either, whatever the suffix."""

from __future__ import annotations

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
_BOUNDARY = re.compile(rb"""boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)
_COPY = re.compile(
    rb"copy of the (?:message|mail)|original (?:message|mail)|message follows|returned message|unsent", re.IGNORECASE
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
                raw = _head(file)
            except OSError as error:
                raise SourceError(f"{file} cannot be read: {error.strerror}. Check the name and its rights.") from error
            for mail in split_mbox(raw):
                yield RawMail(str(file), mail)


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise SourceError(f"{path} does not exist. Name a mail, an mbox, or a folder of them.")
    if not path.is_dir():
        return [path]
    return sorted(entry for entry in path.rglob("*") if entry.is_file())


def _head(file: Path) -> bytes:
    """Read a file; of a single long mail only its beginning, of an mbox all."""
    with file.open("rb") as stream:
        head = stream.read(MAIL_LIMIT)
        return head + stream.read() if head.startswith(b"From ") else head


def split_mbox(raw: bytes) -> Iterator[bytes]:
    """Yield the mails of a file: an mbox's one by one, or the file as it is.

    A `From ` line begins a mail only after an empty line and before a header, and not within a returned original: a
    mail whose MIME parts are still open goes on.
    """
    if not raw.startswith(b"From "):
        yield raw
        return
    start = 0
    for found in re.finditer(rb"(?<=\n\n)From |(?<=\r\n\r\n)From |(?<=\r\r)From ", raw):
        place = found.start()
        if _FROM_LINE.match(raw, place) and not _goes_on(raw, start, place):
            yield raw[start:place][:MAIL_LIMIT]
            start = place
    yield raw[start:][:MAIL_LIMIT]


def _goes_on(raw: bytes, start: int, place: int) -> bool:
    """Tell whether the mail that began at `start` still goes on at `place`."""
    body = raw[max(start, place - 400) : place]
    if _COPY.search(body[-200:]):
        return True
    boundary = _BOUNDARY.search(raw, start, min(place, start + 16_384))
    if not boundary:
        return False
    end = b"--" + (boundary[1] or boundary[2]) + b"--"
    return raw.find(end, start, place) < 0 and raw.find(end, place, place + MAIL_LIMIT) >= 0
