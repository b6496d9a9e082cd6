"""Sources for tests: a folder of files written from texts, and the canonical rows that come of it."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from hygiene.settings import Settings
from hygiene.sources import load, optouts, rejects
from hygiene.sources.discover import SourceFile, split_name
from hygiene.sources.tableread import read_table
from hygiene.sources.typed import given

if TYPE_CHECKING:
    from hygiene.sources.tables import ImportReport, Tables

ENROLLMENTS = (
    "enrollment_id,contact_id,sender_id,sequence_id,enrolled_at,ended_at,outcome\n"
    "e1,c1,ann,q1,2026-01-05 09:00,2026-01-20 09:00,finished\n"
    "e2,c2,bob,q1,2026-01-06 09:00,2026-01-08 11:00,replied\n"
)
CONTACTS = "contact_id,email,first_name,opted_out\nc1,ann@one.example,Ann,false\nc2,Bob@Two.example,Bob,yes\n"


@lru_cache(maxsize=1)
def database() -> duckdb.DuckDBPyConnection:
    """One database for all tests: opening one takes as long as reading a small table."""
    return duckdb.connect()


class Loaded:
    """A loaded source whose canonical rows can be read."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    @property
    def report(self) -> ImportReport:
        return self.tables.report

    @property
    def notes(self) -> dict[str, dict[str, Any]]:
        return {note.code: dict(note.values) for note in self.report.notes}

    def rows(self, table: str, *columns: str) -> list[Any]:
        """The rows of a table, in its order; of one column, its values."""
        names = ", ".join(f'"{column}"' for column in columns) or "*"
        rows = database().execute(f"SELECT {names} FROM read_parquet(?)", [str(self.tables.path(table))]).fetchall()
        return [row[0] for row in rows] if len(columns) == 1 else rows

    @property
    def rejects(self) -> list[tuple[Any, ...]]:
        return self.rows("rejects", "file", "line", "column", "value", "code")


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read(files: dict[str, str | bytes], **settings: Any) -> Loaded:
    """Load a source from the contents of its files, in a folder and a cache of its own."""
    base = Path(tempfile.mkdtemp(prefix="hygiene-test-"))
    settings.setdefault("cache_dir", base / "cache")
    return Loaded(load(write(base / "source", files), Settings(**settings)))


class OneTable:
    """One file after typing: what `read` does before the tables are joined, at a tenth of the time."""

    def __init__(self, file: str, content: str | bytes, **settings: Any) -> None:
        con = database()
        con.execute("DROP SCHEMA IF EXISTS one CASCADE; CREATE SCHEMA one; USE one; SET TimeZone = 'UTC'")
        with tempfile.TemporaryDirectory(prefix="hygiene-test-") as folder:
            path = write(Path(folder), {file: content}) / file
            table, suffix = split_name(path)
            rejects.create(con)
            optouts.create(con)
            self.reading = read_table(con, SourceFile(path, table, suffix), Path(folder), Settings(**settings)).reading
            rows = con.execute(f"SELECT * FROM {given(table)} ORDER BY row")
            names = [name for name, *_ in rows.description or ()]
            self._rows = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
            query = 'SELECT file, line, "column", value, code FROM rejects ORDER BY line, "column"'
            self.rejects = con.execute(query).fetchall()

    def rows(self, *columns: str) -> list[Any]:
        """The rows in the file's order; of one column, its values."""
        if len(columns) == 1:
            return [row[columns[0]] for row in self._rows]
        return [tuple(row[column] for column in columns) for row in self._rows]
