"""What `hygiene sources -o OUT` writes: the scorecard, a claim a vendor, and the contacts to hold back."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from hygiene.exports.publish import publish
from hygiene.exports.records import text_cell
from hygiene.exports.sheets import CELL_LIMIT, EPOCH
from hygiene.reports.cells import defuse
from hygiene.reports.lists.rows import sources_csv, sources_json
from hygiene.reports.lists.words import claim_summary
from hygiene.reports.paths import page_names
from hygiene.reports.translate import visible
from hygiene.reports.words import LIST_COLUMNS
from hygiene.values import Message, Moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hygiene.gate.lists.types import Claim, ClaimRow, Scorecard
    from hygiene.reports.translate import Translator

CARD_CSV, CARD_JSON = "sources.csv", "sources.json"
CLAIMS = "claims"
"""Folder of a file a vendor: `NAME.people.csv` and `NAME.xlsx`."""
QUARANTINE = "quarantine.people.csv"
RECORD = ".hygiene-sources.json"
"""Names the files of the last scorecard in the folder."""
COLUMNS = (
    Message("Address"),
    Message("Import batch"),
    Message("Imported on"),
    Message("Written to on"),
    Message("Returned on"),
    Message("Code"),
    Message("What the server said"),
)
WIDTHS = (34, 20, 14, 14, 14, 8, 90)
HELD_COLUMNS = (*LIST_COLUMNS[:2], Message("Source"), Message("Import batch"))


def write_sources(
    out: Path,
    source: Path,
    card: Scorecard,
    held: Iterable[tuple[str, str | None, str | None, str | None]],
    translator: Translator,
) -> None:
    """Write the files; an earlier scorecard's are replaced or removed, those of other commands in the folder stay.

    Parameters
    ----------
    out, source
        Where to, and the folder of the exports, which that must not be.
    card
        The scorecard.
    held
        The contacts to hold back, as `read_not_mailed` yields them.
    translator
        Language of people's files.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds a file of such a name that no run wrote.
    """
    separator = ";" if translator.locale == "fr" else ","  # a spreadsheet whose decimal sign is the comma
    with publish(out, source, record=RECORD) as folder:
        (folder / CARD_CSV).write_text(sources_csv(card), encoding="utf-8", newline="")
        (folder / CARD_JSON).write_text(sources_json(card), encoding="utf-8", newline="\n")
        ready = [claim for claim in card.claims if claim.rows]
        names = page_names(claim.source for claim in ready)
        for claim in ready:
            (folder / CLAIMS).mkdir(exist_ok=True)
            base = folder / CLAIMS / names[claim.source]
            summary = translator.text(claim_summary(claim, card.claim_days))
            _write_csv(base.with_name(f"{base.name}.people.csv"), claim, summary, translator, separator)
            _write_workbook(base.with_name(f"{base.name}.xlsx"), claim, summary, translator)
        if card.holds:
            _write_held(folder / QUARANTINE, held, translator, separator)


def _cells(row: ClaimRow, translator: Translator) -> list[str]:
    days = (row.created_at, row.mailed_at, row.bounced_at)
    evidence = visible(row.evidence or "", CELL_LIMIT)
    return [
        row.email or "",
        row.batch or "",
        *(translator.text(Moment(day)) for day in days),
        row.status_code or "",
        evidence,
    ]


def _write_csv(path: Path, claim: Claim, summary: str, translator: Translator, separator: str) -> None:
    # With a byte order mark: without it Excel reads UTF-8 as the local code page.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow([translator.text(title) for title in COLUMNS])
        for row in claim.rows:
            writer.writerow([defuse(cell) for cell in _cells(row, translator)])
        writer.writerow([summary, *[""] * (len(COLUMNS) - 1)])


def _write_workbook(path: Path, claim: Claim, summary: str, translator: Translator) -> None:
    import xlsxwriter

    # The defaults store `=…` as a live formula and an address as a link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), {**options, "constant_memory": True}) as book:
        book.set_properties({"created": EPOCH})  # equal runs give equal bytes
        sheet = book.add_worksheet()
        _fill(sheet, book, claim, summary, translator)


def _fill(sheet: Any, book: Any, claim: Claim, summary: str, translator: Translator) -> None:
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(3, 0)
    sheet.write_string(0, 0, summary, book.add_format({"bold": True}))
    for column, title in enumerate(COLUMNS):
        sheet.write_string(2, column, translator.text(title), book.add_format({"bold": True, "bottom": 1}))
    for place, row in enumerate(claim.rows, start=3):
        for column, cell in enumerate(_cells(row, translator)):
            sheet.write_string(place, column, cell[:CELL_LIMIT])


def _write_held(
    path: Path,
    held: Iterable[tuple[str, str | None, str | None, str | None]],
    translator: Translator,
    separator: str,
) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow([translator.text(title) for title in HELD_COLUMNS])
        for row in held:
            writer.writerow([text_cell(cell) for cell in row])
