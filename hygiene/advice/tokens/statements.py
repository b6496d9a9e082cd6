"""What stands in `{% … %}`: HubL's and Liquid's statements, and Adobe's in Marketo's email designer."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from hygiene.advice.tokens.events import Broken, Event
from hygiene.advice.tokens.expressions import Compared, Default
from hygiene.advice.tokens.parser import CONDITION_STYLE, HUBL_STYLE, LIQUID_STYLE, ExpressionError, parse, parse_list

if TYPE_CHECKING:
    from hygiene.advice.tokens.expressions import Expression
    from hygiene.advice.tokens.grammar import Grammar
    from hygiene.advice.tokens.parser import Style

STATEMENT = re.compile(r"([#/=]?\s*[A-Za-z_]*)\s*(.*)", re.DOTALL)
ASSIGNMENT = re.compile(r"\s*(\w+)\s*=\s*(.*)", re.DOTALL)
LOOP = re.compile(r"\s*(\w+(?:\s*,\s*\w+)*)\s+in\s+(.*)", re.DOTALL)
LOOP_OPTIONS = re.compile(r"\s+(?:reversed|limit:.*|offset:.*)$", re.DOTALL)
OPENERS = {"if", "unless", "for", "tablerow", "case", "set", "assign", "capture"}
ELSE_IF = {"elif", "elsif", "elseif"}
OTHER_BLOCKS = {
    "macro",
    "call",
    "block",
    "ifchanged",
    "autoescape",
    "filter",
    "dnd_area",
    "dnd_section",
    "widget_block",
    "require_css",
}
OTHER = {
    "do",
    "import",
    "from",
    "include",
    "extends",
    "cycle",
    "increment",
    "decrement",
    "module",
    "widget",
    "echo",
    "liquid",
    "render",
    "layout",
    "let",
}
END = {
    "endif": "if",
    "endunless": "unless",
    "endfor": "for",
    "endtablerow": "for",
    "endcase": "case",
    "endspin": "spin",
    "endcapture": "capture",
}
LOOP_NAMES = ("loop", "forloop", "tablerowloop")


def read_statement(content: str, grammar: Grammar) -> Event | None:
    """Return what `{% content %}` does; None where it is plain text.

    Raises
    ------
    Broken
        Where it is broken, or no statement of the dialect.
    """
    text = html.unescape(content) if "&" in content else content
    text = text.removeprefix("-").removesuffix("-").strip()
    found = STATEMENT.fullmatch(text)
    word = re.sub(r"\s", "", found[1]) if found else ""
    rest = found[2] if found else text
    if not grammar.has("hubl", "liquid", "marketo"):
        return _foreign_statement(word)
    try:
        return _adobe(word, rest) if grammar.has("marketo") else _statement(word, rest, grammar)
    except ExpressionError:
        raise Broken("malformed") from None


def _foreign_statement(word: str) -> Event | None:
    if word.lstrip("#=") in OPENERS or (word.startswith("=")):
        raise Broken("foreign_dialect")
    return Event("skip") if word in END or word in ELSE_IF or word == "else" else None


def _statement(word: str, rest: str, grammar: Grammar) -> Event:
    style = HUBL_STYLE if grammar.has("hubl") else grammar.style or LIQUID_STYLE
    simple = _simple(word, grammar)
    if simple:
        return simple
    if word in ("if", "unless"):
        return Event("open", word, parse(rest, style))
    if word in ELSE_IF or (word == "else" and rest.startswith("if ")):
        return Event("middle", "elif", parse(rest.removeprefix("if "), style))
    if word == "else":
        return Event("middle", "else")
    if word in ("for", "tablerow"):
        return _loop(rest, style)
    if word == "case":
        return Event("open", "case", parse(rest, style))
    if word == "when":
        return Event("middle", "when", _any(parse_list(rest, style)))
    if word in ("set", "assign"):
        return _assignment(word, rest, style)
    if word == "capture":
        return Event("open", "capture", names=(rest.strip(" \"'"),))
    raise Broken("foreign_dialect" if word.startswith(("=", "#")) else "malformed")


def _simple(word: str, grammar: Grammar) -> Event | None:
    """Return the event of a word that needs nothing after it."""
    if word in END:
        return Event("close", END[word])
    if word == "spin" and grammar.name == "lemlist":
        return Event("open", "spin")
    if word == "variation" and grammar.name == "lemlist":
        return Event("middle", "bar")
    if word == "endset":
        return Event("close", "capture")
    if grammar.has("hubl") and word in OTHER_BLOCKS:
        return Event("open", "other")
    if word.startswith("end") and word.removeprefix("end") in OTHER_BLOCKS:
        return Event("close", "other")
    return Event("skip") if word in OTHER else None


def _any(values: list[Expression]) -> Expression:
    """Return the values of `when`, of which one is to be equal; the subject is put in when the blocks are nested."""
    tree = values[0]
    for value in values[1:]:
        tree = Default(tree, value)
    return tree


def when(subject: Expression, values: Expression) -> Expression:
    """Return the condition that a subject equals one of the values of `when`."""
    if isinstance(values, Default):
        return Default(when(subject, values.inner), Compared("==", subject, values.other))
    return Compared("==", subject, values)


def _loop(rest: str, style: Style) -> Event:
    found = LOOP.fullmatch(LOOP_OPTIONS.sub("", rest))
    if not found:
        raise Broken("malformed")
    names = re.findall(r"\w+", found[1])
    return Event("open", "for", parse(found[2], style), (*names, *LOOP_NAMES))


def _assignment(word: str, rest: str, style: Style) -> Event:
    found = ASSIGNMENT.fullmatch(rest)
    if found:
        return Event("assign", expression=parse(found[2], style), names=(found[1],))
    if word == "set" and re.fullmatch(r"\w+", rest):  # {% set x %} … {% endset %}
        return Event("open", "capture", names=(rest,))
    raise Broken("malformed")


def _adobe(word: str, rest: str) -> Event:
    """Read `{%= lead.city ?: "there" %}`, `{%#if …%}`, `{%else if …%}`, `{%else%}`, `{%/if%}`, `{% let x = … %}`."""
    if word.startswith("="):
        return Event("print", expression=parse(word.removeprefix("=") + rest, CONDITION_STYLE))
    if word in ("#if", "#unless"):
        return Event("open", word[1:], parse(rest, CONDITION_STYLE))
    if word == "else":
        return (
            Event("middle", "elif", parse(rest[2:], CONDITION_STYLE))
            if rest.startswith("if")
            else Event("middle", "else")
        )
    if word in ("/if", "/unless", "/each"):
        return Event("close", {"/each": "for"}.get(word, word[1:]))
    if word == "#each":
        listed, _, own = rest.partition(" as ")
        return Event("open", "for", parse(listed, CONDITION_STYLE), tuple(re.findall(r"\w+", own)) or ("this",))
    if word == "let" and (found := ASSIGNMENT.fullmatch(rest)):
        return Event("assign", expression=parse(found[2], CONDITION_STYLE), names=(found[1],))
    if word in OPENERS:
        raise Broken("foreign_dialect")
    if word in END or word in ELSE_IF:
        return Event("skip")
    raise Broken("malformed")
