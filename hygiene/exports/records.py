"""The row files of a run, streamed: contacts.csv, bounces.csv, rejects.csv. Sentences in the language of the run."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hygiene.flags.bounces import classify_all
from hygiene.reports.bounce_words import bounce_sentence
from hygiene.reports.cells import defuse
from hygiene.reports.words import flag_sentence, reject_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from hygiene.facts.types import BounceFacts
    from hygiene.flags.types import ContactFlag
    from hygiene.reports.translate import Translator

CONTACT_COLUMNS = (
    "contact_id",
    "email",
    "sends",
    "replies",
    "sends_since_reply",
    "sends_since_engagement",
    "p_reply",
    "p_engaged",
    "flag",
    "reason",
    "evidence",
)
BOUNCE_COLUMNS = ("contact_id", "email", "at", "category", "fault", "action", "confidence", "evidence")
REJECT_COLUMNS = ("file", "line", "column", "value", "why")


@contextmanager
def _writer(path: Path, header: tuple[str, ...]) -> Iterator[Any]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # RFC 4180 line ends: with "\n" alone a "\r" in a cell would go unquoted
        writer.writerow(header)
        yield writer


def text_cell(value: str | None) -> str:
    """Return a text from the data as a cell that no spreadsheet runs; nothing for None."""
    return defuse(value) if value else ""


def time_cell(at: datetime | None) -> str:
    """Return a UTC time as ISO 8601 to the second; nothing for None."""
    return f"{at.isoformat(timespec='seconds')}Z" if at else ""


def write_contacts(path: Path, flags: Iterable[ContactFlag], translator: Translator) -> None:
    """Write contacts.csv (docs/output.md): a row a contact, in the order given."""
    with _writer(path, CONTACT_COLUMNS) as writer:
        for row in flags:
            contact = row.facts
            writer.writerow(
                (
                    text_cell(contact.contact_id),
                    text_cell(contact.email),
                    contact.sends,
                    contact.replies,
                    contact.sends_since_reply,
                    contact.sends_since_engagement,
                    _probability(row.outlook and row.outlook.p_reply),
                    _probability(row.outlook and row.outlook.p_engaged),
                    row.flag,
                    row.reason,
                    defuse(translator.text(flag_sentence(row))),
                )
            )


def write_bounces(path: Path, bounces: Iterable[BounceFacts], translator: Translator) -> None:
    """Write bounces.csv (docs/output.md): a row a bounce, in the order given."""
    with _writer(path, BOUNCE_COLUMNS) as writer:
        for bounce, meaning in classify_all(bounces):
            writer.writerow(
                (
                    text_cell(bounce.contact_id),
                    text_cell(bounce.email),
                    time_cell(bounce.at),
                    meaning.category,
                    meaning.fault,
                    meaning.action,
                    f"{meaning.confidence:.2f}",
                    defuse(translator.text(bounce_sentence(bounce, meaning))),
                )
            )


def write_rejects(path: Path, rejects: Iterable[tuple[Any, ...]], translator: Translator) -> None:
    """Write rejects.csv.

    Parameters
    ----------
    path
        The file to write.
    rejects
        Rows (file, line, column, value, code), as `Tables.rejects` holds them.
    translator
        Gives the sentences of the column `why`.
    """
    with _writer(path, REJECT_COLUMNS) as writer:
        for file, line, column, value, code in rejects:
            why = translator.text(reject_sentence(code))
            writer.writerow((text_cell(file), line, text_cell(column), text_cell(value), why))


def _probability(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"
