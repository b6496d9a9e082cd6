"""Pasted DNS records: a text file with whatever somebody copied from a terminal or from the DNS page of a provider.

A file holds what was copied and perhaps not all that there is. So a missing record counts as absent only where a
look-up of the paste says so (`NXDOMAIN`, an empty answer), and only in a file that also holds a record: a resolver that
finds nothing at all is broken. The order of the records does not matter.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hygiene.errors import SourceError
from hygiene.mail.authentication.logical_lines import LONGEST_HEAD, logical_lines
from hygiene.mail.authentication.record_lines import Names, Record, Trouble, Unread, read_line
from hygiene.mail.authentication.zone import Zone, gathered, name_of
from hygiene.mail.charsets import decoded

if TYPE_CHECKING:
    from hygiene.mail.authentication.logical_lines import Logical
    from hygiene.mail.authentication.zone import Kind, Question

READ_BYTES = 1 << 20
MOST_LINES = 20_000
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " ", "\ufeff": "", "\u200b": ""})
_STATUS = re.compile(r";;\s*->>HEADER<<-.*?\bstatus:\s*([A-Z]+)")
_COUNT = re.compile(r";;\s*flags:.*?\bANSWER:\s*(\d+)")
_QUESTION = re.compile(r";([^\s;]+)\s+(?:IN|CH|HS)\s+(TXT|CNAME|A|AAAA|MX|PTR)\s*")
_ORIGIN = re.compile(r"\$ORIGIN\s+(\S+)", re.IGNORECASE)
_NOT_FOUND = re.compile(
    r"(?:\*{2,3}\s.*?(?:can't find|ne parvient pas à trouver|kann|no encuentra)\s+(?P<looked>\S+?)"
    r"(?:\s+nicht finden)?\s*:"
    r"|Host\s+(?P<host>\S+)\s+not found\s*:)\s*(?P<why>.*)",
    re.IGNORECASE,
)
_NO_RECORD = re.compile(r"(\S+)\s+has no (TXT|CNAME|MX|PTR|A|AAAA) record", re.IGNORECASE)
_SURE = re.compile(r"NXDOMAIN|non-existent domain|no answer", re.IGNORECASE)
_NOISE = re.compile(
    r"(?:server|serveur|servidor|address(?:es)?|adresses?|aliases|name|nom|nombre)\s*:|"
    r"(?:non-)?authoritative answer|réponse ne faisant pas autorité|nicht autorisierende antwort|"
    r"using domain server|authoritative answers can be found|\$\s|>\s|[A-Za-z]:\\|PS\s|\$TTL\b|\$INCLUDE\b|"
    r"[-=_*~]{3,}$|https?://|dns request timed out|\s*timeout was",
    re.IGNORECASE,
)


class UnreadLine(NamedTuple):
    """A line that was not understood."""

    line: int
    """From 1."""
    trouble: Trouble


class PastedRecords(NamedTuple):
    """What a file of records says."""

    zone: Zone
    unread: tuple[UnreadLine, ...]
    records: int
    """How many were understood."""


def load_records(path: str | Path, origin: str = "") -> PastedRecords:
    """Return the records of a text file.

    Parameters
    ----------
    path
        The file.
    origin
        The domain that names such as `@` and `_dmarc` stand under.

    Raises
    ------
    SourceError
        If the file cannot be read.
    """
    try:
        with Path(path).open("rb") as file:
            raw = file.read(READ_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}. Check the name and its rights.") from error
    return read_records(_text(raw), origin)


def _text(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):  # what PowerShell's `>` writes
        return raw.decode("utf-16", "replace")
    return decoded(raw, None)


def read_records(text: str, origin: str = "") -> PastedRecords:
    """Return the records of a text; never raises.

    Examples
    --------
    >>> pasted = read_records('example.com TXT "v=spf1 -all"' + chr(10) + "what is this")
    >>> pasted.zone.ask("example.com").texts, pasted.unread
    (('v=spf1 -all',), (UnreadLine(line=2, trouble='not_understood'),))
    """
    reader = _Reader(origin=name_of(origin) if origin else "")
    lines = text[:READ_BYTES].translate(_QUOTES).splitlines()
    for logical in logical_lines(lines[:MOST_LINES]):
        reader.take(logical)
    if len(lines) > MOST_LINES or len(text) > READ_BYTES:
        reader.unread.append(UnreadLine(min(len(lines), MOST_LINES) + 1, "cut"))
    return reader.result()


class _Reader:
    """Takes lines one after the other."""

    def __init__(self, origin: str) -> None:
        self.names = Names(origin)
        self.found: list[Record] = []
        self.unread: list[UnreadLine] = []
        self.complete: set[Question] = set()
        self.failed: set[Question] = set()
        self.status = ""
        self.answers = -1

    def take(self, logical: Logical) -> None:
        """Read one line."""
        text = logical.text.strip()
        head = text[:LONGEST_HEAD]
        if logical.trouble:
            self.unread.append(UnreadLine(logical.line, logical.trouble))
            return
        if not text or self._is_head(head) or self._is_negative(head) or _NOISE.match(head):
            return
        if given := _ORIGIN.match(text):
            self.names = self.names._replace(origin=name_of(given[1]), is_zone=True)
            return
        said = read_line(logical.text, self.names)
        if isinstance(said, Unread):
            self.unread.append(UnreadLine(logical.line, said.trouble))
            return
        self.names = self.names._replace(previous=said.name)
        if isinstance(said, Record):
            self.found.append(said)

    def _is_head(self, text: str) -> bool:
        """Take dig's comments: they say what was asked, and whether there is an answer."""
        if status := _STATUS.match(text):
            self.status, self.answers = status[1], -1
        elif count := _COUNT.match(text):
            self.answers = int(count[1])
        elif self.status and (question := _QUESTION.fullmatch(text)):
            self._answered(question[1], question[2])
        return text.startswith((";", "#", "//"))

    def _answered(self, name: str, kind: str) -> None:
        asked: Question = (name_of(name), _kind(kind))
        if self.status == "NXDOMAIN" or (self.status == "NOERROR" and self.answers >= 0):
            self.complete.add(asked)
        elif self.status != "NOERROR":
            self.failed.add(asked)
        self.status = ""

    def _is_negative(self, text: str) -> bool:
        """Take what nslookup and host say of names that they do not find."""
        if none := _NO_RECORD.match(text):
            self.complete.add((name_of(none[1]), _kind(none[2])))
            return True
        found = _NOT_FOUND.match(text)
        if found is None:
            return False
        asked: Question = (name_of(found["looked"] or found["host"]), "TXT")
        (self.complete if _SURE.search(found["why"]) else self.failed).add(asked)
        return True

    def result(self) -> PastedRecords:
        """Return what all lines say."""
        records = gathered(self.found)
        # An alias has no records of its own: an "empty" answer of dig counts it among the answers.
        aliased = {name for name, kind in records if kind == "CNAME"}
        complete = frozenset(asked for asked in self.complete if asked[0] not in aliased)
        zone = (
            Zone(records, complete, frozenset(self.failed - complete))
            if records
            else Zone(failed=frozenset(self.failed))
        )
        return PastedRecords(zone, tuple(self.unread), len(self.found))


def _kind(text: str) -> Kind:
    kinds: dict[str, Kind] = {"TXT": "TXT", "CNAME": "CNAME", "A": "A", "AAAA": "AAAA", "MX": "MX"}
    return kinds.get(text.upper(), "PTR")
