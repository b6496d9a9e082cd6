"""Salesforce: queries in SOQL, and files for Data Loader by record id.

Names of objects and fields are general knowledge, only partly confirmed (evidence/hubspot.md, section 3a): try a query
in the Developer Console before you rely on it.
"""

from __future__ import annotations

import re
from string import ascii_uppercase
from typing import TYPE_CHECKING

from hygiene.exports.filters.types import Crm, Row
from hygiene.gate.cleanup.types import OPT_OUT_FIRST, UPLOAD

if TYPE_CHECKING:
    from hygiene.gate.cleanup.types import Action, Decision, Held

OBJECTS = {"003": "", "00Q": "leads."}
"""Key prefixes of contacts and leads, with what stands in the names of their files: Data Loader takes one at a time."""
SUFFIX_LETTERS = ascii_uppercase + "012345"
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?")
OPTED_OUT = "HasOptedOutOfEmail"

QUERIES = {
    f"salesforce-{name}-{plural}.soql": query.format(table=table)
    for table, plural in (("Contact", "contacts"), ("Lead", "leads"))
    for name, query in (
        (
            "bounced",
            "SELECT Id, Email, EmailBouncedReason, EmailBouncedDate FROM {table} WHERE EmailBouncedDate != NULL\n",
        ),
        ("opted-out", "SELECT Id, Email FROM {table} WHERE HasOptedOutOfEmail = TRUE\n"),
    )
}


def is_record_id(text: str) -> bool:
    """Tell whether a text is the id of a record: 15 characters, or 18 with the right check letters.

    Each of the three letters at the end says which of five characters are capitals (Salesforce, "What are the 15- and
    18-character record ids"), so that an id that a spreadsheet has changed is found out.

    Examples
    --------
    >>> is_record_id("0035e00000AbCdE"), is_record_id("0035e00000AbCdEAAV"), is_record_id("0035e00000abcdeAAV")
    (True, True, False)
    """
    return bool(_ID.fullmatch(text)) and (len(text) == 15 or text[15:] == check_letters(text[:15]))


def check_letters(text: str) -> str:
    """Return the three letters that make an id of 15 characters one of 18, in which capitals no longer matter.

    Examples
    --------
    >>> check_letters("003000000000001"), check_letters("A03000000000001")
    ('AAA', 'BAA')
    """
    parts = (text[start : start + 5] for start in (0, 5, 10))
    return "".join(
        SUFFIX_LETTERS[sum(letter.isupper() << place for place, letter in enumerate(part))] for part in parts
    )


def rows(row: Decision) -> list[Row] | Held:
    """Return the lines of a contact, by its record id, in the file of its object."""
    record_id = row.flag.facts.contact_id
    if not is_record_id(record_id) or record_id[:3] not in OBJECTS:
        return "no_record_id"
    kind = OBJECTS[record_id[:3]]
    marked = (record_id, "true")
    if row.action == "suppress":
        return [Row(kind + UPLOAD, marked)]
    by_id = Row(kind + UPLOAD, (record_id,))
    return [Row(kind + OPT_OUT_FIRST, marked), by_id] if row.action == "remove" else [by_id]


def columns(action: Action, file: str) -> tuple[str, ...]:
    """Return the header: `Id` to delete or to select, `Id` and the mark to update."""
    return ("Id", OPTED_OUT) if action == "suppress" or file.endswith(OPT_OUT_FIRST) else ("Id",)


CRM = Crm(
    "salesforce",
    "Salesforce",
    rows,
    columns,
    QUERIES,
    fields={"opt_out": OPTED_OUT, "bounce_reason": "EmailBouncedReason"},
)
