"""The way from files to canonical tables, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.errors import SourceError
from hygiene.sources import optouts, rejects
from hygiene.sources.canonical import write_tables
from hygiene.sources.dimensions import build_dimensions
from hygiene.sources.enrollments import build_enrollments, number_enrollments
from hygiene.sources.events import build_events
from hygiene.sources.identities import unify_contacts
from hygiene.sources.loose import UNREAD, add_loose
from hygiene.sources.schema import INPUT, NEEDED_TABLES
from hygiene.sources.tableread import read_table
from hygiene.sources.tables import ImportNote, ImportReport
from hygiene.sources.totals import build_totals
from hygiene.sources.typed import create_empty, given
from hygiene.sources.workspace import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from hygiene.settings import Settings
    from hygiene.sources.discover import Source
    from hygiene.sources.tableread import TableRead

    Progress = Callable[[str, float | None], None]


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
    steps = len(source.files) + 2
    with connect(settings.memory_limit_mib, work) as con:
        rejects.create(con)
        optouts.create(con)
        reads: dict[str, TableRead] = {}
        for step, file in enumerate(source.files):
            progress(f"Reading {file.name}", step / steps)
            reads[file.table] = read_table(con, file, work, settings)
        _require_rows(reads)
        for table in INPUT.keys() - reads.keys():
            create_empty(con, table)
        loose = add_loose(con, source.opt_outs, settings)
        progress("Joining the tables", (steps - 2) / steps)
        notes = [note for read in reads.values() for note in read.notes]
        notes += [*loose, *(ImportNote(UNREAD, {"file": name}) for name in source.suspects)]
        notes += _join(con, reads, settings.silence_days, work, progress)
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
        ignored_files=(*source.ignored, *(str(note.values["file"]) for note in loose if note.code == UNREAD)),
    )


def _require_rows(reads: Mapping[str, TableRead]) -> None:
    needed = [read for table, read in reads.items() if table in NEEDED_TABLES]
    if not any(read.kept for read in needed):
        verb = "holds" if len(needed) == 1 else "hold"
        names = " and ".join(read.reading.file for read in needed)
        raise SourceError(f"{names} {verb} a header but no row: export again with the rows.")


def _join(
    con: duckdb.DuckDBPyConnection, reads: Mapping[str, TableRead], silence_days: int, work: Path, progress: Progress
) -> list[ImportNote]:
    has_enrollments = "enrollments" in reads
    own_columns = reads["enrollments"].own_columns if has_enrollments else frozenset()
    unify_contacts(con)
    return [
        *build_dimensions(con, reads),
        *number_enrollments(con, has_enrollments=has_enrollments),
        *build_events(con, work, progress, has_enrollments=has_enrollments),
        *build_enrollments(con, own_columns, silence_days),
        *build_totals(con),
    ]


def _span(con: duckdb.DuckDBPyConnection) -> tuple[datetime | None, datetime | None]:
    ((earliest, latest),) = con.execute(
        f"""SELECT min(moment), max(moment) FROM (
                SELECT enrolled_at AS moment FROM enrollments UNION ALL SELECT ended_at FROM enrollments
                UNION ALL SELECT "at" FROM {given("events")} UNION ALL SELECT period_at FROM totals
            )"""
    ).fetchall()
    return earliest, latest
