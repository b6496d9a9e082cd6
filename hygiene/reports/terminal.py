"""What a terminal shows: a table for people, CSV and JSON for scripts, and a summary of a run.

Data goes to stdout, words about it to stderr. Names from the data lose their control bytes, so that none can move the
cursor or change the colours. rich is loaded for a terminal only; a pipe gets plain text.
"""

from __future__ import annotations

import json
import math
import shutil
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hygiene.reports.blocks import LEANING, score_interval, shown_band, shown_score
from hygiene.reports.cells import defuse
from hygiene.reports.engagement import verdict_words
from hygiene.reports.import_words import format_sentence, header_sentence
from hygiene.reports.index import Index, is_suspect
from hygiene.reports.progress import Progress as Progress
from hygiene.reports.stop_words import stop_sentences
from hygiene.reports.tables import csv_text
from hygiene.reports.text import SHAPES, aligned, cell_text, display_width, named
from hygiene.reports.tickets import TICKETS_FILE, found_tickets
from hygiene.reports.tiles import team_tiles
from hygiene.reports.verdict import team_verdict
from hygiene.reports.words import CERTAIN
from hygiene.scores.tracking import SUSPECT_ENDED
from hygiene.values import BandMark, Count, Message, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hygiene.facts.types import Facts
    from hygiene.reports.audit import Audit
    from hygiene.reports.translate import Translator
    from hygiene.scores.types import Rate, Score
    from hygiene.settings import Settings
    from hygiene.sources.tables import FileReading
    from hygiene.values import Value

COLORS = {"low": "red", "fair": "yellow", "good": "green", "excellent": "cyan", None: "dim"}
SHORTEST_NAME = 8
ELLIPSIS = "…"
SCORE_TITLES = (
    Message("Name"),
    Message("Band"),
    Message("Score"),
    Message("Ended"),
    Message("Reply rate"),
    Message("Bounce rate"),
)
DENOMINATORS = {
    ("delivered", "ended"): Message("Replies out of ended minus bounced, bounces out of ended."),
    ("delivered", "enrolled"): Message("Replies out of ended minus bounced, bounces out of ended and active."),
    ("ended", "ended"): Message("Replies and bounces out of ended."),
    ("ended", "enrolled"): Message("Replies out of ended, bounces out of ended and active."),
}


UNSEEN = Message(
    "unseen?: not one bounce in %(ended)s or more enrollments, through an unknown inbox: check it before you trust a"
    " score.",
    {"ended": Count(SUSPECT_ENDED)},
)


def print_scores(facts: Facts, scores: Sequence[Score], settings: Settings, translator: Translator) -> None:
    """Print the scores of one level as a table, and on stderr how to read it.

    Parameters
    ----------
    facts
        The names and ids that the scores' keys stand for.
    scores
        Of one level.
    settings
        For the denominators, named under the table.
    translator
        Language of the table.
    """
    ordered = sorted(scores, key=lambda score: (unit_name(score, facts, translator).casefold(), _keys(score)))
    header = [translator.text(title) for title in SCORE_TITLES]
    rows = [score_row(score, facts, translator) for score in ordered]
    marks = [(row[1], COLORS[shown_band(score)]) for row, score in zip(rows, ordered, strict=True)]
    _print_table(header, rows, [False, False, True, True, True, True], marks)
    _say(_legend(settings, scores), translator)


def score_row(score: Score, facts: Facts, translator: Translator) -> list[str]:
    """Return the cells of one score, short enough for 80 columns: intervals in whole percent, rounded outwards."""
    band = shown_band(score)
    word = BandMark(band) if band else Message("unseen?") if is_suspect(score) else Message("too little")
    return [
        unit_name(score, facts, translator),
        f"{SHAPES[band]} {translator.text(word)}",
        " ".join(translator.text(value) for value in (shown_score(score), score_interval(score)))
        if score.score is not None and not is_suspect(score)
        else translator.text(Points(None)),
        _ended(score, translator),
        _rate(score.reply, translator),
        _rate(score.bounce, translator),
    ]


def unit_name(score: Score, facts: Facts, translator: Translator) -> str:
    """Return what has the score: `Ana`, `Renewal`, `Ana · Renewal`, or the team."""
    names = []
    if score.sender_key is not None:
        names.append(translator.text(Text(facts.senders[score.sender_key].label)))
    if score.sequence_key is not None:
        names.append(translator.text(Text(facts.sequences[score.sequence_key].label)))
    return " · ".join(names) or translator.text(Message("Team"))


def _keys(score: Score) -> tuple[int, int]:
    return score.sender_key or 0, score.sequence_key or 0


def _ended(score: Score, translator: Translator) -> str:
    ended = translator.text(Count(score.counts.ended))
    missing = _missing(score)
    return f"{ended}/{score.counts.ended + missing}" if missing else ended


def _missing(score: Score) -> int:
    return score.missing_for_hubspot if score.level in ("sender", "sender_sequence") else 0


def _rate(rate: Rate, translator: Translator) -> str:
    if rate.value is None:
        return "–"
    low, high = math.floor(rate.low * 100), math.ceil(rate.high * 100)
    return f"{translator.text(Percent(rate.value))} [{low}–{high}]"


