"""The cleanup lists: for people (`cleanup.xlsx`, `*.people.csv`) and for import screens (`*.upload.csv`).

People's files are safe to open in a spreadsheet: cells that would run are defused. Upload files hold values unchanged,
since a quote before an address would become part of it; a row whose value starts like a formula goes to
`quarantine.csv` instead, defused.
"""

from __future__ import annotations

import csv
from datetime import datetime
from typing import TYPE_CHECKING

from hygiene.exports.records import text_cell
from hygiene.flags.types import FLAGS, Flag
from hygiene.reports.address_rows import ADDRESS_COLUMNS, advice
from hygiene.reports.cells import defuse, is_live
from hygiene.reports.words import LIST_COLUMNS, LIST_TITLES, flag_sentence, flag_word, list_intro, resume_day
from hygiene.values import Moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from hygiene.facts.types import Sender
    from hygiene.flags.addresses import AddressRow
    from hygiene.flags.types import ContactFlag, FlagSummary
    from hygiene.reports.translate import Translator

LISTED: tuple[Flag, ...] = tuple(flag for flag in FLAGS if flag != "keep")
UPLOAD_HEADER = "Email"
"""HubSpot's opt-out import takes one column of this name (Knowledge Base, "import an opt-out list", 2024-06-10)."""
XLSX_ROWS = 1_048_576 - 1
"""Rows of a worksheet besides the header (Excel specifications and limits)."""
CELL_LIMIT = 32_767
"""Characters of a cell (same source)."""
EPOCH = datetime(2000, 1, 1)  # XlsxWriter takes no zone
WIDTHS = (16, 32, 10, 24, 70, 14, 20, 14, 12)


def write_lists(
    folder: Path, flags: FlagSummary, senders: Mapping[int, Sender], translator: Translator, separator: str
) -> None:
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
    separator
        Of the people's CSV files: `;` where a spreadsheet's decimal sign is the comma.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = {flag: [row for row in flags.flagged if row.flag == flag] for flag in LISTED}
    quarantined: list[tuple[str, str, str]] = []
    for flag, listed in rows.items():
        if listed:
            _write_people(folder / f"{flag}.people.csv", listed, senders, translator, separator)
            quarantined += _write_upload(folder / f"{flag}.upload.csv", listed)
    if quarantined:
        with (folder / "quarantine.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, delimiter=separator).writerows([("list", "contact_id", "email"), *quarantined])
    _write_workbook(folder / "cleanup.xlsx", rows, senders, translator)


def write_address_list(path: Path, rows: Sequence[AddressRow], translator: Translator, separator: str) -> None:
    """Write the contacts whose address is worth a look, for people; nothing where there are none."""
    if not rows:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    titles = (LIST_COLUMNS[0], LIST_COLUMNS[1], LIST_COLUMNS[2], *ADDRESS_COLUMNS)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow([translator.text(title) for title in titles])
        for row in rows:
            said = " ".join(translator.text(sentence) for sentence in advice(row))
            codes = " ".join(problem.code for problem in row.problems)
            writer.writerow([text_cell(cell) for cell in (row.contact_id, row.email, said, codes, row.suggestion)])


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


def _write_people(
    path: Path, listed: list[ContactFlag], senders: Mapping[int, Sender], translator: Translator, separator: str
) -> None:
    # With a byte order mark: without it Excel reads UTF-8 as the local code page.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow([translator.text(title) for title in LIST_COLUMNS])
        for row in listed:
            cells = _cells(row, senders, translator)
            writer.writerow([defuse(cell) if isinstance(cell, str) else cell for cell in cells])


def _write_upload(path: Path, listed: list[ContactFlag]) -> list[tuple[str, str, str]]:
    """Write the addresses as they are; return the rows (list, contact_id, email) kept out."""
    held = [row.facts for row in listed if row.facts.email and is_live(row.facts.email)]
    addresses = [row.facts.email for row in listed if row.facts.email and not is_live(row.facts.email)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([(UPLOAD_HEADER,), *((address,) for address in addresses)])
    name = path.name.removesuffix(".upload.csv")
    return [(name, text_cell(contact.contact_id), text_cell(contact.email)) for contact in held]


def _write_workbook(
    path: Path, rows: Mapping[Flag, list[ContactFlag]], senders: Mapping[int, Sender], translator: Translator
) -> None:
    import xlsxwriter

    # The defaults store `=…` as a live formula and an address as a link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), {**options, "constant_memory": True}) as book:
        book.set_properties({"created": EPOCH})  # equal runs give equal bytes
        bold = book.add_format({"bold": True, "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        summary = book.add_worksheet(translator.text(LIST_TITLES["summary"]))
        summary.set_column(0, 0, 18)
        summary.set_column(1, 1, 12)
        summary.set_column(2, 2, 90)
        for position, flag in enumerate(LISTED):
            cells = (translator.text(flag_word(flag)), len(rows[flag]), translator.text(list_intro(flag)))
            summary.write_row(position, 0, cells, wrap)
        for flag in LISTED:
            sheet = book.add_worksheet(translator.text(flag_word(flag)))
            _write_sheet(sheet, rows[flag][:XLSX_ROWS], bold, senders, translator)


def _write_sheet(
    sheet: Any, listed: list[ContactFlag], bold: Any, senders: Mapping[int, Sender], translator: Translator
) -> None:
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(listed), len(LIST_COLUMNS) - 1)
    sheet.write_row(0, 0, [translator.text(title) for title in LIST_COLUMNS], bold)
    for position, row in enumerate(listed, start=1):
        for column, cell in enumerate(_cells(row, senders, translator)):
            if isinstance(cell, str):
                sheet.write_string(position, column, cell[:CELL_LIMIT])
            else:
                sheet.write_number(position, column, cell)
