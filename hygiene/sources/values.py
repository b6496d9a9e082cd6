"""Builds the SQL by which cells become values, in three layers so that nothing is computed twice a row.

`x0`, `x1`, … are the cells of the used headers, trimmed, null if empty. `p0`, `p1`, … are what each use of a header
makes of its cell: a time, a number, a word to look up. The values on top are null where the cell cannot be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources import patterns
from hygiene.sources.aliases import load_aliases, normalize_word
from hygiene.sources.headers import MERGED
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
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
FLOATS = ("FLOAT", "DOUBLE")
ANSWERS = frozenset((*MERGED, "opted_out_at"))
"""Columns of which a filled cell says no, so that it matters what is no answer at all."""


def cells_sql(raw: Raw, uses: Iterable[Use]) -> str:
    """Return the first layer: a relation with `row` and the cell `x0`, `x1`, … of each used header."""
    columns: dict[int, set[str]] = {}
    for use in uses:
        columns.setdefault(use.index, set()).add(use.column)
    cells = []
    for index, filled in columns.items():
        cell = _cell_sql(index, raw.types[index])
        if filled <= ANSWERS and raw.types[index] == "VARCHAR":
            nothing = (*patterns.NO_ANSWER, *(patterns.NOES if filled == {"opted_out_at"} else ()))
            cell = f"CASE WHEN lower({cell}) NOT IN {literals(nothing)} THEN {cell} END"
        cells.append(f"{cell} AS x{index}")
    return f"(SELECT {', '.join(['row', *cells])} FROM {raw.relation})"


def _cell_sql(index: int, sql_type: str) -> str:
    if sql_type == "VARCHAR":
        return patterns.trimmed(f"c{index}")
    if sql_type in FLOATS:
        return f"CASE WHEN isnan(c{index}) THEN NULL ELSE c{index} END"
    return f"c{index}"


def parsed_sql(column: Column, use: Use, sql_type: str, form: Format, timezone: str) -> str:
    """Return the second layer's SQL for one use of a header.

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
        return _key(_text(cell, sql_type))
    match column.kind:
        case "time":
            return _time_sql(cell, sql_type, form, timezone)
        case "count":
            return _count_sql(cell, sql_type, form)
        case "bool":
            return cell if sql_type in ("BOOLEAN", *INTEGERS, *FLOATS) else _key(_text(cell, sql_type))
        case "choice":
            text = _text(cell, sql_type)
            return f"CASE WHEN {text} IN {literals(column.choices)} THEN {text} ELSE {_key(text)} END"
        case "id":  # spreadsheets put an apostrophe before a number that is to stay text
            text = _text(cell, sql_type)
            bare = patterns.trimmed(f"ltrim({text}, '''')")
            return f"CASE WHEN starts_with({text}, '''') THEN {bare} ELSE {text} END"
        case _:
            return _text(cell, sql_type)


def value_sql(column: Column, use: Use, sql_type: str, parsed: str) -> str:
    """Return the third layer's SQL: the value, or null; `parsed` names the second layer's column."""
    if use.words:
        return f"CAST({_lookup(parsed, use.words)} AS {SQL_TYPES[column.kind]})"
    match column.kind:
        case "time":
            low, high = f"TIMESTAMP '{patterns.EARLIEST}'", f"TIMESTAMP '{patterns.LATEST}'"
            return f"CASE WHEN {parsed} >= {low} AND {parsed} < {high} THEN {parsed} END"
        case "count":
            return f"CASE WHEN {parsed} BETWEEN 0 AND {patterns.LARGEST} THEN CAST({parsed} AS BIGINT) END"
        case "bool" if sql_type == "BOOLEAN":
            return parsed
        case "bool" if sql_type in (*INTEGERS, *FLOATS):
            return f"CASE {parsed} WHEN 1 THEN true WHEN 0 THEN false END"
        case "bool":
            known = load_aliases().words
            words = {**known["boolean"], **(known["opt_out"] if column.name in MERGED else {})}
            return f"CAST({_lookup(parsed, words)} AS BOOLEAN)"
        case "choice":
            # The contract's own words first: most rows of large tables hold one, and need no look at the others.
            words = {**load_aliases().words[column.name], **{normalize_word(word): word for word in column.choices}}
            return f"CASE WHEN {parsed} IN {literals(column.choices)} THEN {parsed} ELSE {_lookup(parsed, words)} END"
        case _:
            return parsed


def _text(cell: str, sql_type: str) -> str:
    if sql_type == "VARCHAR":
        return cell
    if sql_type in FLOATS:  # pandas stores integers with gaps as floats
        whole = f"CAST(CAST({cell} AS HUGEINT) AS VARCHAR)"
        return f"CASE WHEN {cell} = trunc({cell}) AND abs({cell}) < 1e18 THEN {whole} ELSE CAST({cell} AS VARCHAR) END"
    return patterns.trimmed(f"CAST({cell} AS VARCHAR)")


