"""Rows that stand twice: equal ones count once; of those that share an id and differ, the first counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources import optouts
from hygiene.sources.rejects import MAX_VALUE
from hygiene.sources.schema import INPUT
from hygiene.sources.sql import count, literal, quoted
from hygiene.sources.tables import ImportNote
from hygiene.sources.typed import given

if TYPE_CHECKING:
    import duckdb

KEYS = {
    "enrollments": ("enrollment_id",),
    "events": ("event_id",),
    "totals": ("sender_id", "sequence_id", "period"),
    "contacts": ("contact_id",),
    "senders": ("sender_id",),
    "sequences": ("sequence_id",),
    "templates": ("sequence_id", "step"),
    "content": ("content_id",),
    "suppressions": (),
}
"""What tells the rows of a table apart. Where the first is empty, or there is none, all columns together do."""


def remove_duplicates(con: duckdb.DuckDBPyConnection, table: str, file: str, header: str) -> list[ImportNote]:
    """Remove the rows of a work table that stand twice, and note those that differ in the rejects.

    Parameters
    ----------
    con
        Holds `given_TABLE`.
    table
        The table.
    file, header
        The file, and its header of the first key column, for the rejects.
    """
    columns = ", ".join(quoted(name) for name in INPUT[table])
    key = ", ".join(KEYS[table]) or columns
    has_key = f"{KEYS[table][0]} IS NOT NULL" if KEYS[table] else "false"
    # Hashes first: eight bytes a row, where the ids themselves would fill the memory. Most tables end here.
    hashed = f"hash(CASE WHEN {has_key} THEN hash({key}) ELSE hash({columns}) END)"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE repeated AS
            SELECT {hashed} AS h FROM {given(table)} GROUP BY h HAVING count(*) > 1"""
    )
    if not count(con, "SELECT count(*) FROM repeated"):
        return []
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE suspects AS
            SELECT *, {has_key} AS has_key, row_number() OVER (PARTITION BY {columns} ORDER BY row) AS copy
            FROM {given(table)} WHERE {hashed} IN (SELECT h FROM repeated)"""
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE losers AS
            SELECT * FROM (
                SELECT *, row_number() OVER (PARTITION BY has_key, {key} ORDER BY copy, row) AS nth
                FROM suspects
            ) WHERE copy > 1 OR (has_key AND nth > 1)"""
    )
    if table == "contacts":
        _keep_opt_outs(con)
    elif table in optouts.SAID:
        optouts.keep(con, optouts.said_sql(table, "losers WHERE copy = 1"))
    con.execute(f"DELETE FROM {given(table)} WHERE row IN (SELECT row FROM losers)")
    shown = " || ', ' || ".join(f"coalesce(CAST({name} AS VARCHAR), '')" for name in KEYS[table]) or "''"
    con.execute(
        f"""INSERT INTO rejects
            SELECT {literal(file)}, {literal(table)}, row, NULL, {literal(header)}, left({shown}, {MAX_VALUE}),
                   'duplicate_id', 'an id of its own' FROM losers WHERE copy = 1"""
    )
    return _notes(con, table, header)


def _notes(con: duckdb.DuckDBPyConnection, table: str, header: str) -> list[ImportNote]:
    notes = []
    if equal := count(con, "SELECT count(*) FROM losers WHERE copy > 1"):
        notes.append(ImportNote("duplicate_rows", {"table": table, "count": equal}))
    if differing := count(con, "SELECT count(*) FROM losers WHERE copy = 1"):
        notes.append(ImportNote("duplicate_ids", {"table": table, "column": header, "count": differing}))
    return notes


def _keep_opt_outs(con: duckdb.DuckDBPyConnection) -> None:
    """Give the row that stays every opt-out, do-not-contact, hard bounce and address of the rows that go."""
    con.execute(
        f"""UPDATE {given("contacts")} AS kept
            SET opted_out = kept.opted_out OR gone.opted_out,
                opted_out_at = coalesce(kept.opted_out_at, gone.opted_out_at),
                do_not_contact = kept.do_not_contact OR gone.do_not_contact,
                hard_bounce_reason = coalesce(kept.hard_bounce_reason, gone.hard_bounce_reason),
                other_emails = nullif(concat_ws('; ', kept.other_emails, gone.emails), '')
            FROM (
                SELECT contact_id, bool_or(opted_out) AS opted_out, min(opted_out_at) AS opted_out_at,
                       bool_or(do_not_contact) AS do_not_contact, min(hard_bounce_reason) AS hard_bounce_reason,
                       string_agg(DISTINCT nullif(concat_ws('; ', email, other_emails), ''), '; ') AS emails
                FROM losers GROUP BY contact_id
            ) AS gone
            WHERE kept.contact_id = gone.contact_id AND kept.row NOT IN (SELECT row FROM losers)"""
    )
