"""What of an import must not be overlooked, said on the terminal; most runs have nothing to say, and load nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hygiene.sources.tables import ImportNote, ImportReport
    from hygiene.values import Message

LOUD_NOTES = (
    *("totals_contradict_enrollments", "unread_opt_out_column", "unread_permission_column"),
    *("unread_opt_out_file", "read_as_suppressions", "unread_sheets", "public_domains"),
)
"""Notes that change a figure, or hide an opt-out."""


class Dated(Protocol):
    """What knows the moment up to which all is known: the facts, the consent ledger."""

    @property
    def as_of(self) -> datetime | None:
        """Naive UTC."""


def print_alarms(report: ImportReport, facts: Dated, lang: str) -> None:
    """Say, on stderr, what was rejected, what contradicts, and that a moment of the data lies in the future."""
    notes = [note for note in report.notes if note.code in LOUD_NOTES]
    # Said here only: a page must not depend on the day on which it was made.
    in_future = facts.as_of is not None and facts.as_of > datetime.now(UTC).replace(tzinfo=None)
    if not (report.rejected or notes or in_future):
        return
    from hygiene.reports.import_words import note_sentence
    from hygiene.reports.translate import Translator

    translator = Translator(lang)
    for sentence in (*_facts(report.rejected, facts.as_of if in_future else None), *map(note_sentence, notes)):
        click.echo(translator.text(sentence), err=True)


def print_notes(report: ImportReport, lang: str, more: Iterable[ImportNote] = ()) -> None:
    """Say, on stderr, what an import must not hide, and further notes, whatever they are."""
    notes = [*(note for note in report.notes if note.code in LOUD_NOTES), *more]
    if not notes:
        return
    from hygiene.reports.import_words import note_sentence
    from hygiene.reports.translate import Translator

    translator = Translator(lang)
    for note in notes:
        click.echo(translator.text(note_sentence(note)), err=True)


def _facts(rejected: int, future: datetime | None) -> Iterator[Message]:
    from hygiene.values import Message, Moment

    if rejected:
        yield Message(
            "%(n)s value or row could not be read; the report's rejects.csv names it with its line.",
            plural="%(n)s values or rows could not be read; the report's rejects.csv names them with their lines.",
            n=rejected,
        )
    if future:
        yield Message(
            "The latest moment in the data, %(moment)s, lies in the future: check the dates, or use --as-of.",
            {"moment": Moment(future)},
        )
