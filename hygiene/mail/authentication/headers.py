"""The headers of a mail, each as often as it stands there, however odd or long: bounded, and never an exception.

RFC 5322: 2.2 (fields and their folding), 3.6 (how often each may stand), 2.1.1 (lines of at most 998 characters). What
breaks that is named, since some receivers refuse such mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygiene.mail.authentication.types import Fault
from hygiene.mail.charsets import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

READ_BYTES = 1 << 20
"""Of the headers; what is beyond is not read."""
MOST_FIELDS = 2_000
MOST_LINES = 20_000
LONGEST_VALUE = 1 << 16
"""Characters of one header."""
LONGEST_LINE = 998
"""Characters: RFC 5322, section 2.1.1."""
MOST_NAMED = 5
"""Faults of one kind that are named."""
ONCE = (
    *("date", "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references", "subject"),
    *("mime-version", "list-unsubscribe", "list-unsubscribe-post", "list-id"),
)
"""RFC 5322, section 3.6; RFC 2045, section 4; RFC 2369, section 3; RFC 8058, section 5; RFC 2919, section 2."""
NEEDED = ("date", "from")
"""RFC 5322, section 3.6: the only two that must be there."""
_FIELD = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,200})[ \t]*:(.*)", re.DOTALL)
_SEPARATOR = re.compile(r"[,;](?![^<>]*>)")
_ANGLE = re.compile(r"<([^<>]*)>?")
_LINE_END = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True)
class Headers:
    """The fields in order, names in lower case, values unfolded."""

    fields: tuple[tuple[str, str], ...]
    faults: tuple[Fault, ...] = ()

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a name, the uppermost first."""
        return tuple(value for known, value in self.fields if known == name)

    def first(self, name: str) -> str:
        """Return the uppermost value of a name, or nothing."""
        return next(iter(self.all(name)), "")

    def has(self, name: str) -> bool:
        """Tell whether there is a field of a name."""
        return any(known == name for known, _ in self.fields)


def read_headers(raw: bytes) -> Headers:
    r"""Return the headers of a mail; never raises.

    Examples
    --------
    >>> read_headers(b"From: a@example.com\r\nDate: x\r\nSubject: one\r\n two\r\n\r\nText").fields[2]
    ('subject', 'one two')
    >>> read_headers(b"From: a@example.com\nFrom: b@example.com\nDate: x\n\n").faults
    (Fault(code='twice', detail='from'),)
    """
    faults: list[Fault] = []
    fields: list[tuple[str, str]] = []
    for name, value in _fields(raw, faults):
        if len(fields) == MOST_FIELDS:
            faults.append(Fault("too_many", str(MOST_FIELDS)))
            break
        fields.append((name, value))
    names = [name for name, _ in fields]
    faults += [Fault("twice", name) for name in ONCE if names.count(name) > 1]
    faults += [Fault("missing", name) for name in NEEDED if fields and name not in names]
    if not fields:
        faults.append(Fault("no_headers"))
    return Headers(tuple(fields), _few(faults))


def _fields(raw: bytes, faults: list[Fault]) -> Iterator[tuple[str, str]]:
    """Yield the fields up to the first empty line."""
    lines = _LINE_END.split(raw[:READ_BYTES].lstrip(b"\r\n \t\x00\xef\xbb\xbf"))
    if lines[0].startswith((b"From ", b">From ")):  # an mbox's own line
        lines = lines[1:]
    field: list[bytes] = []
    is_cut = len(raw) > READ_BYTES or len(lines) > MOST_LINES
    for line in lines[:MOST_LINES]:
        if not line.strip():
            is_cut = False
            break
        if len(line) > LONGEST_LINE:
            faults.append(Fault("long_line", str(len(line))))
        if line[:1] in (b" ", b"\t") and field:
            field.append(line)
            continue
        if field:
            yield _field(field, faults)
        field = [line] if _FIELD.match(line) else []
        if not field:
            faults.append(Fault("no_field", decoded(line[:80], None)))
    if is_cut:
        faults.append(Fault("cut", str(READ_BYTES)))
    if field:
        yield _field(field, faults)


def _field(lines: Sequence[bytes], faults: list[Fault]) -> tuple[str, str]:
    found = _FIELD.match(b" ".join(line.strip(b" \t") for line in lines)[: 2 * LONGEST_VALUE])
    name, value = (found[1], found[2]) if found else (b"", b"")
    if not value.isascii():
        faults.append(Fault("raw_eight_bit", name.decode("ascii").lower()))
    return name.decode("ascii").lower(), decoded(value.strip(), None)[:LONGEST_VALUE].replace("\x00", "")


def _few(faults: list[Fault]) -> tuple[Fault, ...]:
    """Return the first few of each kind: a damaged file has thousands."""
    kept: list[Fault] = []
    for fault in dict.fromkeys(faults):
        if sum(known.code == fault.code for known in kept) < MOST_NAMED:
            kept.append(fault)
    return tuple(kept)


def plain(value: str, *, keeps_quoted: bool) -> str:
    r"""Return a header's value without comments, in one pass.

    RFC 5322, section 3.2.2: what stands in parentheses outside quotes, and they nest.

    Parameters
    ----------
    value
        Of the header.
    keeps_quoted
        Whether what stands in quotes is kept.

    Examples
    --------
    >>> plain('a (b (c)) "d (e)" f', keeps_quoted=True), plain('"x@y" <a@b>', keeps_quoted=False)
    ('a  "d (e)" f', ' <a@b>')
    """
    kept: list[str] = []
    depth, is_quoted, is_escaped = 0, False, False
    for letter in value[:LONGEST_VALUE]:
        was_quoted = is_quoted
        if is_escaped:
            is_escaped = False
        elif letter == "\\" and (is_quoted or depth):
            is_escaped = True
        elif letter == '"' and not depth:
            is_quoted = not is_quoted
        elif letter in "()" and not is_quoted:
            depth = max(depth + (1 if letter == "(" else -1), 0)
            continue
        if not depth and (keeps_quoted or not (is_quoted or was_quoted)):
            kept.append(letter)
    return "".join(kept)


def mailboxes(value: str, most: int = 100) -> tuple[str, ...]:
    r"""Return the addresses of a header such as `From`, in order; never raises.

    RFC 5322, section 3.4. A name in quotes or a comment is no address, whatever stands in it.

    Examples
    --------
    >>> mailboxes('"ceo@bank.example" <x@example.com>, (note: y@example.net) z@example.org')
    ('x@example.com', 'z@example.org')
    >>> mailboxes("Team: a@example.com, b@example.com;"), mailboxes("Undisclosed recipients:;")
    (('a@example.com', 'b@example.com'), ())
    """
    found: list[str] = []
    for part in _SEPARATOR.split(plain(value, keeps_quoted=False)):
        angle = _ANGLE.search(part)
        address = (angle[1] if angle else part.rpartition(":")[2]).strip()
        if "@" in address:
            found.append(address)
    return tuple(found[:most])
