"""Lists that people open: CSV files and worksheets in which no cell runs, whatever the data holds."""

from __future__ import annotations

import csv
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from hygiene.reports.cells import defuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import Any

XLSX_ROWS = 1_048_576 - 1
"""Rows of a worksheet besides the header (Excel specifications and limits)."""
CELL_LIMIT = 32_767
"""Characters of a cell (same source)."""
EPOCH = datetime(2000, 1, 1)  # XlsxWriter takes no zone
SUMMARY_WIDTHS = (18, 12, 90)

Cell = str | int | float


class Sheet(NamedTuple):
    """A worksheet of rows under a header."""

    name: str
    """At most 31 characters."""
    titles: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    """Taken once, one after another: there may be millions."""
    length: int
    """Of the rows."""
    widths: Sequence[int]
    """Of the columns, in characters."""


class Summary(NamedTuple):
    """The first worksheet: sentences, then a line a sheet."""

    name: str
    sentences: Sequence[str]
    lines: Sequence[tuple[str, int, str]]
    """What to do, how many, and what that means."""


def write_people(path: Path, titles: Sequence[str], rows: Iterable[Sequence[Cell]], lang: str) -> None:
    """Write a CSV file that a spreadsheet of readers of `lang` may open: each text cell defused."""
    separator = ";" if lang == "fr" else ","  # `;` where the decimal sign is the comma
    # With a byte order mark: without it Excel reads UTF-8 as the local code page.
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(titles)
        for row in rows:
            writer.writerow([defuse(cell) if isinstance(cell, str) else cell for cell in row])


def write_workbook(path: Path, summary: Summary, sheets: Sequence[Sheet]) -> None:
    """Write the summary and the sheets as one workbook; texts stay texts, and equal input gives equal bytes."""
    import xlsxwriter

    # The defaults store `=…` as a live formula and an address as a link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), {**options, "constant_memory": True}) as book:
        book.set_properties({"created": EPOCH})
        bold = book.add_format({"bold": True, "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        first = book.add_worksheet(summary.name)
        for column, width in enumerate(SUMMARY_WIDTHS):
            first.set_column(column, column, width)
        for position, sentence in enumerate(summary.sentences):
            first.write_string(position, 0, sentence[:CELL_LIMIT])
        for position, cells in enumerate(summary.lines, start=len(summary.sentences) and len(summary.sentences) + 1):
            first.write_row(position, 0, cells, wrap)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, bold)


def _write_sheet(page: Any, sheet: Sheet, bold: Any) -> None:
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, min(sheet.length, XLSX_ROWS), len(sheet.titles) - 1)
    page.write_row(0, 0, sheet.titles, bold)
    for position, row in enumerate(islice(sheet.rows, XLSX_ROWS), start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(position, column, cell[:CELL_LIMIT])
            else:
                page.write_number(position, column, cell)
