"""Who must never be written to: addresses, domains with all below them, and hashed keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources import rejects
from hygiene.sources.optouts import OPT_OUTS
from hygiene.sources.spellings import names_sql, spell
from hygiene.sources.sql import count
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
_NAMES = names_sql(_CELLS)
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


def reject_unusable(con: duckdb.DuckDBPyConnection, raw: Raw, matching: Matching) -> int:
    """Leave out suppressions that name neither an address nor a domain nor a key; return how many rows are left."""
    table = given("suppressions")
    use = next(use for name in NAMES for use in matching.of(name))
    spell(con, _CELLS)
    unusable = f'"key" IS NULL AND row NOT IN (SELECT row FROM {_NAMES})'
    query = f"""SELECT row, coalesce(email, domain) AS value,
                       CASE WHEN value IS NULL THEN 'missing_value' ELSE 'unknown_value' END AS code
                FROM {table} WHERE {unusable}"""
    rejects.add_cells(con, raw, use, query, "an address, a domain or a key")
    con.execute(f"DELETE FROM {table} WHERE {unusable}")
    return count(con, f"SELECT count(*) FROM {table}")


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
            FROM {given("suppressions")} LEFT JOIN {_NAMES} AS named USING (row)
            UNION ALL
            SELECT name, NULL, NULL, CASE WHEN bool_or(opted_out) THEN 'opted_out' ELSE 'do_not_contact' END, NULL,
                   'contacts', NULL, NULL, NULL, NULL
            FROM {names_sql(left_out)} WHERE name NOT LIKE '@%' GROUP BY name"""
    )
    keys = count(con, 'SELECT count(*) FROM suppressions WHERE "key" IS NOT NULL AND email IS NULL AND domain IS NULL')
    return [ImportNote("unmatched_keys", {"count": keys})] if keys else []
