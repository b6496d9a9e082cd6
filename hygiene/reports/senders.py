"""The senders of the team report: HubSpot's table and more, those without evidence apart, no one with a rank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.blocks import (
    BOUNCE_RATE,
    HUBSPOT_COLUMN,
    LEANING,
    REPLY_RATE,
    SCORE_COLUMNS,
    SEQUENCES_ID,
    both,
    hubspot_progress,
    interval,
    linked,
    ours_note,
    rate_cell,
    score_cells,
    score_sort,
)
from hygiene.reports.document import Row, Table, TableColumn
from hygiene.reports.index import is_suspect
from hygiene.reports.standing import ORDER, WORDS, standings
from hygiene.reports.verdict import all_bounced
from hygiene.scores.tracking import SUSPECT_ENDED
from hygiene.values import Count, Link, Message, Moment, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hygiene.reports.document import Block, Cell
    from hygiene.reports.index import Index
    from hygiene.reports.standing import Standing
    from hygiene.scores.types import MonthPoint, Score

SENDER = TableColumn(Message("Sender"))
CHANGES = {"higher": Message("clearly higher"), "lower": Message("clearly lower")}
LARGE_TEAM = 500
"""Senders beyond which a row goes without the last month and two of its links, to keep 2,000 of them in 1 MB."""


def senders_blocks(index: Index) -> Iterator[Block]:
    """Yield the tables of the senders with a score, of those whose bounces may not be seen, and of the others."""
    standing_of = standings(index).of
    scored = sorted(
        ((standing_of[key], score) for key, score in index.senders.items() if key in standing_of),
        key=lambda row: (ORDER.index(row[0]), *_by_name(index, row[1])),
    )
    if scored:
        yield _scored_table(index, scored)
    others = sorted(
        (score for key, score in index.senders.items() if key not in standing_of), key=lambda s: _by_name(index, s)
    )
    suspects = [score for score in others if is_suspect(score)]
    if suspects:
        yield _suspect_table(index, suspects)
    apart = [score for score in others if not is_suspect(score)]
    if apart:
        yield _apart_table(index, apart)


def _by_name(index: Index, score: Score) -> tuple[str, int]:
    key = score.sender_key or 0
    return index.sender_label(key).casefold(), key


def _scored_table(index: Index, scored: list[tuple[Standing, Score]]) -> Table:
    large = len(scored) > LARGE_TEAM
    month = None if large else _last_month(index)
    change = TableColumn(Message("Replies in %(month)s", {"month": Moment(month, "month")}), "number")
    return Table(
        caption=Message("Senders with a score"),
        columns=(SENDER, *SCORE_COLUMNS, *((change,) if month else ()), TableColumn(Message("Standing"))),
        rows=tuple(_scored_row(index, place, score, month, large=large) for place, score in scored),
        note=both(
            Message(
                "Senders who need help first, then by name: an order by score would mostly order luck. A figure leads"
                " to the sender's sequences."
            ),
            LEANING,
            *(() if large else ours_note(score for _, score in scored)),
        ),
        sortable=True,
    )


def _scored_row(index: Index, place: Standing, score: Score, month: datetime | None, *, large: bool) -> Row:
    key = score.sender_key or 0
    name = index.sender_label(key)
    figures = index.sender_href(key, up=False, anchor=SEQUENCES_ID)
    cells = [Link(Text(name), index.sender_href(key, up=False)), *score_cells(score, figures, short=large)]
    keys = [name, *score_sort(score)]
    if month:
        point = _point(index, key, month)
        cells.append(_month_cell(point, score) if point else None)
        keys.append(point.reply.value if point else None)
    return Row((*cells, WORDS[place]), (*keys, ORDER.index(place)))


def _month_cell(point: MonthPoint, score: Score) -> Cell:
    change = CHANGES.get(change_of(point, score))
    return (Percent(point.reply.value), interval(point.reply), *((change,) if change else ()))


def _last_month(index: Index) -> datetime | None:
    trend = index.audit.scores.team_trend
    return trend[-1].month if len(trend) > 1 else None


def _point(index: Index, key: int, month: datetime) -> MonthPoint | None:
    trend = index.audit.scores.sender_trends.get(key, ())
    return trend[-1] if trend and trend[-1].month == month and trend[-1].reply.value is not None else None


def change_of(point: MonthPoint, score: Score) -> str:
    """Return whether a month's replies are `higher` or `lower` than the whole period's, or the `same` for all we know.

    The two 90 % intervals must not touch: stricter than a test of the difference, because many senders are looked at.
    """
    if point.reply.low > score.reply.high:
        return "higher"
    return "lower" if point.reply.high < score.reply.low else "same"


def _suspect_table(index: Index, suspects: list[Score]) -> Table:
    return Table(
        caption=Message("Senders whose bounces may not be seen"),
        columns=(
            SENDER,
            TableColumn(Message("Ended"), "number"),
            TableColumn(REPLY_RATE, "number"),
            TableColumn(Message("Bounces"), "number"),
            TableColumn(Message("Inbox")),
        ),
        rows=tuple(_suspect_row(index, score) for score in suspects),
        note=Message(
            "Not one of %(ended)s or more enrollments bounced, and the inbox is not known to be one in which tools find"
            " every bounce (Google's, Microsoft's). Either the lists are spotless, or bounces are not seen: check the"
            " connected inbox before you trust a score.",
            {"ended": Count(SUSPECT_ENDED)},
        ),
        sortable=True,
    )


def _suspect_row(index: Index, score: Score) -> Row:
    key = score.sender_key or 0
    name, inbox = index.sender_label(key), index.audit.facts.senders[key].inbox
    figures = index.sender_href(key, up=False, anchor=SEQUENCES_ID)
    return Row(
        (
            Link(Text(name), index.sender_href(key, up=False)),
            linked(Count(score.counts.ended), figures),
            rate_cell(score.reply, figures),
            Count(score.counts.bounced),
            Text(inbox) if inbox else Message("not known"),
        ),
        (name, score.counts.ended, score.reply.value, score.counts.bounced, inbox or ""),
    )


def _apart_table(index: Index, apart: list[Score]) -> Table:
    return Table(
        caption=Message("Senders with too little evidence for a score"),
        columns=(
            SENDER,
            TableColumn(Message("Ended"), "number"),
            TableColumn(REPLY_RATE, "number"),
            TableColumn(BOUNCE_RATE, "number"),
            HUBSPOT_COLUMN,
        ),
        rows=tuple(_apart_row(index, score) for score in apart),
        note=_apart_note(apart),
        sortable=True,
    )


def _apart_note(apart: list[Score]) -> Message:
    bounced = sum(map(all_bounced, apart))
    if bounced == len(apart):
        return LEANING
    if bounced:
        return both(
            Message(
                "Where every enrollment bounced, the list has to be checked. For the others this is not a low mark: the"
                " figures allow more than one band, or fewer than 10 enrollments have ended."
            ),
            LEANING,
        )
    return both(
        Message(
            "This is not a low mark: the figures allow more than one band, or fewer than 10 enrollments have ended."
        ),
        LEANING,
    )


def _apart_row(index: Index, score: Score) -> Row:
    key = score.sender_key or 0
    name = index.sender_label(key)
    figures = index.sender_href(key, up=False, anchor=SEQUENCES_ID)
    return Row(
        (
            Link(Text(name), index.sender_href(key, up=False)),
            linked(Count(score.counts.ended), figures),
            rate_cell(score.reply, figures),
            rate_cell(score.bounce, figures),
            hubspot_progress(score),
        ),
        (name, score.counts.ended, score.reply.value, score.bounce.value, -score.missing_for_hubspot),
    )
