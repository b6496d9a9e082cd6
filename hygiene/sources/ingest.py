"""The way from files to canonical tables, on one screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygiene.errors import SourceError
from hygiene.sources import rejects
from hygiene.sources.canonical import write_tables
from hygiene.sources.dimensions import build_dimensions
from hygiene.sources.duplicates import KEYS, remove_duplicates
from hygiene.sources.enrollments import build_enrollments, number_enrollments
from hygiene.sources.events import build_events
from hygiene.sources.formats import find_format
from hygiene.sources.headers import match_headers, require_columns, with_email_as_id
from hygiene.sources.reading import read_raw
from hygiene.sources.schema import INPUT, NEEDED_TABLES
from hygiene.sources.tables import FileReading, ImportReport
from hygiene.sources.totals import build_totals
from hygiene.sources.typed import create_empty, create_typed, given
from hygiene.sources.workspace import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from hygiene.settings import Settings
    from hygiene.sources.discover import Source, SourceFile
    from hygiene.sources.headers import Matching
    from hygiene.sources.raw import Raw
    from hygiene.sources.tables import ImportNote

    Progress = Callable[[str, float | None], None]

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


def ingest(source: Source, folder: Path, settings: Settings, progress: Progress) -> ImportReport:
    """Write the canonical tables and the rejects of a source.

    Parameters
    ----------
    source
        Its files.
    folder
        Gets one Parquet file a table of `schema.CANONICAL`, and `rejects.parquet`; must be empty.
    settings
        `timezone`, `date_order`, `silence_days` and `memory_limit_mib` are used.
    progress
        Called with each step and the part done (0–1).

    Returns
    -------
    The report; its `source` and `data_hash` are empty.

    Raises
    ------
    SourceError
        If a file cannot be understood at all.
    """
    work = folder / "work"
    work.mkdir()
    with connect(settings.memory_limit_mib, work) as con:
        rejects.create(con)
        reads: dict[str, TableRead] = {}
        steps = len(source.files) + 2
        for step, file in enumerate(source.files):
            progress(f"Reading {file.name}", step / steps)
            reads[file.table] = read_table(con, file, work, settings)
        if not any(read.kept for table, read in reads.items() if table in NEEDED_TABLES):
            names = ", ".join(reads[table].reading.file for table in NEEDED_TABLES if table in reads)
            raise SourceError(f"{names} holds a header but no row: export it again with its rows.")
        for table in INPUT:
            if table not in reads:
                create_empty(con, table)
        progress("Joining the tables", (steps - 2) / steps)
        notes = [note for read in reads.values() for note in read.notes]
        has_enrollments = "enrollments" in reads
        own_columns = reads["enrollments"].own_columns if has_enrollments else frozenset()
        notes += build_dimensions(con, reads)
        notes += number_enrollments(con, has_enrollments=has_enrollments)
        notes += build_events(con, has_enrollments=has_enrollments)
        notes += build_enrollments(con, own_columns, settings.silence_days)
        notes += build_totals(con)
        progress("Writing the cache", (steps - 1) / steps)
        counts = write_tables(con, folder)
        earliest, latest = _span(con)
        return ImportReport(
            source="",
            data_hash="",
            tables={table: count for table, count in counts.items() if count},
            given=tuple(reads),
            files=tuple(read.reading for read in reads.values()),
            notes=tuple(notes),
            rejected=sum(read.reading.rejected for read in reads.values()),
            data_from=earliest,
            data_until=latest,
            has_events=bool(counts["events"]),
            ignored_files=source.ignored,
        )


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
    """Read one file into its work table, typed and without duplicates, and note its rejects.

    Raises
    ------
    SourceError
        If the file cannot be understood at all.
    """
    raw = read_raw(con, file, work)
    matching = match_file(con, raw)
    require_columns(matching, file.name)
    formats = {
        use.index: find_format(con, raw, use, INPUT[file.table][use.column].kind, settings.date_order)
        for use in matching.uses
    }
    rejects.add_structural(con, raw)
    rows, kept = create_typed(con, raw, matching, formats, settings.timezone)
    key = matching.of(KEYS[file.table][0]) if KEYS[file.table] else ()
    notes = remove_duplicates(con, file.table, file.name, key[0].header if key else "")
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


def _span(con: duckdb.DuckDBPyConnection) -> tuple[datetime | None, datetime | None]:
    ((earliest, latest),) = con.execute(
        f"""SELECT min(moment), max(moment) FROM (
                SELECT enrolled_at AS moment FROM enrollments UNION ALL SELECT ended_at FROM enrollments
                UNION ALL SELECT "at" FROM {given("events")} UNION ALL SELECT period_at FROM totals
            )"""
    ).fetchall()
    return earliest, latest