def _legend(settings: Settings, scores: Sequence[Score]) -> list[Value]:
    hubspot = Message(
        "63/100: HubSpot shows a score from 100 ended enrollments of a sender, 101 of a sender in a sequence."
    )
    return [
        Message("In brackets: the %(certain)s interval.", {"certain": CERTAIN}),
        *((LEANING,) if any(score.level != "team" for score in scores) else ()),
        *((UNSEEN,) if any(map(is_suspect, scores)) else ()),
        *((hubspot,) if any(map(_missing, scores)) else ()),
        *_ours(scores),
        DENOMINATORS[settings.reply_denominator, settings.bounce_denominator],
    ]


def _ours(scores: Sequence[Score]) -> tuple[Message, ...]:
    ours, bounced = sum(score.faults.sender for score in scores), sum(score.counts.bounced for score in scores)
    if not ours:
        return ()
    return (
        Message(
            "Of %(bounced)s bounces, %(ours)s came from how we send (domain, server, text), not from the address.",
            {"bounced": Count(bounced), "ours": Count(ours)},
        ),
    )


def print_summary(audit: Audit, out: Path, translator: Translator) -> None:
    """Print, on stderr, what a run found: the verdict, the four figures, what to do next and where it stands."""
    index = Index.of(audit)
    verdict = team_verdict(index)
    _say([verdict.sentence], translator)
    for tile in team_tiles(index).tiles:
        figures = [cell_text(value, translator) for value in (tile.interval, tile.detail) if value]
        click.echo(" ".join([f"  {cell_text(named(tile.label, tile.value), translator)}", *figures]), err=True)
    _say([verdict.detail] if verdict.detail else [], translator)
    if audit.engagement and audit.engagement.judged:
        _say([verdict_words(audit.engagement)], translator)
    tickets = len(found_tickets(audit.facts.bounce_causes))
    if tickets:
        _say([_tickets_sentence(tickets)], translator)
    _say([Message("Everything is in %(folder)s; open this page first:", {"folder": Text(str(out))})], translator)


def _tickets_sentence(tickets: int) -> Message:
    return Message(
        "%(file)s has %(n)s ticket for whoever looks after the mail.",
        {"file": Text(TICKETS_FILE)},
        plural="%(file)s has %(n)s tickets for whoever looks after the mail.",
        n=tickets,
    )


def print_columns(reading: FileReading, form: str, translator: Translator) -> None:
    """Print how a file's headers would be read, as `table`, `csv` or `json`, and on stderr what a run would stop at."""
    if form == "json":
        click.echo(json.dumps(asdict(reading), ensure_ascii=False, indent=1))
    elif form == "csv":
        names = ("header", "column", "how", "format", "format_from")
        cells = [[defuse(getattr(column, name) or "") for name in names] for column in reading.columns]
        click.echo(csv_text([names, *cells]), nl=False)
    else:
        _print_column_table(reading, translator)
        facts: dict[str, Value] = {"file": Text(reading.file), "table": Text(reading.table)}
        _say([Message("%(file)s would be read as the table %(table)s.", facts)], translator)
    _say(stop_sentences(reading), translator)


def _print_column_table(reading: FileReading, translator: Translator) -> None:
    header = [translator.text(title) for title in (Message("Header"), Message("Read as"), Message("Format"))]
    rows = [
        [
            translator.text(Text(column.header)),
            cell_text(header_sentence(column), translator),
            cell_text(format_sentence(column), translator),
        ]
        for column in reading.columns
    ]
    marks = [
        (row[1], "dim" if column.column is None else "") for row, column in zip(rows, reading.columns, strict=True)
    ]
    _print_table(header, rows, [False, False, False], marks)


def _say(sentences: Sequence[Value], translator: Translator) -> None:
    for sentence in sentences:
        click.echo(cell_text(sentence, translator), err=True)


# --- tables -----------------------------------------------------------------------------------------------------------
def _print_table(
    header: list[str], rows: list[list[str]], numbers: list[bool], marks: Sequence[tuple[str, str]]
) -> None:
    """Print a table; on a terminal cut to its width and with a word of each row, its mark, in a colour."""
    if not sys.stdout.isatty():
        click.echo("\n".join(aligned(header, rows, numbers)))
        return
    from rich.console import Console
    from rich.text import Text as Styled

    head, rule, *lines = aligned(header, fitted(header, rows, shutil.get_terminal_size().columns), numbers)
    console = Console(highlight=False, soft_wrap=True)
    console.print(Styled(head, style="bold"))
    console.print(Styled(rule, style="dim"))
    for line, (word, style) in zip(lines, marks, strict=True):
        styled = Styled(line)
        styled.highlight_words([word], style)
        console.print(styled)


def fitted(header: list[str], rows: list[list[str]], width: int) -> list[list[str]]:
    """Return the rows with the first column cut so that the table is at most `width` columns wide, if that can be."""
    others = sum(2 + max(map(display_width, column)) for column in list(zip(header, *rows, strict=True))[1:])
    room = max(SHORTEST_NAME, width - others)
    return [[cut(row[0], room), *row[1:]] for row in rows]


def cut(text: str, room: int) -> str:
    """Return a text of at most `room` terminal columns, its end replaced by `…` where it is longer.

    Examples
    --------
    >>> cut("Trade fair", 10), cut("Trade fair 2026", 10)
    ('Trade fair', 'Trade fai…')
    """
    if display_width(text) <= room:
        return text
    while display_width(text) >= room:
        text = text[:-1]
    return text + ELLIPSIS
