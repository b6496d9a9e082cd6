"""The scorecard in a terminal: a table on stdout, words about it on stderr."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

from hygiene.reports.lists.rows import sources_csv, sources_json
from hygiene.reports.lists.words import (
    blame_sentences,
    claim_sentences,
    grade_word,
    hold_sentences,
    legend,
    list_name,
    origin_sentences,
)
from hygiene.reports.terminal import fitted
from hygiene.reports.text import aligned, cell_text, narrowed
from hygiene.values import Count, Interval, Message, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.gate.lists.types import Card, Scorecard
    from hygiene.reports.translate import Translator
    from hygiene.scores.types import Rate

ROWS_SHOWN = 60
LEAST_SHOWN = 30
"""First mails of a day of creation that is shown by itself; the CSV has every day."""
SHAPES = {"bad": "▼", "good": "●", None: "○"}
TITLES = (
    Message("List"),
    Message("Grade"),
    Message("Contacts"),
    Message("Written to"),
    Message("Address bounces"),
    Message("Over the limit"),
    Message("Replies"),
    Message("With a basis"),
    Message("Verified"),
    Message("Age in days"),
    Message("Not written to"),
)
OF_WORTH = 7
"""Columns that say what a list is worth; the others say what it is made of."""
NUMBERS = (False, False, *(True,) * (len(TITLES) - 2))


def print_scorecard(card: Scorecard, form: str, translator: Translator) -> None:
    """Print the scorecard as `table`, `csv` or `json`, and for the table on stderr what it means."""
    if form != "table":
        click.echo((sources_csv if form == "csv" else sources_json)(card), nl=False)
        return
    shown = list(_shown(card))
    header = [translator.text(title) for title in TITLES]
    rows = [_row(row, translator) for row in shown[:ROWS_SHOWN]]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    click.echo("\n".join(card_lines(header, rows, width)))
    for sentence in _sentences(card, len(shown)):
        click.echo(cell_text(sentence, translator), err=True)


def card_lines(header: list[str], rows: list[list[str]], width: int | None) -> list[str]:
    """Return the table, at most `width` columns wide if that can be; None: a pipe, as wide as it is.

    What a list is worth has its columns before what it is made of: those are left out where there is no room.
    """
    if width is None:
        return aligned(header, rows, NUMBERS)
    for count in (len(TITLES), OF_WORTH):
        parts = [row[:count] for row in rows]
        if widths := narrowed(header[:count], parts, NUMBERS[:count], width):
            return aligned(header[:count], parts, NUMBERS[:count], widths)
    return aligned(header[:OF_WORTH], fitted(header[:OF_WORTH], parts, width), NUMBERS[:OF_WORTH])


def _shown(card: Scorecard) -> Iterator[Card]:
    """Yield the rows of the table: a batch that is all there is of its source is one thing with it."""
    yield card.team
    alone = {row.source: row.contacts for row in card.cards if row.level == "source"}
    for row in card.cards:
        is_told = row.is_import or row.bounce.trials >= LEAST_SHOWN or row.grade == "bad"
        if row.level == "source" or (is_told and row.contacts < alone[row.source]):
            yield row


def _sentences(card: Scorecard, rows: int) -> Iterator[Message]:
    if rows > ROWS_SHOWN:
        yield Message(
            "Shown are %(shown)s of %(rows)s rows; --format csv has all.",
            {"shown": Count(ROWS_SHOWN), "rows": Count(rows)},
        )
    yield from legend(card)
    yield from blame_sentences(card)
    yield from origin_sentences(card)
    yield from hold_sentences(card)
    yield from claim_sentences(card)


def _row(card: Card, translator: Translator) -> list[str]:
    cells = (
        _name(card, translator),
        f"{SHAPES[card.grade]} {translator.text(grade_word(card))}",
        Count(card.contacts),
        Count(card.bounce.trials),
        _rate(card.bounce, translator),
        Percent(card.p_above, 0),
        _rate(card.reply, translator),
        Percent(card.with_basis / card.contacts if card.contacts else None, 0),
        Percent(card.verified / card.contacts if card.contacts else None, 0),
        Text("–") if card.age_days is None else Count(card.age_days),
        Count(card.not_mailed),
    )
    return [cell if isinstance(cell, str) else translator.text(cell) for cell in cells]


def _name(card: Card, translator: Translator) -> str:
    if card.level == "team":
        return translator.text(Message("All lists"))
    if card.level == "source":
        return translator.text(list_name(card.source, None))
    return f"  {translator.text(Text(card.batch) if card.batch else Message('batch not given'))}"


def _rate(rate: Rate, translator: Translator) -> str:
    if rate.value is None:
        return "–"
    return f"{translator.text(Percent(rate.value))} {translator.text(Interval(rate.low, rate.high))}"
