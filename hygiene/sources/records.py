"""Writes workbooks and JSON lines as plain CSV, so that one reader serves all text.

Each row of a sheet and each line of a JSON file becomes exactly one record, empty ones too: the record's number is its
place in the file.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from hygiene.errors import SourceError
from hygiene.sources.aliases import normalize_header
from hygiene.sources.formulas import without_value
from hygiene.sources.raw import Broken
from hygiene.sources.textfile import TextFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path


def cell_text(value: Any) -> str:
    """Return a typed cell as text: whole floats without a fraction, times as ISO 8601, booleans as true and false.

    Examples
    --------
    >>> [cell_text(v) for v in (3.0, 0.125, True, None, dt.datetime(2026, 3, 1, 9, 30))]
    ['3', '0.125', 'true', '', '2026-03-01T09:30:00']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value).replace("\r\n", "\n").replace("\r", "\n")


def write_records(target: Path, headers: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> None:
    """Write headers and rows as UTF-8 CSV with every cell quoted: an empty record is told from a blank line so."""
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writerow(headers)
        for row in rows:
            writer.writerow([cell_text(value) for value in row])


class Workbook(NamedTuple):
    """The rows of a workbook as text."""

    text: TextFile
    starts: tuple[tuple[int, int], ...]
    """Of each sheet that was read: its first record, and the line of that in the sheet."""
    unread: tuple[str, ...]
    """Filled sheets with other headers than the first's."""

    def lines(self, rows: Sequence[int]) -> dict[int, int]:
        """Return the line of each record in its sheet."""
        firsts = [first for first, _ in self.starts]
        places = {row: self.starts[bisect_right(firsts, row) - 1] for row in rows}
        return {row: row - first + line for row, (first, line) in places.items()}


def prepare_workbook(path: Path, work: Path) -> Workbook:
    """Write the first sheet that holds anything, and those with the same headers, as CSV.

    A formula that was saved without its value stands there as itself: the cell is not empty.

    Raises
    ------
    SourceError
        If the workbook cannot be read or holds nothing.
    """
    filled = [(name, grid, start) for name, grid in _grids(path) if (start := _first_filled(grid)) is not None]
    if not filled:
        raise SourceError(f"{path.name} holds no row in any sheet: export it again or leave it out.")
    headers = [tuple(cell_text(cell) for cell in grid[start]) for _, grid, start in filled]
    rows: list[list[Any]] = []
    starts = []
    unread = []
    for (name, grid, start), own in zip(filled, headers, strict=True):
        if _compared(own) != _compared(headers[0]):
            unread.append(name)
            continue
        starts.append((len(rows), start + 2))
        rows += [row[: len(headers[0])] + [None] * (len(headers[0]) - len(row)) for row in grid[start + 1 :]]
    target = work / f"{path.name}.utf8"
    write_records(target, headers[0], rows)
    return Workbook(TextFile(target, "xlsx", ",", headers[0]), tuple(starts), tuple(unread))


def _grids(path: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    import python_calamine

    formulas = without_value(path)
    try:
        workbook = python_calamine.load_workbook(str(path))
        for name in workbook.sheet_names:
            grid = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for row, column, text in formulas.get(name, ()):
                grid += [[] for _ in range(row + 1 - len(grid))]
                grid[row] += [""] * (column + 1 - len(grid[row]))
                grid[row][column] = grid[row][column] or text
            yield name, grid
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise SourceError(f"{path.name} cannot be read as an Excel workbook ({error}): save it again.") from error


def _first_filled(grid: list[list[Any]]) -> int | None:
    return next((number for number, row in enumerate(grid) if any(cell_text(cell) for cell in row)), None)


def _compared(headers: tuple[str, ...]) -> list[str]:
    """Return headers as they are compared; empty ones at the end are none."""
    plain = [normalize_header(header) for header in headers]
    while plain and not plain[-1]:
        plain.pop()
    return plain


def prepare_json_lines(path: Path, work: Path) -> tuple[TextFile, list[Broken]]:
    """Write a file of one JSON object a line as CSV; its headers are the objects' keys in order of appearance.

    Returns
    -------
    The text, and the lines that hold no JSON object.

    Raises
    ------
    SourceError
        If no line holds a JSON object.
    """
    headers: dict[str, int] = {}
    broken: list[Broken] = []
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, start=1):
            record = _parse(line)
            if record is None:
                broken.append(Broken(number, None, line.strip(), "unreadable_line", "one JSON object a line"))
            else:
                headers.update((key, len(headers)) for key in record if key not in headers)
    if not headers:
        raise SourceError(f"{path.name} holds no JSON object: one object a line is expected.")
    target = work / f"{path.name}.utf8"
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        records = (_parse(line) or {} for line in file)
        write_records(target, tuple(headers), ([record.get(key) for key in headers] for record in records))
    return TextFile(target, "utf-8", ",", tuple(headers)), broken


def _parse(line: str) -> dict[str, Any] | None:
    """Return the line's object; a blank line is an empty one, anything else is None."""
    if not line.strip():
        return {}
    try:
        record = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return None
    return record if isinstance(record, dict) else None
