"""What stands between two braces, in the dialect that is declared."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from hygiene.advice.tokens.events import Broken, Event, printed
from hygiene.advice.tokens.expressions import Literal
from hygiene.advice.tokens.handlebars import read_block, read_helper
from hygiene.advice.tokens.parser import ExpressionError, parse

if TYPE_CHECKING:
    from hygiene.advice.tokens.grammar import Grammar

IDENTIFIER = re.compile(r"[^\W\d](?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*")
SPACED = re.compile(r"\w[\w.'’/&()-]*(?: [\w.'’/&()-]+)*")
NAMESPACE = re.compile(
    r"(?:lead|company|my|system|campaign|program|trigger|member|sp_send_alert_info)\.\w[\w.'’/&() -]*", re.IGNORECASE
)
TITLED = re.compile(r"(?:[a-z]+\.)?[A-Z][\w'’]*(?: [A-Z][\w'’]*)+")
"""`First Name`, `lead.First Name`: a name with spaces as Saleshandy and Marketo write it."""
OBJECT = re.compile(r"(?:contact|company)\.[a-z_]+|ticket\.|lead\.[A-Z]|Recipient\.")
"""Names of HubSpot, Zendesk, Marketo and Pardot that no vendor of `flat` names has."""
HTML_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
RANDOM = re.compile(r"random\s*\|", re.IGNORECASE)
PLACEHOLDER = re.compile(r"(?:custom_)?placeholders?(?:[._: ].*)?", re.IGNORECASE | re.DOTALL)
"""HubSpot's placeholder tokens, which the sender fills in by hand before the mail leaves (sales templates)."""
CONNECTIVES = {"and", "or", "et", "ou", "und", "…", "..."}
"""“Between {{ and }}”: talk about braces, no token."""
CONTROL = re.compile(r"(?:if|unless|elif|elsif|elseif|for) |(?:else|endif|endunless|endfor|end|if)$")
"""`{{if first_name}}`, `{{endif}}`: a condition of nobody's, not a field's name."""
TALK = re.compile(r"[^\W\d_]+(?:,? [^\W\d_]+){4,},?")
"""“Write {{ to open a token, and }} to close it”: five words and more are no name."""
FALLBACKS = {
    "pipe": re.compile(r"(?P<name>[^|:=\"{}<>]+?)\s*\|(?![|>])\s*(?P<text>.*)", re.DOTALL),
    "colon": re.compile(r"(?P<name>[^|:=\"{}<>]+?)\s*:(?!default=)\s*(?P<text>.*)", re.DOTALL),
    "attribute": re.compile(r"(?P<name>[^|:=\"{}<>]+?)\s+fallback\s*=\s*(?P<text>\"[^\"]*\"|'[^']*')"),
    "default": re.compile(r"(?P<name>[^|:=\"{}<>]+?)\s*:default=(?P<text>.*)", re.DOTALL),
    "arrow": re.compile(r"(?P<name>[^|:=\"{}<>]+?)\s*->\s*[\w+-]+"),
    "insert": re.compile(r"insert\s+(?P<name>[\w.]+)(?:\s+(?:\"default=(?P<text>[^\"]*)\"|default=(?P<bare>.*)))?"),
    "or": re.compile(r"(?P<name>[^|:=\"{}<>]+?)\s*(?:\|\||\?\?)\s*(?P<text>\"[^\"]*\"|'[^']*')"),
}
FILTER_DEFAULT = re.compile(
    r"default\s*(?:\(\s*(?P<hubl>\"[^\"]*\"|'[^']*')\s*(?:,\s*\w+\s*)?\)|:\s*(?P<liquid>\"[^\"]*\"|'[^']*'))\s*"
)
CALL = re.compile(r"\w+\s*[(:]")
"""A filter with an argument; if it is not well written, it is broken rather than somebody else's."""
QUOTES = {'"': '"', "'": "'"}


def read_braces(content: str, grammar: Grammar) -> Event | None:
    """Return what a tag `{{ content }}` does; None where it is plain talk about braces.

    Raises
    ------
    Broken
        Where it is no token of the dialect.
    """
    text = html.unescape(content) if "&" in content else content
    text = text.replace("\xa0", " ").strip()
    if text.lower() in CONNECTIVES:
        return None
    if HTML_TAG.search(text):
        raise Broken("malformed")
    if not grammar.braces or grammar.single:
        return _foreign_braces(text, grammar)
    if not text or ("\n" in text and grammar.style is None):
        raise Broken("malformed")
    if grammar.name == "hubspot" and PLACEHOLDER.fullmatch(text):
        raise Broken("placeholder_literal")
    if TALK.fullmatch(text):
        return None
    block = read_block(text, grammar)
    if block:
        return block
    text = _without_control(text, grammar)
    if "doubled" in grammar.spintax and (variant := _variant(text, grammar)):
        return Event("print", expression=Literal(variant))
    return _token(text, grammar)


