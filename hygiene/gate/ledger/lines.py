r"""The lines of a ledger: a header, then a fact a line; plain ASCII JSON with its fields in one order.

Each line ends with a CRC-32 of what stands before it, over the key's id: a line that was changed, or that belongs to a
ledger with another key, is told from a whole one without the key. It guards against accidents; whoever can write the
file can forge a line. Text from outside is escaped by JSON, so that no line break or NUL of it stands in the file.

The hashes stand at the same place in each line, so that looking up a hundred thousand addresses among a million lines
takes no parser: of a line that nobody asked for, two slices and the checksum are all that is looked at.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zlib import crc32

from hygiene.gate.ledger.types import REASONS, Entry

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = "hygiene-ledger/1"
DIGITS = 64
_KEY_AT = len('{"key":"')
_VARIANT_AT = _KEY_AT + DIGITS + len('","variant":"')
KEY = slice(_KEY_AT, _KEY_AT + DIGITS)
"""Where the digits of `key` stand in a line."""
VARIANT = slice(_VARIANT_AT, _VARIANT_AT + DIGITS)
"""The same of `variant`; where that is null, other text stands here, which is no hash."""
IS_DOMAIN = b'","variant":null,"scope":"domain"'
AFTER_KEY = slice(KEY.stop, KEY.stop + len(IS_DOMAIN))
"""Where `IS_DOMAIN` stands in the line of a domain."""
CHECKED = -len('01234567"}')
"""Up to where the checksum counts."""
END = slice(CHECKED, None)
"""The checksum's eight digits and what closes the line."""


def header(key_id: str) -> bytes:
    """Return the first line of a ledger."""
    return _sealed(f'{{"format":"{FORMAT}","key_id":"{key_id}","check":"', 0)


def seed_of(key_id: str) -> int:
    """Return what the checksums of a ledger start with."""
    return crc32(key_id.encode())


def encode(entry: Entry, added_at: datetime, seed: int) -> bytes:
    """Return an entry as a line."""
    fields = {"scope": entry.scope, "reason": entry.reason, "at": _moment(entry.at), "source": entry.source}
    fields |= {"expires": entry.expires.isoformat() if entry.expires else None, "added_at": _moment(added_at)}
    body = {"key": entry.key, "variant": entry.variant, **fields}
    return _sealed(json.dumps(body, separators=(",", ":"))[:-1] + ',"check":"', seed)


def _sealed(text: str, seed: int) -> bytes:
    body = text.encode("ascii")
    return body + b'%08x"}' % crc32(body, seed) + b"\n"


def is_whole(line: bytes, seed: int) -> bool:
    """Tell whether a line, without its end, is as it was written; a carriage return that editors add is no harm."""
    line = line.removesuffix(b"\r")
    return line[END] == b'%08x"}' % crc32(line[:CHECKED], seed)


def read_header(line: bytes) -> tuple[str, str] | None:
    """Return the format and the key's id of a first line; None where it is damaged or none at all."""
    if not is_whole(line.removesuffix(b"\n"), 0):
        return None
    fields = _fields(line)
    form, key_id = fields.get("format"), fields.get("key_id")
    return (form, key_id) if isinstance(form, str) and isinstance(key_id, str) else None


def decode(line: bytes) -> Entry:
    """Return the entry of a whole line.

    Raises
    ------
    ValueError
        If the line is of a kind that this version does not know.
    """
    fields = _fields(line)
    try:
        entry = Entry(
            key=fields["key"],
            variant=fields["variant"],
            scope=fields["scope"],
            reason=fields["reason"],
            at=_read(fields["at"], _read_moment),
            source=fields["source"],
            expires=_read(fields["expires"], date.fromisoformat),
            added_at=_read_moment(fields["added_at"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"a line lacks {error}") from error
    if entry.reason not in REASONS:
        raise ValueError(f"the reason {entry.reason}")
    return entry


def _fields(line: bytes) -> dict[str, Any]:
    fields = json.loads(line.decode("ascii"))
    if not isinstance(fields, dict):
        raise ValueError("a line that is no object")
    return fields


def _read(value: str | None, reader: Callable[[str], Any]) -> Any:
    return None if value is None else reader(value)


def _moment(at: datetime | None) -> str | None:
    return None if at is None else f"{at.isoformat(timespec='seconds')}Z"


def _read_moment(text: str) -> datetime:
    return datetime.fromisoformat(text.removesuffix("Z"))
