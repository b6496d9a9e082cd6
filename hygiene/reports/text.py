"""A document as plain text (Markdown): for mails, chats, and tests that compare the figures of two renderings."""

from __future__ import annotations

import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING

from hygiene.reports.chart_tables import calibration_table, frontier_table, gap_table, step_table, trend_table
from hygiene.reports.document import (
    Action,
    Bullets,
    CalibrationChart,
    Definitions,
    FrontierChart,
    FunnelChart,
    GapChart,
    MarkedText,
    Note,
    RateScale,
    Row,
    ScoreScale,
    Section,
    ShareBar,
    Snippet,
    StepChart,
    Table,
    TableColumn,
    Tiles,
    TrendChart,
    Verdict,
)
from hygiene.reports.translate import substitute
from hygiene.values import BandMark, Count, Interval, Link, Message, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from hygiene.reports.document import Block, Cell, Document, Share
    from hygiene.reports.translate import Translator
    from hygiene.scores.types import Band
    from hygiene.values import Value

SHAPES: Mapping[Band | None, str] = {"low": "▼", "fair": "◆", "good": "●", "excellent": "★", None: "○"}
"""The shape of each band: the same on the pages and in a terminal, so that no reader depends on colour."""
GAP = "  "
ITEM, INDENT = "- ", "  "
"""Before an item of a list, and before what goes on in the next line."""


def render_text(document: Document, translator: Translator, width: int | None = None) -> str:
    """Return a document as Markdown with its tables aligned; every figure of the page is in it.

    Parameters
    ----------
    document, translator
        What is said, and in which language.
    width
        Terminal columns that no line exceeds, but for a single word that is longer; None: lines are as long as they
        are, as Markdown wants them.
    """
    lines = [f"# {translator.text(document.title)}", ""]
    lines += [cell_text(named(term, value), translator) for term, value in document.context]
    lines = _all_wrapped(lines, width)
    for block in document.blocks:
        lines += ["", *_block_lines(block, translator, 2, width)]
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


