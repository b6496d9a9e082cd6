"""HTML as the words that a reader sees. Nothing in it is rendered or run."""

from __future__ import annotations

import re
from html import unescape

_HIDDEN = re.compile(r"<(style|script|head|title)\b[^>]*>.{0,60000}?</\1\s*>", re.IGNORECASE | re.DOTALL)
_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/tr|/li|/h[1-6]|/table|hr|p|div|tr)\b[^>]{0,2000}>", re.IGNORECASE)
_CELLS = re.compile(r"<\s*/t[dh]\b[^>]{0,200}>", re.IGNORECASE)
_TAGS = re.compile(r"<[!/a-zA-Z][^<>]{0,4000}>")
_ADDRESS_TAG = re.compile(r"<([^\s<>@]{1,64}@[^\s<>]{1,255})>")


def plain_text(html: str) -> str:
    r"""Return the text of a page, a line a paragraph.

    Examples
    --------
    >>> plain_text("<p>No such <b>user</b>:<br>&lt;ann@example.com&gt;</p>").split("\n")
    ['No such user:', '<ann@example.com>', '']
    """
    html = re.sub(r"[ \t\r\n]+", " ", _HIDDEN.sub(" ", html))
    html = _ADDRESS_TAG.sub(r"&lt;\1&gt;", html)  # an address that somebody forgot to escape is no tag
    text = _TAGS.sub("", _CELLS.sub(" ", _BREAKS.sub("\n", html)))
    return re.sub(r" *\n *", "\n", unescape(text)).lstrip()
