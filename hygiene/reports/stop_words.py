"""What a run would stop at, in a file whose headers are only looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.sources.formats import EITHER
from hygiene.sources.schema import INPUT
from hygiene.values import Message, Text

if TYPE_CHECKING:
    from hygiene.sources.tables import FileReading

SUPPRESSION_COLUMNS = ("email", "domain", "key")
"""A suppression names its contact by one of these."""


def stop_sentences(reading: FileReading) -> list[Message]:
    """Return why a run would refuse a file: needed columns without a header, dates that can be read in two ways.

    Parameters
    ----------
    reading
        How the file's headers were read.

    Returns
    -------
    list of Message
        Empty where a run would read the file.
    """
    undecided = [column.header for column in reading.columns if column.format == EITHER]
    sentences = [
        Message(
            "A run would stop: the dates under %(header)s fit day/month and month/day alike. Set date_order to DMY or"
            " to MDY.",
            {"header": Text(header)},
        )
        for header in undecided
    ]
    missing = _missing(reading)
    if missing:
        sentences.insert(
            0,
            Message(
                "A run would stop: no header is read as the needed column %(columns)s. Rename the one that means it.",
                {"columns": Text(", ".join(missing))},
                plural="A run would stop: no headers are read as the needed columns %(columns)s. Rename those that"
                " mean them.",
                n=len(missing),
            ),
        )
    return sentences


def _missing(reading: FileReading) -> list[str]:
    read = {column.column for column in reading.columns if column.how != "duplicate"}
    if reading.table == "suppressions":
        return [] if read.intersection(SUPPRESSION_COLUMNS) else ["email"]
    return [name for name, column in INPUT[reading.table].items() if column.required and name not in read]
