"""A document as plain text (Markdown): for mails, chats, and tests that compare the figures of two renderings."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from hygiene.reports.chart_tables import calibration_table, frontier_table, step_table, trend_table
from hygiene.reports.document import (
    BandMark,
    Bullets,
    CalibrationChart,
    Count,
    Definitions,
    FrontierChart,
    FunnelChart,
    Interval,
    Link,
    Message,
    Note,
    Percent,
    Points,
    RateScale,
    Row,
    ScoreScale,
    Section,
    ShareBar,
    Snippet,
    StepChart,
    Table,
    TableColumn,
    Text,
    Tiles,
    TrendChart,
    Verdict,
)
from hygiene.reports.translate import substitute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hygiene.reports.document import Block, Cell, Document, Share, Value
    from hygiene.reports.translate import Translator
    from hygiene.scores.types import Band

SHAPES: Mapping[Band | None, str] = {"low": "▼", "fair": "◆", "good": "●", "excellent": "★", None: "○"}
"""The shape of each band: the same on the pages and in a terminal, so that no reader depends on colour."""
GAP = "  "


def render_text(document: Document, translator: Translator) -> str:
    """Return a document as Markdown with its tables aligned; every figure of the page is in it."""
    lines = [f"# {translator.text(document.title)}", ""]
    lines += [cell_text(named(term, value), translator) for term, value in document.context]
    for block in document.blocks:
        lines += ["", *_block_lines(block, translator, 2)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def named(term: Message, value: Value | None) -> Message:
    """Return a value with its name before it, as the language punctuates."""
    return Message("%(term)s: %(value)s", {"term": term, "value": value if value is not None else Text("")})


def cell_text(cell: Cell, translator: Translator) -> str:
    """Return a cell as text; a band with its shape, the values of a tuple side by side."""
    match cell:
        case None:
            return ""
        case tuple():
            return " ".join(cell_text(value, translator) for value in cell)
        case BandMark():
            return f"{SHAPES[cell.band]} {translator.text(cell)}"
        case Link():
            return cell_text(cell.value, translator)
        case Message():
            shown = translator.arguments(cell, lambda value: cell_text(value, translator))
            return substitute(translator.template(cell), shown)
        case _:
            return translator.text(cell)


def aligned(header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> list[str]:
    """Return lines of equal columns: text to the left, numbers to the right, a rule under the header.

    Parameters
    ----------
    header, rows
        The cells as they are shown.
    numbers
        Whether a column holds numbers.
    """
    widths = [max(map(display_width, column)) for column in zip(header, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = (
            " " * (width - display_width(cell)) + cell if number else cell + " " * (width - display_width(cell))
            for cell, width, number in zip(cells, widths, numbers, strict=True)
        )
        return GAP.join(padded).rstrip()

    return [line(header), GAP.join("-" * width for width in widths), *map(line, rows)]


def display_width(text: str) -> int:
    r"""Return how many columns a text takes in a terminal: two for a wide letter, none for a combining mark.

    Examples
    --------
    >>> display_width("Ana"), display_width("日本"), display_width("e\u0301")
    (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
    )


def table_lines(table: Table, translator: Translator) -> list[str]:
    """Return a table with its caption, aligned; where rows were left out, of how many."""
    lines = [f"**{cell_text(table.caption, translator)}**", ""]
    lines += aligned(
        [translator.text(column.title) for column in table.columns],
        [[cell_text(cell, translator) for cell in row.cells] for row in table.rows],
        [column.kind == "number" for column in table.columns],
    )
    if table.total is not None and table.total > len(table.rows):
        shown = {"shown": Count(len(table.rows)), "total": Count(table.total)}
        lines += ["", translator.text(Message("%(shown)s of %(total)s rows are shown.", shown))]
    return [*lines, "", cell_text(table.note, translator)] if table.note else lines


def _block_lines(block: Block, translator: Translator, level: int) -> list[str]:
    def show(cell: Cell) -> str:
        return cell_text(cell, translator)

    match block:
        case Section():
            lines = [f"{'#' * level} {show(block.title)}"]
            lines += ["", show(block.intro)] if block.intro else []
            for inner in block.blocks:
                lines += ["", *_block_lines(inner, translator, level + 1)]
            return lines
        case Table():
            return table_lines(block, translator)
        case TrendChart() | StepChart() | FunnelChart() | FrontierChart() | CalibrationChart():
            return table_lines(_chart_table(block), translator)
        case Tiles() | ScoreScale() | RateScale() | ShareBar():
            return list(_figure_lines(block, show))
        case Verdict() | Note() | Bullets() | Definitions() | Snippet():
            return list(_word_lines(block, show))


def share_words(block: ShareBar, share: Share) -> Message:
    """Return a part of a whole in words: `the address: 12 (40.0%)`."""
    args: dict[str, Value] = {
        "label": share.label,
        "count": Count(share.count),
        "share": Percent(share.count / block.total if block.total else None),
    }
    return Message("%(label)s: %(count)s (%(share)s)", args)


def _figure_lines(block: Tiles | ScoreScale | RateScale | ShareBar, show: Callable[[Cell], str]) -> Iterator[str]:
    match block:
        case ShareBar():
            yield from (f"**{show(block.label)}**", "")
            yield from (f"- {show(share_words(block, share))}" for share in block.shares)
        case Tiles():
            for tile in block.tiles:
                yield _listed(show, tile.label, tile.value, tile.interval, tile.detail)
        case ScoreScale():
            figure = (Points(block.score), Interval(block.low, block.high, percent=False), BandMark(block.band))
            yield _listed(show, block.label, *figure)
        case RateScale():
            yield _listed(show, block.label, Percent(block.value), Interval(block.low, block.high))


def _word_lines(block: Verdict | Note | Bullets | Definitions | Snippet, show: Callable[[Cell], str]) -> Iterator[str]:
    match block:
        case Snippet():
            lines = block.text.value if isinstance(block.text, Text) else show(block.text)
            yield from (show(block.label), "", "```", *lines.split("\n"), "```")
        case Verdict():
            yield f"**{show(block.sentence)}**"
            if block.detail:
                yield show(block.detail)
        case Note():
            yield show(block.sentence)
        case Bullets():
            yield from (f"- {show(item)}" for item in block.items)
        case Definitions():
            yield from (f"- {show(named(term, meaning))}" for term, meaning in block.items)


def _listed(show: Callable[[Cell], str], label: Message, *values: Value | None) -> str:
    return " ".join([f"- {show(named(label, values[0]))}", *(show(value) for value in values[1:] if value is not None)])


def _chart_table(chart: TrendChart | StepChart | FunnelChart | FrontierChart | CalibrationChart) -> Table:
    match chart:
        case TrendChart():
            return trend_table(chart)
        case StepChart():
            return step_table(chart)
        case FrontierChart():
            return frontier_table(chart)
        case CalibrationChart():
            return calibration_table(chart)
        case FunnelChart():
            return _funnel_table(chart)


def _funnel_table(chart: FunnelChart) -> Table:
    return Table(
        caption=chart.label,
        columns=(
            TableColumn(Message("Sender")),
            TableColumn(Message("Out of"), "number"),
            TableColumn(Message("Rate"), "number"),
        ),
        rows=tuple(Row((Text(dot.label), Count(dot.trials), Percent(dot.rate))) for dot in chart.dots),
    )
