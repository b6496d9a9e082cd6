"""What was not understood: one row a cell or row, with its true place in the file.

A bad cell of an optional column costs the cell; a bad cell of a needed column costs the row. Neither stops a run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.errors import SourceError
from hygiene.sources.sql import count, literal

if TYPE_CHECKING:
    import duckdb

    from hygiene.sources.headers import Use
    from hygiene.sources.raw import Raw

REJECT_CODES = (
    "too_few_cells",  # a row with fewer cells than the header; the row is left out
    "too_many_cells",  # a row with more cells than the header; the row is left out
    "open_quote",  # a quote that is not closed in its row, or text after a closing quote; the row is left out
    "unreadable_line",  # a line that is no JSON object, or a row the reader cannot take apart; the row is left out
    "missing_value",  # an empty cell in a needed column; the row is left out
    "bad_time",  # no time in a known form, or not between 1970 and 2100
    "bad_count",  # no whole number from 0 up
    "more_than_ended",  # totals with more replies and bounces than ended enrollments; the row is left out
    "ambiguous_number",  # such as 1.000 beside 2.0: one or a thousand
    "bad_boolean",  # neither yes nor no
    "unreadable_opt_out",  # neither yes nor no, where a no would let mail out: taken as an opt-out, to be safe
    "unknown_value",  # a word that is none of the column's choices
    "public_domain",  # a suppression of a provider where strangers have mailboxes: it names nobody
    "duplicate_id",  # an id seen before with other contents; the first row counts
)
MAX_VALUE = 200
"""Characters of a rejected value that are kept."""
EMPTY_TABLE = """
CREATE TABLE rejects (
    file VARCHAR, "table" VARCHAR, row BIGINT, line BIGINT, "column" VARCHAR, value VARCHAR, code VARCHAR,
    expected VARCHAR
)
"""


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty table that collects the rejects."""
    con.execute(EMPTY_TABLE)


def add_structural(con: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """Add the rows that the reader of the file could not take apart."""
    rows = [
        [raw.file, raw.table, None, bad.line, bad.column, bad.value[:MAX_VALUE], bad.code, bad.expected]
        for bad in raw.broken
    ]
    if rows:
        con.executemany("INSERT INTO rejects VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def add_cells(con: duckdb.DuckDBPyConnection, raw: Raw, use: Use, query: str, expected: str) -> None:
    """Add cells of one column.

    Parameters
    ----------
    con, raw, use
        Where the cells lie.
    query
        SQL that gives `row`, `value` and `code`.
    expected
        What the column takes, in a few words.
    """
    con.execute(
        f"""INSERT INTO rejects
            SELECT {literal(raw.file)}, {literal(raw.table)}, row, NULL, {literal(use.header)},
                   left(CAST(value AS VARCHAR), {MAX_VALUE}), code, {literal(expected)}
            FROM ({query})"""
    )


def find_lines(con: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """Fill in the true line of every reject of one file that knows only its row."""
    rows = con.execute(
        "SELECT DISTINCT row FROM rejects WHERE file = ? AND line IS NULL AND row IS NOT NULL ORDER BY row", [raw.file]
    ).fetchall()
    if not rows:
        return
    lines = raw.lines([row for (row,) in rows])
    con.execute("CREATE OR REPLACE TEMP TABLE reject_lines (row BIGINT, line BIGINT)")
    insert_pairs(con, "reject_lines", list(lines.items()))
    con.execute(
        """UPDATE rejects SET line = found.line FROM reject_lines AS found
           WHERE rejects.row = found.row AND rejects.file = ? AND rejects.line IS NULL""",
        [raw.file],
    )


def insert_pairs(con: duckdb.DuckDBPyConnection, table: str, pairs: list[tuple[int, int]]) -> None:
    """Insert pairs of integers in one statement a ten thousand; `executemany` takes a second a thousand rows."""
    for start in range(0, len(pairs), 10_000):
        rows = ", ".join(f"({left}, {right})" for left, right in pairs[start : start + 10_000])
        con.execute(f"INSERT INTO {table} VALUES {rows}")


def count_of(con: duckdb.DuckDBPyConnection, file: str) -> int:
    """Return the number of rejects of a file."""
    return count(con, f"SELECT count(*) FROM rejects WHERE file = {literal(file)}")


def refuse_if_nothing_is_left(con: duckdb.DuckDBPyConnection, raw: Raw, rows: int, kept: int) -> None:
    """Stop at a needed table of which every row was rejected: it is another file than its name says.

    Raises
    ------
    SourceError
        Names the file, its most frequent reject, and an example.
    """
    if kept or not rows:
        return
    worst = con.execute(
        """SELECT "column", expected, min(line), min(value), count(*) AS rejects FROM rejects
           WHERE file = ? GROUP BY "column", expected ORDER BY rejects DESC, "column" LIMIT 1""",
        [raw.file],
    ).fetchone()
    if worst is None:
        return
    column, expected, line, value, _ = worst
    place = f'column "{column}", ' if column else ""
    raise SourceError(
        f"{raw.file} has no usable row of {rows}: {place}line {line} holds "
        f'"{(value or "")[:40]}" where {expected} is expected. Correct the file or leave it out.'
    )
