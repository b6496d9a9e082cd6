"""Any other tool: lists of addresses, and SQL that finds the contacts through a staging table.

The script selects and changes nothing. Values are quoted by the standard (ISO/IEC 9075: a quote is doubled); an address
with a backslash, which MySQL would take for an escape, or with a control character never gets there (`plain_address`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.exports.filters.types import Crm, by_email, email_column
from hygiene.gate.cleanup.types import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hygiene.gate.cleanup.types import Decision

SCRIPT = "generic-cleanup.sql"
AT_ONCE = 500
"""Rows of one INSERT: SQL Server takes at most 1,000."""
HEAD = """\
-- Who must not get the next email, as a table to select by. Put the name of your own table in place of contacts.
-- Nothing is changed: look at the rows first, mark them in your tool, and delete nobody who said no.
CREATE TEMPORARY TABLE hygiene_cleanup (
    email VARCHAR(320) NOT NULL,
    action VARCHAR(20) NOT NULL,
    code VARCHAR(40) NOT NULL,
    until_day DATE
);
"""


def script(decisions: Sequence[Decision]) -> tuple[str, str]:
    """Return the file name and the text."""
    return SCRIPT, "".join(_parts(decisions))


def _parts(decisions: Sequence[Decision]) -> Iterator[str]:
    yield HEAD
    values = [value for row in decisions if (value := _value(row))]
    for start in range(0, len(values), AT_ONCE):
        listed = ",\n    ".join(values[start : start + AT_ONCE])
        yield f"\nINSERT INTO hygiene_cleanup (email, action, code, until_day) VALUES\n    {listed};\n"
    for action in ACTIONS:
        yield (
            f"\n-- {action}\nSELECT c.*\nFROM contacts AS c\n"
            f"WHERE LOWER(c.email) IN (SELECT h.email FROM hygiene_cleanup AS h WHERE h.action = '{action}');\n"
        )


def _value(row: Decision) -> str | None:
    placed = by_email(row)
    if isinstance(placed, str):
        return None
    until = f"'{row.until:%Y-%m-%d}'" if row.until else "NULL"
    return f"({quoted(placed[0].cells[0].lower())}, '{row.action}', '{row.code}', {until})"


def quoted(text: str) -> str:
    """Return a text as an SQL literal.

    Examples
    --------
    >>> quoted("o'brien@acme.example")
    "'o''brien@acme.example'"
    """
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


CRM = Crm("generic", "CSV", by_email, email_column, script=script)
