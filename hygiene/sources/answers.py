"""Whether a column that nothing reads may hold somebody's no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources import patterns
from hygiene.sources.aliases import load_aliases, normalize_word

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from hygiene.sources.raw import Raw

MOST_ANSWERS = 100
"""Different cells from which on a column is not looked through: no list of plain answers has so many."""
LINKS = ("http://", "https://", "mailto:", "<http")


def may_say_no(con: duckdb.DuckDBPyConnection, raw: Raw) -> Callable[[int], bool]:
    """Return a function that tells whether any cell of a header's column is more than a plain "no", a link or a gap."""
    known = load_aliases().words
    harmless = {word for name in ("boolean", "opt_out") for word, value in known[name].items() if value == "false"}

    def tell(index: int) -> bool:
        query = f"SELECT DISTINCT CAST(c{index} AS VARCHAR) FROM {raw.relation} WHERE c{index} IS NOT NULL"
        cells = [cell.strip(patterns.WHITESPACE) for (cell,) in con.execute(query).fetchmany(MOST_ANSWERS)]
        if len(cells) == MOST_ANSWERS and not all(cell.lower().startswith(LINKS) for cell in cells):
            return True
        return any(
            cell.lower() not in patterns.NO_ANSWER
            and not cell.lower().startswith(LINKS)
            and normalize_word(cell) not in harmless
            for cell in cells
            if cell
        )

    return tell
