"""Typed literals for portable SQL: the one way in which a value gets into a query."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TypeAlias

Parameter: TypeAlias = "datetime | int | bool | str"

_PLACEHOLDER = re.compile(r":([a-z_]+)\b")
_WORD = re.compile(r"[a-z_]+")


def literal(value: Parameter) -> str:
    """Return a value as SQL text that DuckDB, PostgreSQL and Spark read alike.

    Text is let through only as a plain lower-case word (an event type, a column's name): nothing that a user typed
    reaches a query.

    Raises
    ------
    ValueError
        For text that is not such a word.

    Examples
    --------
    >>> literal(datetime(2026, 3, 1, 9, 30))
    "TIMESTAMP '2026-03-01 09:30:00.000000'"
    >>> literal("sent")
    "'sent'"
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value:%Y-%m-%d %H:%M:%S.%f}'".replace(f"'{value:%Y}-", f"'{value.year:04d}-")
    if not _WORD.fullmatch(value):
        raise ValueError(f"{value!r} cannot be written into a query")
    return f"'{value}'"


def fill(query: str, /, **parameters: Parameter) -> str:
    """Replace each `:name` of a query by its literal.

    Raises
    ------
    KeyError
        If the query names a parameter that is not given.

    Examples
    --------
    >>> fill("SELECT * FROM events WHERE at <= :as_of", as_of=datetime(2026, 3, 1))
    "SELECT * FROM events WHERE at <= TIMESTAMP '2026-03-01 00:00:00.000000'"
    """
    return _PLACEHOLDER.sub(lambda match: literal(parameters[match[1]]), query)
