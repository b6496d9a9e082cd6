"""Whom cells name, in the one spelling of `mail.addresses.names`: plain cells in SQL, and the few others in Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.mail.addresses.names import LONGEST, PLAIN_CELL, named_in
from hygiene.sources.sql import literal

if TYPE_CHECKING:
    import duckdb

BATCH = 10_000
_IS_PLAIN = f"(length(cell) <= {LONGEST} AND regexp_full_match(lower(cell), {literal(PLAIN_CELL)}))"


def spell(con: duckdb.DuckDBPyConnection, cells: str) -> None:
    """Spell the cells that are not plain into the work table `spellings`: `cell`, `name` (null: nobody), `nth` from 0.

    Parameters
    ----------
    con
        Gets or holds the table.
    cells
        SQL of a relation with a column `cell`.
    """
    con.execute("CREATE TABLE IF NOT EXISTS spellings (cell VARCHAR, name VARCHAR, nth INTEGER)")
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE to_spell AS SELECT DISTINCT cell FROM {cells}
            WHERE cell IS NOT NULL AND NOT {_IS_PLAIN} AND cell NOT IN (SELECT cell FROM spellings)"""
    )
    found = con.execute("SELECT cell FROM to_spell").fetchall()
    for start in range(0, len(found), BATCH):
        rows = [
            (cell, name, nth)
            for (cell,) in found[start : start + BATCH]
            for nth, name in enumerate(named_in(cell) or (None,))
        ]
        columns = [list(column) for column in zip(*rows, strict=True)]
        con.execute(
            "INSERT INTO spellings SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::INTEGER[])", columns
        )


def names_sql(cells: str) -> str:
    """Return SQL for the columns of some spelled cells, and `name`: a row for each name that a cell holds.

    Parameters
    ----------
    cells
        SQL of a relation with a column `cell`.
    """
    return f"""(
        SELECT *, lower(cell) AS name FROM {cells} WHERE {_IS_PLAIN}
        UNION ALL
        SELECT c.*, s.name FROM {cells} AS c JOIN spellings AS s ON s.cell = c.cell WHERE s.name IS NOT NULL
    )"""
