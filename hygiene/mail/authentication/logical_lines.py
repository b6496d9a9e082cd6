"""Lines of a text → records: a zone file's parentheses and nslookup's strings run over several lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.mail.authentication.record_lines import Trouble

LONGEST_LINE = 30_000
LONGEST_HEAD = 400
"""Characters of a line in which a tool's own words are looked for."""
MOST_JOINED = 60
"""Lines that a parenthesis of a zone file or a record of nslookup may run over (assumed; a key takes five)."""
_OPEN_TEXT = re.compile(r"\S+\s+text\s*=\s*", re.IGNORECASE)


class Logical(NamedTuple):
    """The lines of one record."""

    line: int
    """Of the first, from 1."""
    text: str
    trouble: Trouble | None = None


def logical_lines(lines: list[str]) -> Iterator[Logical]:
    """Yield lines, those of one record in one: a zone file's parentheses, and nslookup's strings below `text =`."""
    depths = [_depth(line) for line in lines]
    place = 0
    while place < len(lines):
        text, end = lines[place], place + 1
        trouble: Trouble | None = "too_long" if len(text) > LONGEST_LINE else None
        if _OPEN_TEXT.fullmatch(text.strip()[:LONGEST_HEAD]):
            text, end = _with_strings(lines, place)
        elif depths[place] > 0:
            end = _end_of_parentheses(depths, place)
            text = _without_parentheses(lines[place:end])
            trouble = "open_parenthesis" if end == place + 1 else trouble
        yield Logical(place + 1, text, trouble)
        place = end


def _with_strings(lines: list[str], start: int) -> tuple[str, int]:
    end, parts = start + 1, [lines[start]]
    while end < len(lines) and end - start < MOST_JOINED:
        strip = lines[end].strip()
        if strip and not strip.startswith('"'):
            break
        parts += [strip] if strip else []
        end += 1
        if not strip and len(parts) > 1:
            break
    return " ".join(parts), end


def _depth(line: str) -> int:
    """Return how many parentheses outside quotes a line opens more than it closes."""
    if "(" not in line and ")" not in line:
        return 0
    plain, _ = _outside(line)
    return plain.count("(") - plain.count(")")


def _end_of_parentheses(depths: list[int], start: int) -> int:
    """Return the line after the one that closes what a line opens; the next one, where none does."""
    depth = 0
    for place in range(start, min(start + MOST_JOINED, len(depths))):
        depth += depths[place]
        if depth <= 0:
            return place + 1
    return start + 1


def _without_parentheses(lines: list[str]) -> str:
    parts = []
    for line in lines:
        plain, marked = _outside(line)
        parts.append("".join(" " if sign in "()" else letter for letter, sign in zip(marked, plain, strict=True)))
    return " ".join(parts)


def _outside(text: str) -> tuple[str, str]:
    """Return a line up to its comment, once with what stands in quotes blanked out, and once as it is."""
    plain: list[str] = []
    is_quoted = is_escaped = False
    for letter in text:
        if is_escaped:
            is_escaped = False
        elif letter == "\\":
            is_escaped = True
        elif letter == '"':
            is_quoted = not is_quoted
        elif letter == ";" and not is_quoted:
            break
        plain.append("x" if is_quoted or letter == '"' else letter)
    return "".join(plain), text[: len(plain)]
