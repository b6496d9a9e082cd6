"""Reads a file of any kind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from hygiene.errors import SourceError
from hygiene.sources.csvtable import read_text
from hygiene.sources.raw import Raw
from hygiene.sources.records import prepare_json_lines, prepare_workbook
from hygiene.sources.sql import literal, quoted
from hygiene.sources.textfile import check_magic, prepare_text
from hygiene.sources.values import FLOATS, INTEGERS

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.sources.discover import SourceFile


def read_raw(con: duckdb.DuckDBPyConnection, file: SourceFile, work: Path) -> Raw:
    """Read a file's cells.

    Parameters
    ----------
    con
        Text is read into its table `raw_TABLE`; Parquet is read where it lies.
    file
        What to read.
    work
        Folder for clean copies of text.

    Raises
    ------
    SourceError
        If the file is empty, not what its suffix says, or damaged.
    """
    check_magic(file.path, file.suffix)
    match file.suffix:
        case ".parquet":
            return _read_parquet(con, file)
        case ".xlsx":
            book = prepare_workbook(file.path, work)
            return replace(read_text(con, file, book.text, work, book.lines), unread_sheets=book.unread)
        case ".jsonl":
            text, broken = prepare_json_lines(file.path, work)
            return read_text(con, file, text, work, lambda rows: {row: row + 1 for row in rows}, broken)
        case _:
            return read_text(con, file, prepare_text(file.path, file.suffix, work), work, None)


def _read_parquet(con: duckdb.DuckDBPyConnection, file: SourceFile) -> Raw:
    scan = f"read_parquet({literal(str(file.path))}, file_row_number = true, binary_as_string = true)"
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM {scan}").fetchall()
    except duckdb.Error as error:
        raise SourceError(
            f"{file.name} cannot be read as Parquet: it is damaged or cut off. Export it again."
        ) from error
    kinds = {name: _plain_type(kind) for name, kind, *_ in described if name != "file_row_number"}
    cells = ", ".join(f"CAST({quoted(name)} AS {kind}) AS c{index}" for index, (name, kind) in enumerate(kinds.items()))
    relation = f"(SELECT file_row_number AS row, {cells} FROM {scan})"
    return Raw(
        file=file.name,
        table=file.table,
        relation=relation,
        headers=tuple(kinds),
        types=tuple(kinds.values()),
        encoding=None,
        separator=None,
        lines=lambda rows: {row: row + 1 for row in rows},
    )


def _plain_type(kind: str) -> str:
    """Return the type as which a Parquet column is taken: its own where values.py knows it, else the nearest."""
    if kind.startswith("DECIMAL"):
        return "HUGEINT" if kind.endswith(",0)") else "DOUBLE"
    is_known = kind in (*INTEGERS, *FLOATS, "BOOLEAN", "DATE") or kind.startswith("TIMESTAMP")
    return kind if is_known else "VARCHAR"
