"""The few helpers by which Python values become SQL text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb


def literal(text: str) -> str:
    """Return a SQL string literal.

    Examples
    --------
    >>> literal("l'eau")
    "'l''eau'"
    """
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """Return a bracketed list of SQL string literals, for `IN`."""
    return "(" + ", ".join(literal(text) for text in texts) + ")"


def quoted(name: str) -> str:
    """Return a quoted SQL identifier.

    Examples
    --------
    >>> print(quoted('a "b" c'))
    "a ""b"" c"
    """
    return '"' + name.replace('"', '""') + '"'


def count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    """Return the one integer that a query gives."""
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0
