"""The codes of the import as sentences: notes on a table, rejected rows, how a header was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.words import filled, verbatim
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.sources.tables import ColumnReading, ImportNote

NOTES: Mapping[str, Message] = {
    "duplicate_rows": Message(
        "%(n)s row of %(table)s stood there twice and was counted once.",
        plural="%(n)s rows of %(table)s stood there twice and were counted once.",
    ),
    "duplicate_ids": Message(
        "%(n)s row of %(table)s has a %(column)s that came before with other contents; it is in rejects.csv.",
        plural="%(n)s rows of %(table)s have a %(column)s that came before with other contents; they are in"
        " rejects.csv.",
    ),
    "events_contradict_columns": Message(
        "%(n)s enrollment says something else in its column %(column)s than in its events; the events count.",
        plural="%(n)s enrollments say something else in their column %(column)s than in their events; the events"
        " count.",
    ),
    "totals_contradict_enrollments": Message(
        "The totals of %(n)s sender (%(sender)s) differ from the enrollments; the enrollments count.",
        plural="The totals of %(n)s senders (such as %(sender)s) differ from the enrollments; the enrollments count.",
    ),
    "ended_without_time": Message(
        "%(n)s enrollment has ended without saying when; the day of its last event counts, or else of its start.",
        plural="%(n)s enrollments have ended without saying when; the day of their last event counts, or else of their"
        " start.",
    ),
    "ended_before_start": Message(
        "%(n)s enrollment ended before it started; it is counted as it stands.",
        plural="%(n)s enrollments ended before they started; they are counted as they stand.",
    ),
    "ended_by_silence": Message(
        "%(n)s enrollment is known from its events alone and counts as ended: nothing came for %(days)s days.",
        plural="%(n)s enrollments are known from their events alone and count as ended: nothing came for %(days)s"
        " days.",
    ),
    "unknown_ids": Message(
        "%(n)s %(column)s is not listed in %(table)s; it appears here without a name.",
        plural="%(n)s values of %(column)s are not listed in %(table)s; they appear here without a name.",
    ),
    "enrollments_from_events": Message(
        "There is no table of enrollments: %(n)s enrollment was put together from the events.",
        plural="There is no table of enrollments: %(n)s enrollments were put together from the events.",
    ),
    "unknown_seats": Message(
        "%(n)s seat could not be told from its wording; HubSpot's seat rule is not applied to it.",
        plural="%(n)s seats could not be told from their wording; HubSpot's seat rule is not applied to them.",
    ),
    "unmatched_keys": Message(
        "%(n)s suppression is a hashed key: it is kept, but no contact can be matched to it, as the way it was hashed"
        " is not known. Add the address or the domain.",
        plural="%(n)s suppressions are hashed keys: they are kept, but no contact can be matched to them, as the way"
        " they were hashed is not known. Add the addresses or the domains.",
    ),
    "automatic_replies": Message(
        "%(n)s reply is automatic by its text and counts as no reply.",
        plural="%(n)s replies are automatic by their text and count as no replies.",
    ),
    "public_domains": Message(
        "%(n)s suppression names the whole domain of a public mail provider, such as gmail.com; it is in rejects.csv"
        " and keeps nobody out. Name the addresses.",
        plural="%(n)s suppressions name the whole domain of a public mail provider, such as gmail.com; they are in"
        " rejects.csv and keep nobody out. Name the addresses.",
    ),
    "unread_opt_out_column": Message(
        "The column %(column)s of %(table)s looks like an opt-out and was not read: rename it to opted_out"
        " (unsubscribed in enrollments) if it is one."
    ),
    "unread_permission_column": Message(
        "The column %(column)s of %(table)s looks like a permission, and a plain no in it is not read as an opt-out."
        " Where it is one, say yes in a column opted_out."
    ),
    "further_email_column": Message(
        "The column %(column)s of %(table)s holds further addresses: it counts where the first column of addresses is"
        " empty."
    ),
    "read_as_suppressions": Message(
        "%(file)s was read as a list of people not to write to: %(n)s row keeps somebody out.",
        plural="%(file)s was read as a list of people not to write to: %(n)s rows keep somebody out.",
    ),
    "unread_opt_out_file": Message(
        "%(file)s seems to say who opted out and was not read: if it does, rename it to suppressions and give it a"
        " column email or domain, or add it to the ledger."
    ),
    "unread_sheets": Message(
        "%(file)s has more than one filled sheet with other headers; only the first was read, not %(sheets)s. Save each"
        " as a file of its own."
    ),
}
"""By code of `sources.tables.ImportNote`."""


ORIGINS: Mapping[str, Message] = {
    "plain language": Message("everyday name"),
    "vendor export": Message("name in a vendor's export"),
}
"""Origins of an alias that are no vendor's name."""
FORMATS: Mapping[str, Message] = {
    "DMY": Message("day/month/year"),
    "MDY": Message("month/day/year"),
    "DMY or MDY": Message("day/month/year or month/day/year"),
    "epoch s": Message("seconds since 1970"),
    "epoch ms": Message("milliseconds since 1970"),
    "decimal comma": Message("decimal comma"),
    "decimal point": Message("decimal point"),
    "thousands comma": Message("comma between thousands"),
    "thousands point": Message("point between thousands"),
}
"""Formats of a column that need words; others, such as ISO 8601, are names."""


def note_sentence(note: ImportNote) -> Message:
    """Return the sentence of a note of the import.

    Raises
    ------
    KeyError
        If the code has no sentence (a test holds the codes and the sentences together).
    """
    values = {name: Count(value) if isinstance(value, int) else Text(value) for name, value in note.values.items()}
    count = note.values.get("count", 0)
    n = count if isinstance(count, int) else 0
    return filled(NOTES[note.code], {**values, "n": Count(n)}, n=n)


def header_sentence(reading: ColumnReading) -> Message:
    """Return how one header was read: by its own name, through an alias, or not at all."""
    if reading.how == "unknown" or reading.column is None:
        return Message("not known, kept out")
    if reading.how == "duplicate":
        return Message("kept out: another header is %(column)s already", {"column": Text(reading.column)})
    if reading.how.startswith("alias"):
        origin = reading.how.partition(":")[2].strip()
        known = {"column": Text(reading.column), "origin": ORIGINS.get(origin) or Text(origin)}
        return Message("%(column)s (%(origin)s)", known)
    return verbatim(reading.column)


def format_sentence(reading: ColumnReading) -> Message | None:
    """Return the format found in a column of times or numbers, and what decided it."""
    if reading.format is None:
        return None
    shown = {"format": _formats(reading.format)}
    if reading.format_from == "data":
        return Message("%(format)s, because a value can be read in no other way", shown)
    if reading.format_from == "setting":
        return Message("%(format)s, by the setting date_order", shown)
    return shown["format"]


def _formats(formats: str) -> Message:
    known = [FORMATS.get(name) or verbatim(name) for name in formats.split(", ")]
    listed = known[0]
    for name in known[1:]:
        listed = Message("%(before)s, %(mark)s", {"before": listed, "mark": name})
    return listed
