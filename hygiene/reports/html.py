"""A document as one self-contained HTML page: its own style and script, no network, complete without JavaScript.

Every text that comes from the data is hostile. Jinja escapes whatever is not `Markup`; `Markup` is made in this file
and in `html_values.py` only; and the page's own policy forbids every request and every script but the one whose hash it
names.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache, partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from hygiene.reports import chart_tables, curves, geometry
from hygiene.reports.document import Section
from hygiene.reports.html_values import HtmlValues, safe_href
from hygiene.reports.translate import TEXT_LIMIT, visible
from hygiene.resources import resource
from hygiene.values import BandMark, Change, Count, Interval, Link, Moment, Percent, Points, Text

if TYPE_CHECKING:
    from hygiene.reports.document import Block, Document, TrendChart
    from hygiene.reports.translate import Translator

MACRO_FILES = ("blocks.html.j2", "charts.html.j2")
"""Each holds macros named as the block they draw, in lower case."""
STYLES = {
    "team": ("page.css", "table.css", "team.css"),
    "sender": ("page.css",),
    "sequence": ("page.css", "table.css"),
    "evidence": ("page.css",),
}
"""By kind of page: a coaching page must stay small, sorts nothing and draws none of what team.css is for."""
SORTING = ("team", "sequence")
"""Kinds of pages with tables to sort, and so with a script."""
FILTER_FROM = 8
"""Rows from which a sortable table gets a field to search in it."""
KEPT_PARTS = 512
"""Parts of charts, such as axes, that are kept because other pages have the same."""
SHARE_COLOURS = {
    "address": "#b3261e",
    "sender": "#2563a8",
    "temporary": "#8a5a00",
    "recipient_filter": "#0b6478",
    "unknown": "#6b7685",
}
"""For readers of SVG that ignore the page's style; page.css has the same by class."""
MARK_SHAPES = {
    "chosen": "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0Z",
    "hubspot": "M-4.5-4.5H4.5V4.5H-4.5Z",
    "ninety_days": "M0-6.5L6.5 0L0 6.5L-6.5 0Z",
}
"""By way of pausing: a circle, a square, a diamond around (0, 0). The first holds the others, should they meet."""
_LINE_END = re.compile(r"\r\n|\r|\n")
LINE_LIMIT = 2_000
"""Characters of a line of an email that are shown."""
NAMED = 20
"""Senders named below a funnel for each limit."""


def render_page(document: Document, translator: Translator, depth: int, texts: int = TEXT_LIMIT) -> str:
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
    texts
        Characters of one text from the data that are shown.

    Returns
    -------
    str
        The page; the same document, language and depth give the same text.
    """
    page = _page(translator, depth, texts)
    html = page.template.render(
        page.words,
        document=document,
        sections=[block for block in document.blocks if isinstance(block, Section)],
    )
    return re.sub(r"\n{2,}", "\n", html).strip() + "\n"


class _Page:
    """The templates in one language, for pages at one depth."""

    def __init__(self, translator: Translator, depth: int, texts: int) -> None:
        environment, values = _environment(), HtmlValues(translator, depth, texts)
        self.words: dict[str, Any] = {
            "_": translator.phrase,
            "ngettext": translator.phrases,
            "lang": translator.lang,
            "text": translator.text,
            "interval": translator.interval,
            "month": translator.month,
            "show": values.show,
            "plain": plain,
            "rows": values.rows,
            "kept": lru_cache(maxsize=KEPT_PARTS)(lambda macro, *shape: macro(*shape)),
            "months_said": partial(months_said, translator),
            "href": partial(safe_href, depth=depth),
            "render": self.render,
        }
        self._kept: tuple[Section, Markup] | None = None
        self.template = environment.get_template("page.html.j2")
        self.macros: dict[str, Any] = {}
        for name in MACRO_FILES:
            self.macros |= vars(environment.get_template(name).make_module(self.words))

    def render(self, block: Block, level: int) -> Markup:
        """Return a block; `level` is that of the heading it would open with.

        The last folded section is kept: all pages of a run end with the same method.
        """
        if not (isinstance(block, Section) and block.folded):
            return self._draw(block, level)
        if self._kept is None or self._kept[0] is not block:
            self._kept = (block, self._draw(block, level))
        return self._kept[1]

    def _draw(self, block: Block, level: int) -> Markup:
        return Markup(self.macros[type(block).__name__.lower()](block, level))  # noqa: S704  a macro escapes as it prints


@lru_cache(maxsize=8)
def _page(translator: Translator, depth: int, texts: int) -> _Page:
    return _Page(translator, depth, texts)


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
    styles = {kind: tight(compact("\n".join(map(_read, files)))) for kind, files in STYLES.items()}
    script = compact(_read("table.js"))
    environment.filters["pct"] = lambda at: f"{at:g}%"
    environment.globals |= {
        "chart_tables": chart_tables,
        "curves": curves,
        "geometry": geometry,
        "brief": brief,
        "FILTER_FROM": FILTER_FROM,
        "MARK_SHAPES": MARK_SHAPES,
        "NAMED": NAMED,
        "SHARE_COLOURS": SHARE_COLOURS,
        "BandMark": BandMark,
        "Change": Change,
        "Count": Count,
        "Interval": Interval,
        "Link": Link,
        "Moment": Moment,
        "Percent": Percent,
        "Points": Points,
        "Text": Text,
        "styles": {kind: Markup(style) for kind, style in styles.items()},  # noqa: S704  our own files
        "SORTING": SORTING,
        "script": Markup(script),  # noqa: S704  our own file
        "policies": {
            kind: f"default-src 'none'; style-src {_source(style)}; script-src {_source(script)};"
            " base-uri 'none'; form-action 'none'"
            for kind, style in styles.items()
        },
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


def months_said(translator: Translator, chart: TrendChart) -> str:
    """Return the months of a trend and their rates in words: `Jan 2026 7.1%; Feb 2026 8.0%`."""
    known = [point for point in chart.points if point.trials]
    return "; ".join(
        f"{translator.text(Moment(point.month, 'month'))} {translator.text(Percent(point.value))}" for point in known
    )


def plain(text: str) -> Markup:
    r"""Return a text from the data as HTML that keeps its lines, without hidden effects.

    Examples
    --------
    >>> plain("one <b>\r\ntwo\x1b")
    Markup('one &lt;b&gt;<br>two�')
    """
    return Markup("<br>").join(visible(line, LINE_LIMIT) for line in _LINE_END.split(text))


def brief(rate: float) -> Percent:
    """Return a rate for an axis or a target: without decimals when it is a whole percentage.

    Examples
    --------
    >>> brief(0.07), brief(0.125)
    (Percent(value=0.07, digits=0), Percent(value=0.125, digits=1))
    """
    return Percent(rate, 0 if abs(rate * 100 - round(rate * 100)) < 1e-9 else 1)
