"""A mail's bytes → what its reader needs: headers, text, delivery reports and the returned original.

Bounded in time and memory: only the first `READ_BYTES` of a mail are parsed, at most `MAX_PARTS` parts down to
`MAX_DEPTH`, at most `TEXT_LIMIT` characters of each. Nothing here raises for any bytes.
"""

from __future__ import annotations

import binascii
import re
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message as MimeMessage
from email.parser import BytesParser
from email.policy import compat32
from typing import TYPE_CHECKING, NamedTuple

from hygiene.mail.charsets import decoded
from hygiene.mail.html_text import plain_text
from hygiene.mail.status import Fields, parse_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

READ_BYTES = 1 << 20
"""A bounce's report comes first; what is beyond is the returned original's attachments."""
MAX_PARTS = 60
MAX_DEPTH = 12
TEXT_LIMIT = 1 << 16

STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
ORIGINAL_TYPES = ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers")
_LONE_CR = re.compile(rb"\r(?!\n)")
LINE_BYTES = 20_000
"""Of a longer line the rest is not read: RFC 5322, section 2.1.1, allows 998."""
_LONG_LINE = re.compile(rb"([^\n]{%d})[^\n]+" % LINE_BYTES)
# The standard library takes time with the square of a Content-Type's length.
_LONG_TYPE = re.compile(
    rb"^(content-(?:type|disposition)[ \t]*:(?:[^\n]|\n[ \t]){2000})(?:[^\n]|\n[ \t])+", re.IGNORECASE | re.MULTILINE
)


class Mail(NamedTuple):
    """What is read of one mail; names of headers in lower case, values decoded, the first of each name."""

    headers: Mapping[str, str]
    content_type: str
    """Of the whole mail, in lower case, such as `multipart/report`."""
    report_type: str
    """RFC 6522's parameter, in lower case; empty where there is none."""
    text: str
    """The human-readable parts before the returned original, one after the other."""
    groups: tuple[Fields, ...]
    """The groups of fields of delivery reports (RFC 3464), the one about the message first."""
    feedback: Fields | None
    """The fields of a complaint report (RFC 5965)."""
    disposition: Fields | None
    """The fields of a read receipt (RFC 8098)."""
    original: Mapping[str, str]
    """The headers of the returned original, where it came as a part."""
    types: frozenset[str]
    """The content types of all parts, in lower case."""
    is_readable: bool
    """Whether there was a header or a text at all."""


def read_mail(raw: bytes) -> Mail:
    """Return what is read of a mail; never raises."""
    raw = raw[:READ_BYTES]
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2] if b"\n" in raw[:1000] else raw.partition(b"\r")[2]
    raw = _LONE_CR.sub(b"\n", raw.lstrip(b"\r\n \t\x00\xef\xbb\xbf"))
    raw = _LONG_TYPE.sub(rb"\1", _LONG_LINE.sub(rb"\1", raw))
    try:
        message = BytesParser(policy=compat32).parsebytes(raw)
        return _Reader().read(message)
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError, KeyError):
        # The parser of the standard library fails on some malformed mails; the text is there all the same.
        return EMPTY._replace(text=decoded(raw[:TEXT_LIMIT], None), is_readable=False)


