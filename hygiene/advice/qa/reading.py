"""A mail's HTML as its reader sees it, in a time that grows with its length alone: the text may be hostile."""

from __future__ import annotations

import re
from html import unescape

HIDDEN = re.compile(r"<(/?)(style|script|head|title)\b", re.IGNORECASE)
TAG = re.compile(r"<(?:!--[^<>]{0,4000}--|/?\s?([A-Za-z][A-Za-z0-9]*)[^<>]{0,4000}|![^<>]{0,400})>")
BLOCKS = frozenset(
    (
        *("br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
        *("blockquote", "section", "article", "header", "footer", "center"),
    )
)
WORD = re.compile(r"[^\W_]+(?:[-'’.@][^\W_]+)*")
LINK = re.compile(r"https?://[^\s<>\"')\]]{1,2048}", re.IGNORECASE)
HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"<>]{0,2048})\"|'([^'<>]{0,2048})')", re.IGNORECASE)


def reader_text(body: str) -> str:
    r"""Return the text of a body, a line a paragraph; plain text stays as it is.

    Examples
    --------
    >>> reader_text("<style>p {}</style><p>Hi <b>Ann</b>,</p>2 &lt; 3").split("\n")
    ['', 'Hi Ann,', '2 < 3']
    >>> reader_text("2 < 3")
    '2 < 3'
    """
    if not TAG.search(body):
        return body
    text = TAG.sub(_broken, "".join(_shown(re.sub(r"[ \t\r\n]+", " ", body))))
    return re.sub(r"[ \t]*\n[ \t\n]*", "\n", unescape(text))


def _broken(tag: re.Match[str]) -> str:
    name = (tag[1] or "").lower()
    if name in BLOCKS:
        return "\n"
    return " " if name in ("td", "th") else ""


def _shown(body: str) -> list[str]:
    """Return the parts of a body outside styles, scripts and heads; one that never ends hides nothing."""
    parts, at = [], 0
    opened: re.Match[str] | None = None
    for found in HIDDEN.finditer(body):
        if not found[1] and opened is None:
            opened = found
        elif found[1] and opened is not None and found[2].lower() == opened[2].lower():
            parts.append(body[at : opened.start()])
            at = body.find(">", found.end()) + 1 or len(body)
            opened = None
    return [*parts, body[at:]]


def count_words(text: str) -> int:
    """Return how many words a text has, addresses of pages left out.

    Examples
    --------
    >>> count_words("It's a well-known fact: https://acme.example/a?b=c"), count_words("–")
    (4, 0)
    """
    return sum(1 for _ in WORD.finditer(LINK.sub(" ", text)))


def links_in(text: str) -> list[str]:
    """Return the addresses that a body links or shows, each once, in the order of their first appearance."""
    if "://" not in text and "href" not in text.lower():
        return []
    hrefs = [unescape(found[1] or found[2] or "").strip() for found in HREF.finditer(text)]
    shown = [found.rstrip(".,;:!?") for found in LINK.findall(unescape(text))]
    return list(dict.fromkeys([*hrefs, *shown]))
