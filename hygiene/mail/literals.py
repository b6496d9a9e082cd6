"""Which words must stand in a text for a pattern to match at all: what lets most rules be skipped unread.

Reads the small dialect of regular expressions in which the rules are written: literals, classes, groups with
alternatives, bounded repeats and zero-width assertions. No backreference, no named group, no flag.
"""

from __future__ import annotations

import re
from itertools import product
from typing import Final, NamedTuple

MOST: Final = 24
"""Alternatives that are spelled out; beyond, a group only breaks the literal before it (assumed)."""

_REPEAT = re.compile(r"(?:[?*+]|\{(\d+)(?:,(\d*))?\})\??")
_ZERO_WIDTH = ("(?=", "(?!", "(?<=", "(?<!")


class _Part(NamedTuple):
    exact: frozenset[str] | None  # all the strings that the part can be, where they are few
    needed: frozenset[str] | None  # strings of which one must stand in any match


def needed_literals(pattern: str) -> frozenset[str]:
    r"""Return strings of which at least one stands in every match; empty when none can be told.

    Raises
    ------
    ValueError
        If the pattern leaves the dialect.

    Examples
    --------
    >>> sorted(needed_literals(r"\b(?:i am|i'm) out of (?:the )?office\b"))
    ['i am out of office', 'i am out of the office', "i'm out of office", "i'm out of the office"]
    >>> sorted(needed_literals(r"\w+ (?:mails?|[a-z]{2,9} letters)"))
    [' letters', 'mail', 'mails']
    """
    part, end = _alternatives(pattern, 0)
    if end != len(pattern):
        raise ValueError(f"unbalanced bracket in {pattern}")
    best = _better(part.needed, part.exact)
    return best or frozenset()


def _weight(literals: frozenset[str] | None) -> float:
    if not literals or "" in literals:
        return 0.0
    return min(map(_length, literals)) - 0.05 * len(literals)


def _length(text: str) -> int:
    """Return how much a literal says: an ideograph as much as two letters."""
    return len(text) if text.isascii() else sum(1 if sign < "\u3000" else 2 for sign in text)


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return one if _weight(one) >= _weight(other) else other


def _alternatives(pattern: str, at: int) -> tuple[_Part, int]:
    branches = []
    while True:
        branch, at = _sequence(pattern, at)
        branches.append(branch)
        if at >= len(pattern) or pattern[at] != "|":
            break
        at += 1
    exact = frozenset[str]().union(*(b.exact for b in branches if b.exact)) if all(b.exact for b in branches) else None
    if exact is not None and len(exact) > MOST:
        exact = None
    bests = [_better(branch.needed, branch.exact) for branch in branches]
    needed = frozenset[str]().union(*(b for b in bests if b)) if all(_weight(b) > 0 for b in bests) else None
    return _Part(exact, needed), at


def _sequence(pattern: str, at: int) -> tuple[_Part, int]:
    run: frozenset[str] = frozenset({""})
    needed: frozenset[str] | None = None
    whole = True
    while at < len(pattern) and pattern[at] not in "|)":
        part, at = _repeated(pattern, at)
        if part.exact is not None and len(run) * len(part.exact) <= MOST:
            run = frozenset(a + b for a, b in product(run, part.exact))
            continue
        whole = whole and part.exact is not None
        needed = _better(_better(needed, run), part.needed)
        run = part.exact or frozenset({""})
        whole = False
    return _Part(run if whole else None, _better(needed, run)), at


def _repeated(pattern: str, at: int) -> tuple[_Part, int]:
    part, at = _atom(pattern, at)
    repeat = _REPEAT.match(pattern, at)
    if not repeat:
        return part, at
    sign = repeat[0][0]
    if sign == "?" and part.exact is not None:
        return _Part(part.exact | {""}, None), repeat.end()
    least = {"?": 0, "*": 0, "+": 1}.get(sign, int(repeat[1] or 0))
    return _Part(None, _better(part.needed, part.exact) if least else None), repeat.end()


def _atom(pattern: str, at: int) -> tuple[_Part, int]:
    sign = pattern[at]
    if sign == "(":
        return _group(pattern, at)
    if sign == "[":
        end = pattern.index("]", at + 2)
        return _Part(None, None), end + 1
    if sign == "\\":
        escaped = pattern[at + 1]
        if escaped in "bB":
            return _Part(frozenset({""}), None), at + 2
        if escaped.isalnum():
            if escaped not in "wWdDsSn":
                raise ValueError(f"\\{escaped} is outside the dialect of the rules")
            return _Part(None, None), at + 2
        return _Part(frozenset({escaped}), None), at + 2
    if sign in "^$":
        return _Part(frozenset({""}), None), at + 1
    return (_Part(None, None) if sign == "." else _Part(frozenset({sign}), None)), at + 1


def _group(pattern: str, at: int) -> tuple[_Part, int]:
    assertion = pattern.startswith(_ZERO_WIDTH, at)
    start = at + (4 if pattern.startswith("(?<", at) else 3 if pattern.startswith("(?", at) else 1)
    if pattern.startswith("(?", at) and not assertion and not pattern.startswith("(?:", at):
        raise ValueError(f"{pattern[at : at + 4]} is outside the dialect of the rules")
    part, end = _alternatives(pattern, start)
    if end >= len(pattern):
        raise ValueError(f"unbalanced bracket in {pattern}")
    return (_Part(frozenset({""}), None) if assertion else part), end + 1
