"""What became of the last report's advice, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.follow import RECOMMENDATIONS
from hygiene.reports.actions import short
from hygiene.reports.document import Note, Row, Table, TableColumn
from hygiene.reports.translate import TEXT_LIMIT
from hygiene.values import Message, Moment, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from hygiene.advice.advise import Advice
    from hygiene.advice.follow import Done, Followed, Moved
    from hygiene.reports.document import Block
    from hygiene.values import Value

ROWS_SHOWN = 4
"""As many as a report tells one reader (`advice/rank.py`)."""
DONE_WORDS: Mapping[Done, Message] = {
    "done": Message("done"),
    "not_done": Message("not yet"),
    "unknown": Message("too early to tell"),
}
MOVED_WORDS: Mapping[Moved, Message] = {
    "better": Message("better by more than chance"),
    "worse": Message("worse by more than chance"),
    "within_chance": Message("within chance"),
    "unknown": Message("too few enrollments since"),
}


def followed_blocks(
    advice: Advice | None, sender_key: int | None, as_of: datetime | None, lang: str, texts: int = TEXT_LIMIT
) -> Iterator[Block]:
    """Yield a row a piece of advice; nothing where no earlier report was named.

    Parameters
    ----------
    advice
        Of the run.
    sender_key
        Whose; None: the team's own.
    as_of
        The moment of this run's data, naive UTC.
    lang
        Language in which the earlier report kept its sentences.
    texts
        Characters of a sentence that are shown.
    """
    before = advice.previous_as_of if advice else None
    if before is not None and as_of is not None and before >= as_of:
        yield Note(_no_time_between(before, as_of))
        return
    rows = [row for row in advice.followed if row.sender_key == sender_key] if advice else []
    if not rows:
        return
    yield Table(
        caption=Message("The last report's advice"),
        columns=(
            TableColumn(Message("Advice")),
            TableColumn(Message("Followed")),
            TableColumn(Message("Before"), "number"),
            TableColumn(Message("Since"), "number"),
            TableColumn(Message("The figure is")),
        ),
        rows=tuple(Row(_cells(row, lang, texts)) for row in rows[:ROWS_SHOWN]),
    )
    if len(rows) > ROWS_SHOWN:
        yield Note(_more(len(rows) - ROWS_SHOWN))
    yield Note(
        Message(
            "Since: enrollments that began after the last report and have ended. That a figure moved after advice was"
            " followed does not prove that it moved because of it."
        )
    )


def _no_time_between(before: datetime, as_of: datetime) -> Message:
    if before == as_of:
        return Message(
            "The earlier report has the same data date as this one, %(at)s, so it cannot be said what became of its"
            " advice. Name an older report.",
            {"at": Moment(before, "minute")},
        )
    return Message(
        "The earlier report has a later data date than this one, %(before)s instead of %(at)s, so it cannot be said"
        " what became of its advice. Name an older report.",
        {"before": Moment(before, "minute"), "at": Moment(as_of, "minute")},
    )


def _more(n: int) -> Message:
    return Message(
        "And %(n)s more piece of advice: the earlier report's %(file)s has all.",
        {"file": Text(RECOMMENDATIONS)},
        plural="And %(n)s more pieces of advice: the earlier report's %(file)s has all.",
        n=n,
    )


def _cells(row: Followed, lang: str, texts: int) -> tuple[Value | None, ...]:
    said = row.row.get("advice")
    words = said.get(lang) or said.get("en") if isinstance(said, dict) else None
    advice = Text(short(str(words or row.row["subject"]), texts))
    if row.figure is None:
        return (advice, DONE_WORDS[row.done], None, None, None)
    before, after = (
        Percent(count / trials if trials else None) for count, trials in (row.figure.before, row.figure.after)
    )
    return (advice, DONE_WORDS[row.done], before, after, MOVED_WORDS[row.figure.moved])
