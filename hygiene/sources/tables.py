"""What ingest hands on: where the canonical tables lie, and how each file was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True)
class ColumnReading:
    """How one header of a file was read."""

    header: str
    column: str | None
    """Canonical name, or None: unknown, kept out."""
    how: str
    """`exact`, `alias: ORIGIN`, `unknown`, or `duplicate` (a second header of the same meaning)."""
    format: str | None = None
    """For a time or number: the format found, such as `ISO 8601`, `DMY`, `MDY`, `epoch ms`, `decimal comma`."""
    format_from: str | None = None
    """What decided it: `data` (a value that fits one order only), `setting`, or None where there was no choice."""


@dataclass(frozen=True)
class FileReading:
    """How one file was read."""

    file: str
    table: str
    rows: int
    rejected: int
    encoding: str | None
    separator: str | None
    columns: tuple[ColumnReading, ...]


@dataclass(frozen=True)
class ImportNote:
    """One thing the reader should know about the import; numbers and names only, words are made in reports/.

    Codes and their `values`:

    - `duplicate_rows` (table, count): rows equal in every column, counted once.
    - `duplicate_ids` (table, column, count): rows with an id seen before and other contents; in `rejects.csv`.
    - `events_contradict_columns` (column, count): enrollments whose own column contradicts their events; events win.
    - `totals_contradict_enrollments` (count, sender): senders whose totals differ; the enrollments win.
    - `ended_without_time` (count): ended enrollments without `ended_at`; dated by their last event, else their start.
    - `ended_before_start` (count): `ended_at` before `enrolled_at`; kept as they are.
    - `ended_by_silence` (count, days): enrollments known from events alone that ended by silence.
    - `unknown_ids` (table, column, count): ids that the named table does not list; added without attributes.
    - `enrollments_from_events` (count): no enrollments table; enrollments put together from events.
    - `unknown_seats` (count): seats that could not be told.
    - `unmatched_keys` (count): hashed keys of suppressions, which are kept but match no contact: how is unknown.
    - `automatic_replies` (count): replies that their text shows to be automatic; they count as none.
    - `public_domains` (count): suppressions of a provider's whole domain, such as gmail.com; in `rejects.csv`.
    - `unread_opt_out_column` (table, column): a header that is not known and looks like an opt-out.
    - `unread_permission_column` (table, column): a header that looks like a permission, of which a no is not read.
    - `read_as_suppressions` (file, count): a file of no table whose name is a list of opt-outs, and its rows.
    - `unread_opt_out_file` (file): a file of no table that looks like such a list and could not be read as one.
    - `unread_sheets` (file, sheets): filled sheets of a workbook whose headers are not the first's.
    - `further_email_column` (table, column): a second column of addresses, which counts where the first is empty.
    """

    code: str
    values: Mapping[str, str | int]


@dataclass(frozen=True)
class ImportReport:
    """The whole import, as written to `import.json`."""

    source: str
    data_hash: str
    """blake2b of the files' contents and names: equal for equal data."""
    tables: Mapping[str, int]
    """Canonical rows by table that the source gave (or that ingest put together)."""
    given: tuple[str, ...]
    """Tables the source handed in."""
    files: tuple[FileReading, ...]
    notes: tuple[ImportNote, ...]
    rejected: int
    data_from: datetime | None
    data_until: datetime | None
    """Earliest and latest moment of enrollments, events and totals' periods, UTC."""
    has_events: bool = False
    ignored_files: tuple[str, ...] = field(default=())
    """Files whose stem is no table."""


@dataclass(frozen=True)
class Tables:
    """A source after ingest: one Parquet file a canonical table in `folder`, `rejects.parquet` beside them."""

    folder: Path
    report: ImportReport

    def path(self, table: str) -> Path:
        """Return the Parquet file of a canonical table; it exists for every table of `schema.CANONICAL`."""
        return self.folder / f"{table}.parquet"

    @property
    def rejects(self) -> Path:
        """Parquet with columns file, line (BIGINT), column, value (at most 200 characters), code, expected."""
        return self.folder / "rejects.parquet"
