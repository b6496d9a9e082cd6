"""Rows that lack cells, have too many, or an open quote: left out, but their opt-outs are read where they can be."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import TYPE_CHECKING

from hygiene.sources import optouts
from hygiene.sources.typed import typed_sql, unread_sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

    from hygiene.sources.formats import Format
    from hygiene.sources.headers import Matching
    from hygiene.sources.raw import Broken, Raw

SPLIT_CODES = ("too_few_cells", "too_many_cells", "open_quote")
"""Rejects whose row can still be taken apart, if not into the right number of cells."""
# A cell too many or too few moves those after it: they are in place when counted from the right. That reading decides
# where the one from the left cannot be understood; where neither can, it is an opt-out, to be safe.
_DECIDED = """
SELECT {contact_id} AS contact_id, {email} AS email,
       CASE WHEN from_right THEN r.opted_out ELSE l.opted_out END AS opted_out,
       CASE WHEN from_right THEN r.do_not_contact ELSE l.do_not_contact END AS do_not_contact
FROM (
    SELECT *, is_unclear AND EXISTS (FROM said_right AS r WHERE r.row = said_left.row AND NOT r.is_unclear)
        AS from_right
    FROM said_left
) AS l LEFT JOIN said_right AS r ON r.row = l.row
"""


def keep_opt_outs(
    con: duckdb.DuckDBPyConnection, raw: Raw, matching: Matching, formats: Mapping[int, Format], timezone: str
) -> None:
    """Keep the opt-outs of the rows of a text that could not be taken apart; parameters as of `create_typed`."""
    if raw.table not in optouts.SAID or raw.separator is None:
        return
    rows = [_split(row, raw.separator) for row in raw.broken if row.code in SPLIT_CODES]
    if not rows:
        return
    width = len(raw.headers)
    gap = [None] * width
    sides = {
        "left": [[*cells, *gap][:width] for cells in rows],
        "right": [[*gap, *cells][-width:] for cells in rows],
    }
    unclear = " OR ".join(unread_sql(raw, matching, optouts.SAYING[raw.table]).values()) or "false"
    for side, cells in sides.items():
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE ragged_{side} AS SELECT unnest(?) AS row, unnest(?) AS cells",
            [list(range(len(rows))), cells],
        )
        placed = ", ".join(f"CAST(cells[{index + 1}] AS VARCHAR) AS c{index}" for index in range(width))
        shifted = replace(raw, relation=f"(SELECT row, {placed} FROM ragged_{side})", types=("VARCHAR",) * width)
        typed = typed_sql(shifted, matching, formats, timezone, {"is_unclear": unclear})
        said = optouts.said_sql(raw.table, f"({typed})", "row", "is_unclear")
        con.execute(f"CREATE OR REPLACE TEMP TABLE said_{side} AS {said}")
    whens = " ".join(f"WHEN {side}.email LIKE '%_@_%' THEN {side}.email" for side in ("l", "r"))
    email = f"CASE {whens} END"
    named_by_address = {use.index for use in matching.of("contact_id")} & {use.index for use in matching.of("email")}
    contact_id = email if named_by_address and raw.table == "contacts" else "l.contact_id"
    optouts.keep(con, _DECIDED.format(contact_id=contact_id, email=email))


def _split(row: Broken, separator: str) -> list[str]:
    """Return the cells of a row; a quote that is not closed is none, and the row ends with its line."""
    if row.code == "open_quote":
        first = row.value.split("\n", 1)[0]
        return [cell.strip().strip('"') for cell in first.split(separator)]
    return next(csv.reader(row.value.splitlines(keepends=True), delimiter=separator), [])
