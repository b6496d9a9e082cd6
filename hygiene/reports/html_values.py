"""Values and table rows as HTML.

Cells are written here, in plain Python, because a team has thousands of them and a template call a cell takes three
times as long.

Every text that comes from the data is hostile: it leaves this file escaped, and a link that would leave the output
folder is shown without its link.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from types import NoneType
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from markupsafe import Markup

from hygiene.reports.translate import BAND_WORDS, TEXT_LIMIT, Translator, substitute, visible
from hygiene.values import BandMark, Change, Count, Interval, Link, Message, Moment, Percent, Points, Territory, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hygiene.reports.document import Cell, Row, Table
    from hygiene.values import Value

KEPT = 8192
"""Figures and fixed sentences that are kept as HTML."""
HREF_LIMIT = 1000
"""Characters of a link; a longer one names no file."""

_HREF = re.compile(r"(?:[\w.~%-]+(?:/[\w.~%-]+)*)?(?:#[\w.~%-]+)?")


def safe_href(href: str, depth: int) -> str | None:
    """Return a link if it stays in the output folder, else None.

    Examples
    --------
    >>> safe_href("senders/ann-1.html#steps", 0), safe_href("../index.html", 1), safe_href("#steps", 0)
    ('senders/ann-1.html#steps', '../index.html', '#steps')
    >>> safe_href("../index.html", 0), safe_href("javascript:alert(1)", 1), safe_href("//evil.example", 1)
    (None, None, None)
    """
    parts = unquote(href.partition("#")[0]).split("/")
    ups = next((i for i, part in enumerate(parts) if part != ".."), len(parts))
    stays = 0 < len(href) <= HREF_LIMIT and _HREF.fullmatch(href) and ups <= depth and ".." not in parts[ups:]
    return href if stays else None


class HtmlValues:
    """Values in one language, for pages at one depth (see `html.render_page`)."""

    def __init__(self, translator: Translator, depth: int, texts: int = TEXT_LIMIT) -> None:
        self._translator = translator
        self._depth = depth
        self._texts = texts
        marks = {
            band: f'<b class="band {band or "none"}">{escape(translator.text(word))}</b>'
            for band, word in BAND_WORDS.items()
        }
        # The same figures and headers come again and again.
        figure = lru_cache(maxsize=KEPT)(lambda value: escape(translator.text(value)))
        self._fixed = lru_cache(maxsize=KEPT)(lambda sentence: escape(translator.phrase(sentence)))
        self._writers: dict[type, Callable[[Any], str]] = {
            NoneType: lambda _: "",
            tuple: self._several,
            Message: self._message,
            Text: self._text,
            Link: self._link,
            BandMark: lambda mark: marks[mark.band],
            Interval: lambda interval: f"<small>{figure(interval)}</small>",
            **dict.fromkeys((Percent, Count, Points, Change, Moment, Territory), figure),
        }

    def show(self, cell: Cell) -> Markup:
        """Return a value as HTML, or several side by side."""
        return Markup(self._html(cell))  # noqa: S704  _html escapes

    def rows(self, table: Table) -> Markup:
        """Return the body of a table: the first cell of a row is its header.

        HTML lets the end tags of cells and rows go: 60 KB less on a team page of 2,000 senders.
        """
        starts = [
            '<th scope="row">',
            *("<td>" if column.kind == "number" else '<td class="t">' for column in table.columns[1:]),
        ]
        return Markup("\n".join(self._rows(table, starts)))  # noqa: S704  _html escapes

    def _rows(self, table: Table, starts: list[str]) -> Iterator[str]:
        for row in table.rows:
            keys = f' data-k="{sort_keys(row)}"' if table.sortable and row.sort else ""
            cells = (start + self._html(cell) for start, cell in zip(starts, row.cells, strict=True))
            yield f"<tr{keys}>{''.join(cells)}"

    def _html(self, cell: Cell) -> str:
        return self._writers[type(cell)](cell)

    def _several(self, cells: tuple[Value, ...]) -> str:
        # A sentence beside a figure is smaller than the figure, as its interval is.
        shown = ((self._html(cell), isinstance(cell, Message)) for cell in cells)
        return " ".join(f"<small>{html}</small>" if is_sentence else html for html, is_sentence in shown)

    def _message(self, message: Message) -> str:
        if not message.args and message.plural is None:
            return self._fixed(message.id)
        template = escape(self._translator.template(message))
        return substitute(template, self._translator.arguments(message, self._html))

    def _text(self, text: Text) -> str:
        # Isolated, so that a name written from right to left does not turn its neighbours around.
        return f"<bdi>{escape(visible(text.value, self._texts))}</bdi>"

    def _link(self, link: Link) -> str:
        shown, target = self._html(link.value), safe_href(link.href, self._depth)
        return f'<a href="{escape(target)}">{shown}</a>' if target else shown


def sort_keys(row: Row) -> str:
    """Return the keys of a row for `table.js`, joined by `|`: a number, `?` for none, nothing for “as it reads”."""

    def key(value: float | str | None) -> str:
        if value is None:
            return "?"
        return "" if isinstance(value, str) else f"{value:.6g}"

    return "|".join(map(key, row.sort))
