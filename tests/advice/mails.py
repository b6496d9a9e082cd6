"""Events of enrollments, as an export of a sequencer has them: mails by step, answers, opens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.advice.making import Rows

DAYS_BETWEEN = 3


def mailed(
    enrollments: Rows,
    steps: int | Callable[[int], int] = 1,
    answered: Callable[[int], int] = lambda _: 0,
    opened: Callable[[int], bool] = lambda _: False,
    *,
    with_steps: bool = True,
    every: int = DAYS_BETWEEN,
) -> Rows:
    """Return the events of enrollments: a mail each `every` days, until a step is answered (0: none is).

    `steps`, `answered` and `opened` are asked with the enrollment's place among the rows.
    """
    events: Rows = []

    def add(row: dict[str, Any], kind: str, step: int, hours: float) -> None:
        at = row["enrolled_at"] + timedelta(days=every * (step - 1), hours=hours)
        of = {name: row[name] for name in ("enrollment_id", "contact_id", "sender_id", "sequence_id")}
        events.append({**of, "type": kind, "step": step if with_steps else None, "at": at})

    for place, row in enumerate(enrollments):
        last = answered(place) or (steps(place) if callable(steps) else steps)
        for step in range(1, last + 1):
            add(row, "sent", step, 0)
        if opened(place):
            add(row, "open", 1, 5.5 + place % 7)
        if answered(place):
            add(row, "reply", answered(place), 9)
    return events
