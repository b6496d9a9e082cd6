"""An opt-out is never lost: what rows say of it that are left out for another reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
SAYING = {
    "contacts": ("opted_out", "opted_out_at", "do_not_contact"),
    "events": ("type",),
    "enrollments": ("outcome", "unsubscribed"),
}
"""The columns that say it."""


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
