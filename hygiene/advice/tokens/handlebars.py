"""Blocks and helpers between double braces: Handlebars (Pardot, Salesforce Lightning, SendGrid) and Apollo's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygiene.advice.tokens.events import Broken, Event
from hygiene.advice.tokens.expressions import Compared, Field, Joined, Literal, Not

if TYPE_CHECKING:
    from hygiene.advice.tokens.expressions import Expression
    from hygiene.advice.tokens.grammar import Grammar

BLOCK = re.compile(r"[#/^!>]|else\b")
WORD = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s\"'()=|]+)(=)?|[()|]")
PATH = re.compile(r"[^\W\d][\w-]*(?:[./][\w-]+)*")
HELPERS = {
    "equals": "==",
    "eq": "==",
    "notequals": "!=",
    "ne": "!=",
    "greaterthan": ">",
    "gt": ">",
    "lessthan": "<",
    "lt": "<",
    "and": "and",
}
OWN = {"this", "true", "false", "null", "undefined"}
CONDITION = re.compile(r"#if\s+([^\W\d][\w.-]*)|else|/if")
HANDLEBARS_CLOSE = re.compile(r"/\s*\w+|\^")
APOLLO = re.compile(r"#\s*(if|elsif|elseif|else if|else|endif)\b\s*(.*)", re.DOTALL)


def read_block(text: str, grammar: Grammar) -> Event | None:
    """Return what `#if x`, `else`, `/if` or a comment does, or None where the text is no block.

    Raises
    ------
    Broken
        Where it is a block that is broken or that the dialect doesn't have.
    """
    if not BLOCK.match(text):
        return None
    if grammar.has("conditions") and (found := CONDITION.fullmatch(text)):
        if found[1]:
            return Event("open", "if", Field(found[1]))
        return Event("middle", "else") if text == "else" else Event("close", "if")
    if grammar.has("apollo"):
        return _apollo(text)
    if grammar.has("handlebars"):
        return _handlebars(text)
    if text.startswith("#") and not text.startswith(("#end", "#else", "#els")):
        raise Broken("foreign_dialect")
    if HANDLEBARS_CLOSE.fullmatch(text) or text.startswith(("#", "else")):
        return Event("skip")  # the block that it belongs to has been reported
    raise Broken("malformed")


def _apollo(text: str) -> Event:
    found = APOLLO.fullmatch(text)
    if not found:
        if text.startswith("else") or text == "/if":  # Handlebars: understood, and still wrong here
            step = ("middle", "else") if text.startswith("else") else ("close", "if")
            return Event(*step, problem="foreign_dialect")  # type: ignore[arg-type]
        raise Broken("foreign_dialect" if re.match(r"[#/]\s*\w", text) else "malformed")
    word, condition = found[1], found[2].strip()
    if word == "endif":
        return Event("close", "if")
    if word == "else":
        return Event("middle", "else")
    if not PATH.fullmatch(condition):
        raise Broken("malformed")
    return Event("open" if word == "if" else "middle", "if" if word == "if" else "elif", Field(condition))


def _handlebars(text: str) -> Event:
    if text.startswith("!"):
        if re.fullmatch(r"!\s*[A-Z]\w*\.\w+", text):  # {{!Contact.FirstName}}: a merge field with a brace too many
            raise Broken("malformed")
        return Event("skip")
    if text.startswith(">"):
        return Event("skip")
    if text.startswith("/"):
        return Event("close", _block(text[1:].strip()))
    if text == "^" or text.startswith("else"):
        rest = text[4:].strip()
        return Event("middle", "elif", _condition(rest.removeprefix("if"))) if rest else Event("middle", "else")
    return _opened(text[1:].strip())


def _opened(text: str) -> Event:
    word, _, rest = text.partition(" ")
    kind = _block(word)
    if kind == "for":
        listed, _, own = rest.partition(" as ")
        return Event("open", "for", _condition(listed), ("this", *re.findall(r"\w+", own)))
    if kind == "if" and word.lower() in HELPERS:
        return Event("open", "if", _condition(f"{word} {rest}"))
    if kind == "other":
        return Event("open", "other")
    return Event("open", kind, _condition(rest))


def _block(word: str) -> str:
    if word == "unless":
        return "unless"
    if word in ("each", "with"):
        return "for"
    return "if" if word == "if" or word.lower() in HELPERS else "other"


def _condition(text: str) -> Expression:
    expressions, helper = _words(text)
    if not expressions:
        raise Broken("malformed")
    return _called(helper, expressions)


def read_helper(text: str) -> Event | None:
    """Return the event of a printed helper, such as `formatDate date "MM"`; None where it isn't one."""
    words = text.split()
    if len(words) < 2 or not PATH.fullmatch(words[0]) or "|" in text or ":" in words[0]:
        return None
    if not re.search(r"[\"'=]|\(", text) and words[0] not in HELPERS:
        return None
    arguments, _ = _words(" ".join(words[1:]))
    return Event("print", expression=Joined(tuple(arguments)))


def _words(text: str) -> tuple[list[Expression], str]:
    """Return the arguments of a helper, and the helper's name where the first word is one."""
    expressions: list[Expression] = []
    helper = ""
    for found in WORD.finditer(text):
        word = found[3] or ""
        if found[1] is not None or found[2] is not None:
            expressions.append(Literal(found[1] if found[1] is not None else found[2]))
        elif not word or found[4]:
            continue
        elif word.lower() in HELPERS and not expressions:
            helper = HELPERS[word.lower()]
        elif PATH.fullmatch(word) and word not in OWN:
            expressions.append(Field(word))
        elif re.fullmatch(r"[\d.]+", word):
            expressions.append(Literal(word))
    return expressions, helper


def _called(helper: str, arguments: list[Expression]) -> Expression:
    if helper and len(arguments) > 1:
        return Compared(helper, arguments[0], arguments[1])
    return arguments[0] if len(arguments) == 1 else Not(Not(Joined(tuple(arguments))))
