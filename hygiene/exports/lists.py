"""The cleanup lists: for people (`cleanup.xlsx`, `*.people.csv`) and for import screens (`*.upload.csv`).

People's files are safe to open in a spreadsheet: cells that would run are defused. Upload files hold values unchanged,
since a quote before an address would become part of it; a row whose value starts like a formula goes to
`quarantine.csv` instead, defused.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from hygiene.exports.sheets import Sheet, Summary, write_people, write_workbook
from hygiene.flags.types import FLAGS, Flag
from hygiene.reports.address_rows import ADDRESS_COLUMNS, advice
from hygiene.reports.cells import is_live
from hygiene.reports.words import LIST_COLUMNS, LIST_TITLES, flag_sentence, flag_word, list_intro, resume_day
from hygiene.values import Moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from hygiene.facts.types import Sender
    from hygiene.flags.addresses import AddressRow
    from hygiene.flags.types import ContactFlag, FlagSummary
    from hygiene.reports.translate import Translator

LISTED: tuple[Flag, ...] = tuple(flag for flag in FLAGS if flag != "keep")
UPLOAD_HEADER = "Email"
"""HubSpot's opt-out import takes one column of this name (Knowledge Base, "import an opt-out list", 2024-06-10)."""
WIDTHS = (16, 32, 10, 24, 70, 14, 20, 14, 12)


def write_lists(folder: Path, flags: FlagSummary, senders: Mapping[int, Sender], translator: Translator) -> None:
    """Write a people's and an upload file for each flag that has contacts, the workbook, and the quarantine.

    Parameters
    ----------
    folder
        The output's `lists/`; made if missing.
    flags
        Only `flags.flagged` is listed.
    senders
        By key, for the sender's name.
    translator
        Language of headers, words and sentences.
    """
    folder.mkdir(parents=True, exist_ok=True)
    titles = [translator.text(title) for title in LIST_COLUMNS]
    rows = {flag: [row for row in flags.flagged if row.flag == flag] for flag in LISTED}

    def cells(flag: Flag) -> Iterator[tuple[str | int, ...]]:
        return (_cells(row, senders, translator) for row in rows[flag])

    quarantined: list[tuple[str, str, str]] = []
    for flag, listed in rows.items():
        if listed:
            write_people(folder / f"{flag}.people.csv", titles, cells(flag), translator.lang)
            quarantined += _write_upload(folder / f"{flag}.upload.csv", listed)
    if quarantined:
        write_people(folder / "quarantine.csv", ("list", "contact_id", "email"), quarantined, translator.lang)
    words = {flag: translator.text(flag_word(flag)) for flag in LISTED}
    lines = [(words[flag], len(rows[flag]), translator.text(list_intro(flag))) for flag in LISTED]
    summary = Summary(translator.text(LIST_TITLES["summary"]), (), lines)
    sheets = [Sheet(words[flag], titles, cells(flag), len(rows[flag]), WIDTHS) for flag in LISTED]
    write_workbook(folder / "cleanup.xlsx", summary, sheets)


def write_address_list(path: Path, rows: Sequence[AddressRow], translator: Translator) -> None:
    """Write the contacts whose address is worth a look, for people; nothing where there are none."""
    if not rows:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    titles = [translator.text(title) for title in (*LIST_COLUMNS[:3], *ADDRESS_COLUMNS)]
    cells = (
        (
            row.contact_id,
            row.email or "",
            " ".join(translator.text(sentence) for sentence in advice(row)),
            " ".join(problem.code for problem in row.problems),
            row.suggestion or "",
        )
        for row in rows
    )
    write_people(path, titles, cells, translator.lang)


def _cells(row: ContactFlag, senders: Mapping[int, Sender], translator: Translator) -> tuple[str | int, ...]:
    contact = row.facts
    sender = senders.get(contact.sender_key) if contact.sender_key is not None else None
    return (
        contact.contact_id,
        contact.email or "",
        translator.text(flag_word(row.flag)),
        row.reason,
        translator.text(flag_sentence(row)),
        _day(resume_day(row), translator),
        sender.label if sender else "",
        _day(contact.last_sent_at, translator),
        contact.active_enrollments,
    )


def _day(at: datetime | None, translator: Translator) -> str:
    return translator.text(Moment(at)) if at else ""


def _write_upload(path: Path, listed: list[ContactFlag]) -> list[tuple[str, str, str]]:
    """Write the addresses as they are; return the rows (list, contact_id, email) kept out."""
    held = [row.facts for row in listed if row.facts.email and is_live(row.facts.email)]
    addresses = [row.facts.email for row in listed if row.facts.email and not is_live(row.facts.email)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([(UPLOAD_HEADER,), *((address,) for address in addresses)])
    name = path.name.removesuffix(".upload.csv")
    return [(name, contact.contact_id, contact.email or "") for contact in held]
