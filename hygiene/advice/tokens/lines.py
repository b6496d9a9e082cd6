"""The lines of `hygiene tokens`: a JSON object a line, with a text and the property names that exist."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from hygiene.advice.tokens.scan import scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygiene.advice.tokens.types import Scan

FORM = 'one JSON object a line is expected, such as {"text": "Hi {{first_name}}", "fields": ["first_name"]}'


class Line(NamedTuple):
    """A line of the input: what was found in its text, or why it can't be read."""

    number: int
    scan: Scan | None
    error: str | None = None


def scan_lines(lines: Iterable[bytes], dialect: str) -> Iterator[Line]:
    r"""Yield exactly one `Line` for each line of the input, in its order; a bad one never loses the others.

    Examples
    --------
    >>> good, bad = scan_lines([b'{"text": "{{x}}"}\n', b"Hi {{x}}\n"], "outreach")
    >>> good.scan.pairs(), bad.error.partition(":")[0]
    ([('x', None)], 'Line 2 is no JSON object')
    """
    for number, raw in enumerate(lines, start=1):
        try:
            text, fields = _read(raw)
        except (ValueError, RecursionError) as error:
            reason = str(error) if isinstance(error, _LineError) else f"is no JSON object: {FORM}"
            yield Line(number, None, f"Line {number} {reason}.")
        else:
            yield Line(number, scan(text, dialect, fields))


class _LineError(ValueError):
    """Why a line that is JSON can't be used."""


def _read(raw: bytes) -> tuple[str, list[str] | None]:
    row = json.loads(raw.decode("utf-8-sig"))
    if not isinstance(row, dict):
        raise _LineError(f"is no JSON object: {FORM}")
    text, fields = row.get("text"), row.get("fields")
    if not isinstance(text, str):
        raise _LineError("has no “text”: " + FORM)
    if fields is not None and not (isinstance(fields, list) and all(isinstance(name, str) for name in fields)):
        raise _LineError("has “fields” that are no list of names: " + FORM)
    return text, fields
