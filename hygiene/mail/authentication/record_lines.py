"""One line of pasted DNS records → who it is about and what it says.

Read are zone files and `dig` (RFC 1035, section 5.1), `host`, `nslookup` of Windows and of Linux, the rows of a
provider's DNS page (type first), and plain `NAME RECORD`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from hygiene.mail.authentication.zone import name_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.mail.authentication.zone import Kind

Trouble = Literal[
    "not_understood", "no_name", "bad_name", "relative_name", "open_quote", "open_parenthesis", "too_long", "cut"
]
LONGEST_RECORD = 20_000
KINDS: Mapping[str, Kind] = {"txt": "TXT", "cname": "CNAME", "a": "A", "aaaa": "AAAA", "mx": "MX", "ptr": "PTR"}
"""The kinds that are kept."""
_TYPES = (
    r"TXT|CNAME|A|AAAA|MX|PTR|SPF|NS|SOA|SRV|CAA|DS|DNSKEY|RRSIG|NSEC3?|NSEC3PARAM|TLSA|HTTPS|SVCB|NAPTR|HINFO|LOC|"
    r"SSHFP|ALIAS"
)
_AFTER_NAME = re.compile(rf"(?:(?:\d+[smhdw]?|IN|CH|HS)\s+){{0,3}}({_TYPES})\s+(.*)", re.IGNORECASE | re.DOTALL)
_TYPE_FIRST = re.compile(r"(TXT|CNAME|A|AAAA|MX)\s+(\S+)\s+(.*)", re.IGNORECASE | re.DOTALL)
_SAID_KINDS: Mapping[str, Kind] = {
    "text": "TXT",
    "descriptive text": "TXT",
    "canonical name": "CNAME",
    "is an alias for": "CNAME",
    "mail exchanger": "MX",
    "mail is handled by": "MX",
    "has address": "A",
    "has ipv6 address": "AAAA",
    "name": "PTR",
}
"""What nslookup and host write between a name and its record."""
_SAID = re.compile(rf"(\S+?)\.?\s+({'|'.join(_SAID_KINDS)})\b\s*=?\s*(.+)", re.IGNORECASE | re.DOTALL)
_RECORD = re.compile(r'"|(?:v|k|p|h|t|s|n|g)\s*=', re.IGNORECASE)
_CHUNK = re.compile(r'"((?:[^"\\]|\\.)*)"\s*', re.DOTALL)
_ESCAPE = re.compile(r"\\(\d{3}|.)", re.DOTALL)
_GIVEN_ORIGIN = re.compile(r"(?:@|[^.]+|_dmarc|.*\._domainkey)", re.IGNORECASE | re.DOTALL)


class Record(NamedTuple):
    """A record that a line holds."""

    name: str
    kind: Kind
    text: str


class Unread(NamedTuple):
    """A line that could not be understood."""

    trouble: Trouble


class Other(NamedTuple):
    """A record of a kind that is not kept."""

    name: str


Line = Record | Other | Unread


class Names(NamedTuple):
    """What a line's name may hang on."""

    origin: str = ""
    """What a relative name stands under; empty: not known."""
    is_zone: bool = False
    """Whether a `$ORIGIN` said so: then every name without a last dot is relative."""
    previous: str = ""
    """The name of the record before: a zone file may leave it out."""

    def full(self, text: str) -> str | Unread:
        """Return a name in full."""
        if text == "@":
            return self.origin or Unread("relative_name")
        is_relative = not text.endswith(".") and (self.is_zone or _GIVEN_ORIGIN.fullmatch(text))
        if is_relative and self.origin and not f".{text.lower()}".endswith(f".{self.origin}"):
            text = f"{text}.{self.origin}"
        elif is_relative and not self.origin:
            return Unread("relative_name")
        return name_of(text) or Unread("bad_name")


def read_line(text: str, names: Names) -> Line:
    """Return what a logical line says; never raises.

    Parameters
    ----------
    text
        The line, without line ends of its own; a leading space means that the name is left out.
    names
        What a name hangs on.

    Examples
    --------
    >>> read_line('example.com. 3600 IN TXT "v=spf1 " "-all" ; mail', Names())
    Record(name='example.com', kind='TXT', text='v=spf1 -all')
    >>> read_line("_dmarc.example.com v=DMARC1; p=none", Names()).text
    'v=DMARC1; p=none'
    >>> read_line("v=spf1 -all", Names())
    Unread(trouble='no_name')
    """
    bare = text.strip()
    if _RECORD.match(bare):
        return Unread("no_name")
    if text[:1] in (" ", "\t") and (found := _AFTER_NAME.fullmatch(bare)):
        return _record(names.previous, found[1], found[2]) if names.previous else Unread("no_name")
    if found := _TYPE_FIRST.fullmatch(bare):
        return _named(found[2], found[1], found[3], names)
    name, rest = [*bare.split(None, 1), "", ""][:2]
    if found := _AFTER_NAME.fullmatch(rest):
        return _named(name, found[1], found[2], names)
    if found := _SAID.fullmatch(bare):
        return _named(found[1], _SAID_KINDS[found[2].lower()], found[3], names)
    if _RECORD.match(rest):
        return _named(name, "TXT", rest, names)
    return Unread("not_understood")


def _named(name: str, kind: str, data: str, names: Names) -> Line:
    full = names.full(name.rstrip(":"))
    return full if isinstance(full, Unread) else _record(full, kind, data)


def _record(name: str, kind: str, data: str) -> Line:
    kept = KINDS.get(kind.lower())
    if kept is None:
        return Other(name)
    if kept == "TXT":
        text = strings(data)
        return Unread(text.trouble) if isinstance(text, Unread) else Record(name, kept, text)
    word = data.split(";")[0].split()
    if kept == "MX":
        word = word[-1:]  # "10 mx1.example.com.", or "… = 10, mail exchanger = mx1.example.com"
    target = word[0] if word else ""
    target = target if kept in ("A", "AAAA") else name_of(target)
    return Record(name, kept, target) if target else Unread("not_understood")


def strings(data: str) -> str | Unread:
    r"""Return the text of a TXT record from its strings: RFC 1035, section 5.1; RFC 7208, section 3.3.

    Examples
    --------
    >>> strings('"v=DKIM1; p=MIG" "fMA0"'), strings("v=spf1 -all"), strings('"v=spf1')
    ('v=DKIM1; p=MIGfMA0', 'v=spf1 -all', Unread(trouble='open_quote'))
    """
    data = data.strip()
    if not data.startswith('"'):
        plain = data.split("\t")[0].strip()  # a provider's page has more columns
        return Unread("too_long") if len(plain) > LONGEST_RECORD else plain
    chunks: list[str] = []
    place = 0
    while place < len(data) and data[place] == '"':
        found = _CHUNK.match(data, place)
        if found is None:
            return Unread("open_quote")
        chunks.append(_ESCAPE.sub(_unescaped, found[1]))
        place = found.end()
    rest = data[place:]
    if rest and rest[0] not in ";)\t":
        return Unread("open_quote")
    whole = "".join(chunks)
    return Unread("too_long") if len(whole) > LONGEST_RECORD else whole


def _unescaped(found: re.Match[str]) -> str:
    code = found[1]
    return chr(min(int(code), 255)) if code.isdigit() and len(code) == 3 else code
