"""Variants of a text, which hold tokens: `{Hi|Hello}`, `{{RANDOM | Hi | Hello}}`, `{spin}Hi|Hello{endspin}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygiene.advice.tokens.events import Event
from hygiene.advice.tokens.words import is_field

if TYPE_CHECKING:
    from hygiene.advice.tokens.grammar import Grammar
    from hygiene.advice.tokens.types import Kind

BRACE = re.compile(r"\{%|%\}|\{+|\}+|\|")
RANDOM = re.compile(r"\{\{\s*random\s*\Z", re.IGNORECASE)
SPIN = re.compile(r"\{\{?\s*(spin|endspin|variation)\s*\}?\}|\|", re.IGNORECASE)
BEGUN = re.compile(r"\{[^\W\d_]{2}[^{}|%\n]{0,80}\|[^{}%\n]*")
"""A variant without its end: a word, and a bar on the same line."""
WIDEST = 2
"""Braces that belong together; a run of three is a variant that begins with a token."""
OPEN, BAR, CLOSE = Event("open", "spin"), Event("middle", "bar"), Event("close", "spin")
OPEN_RANDOM, CLOSE_RANDOM = Event("open", "random"), Event("close", "random")
Marks = dict[int, tuple["Event | Kind", int]]
"""Where a sign of a variant stands: its event, or what is wrong with it, and where the text goes on."""


def marks(text: str, grammar: Grammar) -> Marks:
    """Return the signs of the variants of a text, each by the place where it stands."""
    found: Marks = {}
    if not grammar.spintax.isdisjoint({"braces", "random"}):
        _braced(text, grammar, found)
    if "spin" in grammar.spintax:
        _spun(text, found)
    return found


def _braced(text: str, grammar: Grammar, found: Marks) -> None:
    stack: list[tuple[int, int, list[int]]] = []
    for sign in BRACE.finditer(text):
        run = sign[0]
        if run == "|":
            if stack:
                stack[-1][2].append(sign.start())
        elif run[0] == "{" and "%" not in run:
            if len(run) > WIDEST + 1:
                stack.clear()
            elif len(run) == WIDEST + 1:
                stack += [(sign.start(), 1, []), (sign.start() + 1, WIDEST, [])]
            else:
                stack.append((sign.start(), len(run), []))
        elif run[0] == "}":
            at = sign.start()
            while stack and at < sign.end() and sign.end() - at >= stack[-1][1]:
                start, width, bars = stack.pop()
                _mark(text, (start, at), width, bars, grammar, found)
                at += width
    if "braces" in grammar.spintax:
        _left_open(text, stack, found)


def _left_open(text: str, stack: list[tuple[int, int, list[int]]], found: Marks) -> None:
    """Mark the variants that are never closed."""
    for start, width, bars in stack:
        begun = BEGUN.match(text, start) if width == 1 and bars else None
        if begun and not _is_field_with_fallback(text[start + 1 : bars[0]], bars):
            found[start] = ("malformed", begun.end())


def _mark(text: str, span: tuple[int, int], width: int, bars: list[int], grammar: Grammar, found: Marks) -> None:
    start, end = span
    if not bars:
        return
    if width == 1 and "braces" in grammar.spintax and not _is_field_with_fallback(text[start + 1 : bars[0]], bars):
        found[start] = (OPEN, start + 1)
    elif width == WIDEST and "random" in grammar.spintax and RANDOM.match(text[start : bars[0]]):
        found[start] = (OPEN_RANDOM, bars.pop(0) + 1)
    else:
        return
    found.update({bar: (BAR, bar + 1) for bar in bars})
    found[end] = (CLOSE if width == 1 else CLOSE_RANDOM, end + width)


def _is_field_with_fallback(first: str, bars: list[int]) -> bool:
    """Say whether `{first_name|there}` is a token that has lost its braces, and no variant."""
    return len(bars) == 1 and ("_" in first or " " not in first.strip()) and is_field(first) and "_" in first


def _spun(text: str, found: Marks) -> None:
    starts: list[tuple[int, int, list[tuple[int, int]]]] = []
    for sign in SPIN.finditer(text):
        word = (sign[1] or "").lower()
        if word == "spin":
            starts.append((sign.start(), sign.end(), []))
        elif word in ("", "variation") and starts:
            starts[-1][2].append(sign.span())
        elif word == "endspin" and starts:
            start, after, bars = starts.pop()
            found[start] = (OPEN, after)
            found.update({bar: (BAR, after_bar) for bar, after_bar in bars})
            found[sign.start()] = (CLOSE, sign.end())
    found.update({start: ("malformed", after) for start, after, _ in starts})
