"""The contacts that must not get the next email: counted for the team, listed for each sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.flags.types import FLAGS, REASONS
from hygiene.reports.address_rows import LIST_FILE
from hygiene.reports.document import Note, Row, Table, TableColumn
from hygiene.reports.words import FLAG_WORDS, REASON_TITLES, flag_sentence
from hygiene.values import Count, Link, Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.flags.types import ContactFlag, Flag
    from hygiene.reports.document import Block
    from hygiene.reports.index import Index

WORKBOOK = "lists/cleanup.xlsx"
ROWS_SHOWN = 6
"""Contacts listed on a sender's page; all of them are in the lists."""


def files_of(flag: Flag) -> Text:
    """Return the names of the files that hold a flag's contacts."""
    return Text(f"lists/{flag}.people.csv, lists/{flag}.upload.csv")


def team_contacts(index: Index) -> Iterator[Block]:
    """Yield the flagged contacts by reason, with the files that hold them."""
    flags = index.audit.flags
    if flags.still_active:
        yield Note(
            Message(
                "%(n)s contact that said no or whose address is dead still sits in an active sequence. Unenroll it"
                " first.",
                plural="%(n)s contacts that said no or whose address is dead still sit in an active sequence. Unenroll"
                " them first.",
                n=flags.still_active,
            ),
            "warn",
        )
    counted = [
        (reason, flag, flags.by_reason[reason]) for reason, flag in REASONS.items() if flags.by_reason.get(reason)
    ]
    rows = [
        Row((REASON_TITLES[reason], FLAG_WORDS[flag], Count(count), files_of(flag)))
        for reason, flag, count in counted
        if flag != "keep"
    ]
    if rows:
        yield Table(
            caption=Message("Contacts by reason"),
            columns=(
                TableColumn(Message("Why")),
                TableColumn(Message("What to do")),
                TableColumn(Message("Contacts"), "number"),
                TableColumn(Message("Files")),
            ),
            rows=tuple(rows),
            note=Message(
                "A contact counts once, for its strongest reason. All are together in %(workbook)s, with the"
                " evidence in each row; every contact, kept or not, is in %(contacts)s.",
                {"workbook": Text(WORKBOOK), "contacts": Text("contacts.csv")},
            ),
        )
    elif index.audit.facts.contacts:
        yield Note(Message("No contact has to be cleaned."), "good")
    if index.audit.addresses:
        yield Note(
            Message(
                "%(n)s address is worth a look before the next campaign (mistyped, shared, disposable): %(file)s.",
                {"file": Text(LIST_FILE)},
                plural="%(n)s addresses are worth a look before the next campaign (mistyped, shared, disposable):"
                " %(file)s.",
                n=len(index.audit.addresses),
            )
        )


def sender_contacts(index: Index, sender_key: int, most: int = ROWS_SHOWN) -> Iterator[Block]:
    """Yield a sender's contacts to clean: how many, and the first `most` with their reasons."""
    flagged = index.flagged_of_sender.get(sender_key, [])
    if not flagged:
        return
    shown = sorted(flagged, key=_urgency)[:most]
    yield Table(
        caption=Message(
            "%(n)s of your contacts should not get the next email",
            plural="%(n)s of your contacts should not get the next email",
            n=len(flagged),
        ),
        columns=(TableColumn(Message("Contact")), TableColumn(Message("What to do")), TableColumn(Message("Why"))),
        rows=tuple(
            Row(
                (
                    Text(flag.facts.email or flag.facts.contact_id),
                    FLAG_WORDS[flag.flag],
                    flag_sentence(flag, quote=False),
                )
            )
            for flag in shown
        ),
        total=len(flagged),
        note=Message(
            "A contact belongs to the sender of its latest enrollment. The whole list is in %(workbook)s.",
            {"workbook": Link(Text(WORKBOOK), f"../{WORKBOOK}")},
        ),
    )
    unlikely = sum(1 for flag in flagged if flag.reason == "unlikely_to_reply")
    if unlikely:
        yield Note(
            Message(
                "%(n)s of these contacts is paused because a reply has become too unlikely. Its sentence says what"
                " would bring it back; it is in %(file)s.",
                plural="%(n)s of these contacts are paused because a reply has become too unlikely. Each one's"
                " sentence says what would bring it back; all are in %(file)s.",
                args={"file": Text("lists/pause.people.csv")},
                n=unlikely,
            )
        )


def _urgency(flag: ContactFlag) -> tuple[int, bool, str]:
    """Sort strictest first, then those still in a sequence."""
    return FLAGS.index(flag.flag), flag.facts.active_enrollments == 0, flag.facts.contact_id
