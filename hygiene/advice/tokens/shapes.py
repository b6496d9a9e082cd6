"""What looks like a field's name, and what surrounds it: how half a token is told from braces in a text or in code."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from hygiene.advice.tokens.braces import HTML_TAG, SPACED
from hygiene.advice.tokens.words import is_field

if TYPE_CHECKING:
    from hygiene.advice.tokens.types import Span

CAMEL = re.compile(r"[a-z]+(?:[A-Z][a-z]+)+")
SNAKE = re.compile(r"[A-Za-z]+(?:_[A-Za-z0-9]+)+")
OBJECT = re.compile(
    r"(?:contact|company|lead|account|sender|owner|person|prospect|my|user|deal|ticket|recipient)\.[\w. ]+",
    re.IGNORECASE,
)
BLOCKS = ("#if", "#else", "/if", "#endif")
SEPARATOR = re.compile(r"\s*[|:]|\s+(?:fallback|default)\s*=")
CODE_BEFORE = re.compile(r"\\[A-Za-z]*(?:\{[^{}]*\})*$|[$^_/\]]$")
"""What stands before a brace of LaTeX, a shell or a path."""
FAR_ENOUGH = 40
"""Characters before a brace in which that would stand (assumed)."""
NAME_WORDS = 3
"""Words that a field's name has at most, where nothing else says that it is one (assumed)."""
LONGEST_NAME = 200
CODE = re.compile(r"<(/?)(?:style|script)\b", re.IGNORECASE)
ADDRESS = re.compile(r"https?://[^\s<>\"']+")


def looks_like_name(content: str, fields: frozenset[str]) -> bool:
    """Say whether a text looks like a field's name rather than like any word, its default and HTML tags aside.

    Examples
    --------
    >>> [looks_like_name(text, frozenset({"x"})) for text in ("first_name|there", "firstName", "Prénom", "x", "color")]
    [True, True, True, True, False]
    """
    name = HTML_TAG.sub("", content[:LONGEST_NAME]).strip()
    if name.startswith(BLOCKS):
        return True
    name = SEPARATOR.split(name, maxsplit=1)[0]
    if not SPACED.fullmatch(name):
        return False
    shaped = CAMEL.fullmatch(name) or SNAKE.fullmatch(name) or OBJECT.fullmatch(name)
    return bool(shaped) or is_field(name) or name in fields


def is_short_name(content: str) -> bool:
    """Say whether a text is short enough for a name, where two braces say that it is meant for one."""
    name = SEPARATOR.split(content.strip(), maxsplit=1)[0]
    return SPACED.fullmatch(name) is not None and len(name.split()) <= NAME_WORDS


def follows_code(text: str, at: int) -> bool:
    r"""Say whether the brace at a place belongs to LaTeX, a shell or a path: `\textbf{`, `${`, `/users/{`."""
    return CODE_BEFORE.search(text[max(0, at - FAR_ENOUGH) : at]) is not None


def addresses(text: str) -> list[Span]:
    """Return where web addresses stand, full of `%C3%A9` and of braces."""
    return [found.span() for found in ADDRESS.finditer(text)]


def code(text: str) -> list[Span]:
    """Return where style sheets and scripts stand: their braces are their own."""
    spans: list[Span] = []
    start = -1
    for found in CODE.finditer(text):
        if not found[1] and start < 0:
            start = found.start()
        elif found[1] and start >= 0:
            spans.append((start, found.start()))
            start = -1
    return spans


def inside(spans: list[Span], at: int) -> bool:
    """Say whether a place lies in one of the spans, which are in order."""
    found = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return found >= 0 and at < spans[found][1]
