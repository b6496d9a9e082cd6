"""Reads clean text into DuckDB, and tells the true line of every row that could not be taken apart."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from hygiene.errors import SourceError
from hygiene.sources.raw import Broken, Raw
from hygiene.sources.sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import duckdb

    from hygiene.sources.discover import SourceFile
    from hygiene.sources.textfile import TextFile

MAX_LINE_SIZE = 16 << 20
"""Bytes of one record; DuckDB's default of 2 MB stops at a long note."""
MAX_REPAIRS = 20
"""Rows with a quote that never closes which are set aside one by one; a file with more is of another dialect."""
BROKEN_CODES = {
    "MISSING COLUMNS": "too_few_cells",
    "TOO MANY COLUMNS": "too_many_cells",
    "UNQUOTED VALUE": "open_quote",
}


def read_text(
    con: duckdb.DuckDBPyConnection,
    file: SourceFile,
    text: TextFile,
    work: Path,
    lines: Callable[[Sequence[int]], dict[int, int]] | None,
    broken: Sequence[Broken] = (),
) -> Raw:
    """Read a prepared text.

    Parameters
    ----------
    con
        Gets the table `raw_TABLE`.
    file, text
        What was handed in, and its clean text.
    work
        Folder for repaired copies.
    lines
        Gives the line of each of some records; None: the text's own lines.
    broken
        Rows that were broken already before they became text.

    Raises
    ------
    SourceError
        If too many quotes never close: the file is of a dialect that would be misread.
    """
    clean, unclosed, ragged = _read_repaired(con, file, text, work)
    skipped = {row.line for row in ragged}
    return Raw(
        file=file.name,
        table=file.table,
        relation=f"(SELECT rowid AS row, * FROM {quoted(f'raw_{file.table}')})",
        headers=text.headers,
        types=("VARCHAR",) * len(text.headers),
        encoding=None if file.suffix == ".xlsx" else text.encoding,
        separator=None if file.suffix in (".xlsx", ".jsonl") else text.separator,
        lines=lines or (lambda rows: find_lines(clean, text, rows, skipped)),
        broken=(*broken, *unclosed, *ragged),
    )


def _read_repaired(
    con: duckdb.DuckDBPyConnection, file: SourceFile, text: TextFile, work: Path
) -> tuple[Path, list[Broken], list[Broken]]:
    """Read a text, setting rows aside whose quote never closes: such a quote swallows the rows below it.

    Returns
    -------
    The text that was read in the end, the rows set aside, and the rows that were broken besides.
    """
    clean = text.path
    unclosed: list[Broken] = []
    while True:
        _scan_csv(con, f"raw_{file.table}", clean, text)
        ragged = _broken_rows(con, clean, text.headers)
        runaway = next((row for row in ragged if row.code == "open_quote" and "\n" in row.value.rstrip("\n")), None)
        if runaway is None:
            return clean, unclosed, ragged
        if len(unclosed) == MAX_REPAIRS:
            raise SourceError(
                f"{file.name} has more than {MAX_REPAIRS} rows whose quotes never close, the first in "
                f"line {unclosed[0].line}: export it again with quotes doubled inside quoted cells."
            )
        unclosed.append(runaway)
        clean = _blank_line(clean, runaway.line, work / f"{file.name}.repaired{len(unclosed) % 2}")


def _scan_csv(con: duckdb.DuckDBPyConnection, table: str, path: Path, text: TextFile) -> None:
    con.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    # The schema is explicit and every column is materialised before the rejects are read: DuckDB checks only the
    # columns it projects, and its sniffer may settle on one column.
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(text.headers)))
    con.execute(
        f"""CREATE OR REPLACE TABLE {quoted(table)} AS
            SELECT * FROM read_csv({literal(str(path))}, auto_detect = false, header = true, skip = {text.skip},
                delim = {literal(text.separator)}, quote = '"', escape = '"', nullstr = '', new_line = '\\n',
                columns = {{{columns}}}, max_line_size = {MAX_LINE_SIZE}, buffer_size = {2 * MAX_LINE_SIZE},
                store_rejects = true, rejects_limit = 0)"""
    )


def _broken_rows(con: duckdb.DuckDBPyConnection, path: Path, headers: tuple[str, ...]) -> list[Broken]:
    """Return the rows that DuckDB left out, with the physical line on which each starts."""
    rows = con.execute(
        """SELECT line_byte_position, min(csv_line), min(CAST(error_type AS VARCHAR)), min(error_message)
           FROM reject_errors GROUP BY line_byte_position ORDER BY line_byte_position"""
    ).fetchall()
    broken = []
    # Positions count from 1; DuckDB's own `line` counts records, not lines, and a blank line above belongs to the row.
    blank = [len(text or "") - len((text or "").lstrip("\n")) for _, text, _, _ in rows]
    starts = _lines_at(path, [position - 1 + above for (position, *_), above in zip(rows, blank, strict=True)])
    for line, (_, text, kind, message) in zip(starts, rows, strict=True):
        code = BROKEN_CODES.get(kind, "unreadable_line")
        expected = {
            "open_quote": "quotes closed at the end of their cell",
            "unreadable_line": f"at most {MAX_LINE_SIZE >> 20} MiB a row"
            if kind == "LINE SIZE OVER MAXIMUM"
            else message.split("\n")[0],
        }.get(code, f"{len(headers)} cells")
        broken.append(Broken(line, None, (text or "").lstrip("\n"), code, expected))
    return broken


def _lines_at(path: Path, positions: list[int]) -> list[int]:
    """Return the line numbers of ascending byte positions."""
    found = []
    line, offset = 1, 0
    with path.open("rb") as file:
        for position in positions:
            while offset < position:
                block = file.read(min(1 << 20, position - offset))
                if not block:
                    break
                line += block.count(b"\n")
                offset += len(block)
            found.append(line)
    return found


def _blank_line(path: Path, line: int, target: Path) -> Path:
    """Copy a text with one line emptied, so that all other lines keep their numbers."""
    with path.open("rb") as reader, target.open("wb") as writer:
        for number, content in enumerate(reader, start=1):
            writer.write(b"\n" if number == line else content)
    return target


def find_lines(path: Path, text: TextFile, rows: Sequence[int], skipped: set[int]) -> dict[int, int]:
    """Return the line on which each wanted record starts; quoted cells may span lines.

    Parameters
    ----------
    path
        Clean text.
    text
        Its separator, and its header, which is no record.
    rows
        Numbers of records as DuckDB counted them, ascending.
    skipped
        Lines on which the records start that DuckDB left out.
    """
    wanted = iter(rows)
    target = next(wanted, None)
    found: dict[int, int] = {}
    limit = csv.field_size_limit(1 << 30)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for _ in range(text.skip):
                file.readline()
            reader = csv.reader(file, delimiter=text.separator)
            record, start = -2, text.skip + 1  # the first record met is the header
            for cells in reader:
                # A blank line is a record only where there is one column.
                if (cells or len(text.headers) == 1) and start not in skipped:
                    record += 1
                if target is not None and record == target:
                    found[target] = start
                    target = next(wanted, None)
                if target is None:
                    break
                start = text.skip + reader.line_num + 1
    finally:
        csv.field_size_limit(limit)
    return found
