"""Senders, sequences and contacts: every id that any table names, with its integer key and what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources.aliases import load_aliases
from hygiene.sources.optouts import OPT_OUTS, keep_other_addresses
from hygiene.sources.schema import CANONICAL
from hygiene.sources.spellings import spell
from hygiene.sources.sql import count, literals, quoted
from hygiene.sources.suppressions import SUPPRESSED_DOMAINS, build_suppressions
from hygiene.sources.tables import ImportNote
from hygiene.sources.typed import given

if TYPE_CHECKING:
    from collections.abc import Collection

    import duckdb

NAMED_BY = {
    "senders": ("sender", ("enrollments", "events", "totals")),
    "sequences": ("sequence", ("enrollments", "events", "totals", "templates")),
    "contacts": ("contact", ("enrollments", "events", OPT_OUTS)),
}
"""By dimension: the stem of its key and id, and the other tables that name its ids."""


def build_dimensions(con: duckdb.DuckDBPyConnection, handed_in: Collection[str]) -> list[ImportNote]:
    """Create `senders`, `sequences` and `contacts` as `schema.CANONICAL` has them, and `suppressions`.

    Parameters
    ----------
    con
        Holds every `given_TABLE`.
    handed_in
        The tables that the source has.

    Returns
    -------
    Notes on ids that a dimension's own table does not list, on seats that could not be told and on hashed keys.
    """
    notes = []
    for table, (stem, _) in NAMED_BY.items():
        _number_ids(con, table)
        if table in handed_in:
            unknown = count(con, f"SELECT count(*) FROM ids_{table} WHERE NOT is_listed")
            if unknown:
                notes.append(ImportNote("unknown_ids", {"table": table, "column": f"{stem}_id", "count": unknown}))
    seats = load_aliases().words["seat"]
    yes, no = (literals(word for word, value in seats.items() if value == wanted) for wanted in ("true", "false"))
    words = (
        "list_transform(string_split_regex(g.seat, '[;,]'), "
        "lambda part: regexp_replace(lower(strip_accents(part)), '[^a-z0-9]+', '', 'g'))"
    )
    has_seat = (
        f"CASE WHEN list_has_any({words}, {_as_list(yes)}) THEN true "
        f"WHEN list_has_any({words}, {_as_list(no)}) THEN false END"
    )
    _create(con, "senders", {"has_seat": has_seat})
    _create(con, "sequences", {})
    keep_other_addresses(con)
    notes += build_suppressions(con)
    _spell_addresses(con)
    said_no = {
        name: " OR ".join(
            f"coalesce({place}.{name}, false)" for place in ("g", "same_mailbox", "same_person", "left_out")
        )
        for name in _SAID_NO
    }
    known = {
        "email": "coalesce(g.email, left_out.email)",
        "suppressed": _SUPPRESSED,
        "mailbox_key": "CAST(NULL AS INTEGER)",
        "bounce_key": "CAST(NULL AS INTEGER)",  # filled in when the events' texts are read
    }
    _create(con, "contacts", {**known, **said_no}, _matches())
    con.execute(_SHARED_MAILBOXES)
    unknown = count(
        con,
        f"""SELECT count(*) FROM {given("senders")} AS g JOIN senders AS s USING (sender_id)
            WHERE g.seat IS NOT NULL AND s.has_seat IS NULL""",
    )
    return [*notes, ImportNote("unknown_seats", {"count": unknown})] if unknown else notes


def _number_ids(con: duckdb.DuckDBPyConnection, table: str) -> None:
    stem, others = NAMED_BY[table]
    named = " UNION ALL ".join(
        f"SELECT DISTINCT {stem}_id AS id, false AS is_listed FROM {given(other)} WHERE {stem}_id IS NOT NULL"
        for other in others
    )
    con.execute(
        f"""CREATE TABLE ids_{table} AS
            SELECT CAST(row_number() OVER (ORDER BY id) AS INTEGER) AS "key", id, is_listed
            FROM (
                SELECT id, bool_or(is_listed) AS is_listed
                FROM (SELECT {stem}_id AS id, true AS is_listed FROM {given(table)} UNION ALL {named})
                GROUP BY id
            ) ORDER BY id"""
    )


def _create(con: duckdb.DuckDBPyConnection, table: str, computed: dict[str, str], join: str = "") -> None:
    stem = NAMED_BY[table][0]
    columns = {name: f"g.{quoted(name)}" for name in CANONICAL[table]}
    columns.update({f"{stem}_key": 'ids."key"', f"{stem}_id": "ids.id"}, **computed)
    con.execute(
        f"""CREATE TABLE {table} AS
            SELECT {", ".join(f"{sql} AS {quoted(name)}" for name, sql in columns.items())}
            FROM ids_{table} AS ids LEFT JOIN {given(table)} AS g ON g.{stem}_id = ids.id {join}"""
    )


# Where exports name contacts by address, the id is one.
_CELLS = f"""(
    SELECT ids.id AS contact_id,
           coalesce(g.email, left_out.email, CASE WHEN ids.id LIKE '%_@_%' THEN ids.id END) AS cell
    FROM ids_contacts AS ids LEFT JOIN {given("contacts")} AS g ON g.contact_id = ids.id
    LEFT JOIN (
        SELECT contact_id, min(email) AS email FROM {given(OPT_OUTS)} GROUP BY contact_id
    ) AS left_out ON left_out.contact_id = ids.id
)"""
_ADDRESSES = f"""
CREATE TABLE addresses AS
SELECT contact_id, address, mailbox(address) AS mailbox,
       CASE WHEN address LIKE '%_@_%' THEN split_part(address, '@', -1) END AS domain
