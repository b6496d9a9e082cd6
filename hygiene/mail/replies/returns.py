"""On which day an absent person is back: of the dates in the text, the one that is said to be it.

“Back on X” gives X. “Until X”, and the end of a range, give the day after X, for X is meant with its whole day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from hygiene.mail.replies.dates import Found, find_dates, resolve
from hygiene.mail.replies.folding import folded_pattern
from hygiene.mail.replies.rules import languages

if TYPE_CHECKING:
    from hygiene.mail.replies.rules import Language

FARTHEST: Final = 400
"""Days after the mail beyond which no return is believed (given with the task; parental leave is about a year)."""
REACH: Final = 70
"""Characters between “back” and its date (assumed: “back in the office on the morning of Monday the …”)."""

NEXT_TO: Final = 30
"""The same for a day that has neither a month nor the look of a date (“vuelvo el 28”)."""

Role = Literal["back", "until", "start", "none"]
# A day without its month: only “until the 27th” and the like, never a number that counts something.
_DAY = re.compile(
    r"(?<![\d.,:/-])([1-9]|[12]\d|3[01])(?:(st|nd|rd|th)|\.|er|e|[日号號일])?"
    r"(?=$|[.,;!)\n](?!\d)|まで|까지| (?:and|y|et|und|e|en|i|og|och|ja|incl\w*|inclus\w*|einschl\w*|compres\w*)\b)"
)
_ON_THE = re.compile(r"(?:^|\W)(?:the|el|le|il|dia|den|am|op|o)\s$")
_SENTENCE_END = re.compile(r"(?<!\d)\. |[!?\n。]")
_NEVER = r"(?!)"
_ARTICLE = (
    r"(?:[\s,:(\"]|the |and |including |incl\.? |evening of |morning of |end of |on |le |la |les |den |dem |der "
    r"|zum |zu |am |einschl\w{0,12}\.? |de |el |al |il |o |a |as |do |dia |em |t/m |dnia |v |na |на |klo |kl )"
)


class _Words(NamedTuple):
    until: re.Pattern[str]
    until_after: re.Pattern[str]
    before_after: re.Pattern[str]
    start: re.Pattern[str]
    start_after: re.Pattern[str]
    back: re.Pattern[str]
    back_after: re.Pattern[str]
    not_before: re.Pattern[str]
    link: re.Pattern[str]
    weekday: re.Pattern[str]
    tomorrow: re.Pattern[str]
    next_week: re.Pattern[str]


def return_date(text: str, language: Language, at: date | None) -> date | None:
    """Return the first day on which the sender is back, or None where the text does not say.

    Parameters
    ----------
    text : str
        Folded text of an out-of-office reply.
    language : Language
        Whose words are looked for.
    at : datetime.date or None
        The day of the mail; without it only dates with a year count.

    Examples
    --------
    >>> from hygiene.mail.replies.rules import languages
    >>> return_date("out of office until 5 may", languages()["en"], date(2026, 4, 20))
    datetime.date(2026, 5, 6)
    """
    dates = find_dates(text, language)
    order = str(language.dates.get("order", "dmy"))
    said: dict[Role, list[date]] = {"back": [], "until": []}
    for number, found in enumerate(dates):
        role = _role(text, dates, number, language)
        day = resolve(found, dates, order, at) if role in said else None
        if day:
            said[role].append(_first_day_after(found, day) if role == "until" else day)
    candidates = said["back"] + said["until"] or _relative(text, language, at)
    return next((day for day in candidates if _is_believable(day, at)), None)


def _is_believable(day: date, at: date | None) -> bool:
    return at is None or at <= day <= at + timedelta(days=FARTHEST)


def _first_day_after(found: Found, day: date) -> date:
    if found.day is not None:
        return day + timedelta(days=1)
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _role(text: str, dates: list[Found], number: int, language: Language) -> Role:
    words, found = _words(language.code), dates[number]
    since = dates[number - 1].end if number else 0
    upto = dates[number + 1].start if number + 1 < len(dates) else len(text)
    before = text[max(since, found.start - REACH) : found.start].rpartition("\n")[2]
    after = _SENTENCE_END.split(text[found.end : min(upto, found.end + REACH)], maxsplit=1)[0]
    if found.ends_range or words.until_after.match(after):
        return "until"
    if words.before_after.match(after) or words.not_before.search(before):
        return "back"
    if words.until.search(before):
        return "until"
    if number and not dates[number - 1].ends_range and words.link.fullmatch(before):
        return "until"
    said_before = _SENTENCE_END.split(before)[-1]
    if words.back.search(said_before) or words.back_after.search(after):
        return "back"
    return "start" if words.start.search(before) or words.start_after.match(after) else "none"


def _relative(text: str, language: Language, at: date | None) -> list[date]:
    """Return the days that “back on Monday”, “until Friday”, “tomorrow” and “next week” mean."""
    if at is None:
        return []
    words = _words(language.code)
    days: list[date] = []
    for found in _DAY.finditer(text):
        before = text[max(0, found.start() - REACH) : found.start()].rpartition("\n")[2]
        day = _next_day_numbered(int(found[1]), at)
        if day and (words.until.search(before) or words.until_after.match(text, found.end())):
            days.append(day + timedelta(days=1))
        elif day and (found[2] or _ON_THE.search(before)) and words.back.search(before[-NEXT_TO:]):
            days.append(day)
    for found in words.weekday.finditer(text):
        before = text[max(0, found.start() - REACH) : found.start()].rpartition("\n")[2]
        after = text[found.end() : found.end() + REACH].partition("\n")[0]
        ahead = (_weekday_number(found[1], language) - at.weekday() - 1) % 7 + 1
        if words.until.search(before) and not words.not_before.search(before):
            days.append(at + timedelta(days=ahead + 1))
        elif words.back.search(before) or words.back_after.search(after) or words.not_before.search(before):
            days.append(at + timedelta(days=ahead))
    if not days and words.tomorrow.search(text):
        days.append(at + timedelta(days=1))
    if not days and words.next_week.search(text):
        days.append(at + timedelta(days=7 - at.weekday()))
    return days


def _next_day_numbered(number: int, at: date) -> date | None:
    """Return the next day, from `at` on, that is the `number`th of its month."""
    return next((day for day in (at + timedelta(days=ahead) for ahead in range(62)) if day.day == number), None)


def _weekday_number(name: str, language: Language) -> int:
    for number, names in enumerate(language.dates.get("weekdays", ())):
        if name in folded_pattern(names).split("|"):
            return number
    return 0


@cache
def _words(code: str) -> _Words:
    table = languages()[code].dates
    given = {name: folded_pattern(value) for name, value in table.items() if isinstance(value, str) and value}
    names = folded_pattern("|".join(table.get("weekdays", ()))).split("|")
    weekday = "|".join(sorted(filter(None, names), key=len, reverse=True)) or _NEVER
    skipped = rf"(?:{_ARTICLE}|(?:{weekday})\.?[ ,]{{0,2}}){{0,5}}"

    def just_before(name: str) -> re.Pattern[str]:
        return re.compile(rf"(?:^|(?<=\W))(?:{given[name]}){skipped}$" if name in given else _NEVER)

    def anywhere(name: str) -> re.Pattern[str]:
        return re.compile(f"(?:{given[name]})" if name in given else _NEVER)

    return _Words(
        until=just_before("until"),
        until_after=re.compile(rf"[^\w]{{0,3}}(?:{given['until_after']})" if "until_after" in given else _NEVER),
        before_after=re.compile(rf"[^\w]{{0,3}}(?:{given['before_after']})" if "before_after" in given else _NEVER),
        start=just_before("start"),
        start_after=re.compile(rf"[^\w]{{0,3}}(?:{given['start_after']})" if "start_after" in given else _NEVER),
        back=anywhere("back"),
        back_after=anywhere("back_after"),
        not_before=anywhere("not_before"),
        link=re.compile(rf"\W{{0,3}}(?:{given.get('connector', '-')}|-){skipped}"),
        weekday=re.compile(rf"(?<!\w)({weekday})(?!\w)"),
        tomorrow=anywhere("tomorrow"),
        next_week=anywhere("next_week"),
    )
