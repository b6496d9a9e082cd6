"""Reads a list of contacts that is about to be enrolled: each row as it stands, and what it means."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from hygiene.errors import SourceError
from hygiene.sources.answers import may_say_no
from hygiene.sources.discover import SUFFIXES, SourceFile, split_name
from hygiene.sources.formats import find_format
from hygiene.sources.headers import match_headers, note_headers, with_email_as_id
from hygiene.sources.reading import read_raw
from hygiene.sources.schema import INPUT
from hygiene.sources.sql import quoted
from hygiene.sources.tableread import sampler
from hygiene.sources.tables import FileReading
from hygiene.sources.typed import typed_sql
from hygiene.sources.workspace import connect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.settings import Settings
    from hygiene.sources.headers import Matching
    from hygiene.sources.raw import Raw
    from hygiene.sources.tables import ImportNote

TABLE = "contacts"


@dataclass(frozen=True)
class Listed:
    """A list, row by row, in the file's order; rows with no filled cell are not in it."""

    path: Path
    headers: tuple[str, ...]
    """As the file has them."""
    cells: tuple[tuple[str, ...], ...]
    """The values as they stand, as many a row as there are headers; empty where there is none."""
    lines: tuple[int, ...]
    """Of each row the line in the file; the header is line 1."""
    values: dict[str, NDArray[Any]]
    """By column of the contract's table `contacts`: the value of each row, None (or masked) where there is none."""
    columns: frozenset[str]
    """Columns that the file has."""
    unreadable: tuple[int, ...]
    """Lines that could not be taken apart: nobody in them is written to."""
    reading: FileReading
    notes: tuple[ImportNote, ...] = ()
    """On headers that look like an opt-out and are not read, and on further columns of addresses."""


def read_list(path: Path, settings: Settings) -> Listed:
    """Read a list.

    Parameters
    ----------
    path
        A file of any kind that a source may hold.
    settings
        `timezone`, `date_order` and `memory_limit_mib` are used.

    Raises
    ------
    SourceError
        If the file cannot be read, has a sheet that cannot be read with it, or names its contacts neither by address
        nor by id.
    """
    suffix = _checked(path)
    with tempfile.TemporaryDirectory(prefix="hygiene-") as work, connect(settings.memory_limit_mib, Path(work)) as con:
        try:
            return _read(con, path, suffix, Path(work), settings)
        except (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException) as error:
            reason = str(error).splitlines()[0]
            raise SourceError(f"{path.name} cannot be read to its end ({reason}): export it again.") from error


def _checked(path: Path) -> str:
    if not path.is_file():
        raise SourceError(f"{path} is not a file: give the list that is to be enrolled, such as leads.csv.")
    _, suffix = split_name(path)
    if not suffix:
        raise SourceError(f"{path.name} has no known suffix: one of {', '.join(SUFFIXES)} is expected.")
    return suffix


def _read(con: duckdb.DuckDBPyConnection, path: Path, suffix: str, work: Path, settings: Settings) -> Listed:
    raw = read_raw(con, SourceFile(path, TABLE, suffix), work)
    raw.require_all_sheets()
    matching = with_email_as_id(match_headers(TABLE, raw.headers, sampler(con, raw)))
    _require_names(matching, path)
    formats = {
        use.index: find_format(con, raw, use, INPUT[TABLE][use.column].kind, settings.date_order)
        for use in matching.uses
    }
    con.execute(f"CREATE TABLE listed AS {typed_sql(raw, matching, formats, settings.timezone, {})} ORDER BY row")
    names = ", ".join(quoted(name) for name in INPUT[TABLE])
    values: dict[str, Any] = dict(con.execute(f"SELECT row, {names} FROM listed ORDER BY row").fetchnumpy())
    rows = [int(row) for row in values.pop("row")]
    lines = raw.lines(rows)
    readings = matching.readings({index: (form.label, form.decided_by) for index, form in formats.items()})
    return Listed(
        path=path,
        headers=raw.headers,
        cells=_cells(con, raw),
        lines=tuple(lines[row] for row in rows),
        values=values,
        columns=frozenset(use.column for use in matching.uses),
        unreadable=tuple(sorted({broken.line for broken in raw.broken})),
        reading=FileReading(
            path.name, TABLE, len(rows) + len(raw.broken), len(raw.broken), raw.encoding, raw.separator, readings
        ),
        notes=tuple(note_headers(matching, may_say_no(con, raw))),
    )


def _cells(con: duckdb.DuckDBPyConnection, raw: Raw) -> tuple[tuple[str, ...], ...]:
    """Return the raw cells of the rows in `listed`."""
    cells = ", ".join(f"coalesce(CAST(c{index} AS VARCHAR), '')" for index in range(len(raw.headers)))
    query = f"SELECT {cells} FROM {raw.relation} AS r SEMI JOIN listed USING (row) ORDER BY r.row"
    return tuple(con.execute(query).fetchall())


def _require_names(matching: Matching, path: Path) -> None:
    if matching.of("email") or matching.of("contact_id"):
        return
    seen = ", ".join(f'"{header}"' for header in matching.headers if header) or "none"
    raise SourceError(
        f"{path.name} names nobody: a column with the email address or the contact's id is needed. Its headers are"
        f" {seen}: rename one, or run hygiene columns {path.name} --table contacts to see how they are read."
    )
