"""Velocity in Marketo's mails: `${lead.FirstName}`, `#if($lead.FirstName) … #else … #end`, `#set($x = …)`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygiene.advice.tokens.events import Event, printed
from hygiene.advice.tokens.parser import CONDITION_STYLE, ExpressionError, parse

if TYPE_CHECKING:
    from hygiene.advice.tokens.forms import Found

PRESENT = re.compile(r"#(?:if|set|foreach)\s*\(|\$!?\{?[a-z]\w*\.")
"""A text without any of them is no Velocity: its `#end` is an anchor and its `##` a heading."""
SIGN = r"\$!?\{?[A-Za-z]|\#(?:if|elseif|set|foreach)\s*\(|\#\{?(?:else|end)\b|\#\#|\#\*"
FIELD = re.compile(
    r"\$!?\{([A-Za-z]\w*(?:\.\w+)*)(?:\.\w+\([^()\n]{0,100}\)|\|(?:'([^'\n]*)'|\"([^\"\n]*)\"))?\}"
    r"|\$!?([A-Za-z]\w*\.\w+(?:\.\w+)*)(?![\w(])"
)
BROKEN = re.compile(r"\$!?\{[A-Za-z]\w*\.[\w.]+")
REFERENCE = re.compile(r"\$!?\{?([A-Za-z]\w*(?:\.\w+)*)\}?")
DIRECTIVE = re.compile(r"#(if|elseif|set|foreach)\s*\(")
WORD = re.compile(r"#\{?(else|end)\}?")
LINE = re.compile(r"##[^\n]*")
LONGEST_CONDITION = 1000


def read_velocity(text: str, at: int) -> Found | None:
    """Read a Velocity reference, directive or comment."""
    if text[at] == "$":
        found = FIELD.match(text, at)
        if not found:
            broken = BROKEN.match(text, at)
            return (broken.end(), "malformed") if broken else None
        return found.end(), printed(found[1] or found[4], found[2] if found[2] is not None else found[3])
    if text.startswith("##", at):
        line = LINE.match(text, at)
        return (line.end(), Event("skip")) if line else None
    if text.startswith("#*", at):
        end = text.find("*#", at, at + 5000)
        return (end + 2, Event("skip")) if end > 0 else None
    if word := WORD.match(text, at):
        return word.end(), Event("middle", "else") if word[1] == "else" else Event("close", "if")
    directive = DIRECTIVE.match(text, at)
    return _directive(text, directive) if directive else None


def _directive(text: str, found: re.Match[str]) -> Found:
    depth, end = 1, found.end()
    limit = min(len(text), end + LONGEST_CONDITION)
    while end < limit and depth and text[end] != "#":  # a directive within a condition: its end is lost
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    if depth:
        return found.end(), "malformed"
    inner = REFERENCE.sub(r"\1", text[found.end() : end - 1])
    try:
        if found[1] == "set":
            name, _, value = inner.partition("=")
            return end, Event("assign", expression=parse(value, CONDITION_STYLE), names=(name.strip(),))
        if found[1] == "foreach":
            name, _, listed = inner.partition(" in ")
            return end, Event("open", "for", parse(listed, CONDITION_STYLE), (name.strip(), "velocityCount", "foreach"))
        condition = parse(inner, CONDITION_STYLE)
    except ExpressionError:
        return end, "malformed"
    return end, Event("open", "if", condition) if found[1] == "if" else Event("middle", "elif", condition)
