"""Who must never be written to: addresses, domains with all below them, and hashed keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.mail.addresses.names import public_domains
from hygiene.sources import rejects
from hygiene.sources.optouts import OPT_OUTS
from hygiene.sources.spellings import names_sql, spell
from hygiene.sources.sql import count, literals
from hygiene.sources.tables import ImportNote
from hygiene.sources.typed import given

if TYPE_CHECKING:
    import duckdb

    from hygiene.sources.headers import Matching
    from hygiene.sources.raw import Raw

NAMES = ("email", "domain", "key")
"""Columns of which one says who."""
_CELLS = f"""(
    SELECT row, email AS cell FROM {given("suppressions")} UNION ALL SELECT row, domain FROM {given("suppressions")}
)"""
# A domain covers those below it: the domain of each contact is looked up with every one above, the nearest first.
# What is longer than 253 signs is no domain (RFC 1035, section 2.3.4).
SUPPRESSED_DOMAINS = """
SELECT named.domain, arg_max(coalesce(s.reason, ''), (length(s.domain), s.reason)) AS reason
FROM (
    SELECT domain, array_to_string(list_slice(parts, start, len(parts)), '.') AS covering
    FROM (
        SELECT domain, parts, unnest(range(1, len(parts) + 1)) AS start
        FROM (
            SELECT domain, string_split(domain, '.') AS parts
            FROM (SELECT DISTINCT domain FROM addresses WHERE length(domain) <= 253)
        )
    )
) AS named JOIN suppressions AS s ON s.domain = named.covering
GROUP BY named.domain
"""


def _named() -> str:
    """Return SQL for `row` and `name` of everybody that the suppressions name; all mailboxes of Gmail are nobody."""
    return f"(SELECT row, name FROM {names_sql(_CELLS)} WHERE name NOT IN {_public()})"


def _public() -> str:
    return literals(f"@{domain}" for domain in sorted(public_domains()))


def reject_unusable(con: duckdb.DuckDBPyConnection, raw: Raw, matching: Matching) -> tuple[int, list[ImportNote]]:
    """Leave out suppressions that name neither an address nor a company's domain nor a key.

    Returns
    -------
    How many rows are left, and a note on domains at which strangers have mailboxes.
    """
    table = given("suppressions")
    use = next(use for name in NAMES for use in matching.of(name))
    spell(con, _CELLS)
    public = f"SELECT row, cell AS value, 'public_domain' AS code FROM {names_sql(_CELLS)} WHERE name IN {_public()}"
    rejects.add_cells(con, raw, use, public, "an address, or the domain of a company")
    found = count(con, f"SELECT count(*) FROM ({public})")
    notes = [ImportNote("public_domains", {"count": found})] if found else []
    unusable = f'"key" IS NULL AND row NOT IN (SELECT row FROM {_named()})'
    query = f"""SELECT row, coalesce(email, domain) AS value,
                       CASE WHEN value IS NULL THEN 'missing_value' ELSE 'unknown_value' END AS code
                FROM {table} WHERE {unusable} AND row NOT IN (SELECT row FROM ({public}))"""
    rejects.add_cells(con, raw, use, query, "an address, a domain or a key")
    con.execute(f"DELETE FROM {table} WHERE {unusable}")
    return count(con, f"SELECT count(*) FROM {table}"), notes


def build_suppressions(con: duckdb.DuckDBPyConnection) -> list[ImportNote]:
    """Create `suppressions`, a row for each name of a row; note the keys, whose hashing is unknown.

    With the opt-outs that only an address names.
    """
    left_out = f"(SELECT email AS cell, opted_out FROM {given(OPT_OUTS)})"
    spell(con, _CELLS)
    spell(con, left_out)
    con.execute(
        f"""CREATE TABLE suppressions AS
            SELECT DISTINCT CASE WHEN name NOT LIKE '@%' THEN name END AS email,
                   CASE WHEN name LIKE '@%' THEN name[2:] END AS domain, "key", reason, "at", source,
                   key_id, variant, scope, expires
            FROM {given("suppressions")} LEFT JOIN {_named()} AS named USING (row)
            UNION ALL
            SELECT name, NULL, NULL, CASE WHEN bool_or(opted_out) THEN 'opted_out' ELSE 'do_not_contact' END, NULL,
                   'contacts', NULL, NULL, NULL, NULL
            FROM {names_sql(left_out)} WHERE name NOT LIKE '@%' GROUP BY name"""
    )
    keys = count(con, 'SELECT count(*) FROM suppressions WHERE "key" IS NOT NULL AND email IS NULL AND domain IS NULL')
    return [ImportNote("unmatched_keys", {"count": keys})] if keys else []
