"""Builds the SQL by which a cell becomes a value: null where the cell cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources import patterns
from hygiene.sources.aliases import load_aliases, normalize_word
from hygiene.sources.sql import literal, literals

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygiene.sources.formats import Format
    from hygiene.sources.headers import Use
    from hygiene.sources.raw import Raw
    from hygiene.sources.schema import Column

SQL_TYPES = {
    "text": "VARCHAR",
    "id": "VARCHAR",
    "choice": "VARCHAR",
    "bool": "BOOLEAN",
    "count": "BIGINT",
    "time": "TIMESTAMP",
}
"""DuckDB's type of each kind of column."""
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_FLOATS = ("FLOAT", "DOUBLE")


def cells_sql(raw: Raw, uses: Iterable[Use]) -> str:
    """Return a relation with `row` and, of each used column, the cell `x0`, `x1`, …: null if it is empty."""
    cells = {use.index: f"{_cell_sql(use.index, raw.types[use.index])} AS x{use.index}" for use in uses}
    return f"(SELECT {', '.join(['row', *cells.values()])} FROM {raw.relation})"


def _cell_sql(index: int, sql_type: str) -> str:
    if sql_type == "VARCHAR":
        return patterns.trimmed(f"c{index}")
    if sql_type in _FLOATS:
        return f"CASE WHEN isnan(c{index}) THEN NULL ELSE c{index} END"
    return f"c{index}"


def value_sql(column: Column, use: Use, sql_type: str, form: Format, timezone: str) -> str:
    """Return SQL for the value of a cell of `cells_sql`.

    Parameters
    ----------
    column
        What the cell is to be.
    use
        Where it lies, and which of its words count.
    sql_type
        DuckDB's type of the cell.
    form
        The form that was found for the column.
    timezone
        Zone of times that name none.
    """
    cell = f"x{use.index}"
    if use.words:
        return f"CAST({_case(_key(_text(cell, sql_type)), use.words)} AS {SQL_TYPES[column.kind]})"
    if column.kind == "time":
        return _within(_time_sql(cell, sql_type, form, timezone))
    if column.kind == "count":
        return _count_sql(cell, sql_type, form)
    if column.kind == "bool":
        return _bool_sql(cell, sql_type)
    if column.kind == "choice":
        return _choice_sql(_text(cell, sql_type), column)
    if column.kind == "id":
        # Spreadsheets put an apostrophe before a number that is to stay text.
        return patterns.trimmed(f"ltrim({_text(cell, sql_type)}, '''')")
    return _text(cell, sql_type)


def _text(cell: str, sql_type: str) -> str:
    if sql_type == "VARCHAR":
        return cell
    if sql_type in _FLOATS:  # pandas stores integers with gaps as floats
        whole = f"CAST(CAST({cell} AS HUGEINT) AS VARCHAR)"
        return f"CASE WHEN {cell} = trunc({cell}) AND abs({cell}) < 1e18 THEN {whole} ELSE CAST({cell} AS VARCHAR) END"
    return patterns.trimmed(f"CAST({cell} AS VARCHAR)")


def _key(cell: str) -> str:
    """Return SQL for a word as `aliases.normalize_word` compares it."""
    plain = f"regexp_replace(lower(strip_accents({cell})), '[^\\p{{L}}\\p{{N}}]+', '', 'g')"
    return f"CASE WHEN starts_with({cell}, '-') THEN '-' ELSE '' END || replace({plain}, 'ß', 'ss')"


def _choice_sql(cell: str, column: Column) -> str:
    known = {normalize_word(choice): choice for choice in column.choices}
    words = {**load_aliases().words.get(column.name, {}), **known}
    return f"CASE WHEN {cell} IN {literals(column.choices)} THEN {cell} ELSE {_case(_key(cell), words)} END"


def _case(key: str, words: Mapping[str, str]) -> str:
    """Return one CASE over a key; the key is spelled once a value, and evaluated only for words not yet told."""
    whens = []
    for value in dict.fromkeys(words.values()):
        whens.append(f"WHEN {key} IN {literals(w for w, meant in words.items() if meant == value)} THEN {literal(value)}")
    return f"CASE {' '.join(whens)} END"


def _bool_sql(cell: str, sql_type: str) -> str:
    if sql_type == "BOOLEAN":
        return cell
    if sql_type in (*_INTEGERS, *_FLOATS):
        return f"CASE {cell} WHEN 1 THEN true WHEN 0 THEN false END"
    words = load_aliases().words["boolean"]
    return f"CAST({_case(_key(cell), words)} AS BOOLEAN)"


