"""An opt-out is never lost: what rows say of it that are left out, and the other addresses of those who said no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources.spellings import names_sql, spell
from hygiene.sources.sql import count

if TYPE_CHECKING:
    import duckdb

OPT_OUTS = "opt_outs"
"""Work table `given_opt_outs`: who said no in a row that was left out, by id, address or both."""
SAID = {
    "contacts": ("opted_out", "do_not_contact"),
    "events": ("type IN ('unsubscribe', 'complaint')", "false"),
    "enrollments": ("unsubscribed OR outcome = 'unsubscribed'", "false"),
}
"""SQL by table: whether a typed row opts out, and whether it says not to contact."""
MOST_RECORDS = 2
"""Contacts that may share a further address and be one person in two records (assumed)."""
SAYING = {
    "contacts": ("opted_out", "opted_out_at", "do_not_contact"),
    "events": ("type",),
    "enrollments": ("outcome", "unsubscribed"),
}
"""The columns that say it."""


# Of two addresses in a contact's cell, neither is the one.
_OTHER_CELLS = """(
    SELECT contact_id, other_emails AS cell FROM given_contacts WHERE other_emails IS NOT NULL
    UNION ALL
    SELECT contact_id, email FROM given_contacts WHERE email IN (SELECT cell FROM spellings WHERE nth > 0)
)"""


def create(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty work table."""
    con.execute(
        f"CREATE TABLE given_{OPT_OUTS} (contact_id VARCHAR, email VARCHAR, opted_out BOOLEAN, do_not_contact BOOLEAN)"
    )


def said_sql(table: str, relation: str, *more: str) -> str:
    """Return SQL for `contact_id`, `email`, `opted_out` and `do_not_contact` (never null) of typed rows.

    Parameters
    ----------
    table
        One of `SAID`.
    relation
        Its typed rows.
    more
        Further columns to keep.
    """
    opted_out, do_not_contact = SAID[table]
    email = "lower(email)" if table == "contacts" else "CAST(NULL AS VARCHAR)"
    columns = [
        "contact_id",
        f"{email} AS email",
        f"coalesce({opted_out}, false) AS opted_out",
        f"coalesce({do_not_contact}, false) AS do_not_contact",
    ]
    return f"SELECT {', '.join([*columns, *more])} FROM {relation}"


def keep(con: duckdb.DuckDBPyConnection, said: str) -> None:
    """Keep who says no in rows as `said_sql` gives them."""
    con.execute(
        f"""INSERT INTO given_{OPT_OUTS} SELECT DISTINCT contact_id, email, opted_out, do_not_contact FROM ({said})
            WHERE (opted_out OR do_not_contact) AND (contact_id IS NOT NULL OR email IS NOT NULL)"""
    )


def keep_other_addresses(con: duckdb.DuckDBPyConnection) -> None:
    """Keep the other addresses of everybody who said no in any table: a no is a person's, not an address's.

    Creates `other_names`: `contact_id`, `name`, and `is_own` (few enough have it), for each address that a contact has
    beside its own. A no given by one of ten who have info@acme.com is not that of the nine others.
    """
    spell(con, "(SELECT email AS cell FROM given_contacts)")
    spell(con, _OTHER_CELLS)
    con.execute(
        f"""CREATE TABLE other_names AS
            SELECT *, count(*) OVER (PARTITION BY name) <= {MOST_RECORDS} AS is_own
            FROM (SELECT DISTINCT contact_id, name FROM {names_sql(_OTHER_CELLS)})
            ANTI JOIN (SELECT contact_id, lower(email) AS name FROM given_contacts) USING (contact_id, name)
            WHERE name NOT LIKE '@%'"""
    )
    if not count(con, "SELECT count(*) FROM other_names"):
        return
    said = " UNION ALL ".join(
        [*(said_sql(table, f"given_{table}") for table in SAID), f"SELECT * FROM given_{OPT_OUTS}"]
    )
    keep(
        con,
        f"""SELECT NULL AS contact_id, name AS email, opted_out, do_not_contact
            FROM other_names JOIN ({said}) AS said USING (contact_id)""",
    )
