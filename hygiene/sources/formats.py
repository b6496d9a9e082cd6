"""Decides, once a column, how its times and numbers are written; what the data leave open is never guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hygiene.errors import SourceError
from hygiene.sources import patterns
from hygiene.sources.sql import literal

if TYPE_CHECKING:
    import duckdb

    from hygiene.sources.headers import Use
    from hygiene.sources.raw import Raw
    from hygiene.sources.schema import Kind

EITHER = "DMY or MDY"
"""The label of a column of dates that fit both orders, in a preview."""


@dataclass(frozen=True)
class Format:
    """The form of one column."""

    label: str | None = None
    """For the import report; None where there was nothing to tell."""
    decided_by: str | None = None
    """`data`, `setting`, or None where there was no choice."""
    time_forms: frozenset[str] = frozenset()
    """Of `patterns.TIMES`: those that occur."""
    order: str | None = None
    """`DMY` or `MDY`."""
    thousands: frozenset[str] = frozenset()
    """Signs that stand between groups of three digits, of `,` and `.`."""
    decimals: frozenset[str] = field(default=frozenset())
    """Signs that stand before a fraction."""


def find_format(con: duckdb.DuckDBPyConnection, raw: Raw, use: Use, kind: Kind, date_order: str) -> Format:
    """Look at all values of a column and tell their form.

    Parameters
    ----------
    con
        Where `raw` can be queried.
    raw, use
        The file and its column.
    kind
        The kind of the canonical column.
    date_order
        The setting: `auto`, `DMY` or `MDY`.

    Raises
    ------
    SourceError
        For dates that fit both orders (and no value decides), or that need both.
    """
    if raw.types[use.index] != "VARCHAR" or use.words:
        return Format()
    if kind == "time":
        return _time_format(con, raw, use, date_order)
    if kind == "count":
        return _count_format(con, raw, use)
    return Format()


def _time_format(con: duckdb.DuckDBPyConnection, raw: Raw, use: Use, date_order: str) -> Format:
    cell = patterns.trimmed(f"c{use.index}")
    forms = " ".join(f"WHEN regexp_full_match(x, {literal(p)}) THEN {literal(n)}" for n, p in patterns.TIMES.items())
    first, second = (f"CAST(regexp_extract(x, {literal(patterns.DATE_PARTS)}, {part}) AS INTEGER)" for part in (1, 2))
    rows = con.execute(
        f"""WITH cells AS (SELECT {cell} AS x FROM {raw.relation}),
            told AS (SELECT x, CASE {forms} END AS form FROM cells WHERE x IS NOT NULL),
            dates AS (
                SELECT x, form, CASE WHEN form LIKE 'date%' THEN {first} END AS a,
                       CASE WHEN form LIKE 'date%' THEN {second} END AS b
                FROM told WHERE form IS NOT NULL
            )
            SELECT form, min(CASE WHEN a BETWEEN 13 AND 31 AND b BETWEEN 1 AND 12 THEN x END),
                   min(CASE WHEN b BETWEEN 13 AND 31 AND a BETWEEN 1 AND 12 THEN x END),
                   min(CASE WHEN a BETWEEN 1 AND 12 AND b BETWEEN 1 AND 12 AND a <> b THEN x END)
            FROM dates GROUP BY form ORDER BY form"""
    ).fetchall()
    found = frozenset(row[0] for row in rows)
    day_first, month_first, open_example = (next(filter(None, (row[n] for row in rows)), None) for n in (1, 2, 3))
    order, decided_by = _date_order(raw.file, use.header, day_first, month_first, open_example, date_order)
    if order is None and found & {"date", "date_half_day"}:
        order = "DMY"  # every date reads the same both ways, such as 05/05/2026
    labels = [patterns.TIME_LABELS[name] or order or "" for name in patterns.TIMES if name in found]
    return Format(", ".join(dict.fromkeys(labels)) or None, decided_by, found, order)


def _date_order(
    file: str, header: str, day_first: str | None, month_first: str | None, open_example: str | None, setting: str
) -> tuple[str | None, str | None]:
    if not (day_first or month_first or open_example):
        return None, None
    if setting != "auto":
        return setting, "setting"
    if day_first and month_first:
        raise SourceError(
            f'{file}, column "{header}": "{day_first}" is day before month and "{month_first}" month before day. '
            'Write the column in one order, or set date_order = "DMY" (or "MDY") in hygiene.toml or --date-order.'
        )
    if day_first:
        return "DMY", "data"
    if month_first:
        return "MDY", "data"
    raise SourceError(
        f'{file}, column "{header}": "{open_example}" may be day before month or month before day, and no value '
        'of the column decides it. Set date_order = "DMY" (or "MDY") in hygiene.toml, or give --date-order DMY.'
    )


def _count_format(con: duckdb.DuckDBPyConnection, raw: Raw, use: Use) -> Format:
    """Tell whether `,` and `.` stand between thousands or before a fraction.

    Groups of three digits show thousands, since a count has no fraction; a fraction of any other length shows a
    decimal sign, such as in 3.0.
    """
    checks = []
    for sign in patterns.SIGNS:
        mark = f"[{sign}]"
        is_decimal = rf"\d+{mark}(\d{{1,2}}|\d{{4,}})"
        is_grouped = rf"\d{{1,3}}({mark}\d{{3}})+"
        checks += [
            f"coalesce(bool_or(regexp_full_match(x, {literal(form)})), false)" for form in (is_decimal, is_grouped)
        ]
    cell = patterns.trimmed(f"c{use.index}")
    (row,) = con.execute(f"SELECT {', '.join(checks)} FROM (SELECT {cell} AS x FROM {raw.relation})").fetchall()
    decimals = frozenset(sign for sign, has in zip(patterns.SIGNS, row[0::2], strict=True) if has)
    thousands = frozenset(sign for sign, has in zip(patterns.SIGNS, row[1::2], strict=True) if has) - decimals
    labels = [f"decimal {patterns.SIGNS[sign]}" for sign in sorted(decimals)]
    labels += [f"thousands {patterns.SIGNS[sign]}" for sign in sorted(thousands)]
    return Format(", ".join(labels) or None, "data" if labels else None, thousands=thousands, decimals=decimals)