def _count_sql(cell: str, sql_type: str, form: Format) -> str:
    if sql_type in _INTEGERS:
        return f"CASE WHEN {cell} BETWEEN 0 AND {patterns.LARGEST} THEN CAST({cell} AS BIGINT) END"
    if sql_type in _FLOATS:
        is_whole = f"{cell} BETWEEN 0 AND {patterns.LARGEST} AND {cell} = trunc({cell})"
        return f"CASE WHEN {is_whole} THEN CAST({cell} AS BIGINT) END"
    cell = _text(cell, sql_type)
    whens = [rf"WHEN regexp_full_match({cell}, '\d{{1,18}}') THEN {cell}"]
    spaced = f"regexp_replace({cell}, '[^0-9]', '', 'g')"
    whens.append(f"WHEN regexp_full_match({cell}, {literal(patterns.SPACED)}) THEN {spaced}")
    for sign in sorted(form.thousands):
        grouped = rf"\d{{1,3}}([{sign}]\d{{3}})+"
        whens.append(f"WHEN regexp_full_match({cell}, {literal(grouped)}) THEN replace({cell}, {literal(sign)}, '')")
    for sign in sorted(form.decimals):
        whole = rf"\d+[{sign}]0+"
        whens.append(f"WHEN regexp_full_match({cell}, {literal(whole)}) THEN split_part({cell}, {literal(sign)}, 1)")
    number = f"try_cast(CASE {' '.join(whens)} END AS BIGINT)"
    return f"CASE WHEN {number} <= {patterns.LARGEST} THEN {number} END"


def _within(time: str) -> str:
    low, high = f"TIMESTAMP '{patterns.EARLIEST}'", f"TIMESTAMP '{patterns.LATEST}'"
    return f"CASE WHEN {time} >= {low} AND {time} < {high} THEN {time} END"


def _time_sql(cell: str, sql_type: str, form: Format, timezone: str) -> str:
    if sql_type == "TIMESTAMP WITH TIME ZONE":
        return f"CAST({cell} AS TIMESTAMP)"  # the session's zone is UTC
    if sql_type.startswith("TIMESTAMP") or sql_type == "DATE":
        return _to_utc(f"CAST({cell} AS TIMESTAMP)", timezone)
    if sql_type in (*_INTEGERS, *_FLOATS):
        milliseconds = f"CASE WHEN abs({cell}) < 1e11 THEN CAST({cell} AS DOUBLE) * 1000 ELSE {cell} END"
        return f"make_timestamp(CAST(try_cast({milliseconds} AS BIGINT) AS BIGINT) * 1000)"
    cell = _text(cell, sql_type)
    readers = {
        "iso": _to_utc(f"try_cast({_spelled(cell)} AS TIMESTAMP)", timezone),
        "iso_zoned": f"CAST(try_cast({_spelled(cell)} AS TIMESTAMPTZ) AS TIMESTAMP)",
        "date": _to_utc(_date_sql(cell, form.order or "DMY"), timezone),
        "epoch_s": f"make_timestamp(try_cast({cell} AS BIGINT) * 1000000)",
        "epoch_ms": f"make_timestamp(try_cast({cell} AS BIGINT) * 1000)",
    }
    whens = " ".join(
        f"WHEN regexp_full_match({cell}, {literal(patterns.TIMES[name])}) THEN {reader}"
        for name, reader in readers.items()
        if name in form.time_forms
    )
    return f"CASE {whens} END" if whens else "CAST(NULL AS TIMESTAMP)"


def _spelled(cell: str) -> str:
    """Return SQL for an ISO time in the one spelling that DuckDB casts."""
    point = f"replace(replace({cell}, ',', '.'), '/', '-')"
    return rf"regexp_replace(regexp_replace({point}, ' ?(UTC|GMT|Z)$', 'Z'), ' ([+-]\d\d)', '\1')"


def _date_sql(cell: str, order: str) -> str:
    day_month = r"\3-\2-\1" if order == "DMY" else r"\3-\1-\2"
    iso = f"regexp_replace({cell}, {literal(patterns.DATE_PARTS)}, {literal(day_month)})"
    spaced = rf"upper(regexp_replace({iso}, '[ ,T\x{{00A0}}\x{{202F}}]+', ' ', 'g'))"
    half_day = ", ".join(f"'%Y-%m-%d {clock}'" for clock in ("%I:%M %p", "%I:%M%p", "%I:%M:%S %p", "%I:%M:%S%p"))
    return f"CASE WHEN {spaced} LIKE '%M' THEN try_strptime({spaced}, [{half_day}]) ELSE try_cast({spaced} AS TIMESTAMP) END"


def _to_utc(time: str, timezone: str) -> str:
    return time if timezone == "UTC" else f"CAST(timezone({literal(timezone)}, {time}) AS TIMESTAMP)"
