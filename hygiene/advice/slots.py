"""The times of the week in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.values import Message

if TYPE_CHECKING:
    from hygiene.values import Value

DAYS = {
    "mon": Message("Monday"),
    "tue": Message("Tuesday"),
    "wed": Message("Wednesday"),
    "thu": Message("Thursday"),
    "fri": Message("Friday"),
    "sat": Message("Saturday"),
    "sun": Message("Sunday"),
}


def slot_words(level: str) -> Value:
    """Return a level of `timing` in words."""
    code, _, half = level.partition("-")
    day = {"day": DAYS[code]}
    if half == "am":
        return Message("%(day)s before noon", day)
    return Message("%(day)s after noon", day) if half else DAYS[code]
