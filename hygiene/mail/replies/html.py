"""HTML to plain text, in one pass: enough to read a reply by, and safe on any string."""

from __future__ import annotations

import html
import re
from typing import Final

SNIFFED: Final = 16_000
"""Characters at the start in which a tag must stand for the text to be taken for HTML."""

_IS_HTML = re.compile(
    r"<!--\[if|<(?:!doctype html|html|body|div|p|br|span|table|td|font|a|b|i|blockquote|style|meta|ul|pre)[ />]",
    re.IGNORECASE,
)
# Each branch is bounded and none can cross a “<”, so that no input makes it look at a character twice.
_TOKEN = re.compile(r"<!--|<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})([^<>]{0,4000})>|<[!?][^<>]{0,400}>")
_SILENT = {"style", "script", "head", "title", "noscript"}
_BREAKS = {
    "br",
    "p",
    "div",
    "tr",
    "li",
    "ul",
    "ol",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "hr",
    "pre",
    "blockquote",
    "section",
}
_BLANK_AFTER = {"p", "h1", "h2", "h3", "h4", "table"}


def is_html(text: str) -> bool:
    """Return whether the text is HTML rather than words with an address in angle brackets.

    Examples
    --------
    >>> is_html("<p>Hello</p>"), is_html("write to <jo@north.example>")
    (True, False)
    """
    return "<" in text[:SNIFFED] and _IS_HTML.search(text[:SNIFFED]) is not None


def html_text(text: str) -> str:
    r"""Return the words of an HTML mail, without what stands in quotation blocks.

    Examples
    --------
    >>> html_text("<div>No&nbsp;thanks<br>Bob</div><blockquote>Unsubscribe</blockquote>").split("\n")[1:3]
    ['No\xa0thanks', 'Bob']
    """
    outside = _walk(text, drop_quotes=True)
    return outside if outside.strip() else _walk(text, drop_quotes=False)


def _walk(text: str, *, drop_quotes: bool) -> str:
    said: list[str] = []
    silent, quotes, position = "", 0, 0
    while token := _TOKEN.search(text, position):
        if not silent and not quotes:
            said.append(" ".join(text[position : token.start()].split("\n")))
        position = token.end()
        name, closing = (token[2] or "").lower(), bool(token[1])
        if token[0] == "<!--":
            position = end + 3 if (end := text.find("-->", position)) >= 0 else len(text)
        elif silent:
            silent = "" if closing and name == silent else silent
        elif name in _SILENT and not closing:
            silent = name
        elif name == "blockquote" and drop_quotes:
            quotes = max(0, quotes + (-1 if closing else 1))
        if name in _BREAKS:
            said.append("\n\n" if closing and name in _BLANK_AFTER else "\n")
    if not silent and not quotes:
        said.append(text[position:])
    return html.unescape("".join(said))