class _Reader:
    """Walks the parts of one mail."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.html: list[str] = []
        self.groups: list[Fields] = []
        self.feedback: Fields | None = None
        self.disposition: Fields | None = None
        self.original: dict[str, str] = {}
        self.types: set[str] = set()

    def read(self, message: MimeMessage) -> Mail:
        for part, kind in _parts(message):
            self._take(part, kind, is_top=part is message)
        inner = self._wrapped(message)
        if inner is not None:
            return _Reader().read(inner)
        headers = header_map(message)
        text = "\n\n".join(self.texts)
        if self.html and len(text.strip()) < len("please see below"):
            text = "\n\n".join([*self.texts, *self.html])
        return Mail(
            headers=headers,
            content_type=_type(message),
            report_type=_parameter(message, "report-type"),
            text=text,
            groups=tuple(self.groups),
            feedback=self.feedback,
            disposition=self.disposition,
            original=self.original,
            types=frozenset(self.types),
            is_readable=bool(headers) or bool(text.strip()),
        )

    def _wrapped(self, message: MimeMessage) -> MimeMessage | None:
        """Return the report within a mail whose one content it is: some gateways hand reports on so."""
        if self.groups or _parameter(message, "report-type") != "delivery-status" or "".join(self.texts).strip():
            return None
        inner = [part.get_payload() for part, kind in _parts(message) if kind == "message/rfc822"]
        found = inner[0][0] if inner and isinstance(inner[0], list) and inner[0] else None
        return found if isinstance(found, MimeMessage) and _type(found) == "multipart/report" else None

    def _take(self, part: MimeMessage, kind: str, *, is_top: bool) -> None:
        self.types.add(kind)
        if kind in STATUS_TYPES:
            self.groups += parse_groups(_status_text(part))
        elif kind == "message/feedback-report":
            self.feedback = self.feedback or _merged(parse_groups(_status_text(part)))
        elif kind == "message/disposition-notification":
            self.disposition = self.disposition or _merged(parse_groups(_status_text(part)))
        elif kind in ORIGINAL_TYPES:
            self.original = self.original or _original(part)
        elif part.is_multipart() or (self.original and not is_top):
            return  # a text after the returned original is part of it, or a footer
        elif kind in ("text/html", "text/x-html"):
            self.html.append(plain_text(_payload(part)))
        elif kind.startswith("text/") or is_top or kind == "message/partial":
            self._take_text(_payload(part))

    def _take_text(self, text: str) -> None:
        groups = parse_groups(text) if "-recipient:" in text[:4096].lower() else []
        if any("final-recipient" in group or "original-recipient" in group for group in groups) and not self.groups:
            self.groups += [group for group in groups if "final-recipient" in group or "original-recipient" in group]
        self.texts.append(text)


def _parts(message: MimeMessage) -> Iterator[tuple[MimeMessage, str]]:
    """Yield the parts with their content types, in order, never those of a returned original."""
    stack = [(message, 0)]
    for _ in range(MAX_PARTS):
        if not stack:
            return
        part, depth = stack.pop()
        kind = _type(part)
        yield part, kind
        payload = part.get_payload()
        if kind.startswith("multipart/") and isinstance(payload, list) and depth < MAX_DEPTH:
            stack += [(child, depth + 1) for child in reversed(payload) if isinstance(child, MimeMessage)]


def _type(part: MimeMessage) -> str:
    return str(part.get_content_type()).lower()


def _parameter(part: MimeMessage, name: str) -> str:
    value = part.get_param(name)
    return value.lower() if isinstance(value, str) else ""


def _payload(part: MimeMessage) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    charset = _parameter(part, "charset") or None
    return decoded(payload[: TEXT_LIMIT * 2], charset)[:TEXT_LIMIT]


def _status_text(part: MimeMessage) -> str:
    """Return the text of a part that the parser has already taken apart into groups of headers."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return _payload(part)
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    groups = [group for group in payload if isinstance(group, MimeMessage)]
    blocks = ["\n".join(f"{name}: {value}" for name, value in group.items()) for group in groups]
    bodies = [str(group.get_payload()) for group in groups if not group.is_multipart()]
    if encoding in ("base64", "quoted-printable"):
        return _decode_body("\n".join((*blocks, *bodies)), encoding)
    pairs = [f"{block}\n\n{body}" if body.strip() else block for block, body in zip(blocks, bodies, strict=False)]
    return "\n\n".join(pairs or blocks)[:READ_BYTES]


def _decode_body(text: str, encoding: str) -> str:
    raw = text.encode("ascii", "replace")
    try:
        plain = binascii.a2b_base64(raw) if encoding == "base64" else binascii.a2b_qp(raw)
    except binascii.Error:
        return text
    return decoded(plain, None)


def _merged(groups: list[Fields]) -> Fields:
    return {name: value for group in reversed(groups) for name, value in group.items()}


def _original(part: MimeMessage) -> dict[str, str]:
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], MimeMessage):
        return header_map(payload[0])
    return original_headers(_payload(part))


def original_headers(text: str) -> dict[str, str]:
    """Return the headers of a returned original that stands in a text."""
    groups = parse_groups(text.lstrip()[:TEXT_LIMIT])
    return {name: decoded_header(value) for name, value in groups[0].items()} if groups else {}


def header_map(message: MimeMessage) -> dict[str, str]:
    """Return the first value of each header, decoded, on one line."""
    headers: dict[str, str] = {}
    for name, value in message.raw_items():
        headers.setdefault(name.lower(), decoded_header(str(value)))
    return headers


def decoded_header(value: str) -> str:
    """Return a header's value with its encoded words (RFC 2047) decoded, on one line."""
    value = value[:TEXT_LIMIT]
    if "=?" in value:
        try:
            pieces = decode_header(value)
        except (HeaderParseError, ValueError):
            pieces = []
        if pieces:
            value = "".join(decoded(piece, charset) if isinstance(piece, bytes) else piece for piece, charset in pieces)
    elif not value.isascii():
        value = decoded(value.encode("utf-8", "surrogateescape"), None)
    return " ".join(value.split())


EMPTY = Mail({}, "", "", "", (), None, None, {}, frozenset(), is_readable=False)