def _key(cell: str) -> str:
    """Return SQL for a word as `aliases.normalize_word` compares it."""
    plain = rf"regexp_replace(lower(strip_accents({cell})), '[^\p{{L}}\p{{N}}]+', '', 'g')"
    return f"CASE WHEN starts_with({cell}, '-') THEN '-' ELSE '' END || replace({plain}, 'ß', 'ss')"


def _lookup(key: str, words: Mapping[str, str]) -> str:
    meanings = dict.fromkeys(words.values())
    whens = (
        f"WHEN {key} IN {literals(word for word, meant in words.items() if meant == value)} THEN {literal(value)}"
        for value in meanings
    )
    return f"CASE {' '.join(whens)} END"


def _count_sql(cell: str, sql_type: str, form: Format) -> str:
    if sql_type in INTEGERS:
        return cell
    if sql_type in FLOATS:
        return f"CASE WHEN {cell} = trunc({cell}) THEN {cell} END"
    cell = _text(cell, sql_type)
    digits = rf"WHEN regexp_full_match({cell}, '\d{{1,18}}') THEN {cell}"
    spaced = (
        f"WHEN regexp_full_match({cell}, {literal(patterns.SPACED)}) THEN regexp_replace({cell}, '[^0-9]', '', 'g')"
    )
    whens = [digits, spaced]
    for sign in sorted(form.thousands):
        grouped = literal(rf"\d{{1,3}}([{sign}]\d{{3}})+")
        whens.append(f"WHEN regexp_full_match({cell}, {grouped}) THEN replace({cell}, {literal(sign)}, '')")
    for sign in sorted(form.decimals):  # 1.000 beside 2.0 is one or a thousand
        whens.append(rf"WHEN regexp_full_match({cell}, '\d{{1,3}}[{sign}]000') THEN NULL")
        whole = literal(rf"\d+[{sign}]0+")
        whens.append(f"WHEN regexp_full_match({cell}, {whole}) THEN split_part({cell}, {literal(sign)}, 1)")
    return f"try_cast(CASE {' '.join(whens)} END AS BIGINT)"


def _time_sql(cell: str, sql_type: str, form: Format, timezone: str) -> str:
    if sql_type == "TIMESTAMP WITH TIME ZONE":
        return f"CAST({cell} AS TIMESTAMP)"  # the session's zone is UTC
    if sql_type.startswith("TIMESTAMP") or sql_type == "DATE":
        return _to_utc(f"CAST({cell} AS TIMESTAMP)", timezone)
    if sql_type in (*INTEGERS, *FLOATS):
        seconds = f"CASE WHEN abs({cell}) < 1e11 THEN CAST({cell} AS DOUBLE) ELSE {cell} / 1000 END"
        return f"make_timestamp(try_cast(round({seconds} * 1000) AS BIGINT) * 1000)"
    cell = _text(cell, sql_type)
    spelled = rf"regexp_replace(replace(replace({cell}, ',', '.'), '/', '-'), ' ?(UTC|GMT|Z)$', 'Z')"
    zoned = rf"regexp_replace({spelled}, ' ([+-]\d\d)', '\1')"
    date, half_day = _dates(cell, day_first=form.order == "DMY")
    dotted, dotted_half_day = _dates(cell, day_first=True)
    readers = {
        "iso": _to_utc(f"try_cast({spelled} AS TIMESTAMP)", timezone),
        "iso_zoned": f"CAST(try_cast({zoned} AS TIMESTAMPTZ) AS TIMESTAMP)",
        "date": _to_utc(date, timezone),
        "date_half_day": _to_utc(half_day, timezone),
        "dotted": _to_utc(dotted, timezone),
        "dotted_half_day": _to_utc(dotted_half_day, timezone),
        "epoch_s": f"make_timestamp(try_cast({cell} AS BIGINT) * 1000000)",
        "epoch_ms": f"make_timestamp(try_cast({cell} AS BIGINT) * 1000)",
    }
    whens = " ".join(
        f"WHEN regexp_full_match({cell}, {literal(patterns.TIMES[name])}) THEN {reader}"
        for name, reader in readers.items()
        if name in form.time_forms
    )
    return f"CASE {whens} END" if whens else "CAST(NULL AS TIMESTAMP)"


def _dates(cell: str, *, day_first: bool) -> tuple[str, str]:
    """Return SQL for the time of a date with a clock of 24 hours or none, and of 12 hours."""
    order = r"\3-\2-\1 " if day_first else r"\3-\1-\2 "
    date = f"rtrim(regexp_replace({cell}, {literal(patterns.DATE_PARTS)}, {literal(order)}))"
    half_day = rf"upper(regexp_replace({date}, '[\x{{00A0}}\x{{202F}}]', ' ', 'g'))"
    half_days = ", ".join(f"'%Y-%m-%d {clock}'" for clock in ("%I:%M %p", "%I:%M%p", "%I:%M:%S %p", "%I:%M:%S%p"))
    return f"try_cast({date} AS TIMESTAMP)", f"try_strptime({half_day}, [{half_days}])"


def _to_utc(time: str, timezone: str) -> str:
    return time if timezone == "UTC" else f"CAST(timezone({literal(timezone)}, {time}) AS TIMESTAMP)"