def _without_control(text: str, grammar: Grammar) -> str:
    """Return the text without the signs that eat the space around a tag: `{{- x -}}`, `{{~x~}}`."""
    if grammar.has("hubl", "liquid"):
        return text.removeprefix("-").removesuffix("-").strip()
    return text.strip("~ ") if grammar.has("handlebars") else text


def _variant(text: str, grammar: Grammar) -> str:
    """Return the first of `Hi|Hello|Hey`, or nothing: with one bar, `NAME|there` is a fallback."""
    parts = text.split("|")
    first = parts[0].strip()
    word = " " in first or (grammar.name == "woodpecker" and first.isalpha() and not first.isupper())
    if not (len(parts) > 2 or (len(parts) == 2 and word)) or RANDOM.match(text):
        return ""
    return first if not any('"' in part or ":" in part for part in parts) else ""


def _token(text: str, grammar: Grammar) -> Event:
    if CONTROL.match(text):
        raise Broken("malformed")
    if grammar.flat and OBJECT.match(text):
        raise Broken("foreign_dialect")
    if valid_name(text, grammar):
        return printed(text)
    if grammar.style:
        try:
            return Event("print", expression=parse(text, grammar.style))
        except ExpressionError:
            pass
    for style in ("pipe", "colon", "attribute", "default", "arrow", "insert"):
        found = FALLBACKS[style].fullmatch(text) if style in grammar.fallbacks else None
        if found and valid_name(found["name"], grammar) and not RANDOM.match(text):
            return printed(found["name"], _fallback(style, found))
    if grammar.triple and not FALLBACKS["insert"].fullmatch(text) and (helper := read_helper(text)):
        return helper
    if grammar.names == "namespace" and NAMESPACE.match(text) and ":" in text:
        raise Broken("malformed")  # {{lead.First Name:there}}: `default=` is forgotten
    raise Broken("foreign_dialect" if is_foreign(text) else "malformed")


def _fallback(style: str, found: re.Match[str]) -> str | None:
    if style == "arrow":
        return None
    text = found["text"]
    if style == "insert":
        text = found["bare"] if text is None else text
        return None if text is None else text.strip().strip("\"'")
    text = text.strip()
    if written := FILTER_DEFAULT.fullmatch(text):
        text = written["hubl"] or written["liquid"]
    return text[1:-1] if len(text) > 1 and QUOTES.get(text[0]) == text[-1] else text


def valid_name(text: str, grammar: Grammar) -> bool:
    """Say whether the dialect takes a text for a field's name."""
    if grammar.names == "spaced":
        return SPACED.fullmatch(text) is not None
    if grammar.names == "namespace":
        return NAMESPACE.fullmatch(text) is not None
    if not IDENTIFIER.fullmatch(text) or (grammar.style and "-" in text):
        return False
    if grammar.style and text in ("true", "false", "nil", "none", "blank", "empty"):
        return False
    return grammar.names == "identifier" or text[0].isupper()


def is_foreign(text: str) -> bool:
    """Say whether another dialect would take a text for a token: its name, or its way to write a default."""
    if IDENTIFIER.fullmatch(text) or TITLED.fullmatch(text) or RANDOM.match(text) or NAMESPACE.fullmatch(text):
        return True
    for style, pattern in FALLBACKS.items():
        found = pattern.fullmatch(text)
        if found and (IDENTIFIER.fullmatch(found["name"]) or TITLED.fullmatch(found["name"])):
            if not found.groupdict().get("text", "x") and style == "pipe":
                return False
            return style != "pipe" or bool(FILTER_DEFAULT.fullmatch(found["text"]) or not CALL.match(found["text"]))
    return re.fullmatch(r"(?:contact|owner|lead)field=.+", text) is not None


def _foreign_braces(text: str, grammar: Grammar) -> Event | None:
    """Judge double braces in a dialect that has none: another's token, or talk about code."""
    if grammar.name == "mautic" and re.match(r"\w+field=", text):
        raise Broken("malformed")
    if text.startswith(("/", "#end", "#else", "else")):
        return Event("skip")
    if text.startswith("#") or is_foreign(text) or FILTER_DEFAULT.search(text):
        raise Broken("foreign_dialect")
    return None
