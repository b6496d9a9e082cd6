"""Who must never be written to: addresses, domains with all below them, and hashed keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources import rejects
from hygiene.sources.optouts import OPT_OUTS
from hygiene.sources.sql import count
from hygiene.sources.tables import ImportNote
from hygiene.sources.typed import given

if TYPE_CHECKING:
    import duckdb

    from hygiene.sources.headers import Matching
    from hygiene.sources.raw import Raw

NAMES = ("email", "domain", "key")
"""Columns of which one says who."""
# An address that stands in the column of domains, or the other way round, is told by its @.
_ADDRESS = "lower(CASE WHEN email LIKE '%_@_%' THEN email WHEN domain LIKE '%_@_%' THEN domain END)"
_IS_DOMAIN = r"regexp_full_match(email, '@?[^@\s]+\.[^@\s]+')"
_PLAIN = f"CASE WHEN domain NOT LIKE '%_@_%' THEN domain WHEN {_IS_DOMAIN} THEN email END"
_DOMAIN = rf"nullif(regexp_replace(lower({_PLAIN}), '^[@*.]+|\.+$', '', 'g'), '')"
# A domain covers those below it: the domain of each contact is looked up with every one above, the nearest first.
# What is longer than 253 signs is no domain (RFC 1035, section 2.3.4).
SUPPRESSED_DOMAINS = f"""
SELECT named.domain, arg_max(coalesce(s.reason, ''), (length(s.domain), s.reason)) AS reason
FROM (
    SELECT domain, array_to_string(list_slice(parts, start, len(parts)), '.') AS covering
    FROM (
        SELECT domain, parts, unnest(range(1, len(parts) + 1)) AS start
        FROM (
            SELECT domain, string_split(domain, '.') AS parts
            FROM (
                SELECT DISTINCT lower(split_part(email, '@', -1)) AS domain
                FROM (
                    SELECT email FROM {given("contacts")} UNION ALL SELECT email FROM {given(OPT_OUTS)}
                    UNION ALL SELECT id FROM ids_contacts
                ) WHERE email LIKE '%_@_%' AND length(split_part(email, '@', -1)) <= 253
            )
        )
    )
) AS named JOIN suppressions AS s ON s.domain = named.covering
GROUP BY named.domain
"""


def reject_unusable(con: duckdb.DuckDBPyConnection, raw: Raw, matching: Matching) -> int:
    """Leave out suppressions that name neither an address nor a domain nor a key; return how many rows are left."""
    table = given("suppressions")
    use = next(use for name in NAMES for use in matching.of(name))
    unusable = f'{_ADDRESS} IS NULL AND {_DOMAIN} IS NULL AND "key" IS NULL'
    query = f"""SELECT row, coalesce(email, domain) AS value,
                       CASE WHEN value IS NULL THEN 'missing_value' ELSE 'unknown_value' END AS code
                FROM {table} WHERE {unusable}"""
    rejects.add_cells(con, raw, use, query, "an address, a domain or a key")
    con.execute(f"DELETE FROM {table} WHERE {unusable}")
    return count(con, f"SELECT count(*) FROM {table}")


def build_suppressions(con: duckdb.DuckDBPyConnection) -> list[ImportNote]:
    """Create `suppressions`, with the opt-outs that only an address names; note the keys, whose hashing is unknown."""
    con.execute(
        f"""CREATE TABLE suppressions AS
            SELECT {_ADDRESS} AS email, {_DOMAIN} AS domain, "key", reason, "at", source,
                   key_id, variant, scope, expires
            FROM {given("suppressions")}
            UNION ALL
            SELECT email, NULL, NULL, CASE WHEN bool_or(opted_out) THEN 'opted_out' ELSE 'do_not_contact' END, NULL,
                   'contacts', NULL, NULL, NULL, NULL
            FROM {given(OPT_OUTS)} WHERE email IS NOT NULL GROUP BY email"""
    )
    keys = count(con, 'SELECT count(*) FROM suppressions WHERE "key" IS NOT NULL AND email IS NULL AND domain IS NULL')
    return [ImportNote("unmatched_keys", {"count": keys})] if keys else []