def aligned(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[bool],
    widths: Sequence[int] | None = None,
) -> list[str]:
    """Return lines of equal columns: text to the left, numbers to the right, a rule under the header.

    Parameters
    ----------
    header, rows
        The cells as they are shown.
    numbers
        Whether a column holds numbers.
    widths
        Of the columns, as `narrowed` returns them: what is longer goes on in the next line. Default: as wide as their
        widest cell.
    """
    given = widths or _widest(header, rows)

    def line(cells: Sequence[str]) -> str:
        padded = (
            " " * (width - display_width(cell)) + cell if number else cell + " " * (width - display_width(cell))
            for cell, width, number in zip(cells, given, numbers, strict=True)
        )
        return GAP.join(padded).rstrip()

    rule = GAP.join("-" * width for width in given)
    if widths is None:
        return [line(header), rule, *map(line, rows)]
    head = _side_by_side([wrapped(title, width)[::-1] for title, width in zip(header, widths, strict=True)])[::-1]
    broken = ([wrapped(cell, width, INDENT) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return [*map(line, head), rule, *(line(part) for cells in broken for part in _side_by_side(cells))]


def _side_by_side(cells: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    return list(zip_longest(*cells, fillvalue=""))


def narrowed(
    header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool], width: int
) -> list[int] | None:
    """Return widths of columns with which a table fits a width; None where no way of breaking its cells makes it fit.

    The titles of numbers are broken first, for that costs a line a table; then text, the widest column first. A number
    is never broken, and a word is not either.
    """
    widths = _widest(header, rows)
    least = [
        max(
            [_longest_word(title)] + [display_width(cell) if number else _longest_word(cell, INDENT) for cell in column]
        )
        for (title, *column), number in zip(zip(header, *rows, strict=True), numbers, strict=True)
    ]
    excess = sum(widths) + len(GAP) * (len(widths) - 1) - width
    for number in (True, False):
        while excess > 0:
            open_columns = [i for i, wide in enumerate(widths) if numbers[i] == number and wide > least[i]]
            if not open_columns:
                break
            widths[max(open_columns, key=widths.__getitem__)] -= 1
            excess -= 1
    return None if excess > 0 else widths


def _widest(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(display_width, column)) for column in zip(header, *rows, strict=True)]


def _longest_word(text: str, indent: str = "") -> int:
    first, *others = map(display_width, text.split(" "))
    return max([first] + [len(indent) + other for other in others])


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Return a text as lines of at most `width` terminal columns, broken at spaces; a longer word stays whole.

    A space that does not break, as between a French number and its unit, is none.

    Parameters
    ----------
    indent
        Put before all lines but the first.

    Examples
    --------
    >>> wrapped("90 days without a sign of life", 16, "  ")
    ['90 days without', '  a sign of life']
    """
    if display_width(text) <= width:
        return [text]
    first, *words = text.split(" ")
    lines = [first]
    for word in words:
        if display_width(lines[-1]) + 1 + display_width(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(indent + word)
    return lines


def _all_wrapped(lines: Iterable[str], width: int | None) -> list[str]:
    """Return lines of Markdown broken so that the parts of a list's item stay one item."""
    if width is None:
        return list(lines)
    return [part for line in lines for part in wrapped(line, width, INDENT if line.startswith(ITEM) else "")]


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


def table_lines(table: Table, translator: Translator, width: int | None = None) -> list[str]:
    """Return a table with its caption, aligned; where rows were left out, of how many.

    Parameters
    ----------
    table, translator
        What is shown, and in which language.
    width
        As `render_text` takes it. A table that cannot be made to fit becomes a list, an item a row.
    """
    header = [translator.text(column.title) for column in table.columns]
    rows = [[cell_text(cell, translator) for cell in row.cells] for row in table.rows]
    numbers = [column.kind == "number" for column in table.columns]
    widths = None if width is None else narrowed(header, rows, numbers, width)
    lines = [*_all_wrapped([f"**{cell_text(table.caption, translator)}**"], width), ""]
    if width is None or widths:
        lines += aligned(header, rows, numbers, widths)
    else:
        lines += _row_lists(header, rows, translator, width)
    if table.total is not None and table.total > len(table.rows):
        shown = {"shown": Count(len(table.rows)), "total": Count(table.total)}
        said = translator.text(Message("%(shown)s of %(total)s rows are shown.", shown))
        lines += ["", *_all_wrapped([said], width)]
    return [*lines, "", *_all_wrapped([cell_text(table.note, translator)], width)] if table.note else lines


def _row_lists(
    header: Sequence[str], rows: Sequence[Sequence[str]], translator: Translator, width: int
) -> Iterator[str]:
    """Yield a row as an item, `title: value` in each line; an empty cell says nothing."""
    template = translator.template(Message("%(term)s: %(value)s"))
    for row in rows:
        start = ITEM
        for term, value in zip(header, row, strict=True):
            if value:
                yield from wrapped(start + substitute(template, {"term": term, "value": value}), width, INDENT * 2)
                start = INDENT


def _block_lines(block: Block, translator: Translator, level: int, width: int | None) -> list[str]:
    def show(cell: Cell) -> str:
        return cell_text(cell, translator)

    match block:
        case Section():
            lines = [f"{'#' * level} {show(block.title)}"]
            lines = _all_wrapped([*lines, "", show(block.intro)] if block.intro else lines, width)
            for inner in block.blocks:
                lines += ["", *_block_lines(inner, translator, level + 1, width)]
            return lines
        case Table():
            return table_lines(block, translator, width)
        case TrendChart() | StepChart() | FunnelChart() | FrontierChart() | CalibrationChart() | GapChart():
            return table_lines(_chart_table(block), translator, width)
        case Tiles() | ScoreScale() | RateScale() | ShareBar():
            return _all_wrapped(_figure_lines(block, show), width)
        case Snippet() | MarkedText():
            return list(_quoted_lines(block, show))
        case Action():
            return _all_wrapped(_action_lines(block, show, level), width)
        case Verdict() | Note() | Bullets() | Definitions():
            return _all_wrapped(_word_lines(block, show), width)


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


def _quoted_lines(block: Snippet | MarkedText, show: Callable[[Cell], str]) -> Iterator[str]:
    if isinstance(block, Snippet):
        lines = block.text.value if isinstance(block.text, Text) else show(block.text)
        yield from (show(block.label), "", "```", *lines.split("\n"), "```")
        return
    yield f"**{show(block.label)}**"
    text = "".join(
        f"«{passage.text} ← {show(passage.mark)}»" if passage.mark else passage.text for passage in block.passages
    )
    yield from (f"> {show(Text(line))}" for line in text.splitlines())


def _action_lines(block: Action, show: Callable[[Cell], str], level: int) -> Iterator[str]:
    yield f"{'#' * level} {show(block.title)}"
    yield show(block.sentence)
    yield from (f"- {show(named(term, value))}" for term, value in block.facts)
    yield from (f"{place}. {show(step)}" for place, step in enumerate(block.steps, start=1))


def _word_lines(block: Verdict | Note | Bullets | Definitions, show: Callable[[Cell], str]) -> Iterator[str]:
    match block:
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


def _chart_table(
    chart: TrendChart | StepChart | FunnelChart | FrontierChart | CalibrationChart | GapChart,
) -> Table:
    match chart:
        case GapChart():
            return gap_table(chart)
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
