"""From the cells of a file to the contract's columns, with their types; what cannot be read goes to the rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources import rejects
from hygiene.sources.headers import MERGED
from hygiene.sources.schema import INPUT
from hygiene.sources.sql import literal, quoted
from hygiene.sources.values import SQL_TYPES, cells_sql, value_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from hygiene.sources.formats import Format
    from hygiene.sources.headers import Matching, Use
    from hygiene.sources.raw import Raw
    from hygiene.sources.schema import Column

CODES = {"time": "bad_time", "count": "bad_count", "bool": "bad_boolean", "choice": "unknown_value"}
"""The reject of a filled cell of each kind that cannot be read; text always can."""

ORPHANS = "orphan_opt_outs"
"""Work table of addresses (`email`, `reason`) that must not be mailed and have no contact."""


def given(table: str) -> str:
    """Return the name of the work table that holds a table of the source after typing."""
    return f"given_{table}"


def create_empty(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Create the work table of a table that the source lacks."""
    columns = ", ".join(f"{quoted(name)} {SQL_TYPES[column.kind]}" for name, column in INPUT[table].items())
    con.execute(f"CREATE TABLE {given(table)} (row BIGINT, {columns})")
    if table == "contacts":
        con.execute(f"CREATE TABLE {ORPHANS} (email VARCHAR, reason VARCHAR)")


def create_orphans(con: duckdb.DuckDBPyConnection, typed: _Typed) -> None:
    """Keep the addresses of contacts without an id that must not be mailed: an opt-out is never lost."""
    columns = INPUT["contacts"]
    con.execute(
        f"""CREATE TABLE {ORPHANS} AS
            SELECT DISTINCT lower({typed.value(columns["email"])}) AS email,
                   CASE WHEN {typed.value(columns["opted_out"])} THEN 'opted_out' ELSE 'do_not_contact' END AS reason
            FROM {typed.cells}
            WHERE {typed.value(columns["contact_id"])} IS NULL AND {typed.value(columns["email"])} IS NOT NULL
                AND ({typed.value(columns["opted_out"])} OR {typed.value(columns["do_not_contact"])})"""
    )


def create_typed(
    con: duckdb.DuckDBPyConnection, raw: Raw, matching: Matching, formats: Mapping[int, Format], timezone: str
) -> tuple[int, int]:
    """Create the work table of a file and note its rejects.

    A cell that cannot be read is null; the row is left out only where the column is needed.

    Parameters
    ----------
    con
        Gets the table `given_TABLE`: `row` and every column of `schema.INPUT`, null where the file has none.
    raw, matching, formats
        The file, which header fills which column, and the form of each by header index.
    timezone
        Zone of times that name none.

    Returns
    -------
    Records read, and rows kept.
    """
    typed = _Typed(raw, matching, formats, timezone)
    columns = INPUT[raw.table]
    values = ", ".join(f"{typed.value(column)} AS {quoted(name)}" for name, column in columns.items())
    needed = [f"{typed.value(column)} IS NOT NULL" for column in columns.values() if column.required]
    filled = typed.is_filled()
    con.execute(
        f"""CREATE TABLE {given(raw.table)} AS
            SELECT row, {values} FROM {typed.cells} WHERE {" AND ".join([filled, *needed])}"""
    )
    if raw.table == "contacts":
        create_orphans(con, typed)
    for column in columns.values():
        for use in matching.of(column.name):
            _note_rejects(con, typed, column, use)
    counts = con.execute(
        f"""SELECT (SELECT count(*) FROM {typed.cells} WHERE {filled}),
                   (SELECT count(*) FROM {given(raw.table)})"""
    ).fetchone()
    assert counts is not None  # an aggregate without GROUP BY always gives one row  # noqa: S101
    return int(counts[0]), int(counts[1])


class _Typed:
    """The SQL of one file's values."""

    def __init__(self, raw: Raw, matching: Matching, formats: Mapping[int, Format], timezone: str) -> None:
        self.raw = raw
        self.matching = matching
        self.formats = formats
        self.timezone = timezone
        self.cells = cells_sql(raw, matching.uses)

    def single(self, column: Column, use: Use) -> str:
        """Return SQL for the value of one header's cell."""
        return value_sql(column, use, self.raw.types[use.index], self.formats[use.index], self.timezone)

    def value(self, column: Column) -> str:
        """Return SQL for the value of a column."""
        uses = self.matching.of(column.name)
        if column.name in MERGED:
            return self._merged(column, uses)
        if uses:
            value = self.single(column, uses[0])
            # An e-mail address that stands for an id is one id whatever its case.
            return f"lower({value})" if self._is_email_id(column, uses[0]) else value
        return f"CAST(NULL AS {SQL_TYPES[column.kind]})"

    def _merged(self, column: Column, uses: tuple[Use, ...]) -> str:
        # Yes in any of them is yes; a filled cell that is neither yes nor no is taken as yes, to be safe.
        # A word list that reads only some words of a column says nothing about the others.
        answers = [
            self.single(column, use) if use.words else f"coalesce({self.single(column, use)}, x{use.index} IS NOT NULL)"
            for use in uses
        ]
        if column.name == "opted_out":  # a date of opting out says it too, even one that cannot be read
            answers += [f"x{use.index} IS NOT NULL" for use in self.matching.of("opted_out_at")]
        return " OR ".join(f"coalesce({answer}, false)" for answer in answers) or "CAST(NULL AS BOOLEAN)"

    def is_filled(self) -> str:
        """Return SQL that is true for a row with any used cell filled; spreadsheets leave empty rows behind."""
        indexes = sorted({use.index for use in self.matching.uses})
        return "(" + " OR ".join(f"x{index} IS NOT NULL" for index in indexes) + ")"

    def _is_email_id(self, column: Column, use: Use) -> bool:
        return column.name == "contact_id" and any(use.index == email.index for email in self.matching.of("email"))


def _note_rejects(con: duckdb.DuckDBPyConnection, typed: _Typed, column: Column, use: Use) -> None:
    cell, value = f"x{use.index}", typed.single(column, use)
    if column.required:
        missing = cell if column.kind in CODES else value
        query = f"SELECT row, NULL AS value, 'missing_value' AS code FROM {typed.cells} WHERE {missing} IS NULL"
        rejects.add_cells(con, typed.raw, use, f"{query} AND {typed.is_filled()}", expected(column))
    if column.kind not in CODES or use.words:
        return
    code = literal("unreadable_opt_out" if column.name in MERGED else CODES[column.kind])
    if column.kind == "count":
        is_open = rf"regexp_full_match(CAST({cell} AS VARCHAR), '\d{{1,3}}[.,]000')"
        code = f"CASE WHEN {is_open} THEN 'ambiguous_number' ELSE {code} END"
    rejects.add_cells(
        con,
        typed.raw,
        use,
        f"SELECT row, {cell} AS value, {code} AS code FROM {typed.cells} WHERE {cell} IS NOT NULL AND {value} IS NULL",
        expected(column),
    )


def expected(column: Column) -> str:
    """Return what a column takes, in a few words."""
    match column.kind:
        case "time":
            return "a time between 1970 and 2100, such as 2026-03-01 09:30"
        case "count":
            return "a whole number from 0"
        case "bool":
            return "true or false"
        case "choice":
            return "one of " + ", ".join(column.choices)
        case _:
            return "a value"
