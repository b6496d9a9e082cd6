"""A document as one self-contained HTML page: its own style and script, no network, complete without JavaScript.

Every text that comes from the data is hostile. Jinja escapes whatever is not `Markup`; `Markup` is made in this file
only; a link that would leave the output folder is shown without its link; and the page's own policy forbids every
request and every script but the one whose hash it names.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache, partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from hygiene.reports import chart_tables, geometry
from hygiene.reports.document import BandMark, Count, Interval, Link, Message, Moment, Percent, Points, Section, Text
from hygiene.reports.translate import BAND_WORDS, Translator, substitute, visible
from hygiene.resources import resource

if TYPE_CHECKING:
    from hygiene.reports.document import Block, Cell, Document, Row

MACRO_FILES = ("blocks.html.j2", "charts.html.j2")
"""Each holds macros named as the block they draw, in lower case."""
FILTER_FROM = 8
"""Rows from which a sortable table gets a field to search in it."""
NAMED = 20
"""Senders named below a funnel for each limit."""
HREF_LIMIT = 1000
"""Characters of a link; a longer one names no file."""

_HREF = re.compile(r"(?:[\w.~%-]+(?:/[\w.~%-]+)*)?(?:#[\w.~%-]+)?")


def render_page(document: Document, translator: Translator, depth: int) -> str:
    """Return a document as an HTML page.

    Parameters
    ----------
    document
        What the page says.
    translator
        The reader's language.
    depth
        Folders between the page and the output folder: 0 for `index.html`, 1 for `senders/ID.html`. A link may go up by
        so many, no more.

    Returns
    -------
    str
        The page; the same document, language and depth give the same text.
    """
    page = _page(translator, depth)
    html = page.template.render(
        page.words,
        document=document,
        sections=[block for block in document.blocks if isinstance(block, Section)],
    )
    return re.sub(r"\n{2,}", "\n", html).strip() + "\n"


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


class _Page:
    """The templates in one language, for pages at one depth."""

    def __init__(self, translator: Translator, depth: int) -> None:
        self.translator = translator
        self.depth = depth
        environment = _environment()
        self.words: dict[str, Any] = {
            "_": translator.phrase,
            "ngettext": translator.phrases,
            "lang": translator.lang,
            "text": translator.text,
            "interval": translator.interval,
            "month": translator.month,
            "show": self.show,
            "href": partial(safe_href, depth=depth),
            "render": self.render,
        }
        self.marks = {
            band: Markup('<b class="band {}">{}</b>').format(band or "none", translator.text(word))
            for band, word in BAND_WORDS.items()
        }
        self.template = environment.get_template("page.html.j2")
        self.macros: dict[str, Any] = {}
        for name in MACRO_FILES:
            self.macros |= vars(environment.get_template(name).make_module(self.words))

    def render(self, block: Block, level: int) -> Markup:
        """Return a block; `level` is that of the heading it would open with."""
        return Markup(self.macros[type(block).__name__.lower()](block, level))  # noqa: S704  a macro escapes as it prints

    def show(self, cell: Cell) -> Markup:
        """Return a value as HTML, or several side by side."""
        match cell:
            case None:
                return Markup()
            case tuple():
                return Markup(" ").join(map(self.show, cell))
            case Message():
                template = escape(self.translator.template(cell))
                return Markup(substitute(template, self.translator.arguments(cell, self.show)))  # noqa: S704  both are escaped
            case Text():  # isolated, so that a name written from right to left does not turn its neighbours around
                return Markup("<bdi>%s</bdi>") % visible(cell.value)
            case Link():
                return self._link(cell)
            case BandMark():
                return self.marks[cell.band]
            case Interval():
                return Markup("<small>{}</small>").format(self.translator.text(cell))
            case _:
                return escape(self.translator.text(cell))

    def _link(self, link: Link) -> Markup:
        shown, target = self.show(link.value), safe_href(link.href, self.depth)
        return Markup('<a href="{}">{}</a>').format(target, shown) if target else shown


@lru_cache(maxsize=8)
def _page(translator: Translator, depth: int) -> _Page:
    return _Page(translator, depth)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # The templates are indented for their readers; no text of a page holds a line break that matters.
        loader=FunctionLoader(lambda name: re.sub(r"\n\s+", "\n", _read(name))),
    )
    style, script = tight(compact(_read("page.css"))), compact(_read("table.js"))
    environment.filters["pct"] = lambda at: f"{at:g}%"
    environment.globals |= {
        "chart_tables": chart_tables,
        "geometry": geometry,
        "brief": brief,
        "sort_keys": sort_keys,
        "FILTER_FROM": FILTER_FROM,
        "NAMED": NAMED,
        "BandMark": BandMark,
        "Count": Count,
        "Interval": Interval,
        "Link": Link,
        "Moment": Moment,
        "Percent": Percent,
        "Points": Points,
        "Text": Text,
        "style": Markup(style),  # noqa: S704  our own file
        "script": Markup(script),  # noqa: S704  our own file
        "policy": f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)};"
        " base-uri 'none'; form-action 'none'",
    }
    return environment


def _read(name: str) -> str:
    return (resource("templates") / name).read_text(encoding="utf-8")


def _source(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def compact(text: str) -> str:
    r"""Return our own CSS or JavaScript without comments, indentation and line breaks; each statement ends with `;`.

    Examples
    --------
    >>> compact("/* why */\na {\n  color: red;\n}\n")
    'a {color: red;}'
    """
    return re.sub(r"\s*\n\s*", "", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))


def tight(css: str) -> str:
    """Return our own CSS without the spaces that only please the eye.

    Examples
    --------
    >>> tight("a, b > i {color: red; margin: 0 1px;}")
    'a,b > i{color:red;margin:0 1px}'
    """
    return re.sub(r" (?={)|(?<=[:;,{]) ", "", css).replace(";}", "}")


def brief(rate: float) -> Percent:
    """Return a rate for an axis or a target: without decimals when it is a whole percentage.

    Examples
    --------
    >>> brief(0.07), brief(0.125)
    (Percent(value=0.07, digits=0), Percent(value=0.125, digits=1))
    """
    return Percent(rate, 0 if abs(rate * 100 - round(rate * 100)) < 1e-9 else 1)


def sort_keys(row: Row) -> str:
    """Return the keys of a row for `table.js`, joined by `|`: a number, `?` for none, nothing for “as it reads”."""

    def key(value: float | str | None) -> str:
        if value is None:
            return "?"
        return "" if isinstance(value, str) else f"{value:.6g}"

    return "|".join(map(key, row.sort))
