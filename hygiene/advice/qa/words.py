"""The tables of `models/tokens`: words that stand in place of a value, and fields that vendors have of their own."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from hygiene.errors import ModelError
from hygiene.mail.normalize import fold
from hygiene.resources import resource
from hygiene.sources.aliases import load_aliases, normalize_header

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKED = ("first_name", "last_name", "company", "job_title", "industry", "country", "language", "email")
"""Columns of contacts that a template prints and whose values are looked at."""


@cache
def table(name: str) -> Mapping[str, Any]:
    """Return a file of `models/tokens`.

    Raises
    ------
    ModelError
        If it is missing or damaged.
    """
    try:
        return tomllib.loads((resource("models") / "tokens" / f"{name}.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ModelError(f"models/tokens/{name}.toml cannot be read ({error}): reinstall hygiene.") from error


@cache
def columns() -> Mapping[str, str]:
    """Return the column of contacts by a name without case, spaces and signs: headers of exports, and tokens' names."""
    found = {normalize_header(name): column for column, names in table("fields")["columns"].items() for name in names}
    for alias in load_aliases().aliases:
        if alias.table == "contacts":
            for header in sorted(alias.headers):
                found.setdefault(header, alias.column)
    found.update({normalize_header(name): name for name in CHECKED})
    return found


@cache
def company_columns() -> Mapping[str, str]:
    """Return the column of contacts by a field of their company."""
    found = table("fields")["company"]
    return {normalize_header(name): column for column, names in found.items() for name in names}


@cache
def known(of: str) -> frozenset[str]:
    """Return the vendors' own fields of a `contact` or a `company`."""
    return frozenset(normalize_header(name) for name in table("fields")["known"][of])


@cache
def names(of: str) -> frozenset[str]:
    """Return the `objects`, `persons` or `companies` before a dot, or the `free` dialects."""
    return frozenset(table("fields")["names"][of])


@cache
def own_fields() -> re.Pattern[str]:
    """Return the pattern of custom fields in their vendors' spelling."""
    return re.compile(table("fields")["names"]["own"], re.IGNORECASE)


@cache
def words(*path: str) -> frozenset[str]:
    """Return a list of `values.toml`, folded."""
    found: Any = table("values")
    for part in path:
        found = found.get(part, ())
    return frozenset(fold(word) for word in found)
