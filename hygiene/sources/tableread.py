"""Reads one file into its work table: typed, without duplicates, its rejects told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from hygiene.errors import SourceError
from hygiene.sources import rejects
from hygiene.sources.answers import may_say_no
from hygiene.sources.duplicates import KEYS, remove_duplicates
from hygiene.sources.formats import find_format
from hygiene.sources.headers import match_headers, note_headers, require_columns, with_email_as_id
from hygiene.sources.ragged import keep_opt_outs
from hygiene.sources.reading import read_raw
from hygiene.sources.schema import INPUT, NEEDED_TABLES
from hygiene.sources.suppressions import reject_unusable
from hygiene.sources.tables import FileReading, ImportNote
from hygiene.sources.totals import reject_impossible
from hygiene.sources.typed import create_typed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hygiene.settings import Settings
    from hygiene.sources.discover import SourceFile
    from hygiene.sources.headers import Matching
    from hygiene.sources.raw import Raw

SAMPLE_VALUES = 1000
"""Values of a column that are looked at to tell two headers of one name apart."""


@dataclass(frozen=True)
class TableRead:
    """What came of one file, beside its work table."""

    reading: FileReading
    own_columns: frozenset[str]
    """Columns of the contract that the file fills."""
    kept: int
    """Rows that are left."""
    notes: list[ImportNote]


def sampler(con: duckdb.DuckDBPyConnection, raw: Raw) -> Callable[[int], list[str]]:
    """Return a function that gives some values of a header's column."""

    def sample(index: int) -> list[str]:
        query = f"SELECT CAST(c{index} AS VARCHAR) FROM {raw.relation} WHERE c{index} IS NOT NULL LIMIT {SAMPLE_VALUES}"
        return [value for (value,) in con.execute(query).fetchall()]

    return sample


def match_file(con: duckdb.DuckDBPyConnection, raw: Raw) -> Matching:
    """Match the headers of a file to the columns of its table."""
    return with_email_as_id(match_headers(raw.table, raw.headers, sampler(con, raw)))


def read_table(con: duckdb.DuckDBPyConnection, file: SourceFile, work: Path, settings: Settings) -> TableRead:
    """Read one file into its work table.

    Raises
    ------
    SourceError
        If the file cannot be understood at all.
    """
    try:
        return _read(con, file, work, settings)
    except (duckdb.InvalidInputException, duckdb.IOException, duckdb.ConversionException) as error:
        reason = str(error).splitlines()[0]
        raise SourceError(f"{file.name} cannot be read to its end ({reason}): export it again.") from error


def _read(con: duckdb.DuckDBPyConnection, file: SourceFile, work: Path, settings: Settings) -> TableRead:
    raw = read_raw(con, file, work)
    matching = match_file(con, raw)
    require_columns(matching, file.name)
    formats = {
        use.index: find_format(con, raw, use, INPUT[file.table][use.column].kind, settings.date_order)
        for use in matching.uses
    }
    rejects.add_structural(con, raw)
    rows, kept = create_typed(con, raw, matching, formats, settings.timezone)
    keep_opt_outs(con, raw, matching, formats, settings.timezone)
    notes = note_headers(matching, may_say_no(con, raw))
    if raw.unread_sheets:
        notes.append(ImportNote("unread_sheets", {"file": file.name, "sheets": ", ".join(raw.unread_sheets)}))
    if file.table == "totals":
        kept = reject_impossible(con, raw, matching)
    elif file.table == "suppressions":
        kept, more = reject_unusable(con, raw, matching)
        notes += more
    key = matching.of(KEYS[file.table][0]) if KEYS[file.table] else ()
    notes += remove_duplicates(con, file.table, file.name, key[0].header if key else "")
    rejects.find_lines(con, raw)
    if file.table in NEEDED_TABLES:
        rejects.refuse_if_nothing_is_left(con, raw, rows + len(raw.broken), kept)
    con.execute(f"DROP TABLE IF EXISTS raw_{file.table}")
    reading = FileReading(
        file=file.name,
        table=file.table,
        rows=rows + len(raw.broken),
        rejected=rejects.count_of(con, file.name),
        encoding=raw.encoding,
        separator=raw.separator,
        columns=matching.readings({index: (form.label, form.decided_by) for index, form in formats.items()}),
    )
    return TableRead(reading, frozenset(use.column for use in matching.uses), kept, notes)
