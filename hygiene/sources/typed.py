"""From the cells of a file to the contract's columns, with their types; what cannot be read goes to the rejects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources import optouts, rejects
from hygiene.sources.headers import JOINED, MERGED
from hygiene.sources.schema import INPUT
from hygiene.sources.sql import count, literal, quoted
from hygiene.sources.values import SQL_TYPES, cells_sql, parsed_sql, value_sql

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import duckdb

    from hygiene.sources.formats import Format
    from hygiene.sources.headers import Matching, Use
    from hygiene.sources.raw import Raw
    from hygiene.sources.schema import Column

CODES = {"time": "bad_time", "count": "bad_count", "bool": "bad_boolean", "choice": "unknown_value"}
"""The reject of a filled cell of each kind that cannot be read; text always can."""


def given(table: str) -> str:
    """Return the name of the work table that holds a table of the source after typing."""
    return f"given_{table}"


def create_empty(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Create the work table of a table that the source lacks."""
    columns = ", ".join(f"{quoted(name)} {SQL_TYPES[column.kind]}" for name, column in INPUT[table].items())
    con.execute(f"CREATE TABLE {given(table)} (row BIGINT, {columns})")


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
    columns = INPUT[raw.table]
    table = given(raw.table)
    # Cells that may be unreadable lie beside their values until the rejects are told.
    beside = {f"x{use.index}": f"x{use.index}" for use in matching.uses if columns[use.column].kind in CODES}
    beside |= {f"doubt{index}": sql for index, sql in unread_sql(raw, matching, MERGED).items()}
    con.execute(f"CREATE TABLE {table} AS {typed_sql(raw, matching, formats, timezone, beside)}")
    rows = count(con, f"SELECT count(*) FROM {table}")
    for column in columns.values():
        for use in matching.of(column.name):
            _note_rejects(con, raw, column, use)
    missing = " OR ".join(f"{quoted(name)} IS NULL" for name, column in columns.items() if column.required)
    if raw.table in optouts.SAID:
        optouts.keep(con, optouts.said_sql(raw.table, f"{table} WHERE {missing}"))
    if missing:
        con.execute(f"DELETE FROM {table} WHERE {missing}")
    for extra in beside:
        con.execute(f"ALTER TABLE {table} DROP COLUMN {extra}")
    return rows, count(con, f"SELECT count(*) FROM {table}")


def typed_sql(
    raw: Raw, matching: Matching, formats: Mapping[int, Format], timezone: str, beside: Mapping[str, str]
) -> str:
    """Return SQL for the typed rows of a file: `row`, every column of `schema.INPUT`, and the columns `beside`.

    Parameters
    ----------
    raw, matching, formats, timezone
        As of `create_typed`.
    beside
        SQL over the cells `x0`, `x1`, … and what is made of them, by name.
    """
    columns = INPUT[raw.table]
    parsed = ", ".join(
        f"{parsed_sql(columns[use.column], use, raw.types[use.index], formats[use.index], timezone)} AS p{number}"
        for number, use in enumerate(matching.uses)
    )
    values = [f"{_value(raw, matching, column)} AS {quoted(name)}" for name, column in columns.items()]
    values += [f"{sql} AS {name}" for name, sql in beside.items()]
    cells = [f"x{index}" for index in sorted({use.index for use in matching.uses})]
    filled = " OR ".join(f"{cell} IS NOT NULL" for cell in cells)  # spreadsheets leave empty rows behind
    return f"""SELECT row, {", ".join(values)}
        FROM (SELECT row, {", ".join(cells)}, {parsed} FROM {cells_sql(raw, matching.uses)}) WHERE {filled}"""


def _value(raw: Raw, matching: Matching, column: Column) -> str:
    """Return SQL for the value of a column."""
    numbered = [(number, use) for number, use in enumerate(matching.uses) if use.column == column.name]
    values = [_single(raw, number, use) for number, use in numbered]
    if column.name in MERGED:
        # Yes in any header is yes; a filled cell that is neither yes nor no is taken as yes, to be safe. A list of
        # words that reads only some words of a column says nothing about the others.
        answers = [
            value if use.words else f"CASE WHEN x{use.index} IS NOT NULL THEN coalesce({value}, true) END"
            for value, (_, use) in zip(values, numbered, strict=True)
        ]
        if column.name == "opted_out":  # a date of opting out says it too, even one that cannot be read
            answers += [f"x{use.index} IS NOT NULL" for use in matching.of("opted_out_at")]
        answer = " OR ".join(f"({answer})" for answer in answers) or "CAST(NULL AS BOOLEAN)"
        # An enrollment's empty cell says nothing: it does not contradict the events.
        return f"coalesce({answer}, false)" if answers and raw.table == "contacts" else answer
    if not values:
        return f"CAST(NULL AS {SQL_TYPES[column.kind]})"
    if column.name in JOINED and len(values) > 1:
        return f"nullif(concat_ws({literal(JOINED[column.name])}, {', '.join(values)}), '')"
    value = f"coalesce({', '.join(values)})"
    is_address = column.name == "contact_id" and any(numbered[0][1].index == use.index for use in matching.of("email"))
    # An e-mail address that stands for an id is one id whatever its case.
    return f"lower({value})" if is_address else value


def unread_sql(raw: Raw, matching: Matching, columns: Collection[str]) -> dict[int, str]:
    """Return SQL, by header index, that is true where a filled cell of one of some columns cannot be read."""
    return {
        use.index: f"(x{use.index} IS NOT NULL AND {_single(raw, number, use)} IS NULL)"
        for number, use in enumerate(matching.uses)
        if use.column in columns and not use.words
    }


def _single(raw: Raw, number: int, use: Use) -> str:
    return value_sql(INPUT[raw.table][use.column], use, raw.types[use.index], f"p{number}")


def _note_rejects(con: duckdb.DuckDBPyConnection, raw: Raw, column: Column, use: Use) -> None:
    table, cell, name = given(raw.table), f"x{use.index}", quoted(column.name)
    if column.required:
        missing = cell if column.kind in CODES else name
        query = f"SELECT row, NULL AS value, 'missing_value' AS code FROM {table} WHERE {missing} IS NULL"
        rejects.add_cells(con, raw, use, query, expected(column))
    if column.kind not in CODES or use.words:
        return
    code = literal(CODES[column.kind])
    if column.kind == "count":
        is_open = rf"regexp_full_match(CAST({cell} AS VARCHAR), '\d{{1,3}}[.,]000')"
        code = f"CASE WHEN {is_open} THEN 'ambiguous_number' ELSE {code} END"
    unread = f"{cell} IS NOT NULL AND {name} IS NULL"
    if column.name in MERGED:
        code, unread = literal("unreadable_opt_out"), f"doubt{use.index}"
    query = f"SELECT row, {cell} AS value, {code} AS code FROM {table} WHERE {unread}"
    rejects.add_cells(con, raw, use, query, expected(column))


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
