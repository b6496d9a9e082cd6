"""Finds the dates in a folded text: written out in the language's months, in figures, or in Chinese characters.

A date without its year is the next one from the day of the mail on; figures whose order is open (05/06) follow the
language, and in English the order that lies within the next `NEAR` days, if only one does.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from hygiene.mail.replies.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.mail.replies.rules import Language

NEAR: Final = 120
"""Days within which an English 05/06 must lie to be told from 06/05 (given with the task)."""

_FIGURES = re.compile(
    r"(?<![\d./:+])(\d{1,2}) ?([./]) ?(\d{1,2})(?:\2 ?(20\d\d|\d\d)(?![\d:])|\.)?"
    r"(?![\d/]|[.:]\d| ?(?:%|h\b|uhr|am\b|pm\b))"
)
_DASHED = re.compile(r"(?<![\d./:+-])(\d{1,2})(-)(\d{1,2})-(20\d\d)(?![\d/-])")
_BARE_START = re.compile(r"(?<![\d.,:/])\d{1,2}\.? ?- ?$")
_YEAR_FIRST = re.compile(r"(?<![\d./-])(20\d\d)([-./]) ?(\d{1,2})\2 ?(\d{1,2})(?![\d/-])")
_IDEOGRAPHS = re.compile(r"(?:(20\d\d) ?[年년] ?)?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]")
_SECOND_DAY = re.compile(r"(?:\([^)]{1,4}\))? ?(?:から|より|부터|~|-|至|到) ?(\d{1,2}) ?[日号號일]")


class Found(NamedTuple):
    """A date as it stands in the text; parts that are not said are None.

    Attributes
    ----------
    start, end : int
        Where it stands.
    day, month, year : int or None
        Without a day it is the whole month.
    is_open : bool
        `day` and `month` could be the other way round.
    ends_range : bool
        It is the second of two days of which only it has a month, or the reverse (“3-10 August”, “August 3-10”).
    """

    start: int
    end: int
    day: int | None
    month: int
    year: int | None
    is_open: bool = False
    ends_range: bool = False


def find_dates(text: str, language: Language) -> list[Found]:
    """Return the dates of a folded text in the order in which they stand; of two that overlap the longer.

    Examples
    --------
    >>> from hygiene.mail.replies.rules import languages
    >>> [(f.day, f.month, f.year) for f in find_dates("away 3 to 10 august, back on 2026-08-11", languages()["en"])]
    [(10, 8, None), (11, 8, 2026)]
    """
    found = sorted(_all_dates(text, language), key=lambda f: (f.start, -f.end))
    kept: list[Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def resolve(found: Found, text_dates: list[Found], order: str, at: date | None) -> date | None:
    """Return the day that is meant, or None where that can't be told.

    Parameters
    ----------
    found : Found
        The date.
    text_dates : list of Found
        All dates of the text: one figure above 12 shows the order of the others.
    order : {"dmy", "mdy", "ymd", "open"}
        The usual order of the language.
    at : datetime.date or None
        The day of the mail.
    """
    if found.day is None:
        return _from(1, found.month, found.year, at)
    if not found.is_open:
        return _from(found.day, found.month, found.year, at)
    orders = {
        "dmy" if f.day and f.day > 12 else "mdy" for f in text_dates if f.is_open and max(f.day or 0, f.month) > 12
    }
    decided = orders.pop() if len(orders) == 1 else order
    day_first, month_first = ((found.day, found.month), (found.month, found.day))
    if decided != "open":
        day, month = month_first if decided == "mdy" else day_first
        return _from(day, month, found.year, at)
    if at is None:
        return None
    both = {_from(day, month, found.year, at) for day, month in (day_first, month_first)}
    near = [one for one in both if one and at <= one <= at + timedelta(days=NEAR)]
    return near[0] if len(near) == 1 else None


def _from(day: int, month: int, year: int | None, at: date | None) -> date | None:
    if year is None and at is None:
        return None
    first = year if year is not None else at.year if at else 0
    for candidate in (first, first + 1) if year is None else (first,):
        try:
            one = date(candidate, month, day)
        except ValueError:
            continue
        if year is not None or at is None or one >= at:
            return one
    return None


def _all_dates(text: str, language: Language) -> Iterator[Found]:
    yield from _written_out(text, language)
    for f in _YEAR_FIRST.finditer(text):
        yield Found(f.start(), f.end(), int(f[4]), int(f[3]), int(f[1]))
    for pattern in (_FIGURES, _DASHED):
        for f in pattern.finditer(text):
            one, other = int(f[1]), int(f[3])
            if min(one, other) >= 1 and min(one, other) <= 12 and max(one, other) <= 31:
                year = int(f[4]) if f[4] else None
                whole = year + 2000 if year and year < 100 else year
                ends_range = _BARE_START.search(text, max(0, f.start() - 7), f.start()) is not None
                yield Found(f.start(), f.end(), one, other, whole, is_open=True, ends_range=ends_range)
    for f in _IDEOGRAPHS.finditer(text):
        month, year = int(f[2]), int(f[1]) if f[1] else None
        yield Found(f.start(), f.end(), int(f[3]), month, year)
        if second := _SECOND_DAY.match(text, f.end()):
            yield Found(f.end(), second.end(), int(second[1]), month, year, ends_range=True)


def _written_out(text: str, language: Language) -> Iterator[Found]:
    numbers = month_numbers(language)
    if not numbers:
        return
    day_first, month_first, month_only = _patterns(tuple(numbers), language.dates.get("connector", "-"))
    for f in day_first.finditer(text):
        yield Found(f.start(), f.end(), int(f[2]), numbers[f[3]], _year(f[4]), ends_range=f[1] is not None)
    for f in month_first.finditer(text):
        yield Found(f.start(), f.end(), int(f[3] or f[2]), numbers[f[1]], _year(f[4]), ends_range=f[3] is not None)
    for f in month_only.finditer(text):
        yield Found(f.start(), f.end(), None, numbers[f[1]], _year(f[2]))


def _year(figures: str | None) -> int | None:
    return int(figures) if figures else None


def month_numbers(language: Language) -> dict[str, int]:
    """Return the folded names of the months to their numbers 1–12."""
    return _month_numbers(tuple(language.dates.get("months", ())))


@cache
def _month_numbers(months: tuple[str, ...]) -> dict[str, int]:
    return {folded(name): number for number, names in enumerate(months, 1) for name in names.split("|")}


@cache
def _patterns(names: tuple[str, ...], connector: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of “3. bis 10. August 2026”, “August 3-10, 2026” and “August 2026”."""
    month = "(" + "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) + r")(?!\w)\.?"
    year = r"(?:,? ?(?:de |del |do )?(20\d\d)(?!\d))?"
    day = r"(\d{1,2})(?:st|nd|rd|th|er|\.|o|a|°|ta|n|-?го)?"
    first = r"(\d{1,2})(?:st|nd|rd|th|er|\.|o|a|°|-?го)?"
    link = rf" ?(?:{connector}|-) ?(?:the |den |dem |le |el |al |il |o |zum )?"
    return (
        re.compile(rf"(?<![\d.,:/])(?:{first}{link})?{day} ?(?:of |de |do |den |-)?{month}{year}"),
        re.compile(rf"(?<!\w){month} {day}(?:{link}(\d{{1,2}})(?:st|nd|rd|th)?)?(?!\d|[:./]\d){year}"),
        re.compile(rf"(?<![\w-]){month}{year}"),
    )