FROM (
    SELECT contact_id, coalesce(s.name, lower(c.cell)) AS address
    FROM {_CELLS} AS c LEFT JOIN spellings AS s ON s.cell = c.cell AND s.nth = 0 AND s.name NOT LIKE '@%'
    WHERE c.cell IS NOT NULL
)
"""
"""By contact: the address in its one spelling, the mailbox that it leads to, and its domain."""
_BARE = r"regexp_replace(address, '^([^+@][^+]*)\+.*@', '\1@')"
_LOCAL = f"split_part({_BARE}, '@', 1)"
_MAILBOX = f"""
CREATE OR REPLACE TEMP MACRO mailbox(address) AS
CASE WHEN address NOT LIKE '%_@_%' THEN NULL WHEN address LIKE '%@gmail.com' OR address LIKE '%@googlemail.com'
    THEN coalesce(nullif(replace({_LOCAL}, '.', ''), ''), {_LOCAL}) || '@gmail.com' ELSE {_BARE} END
"""
"""One spelling of a mailbox, as the ledger's variants have it: who said no as ann+news@ has said no as ann@, too."""
_SHARED_MAILBOXES = """
WITH named AS (
    SELECT contact_key, a.mailbox AS name FROM contacts JOIN addresses AS a USING (contact_id)
),
shared AS (
    SELECT name, min(contact_key) AS first_key FROM named WHERE name IS NOT NULL GROUP BY name HAVING count(*) > 1
)
UPDATE contacts SET mailbox_key = shared.first_key
FROM named JOIN shared USING (name) WHERE named.contact_key = contacts.contact_key
"""
_OF_THE_SPELLING = "('hard_bounce_address', 'left_company')"
"""Reasons that hold for the very address: where a server knows no plus tags, ann+news@ is dead and ann@ is not."""
_SUPPRESSED = "coalesce(by_address.reason, by_mailbox.reason, by_domain.reason, by_other.reason)"
_SAID_NO = ("opted_out", "do_not_contact")


def _matches() -> str:
    """Return the joins that find who said no: in rows left out, and by the mailbox, as it holds for all who have it."""
    said_no = ", ".join(f"bool_or({name}) AS {name}" for name in _SAID_NO)
    refused = f"""
    SELECT a.mailbox AS name, {said_no}
    FROM {given("contacts")} JOIN addresses AS a USING (contact_id) WHERE opted_out OR do_not_contact GROUP BY ALL
"""
    return f"""
LEFT JOIN (
    SELECT contact_id, min(email) AS email, {said_no} FROM {given(OPT_OUTS)} GROUP BY contact_id
) AS left_out ON left_out.contact_id = ids.id
LEFT JOIN addresses AS a ON a.contact_id = ids.id
LEFT JOIN ({refused}) AS same_mailbox ON same_mailbox.name = a.mailbox
LEFT JOIN (
    SELECT other_names.contact_id, {said_no}
    FROM other_names JOIN ({refused}) AS refused ON refused.name = mailbox(other_names.name)
    WHERE other_names.is_own GROUP BY ALL
) AS same_person ON same_person.contact_id = ids.id
LEFT JOIN (
    SELECT email, coalesce(min(reason), '') AS reason FROM suppressions WHERE email IS NOT NULL GROUP BY email
) AS by_address ON by_address.email = a.address
LEFT JOIN (
    SELECT mailbox(email) AS name, coalesce(min(reason), '') AS reason
    FROM suppressions WHERE email IS NOT NULL AND coalesce(reason, '') NOT IN {_OF_THE_SPELLING} GROUP BY ALL
) AS by_mailbox ON by_mailbox.name = a.mailbox
LEFT JOIN ({SUPPRESSED_DOMAINS}) AS by_domain ON by_domain.domain = a.domain
LEFT JOIN (
    SELECT contact_id, coalesce(min(reason), '') AS reason
    FROM other_names JOIN suppressions AS s ON mailbox(s.email) = mailbox(other_names.name)
    WHERE other_names.is_own AND coalesce(reason, '') NOT IN {_OF_THE_SPELLING} GROUP BY contact_id
) AS by_other ON by_other.contact_id = ids.id AND NOT coalesce(g.opted_out OR g.do_not_contact, false)
"""


def _spell_addresses(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(_MAILBOX)
    spell(con, _CELLS)
    con.execute(_ADDRESSES)


def _as_list(bracketed: str) -> str:
    return f"[{bracketed[1:-1]}]"
