"""One contact under one id: where a table names a contact by the e-mail address, the id of that address is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources.optouts import OPT_OUTS
from hygiene.sources.sql import count
from hygiene.sources.typed import given

if TYPE_CHECKING:
    import duckdb


def unify_contacts(con: duckdb.DuckDBPyConnection) -> None:
    """Replace addresses that stand for a contact by the contact's id, in the work tables that name some.

    Exports of sequences often name the contact by address (HubSpot's `toEmail`) where the contacts have ids. An
    address that no contact has is an id itself, whatever its case. Two contacts of one address: the first id counts.
    """
    for table in (given("enrollments"), given("events"), given(OPT_OUTS)):
        if not count(con, f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE contains(contact_id, '@') LIMIT 1)"):
            continue
        con.execute(
            f"""UPDATE {table} SET contact_id = lower(contact_id)
                WHERE contains(contact_id, '@') AND contact_id NOT IN (SELECT contact_id FROM {given("contacts")})"""
        )
        con.execute(
            f"""UPDATE {table} AS named SET contact_id = known.contact_id
                FROM (
                    SELECT lower(email) AS email, min(contact_id) AS contact_id
                    FROM {given("contacts")} WHERE email IS NOT NULL GROUP BY lower(email)
                ) AS known
                WHERE named.contact_id = known.email
                    AND named.contact_id NOT IN (SELECT contact_id FROM {given("contacts")})"""
        )
