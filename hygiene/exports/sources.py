"""What `hygiene sources -o OUT` writes: the scorecard, a claim a vendor, and the contacts to hold back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.exports.publish import publish
from hygiene.exports.sheets import CELL_LIMIT, Sheet, Summary, write_people, write_workbook
from hygiene.reports.lists.rows import sources_csv, sources_json
from hygiene.reports.lists.words import claim_summary
from hygiene.reports.paths import page_names
from hygiene.reports.translate import visible
from hygiene.reports.words import LIST_COLUMNS, LIST_TITLES
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
ADDRESSES = Message("Addresses")
"""Name of the worksheet."""
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
    with publish(out, source, record=RECORD) as folder:
        (folder / CARD_CSV).write_text(sources_csv(card), encoding="utf-8", newline="")
        (folder / CARD_JSON).write_text(sources_json(card), encoding="utf-8", newline="\n")
        ready = [claim for claim in card.claims if claim.rows]
        names = page_names(claim.source for claim in ready)
        for claim in ready:
            (folder / CLAIMS).mkdir(exist_ok=True)
            base = folder / CLAIMS / names[claim.source]
            _write_claim(base, claim, translator.text(claim_summary(claim, card.claim_days)), translator)
        if card.holds:
            titles = [translator.text(title) for title in HELD_COLUMNS]
            cells = ([cell or "" for cell in row] for row in held)
            write_people(folder / QUARANTINE, titles, cells, translator.lang)


def _write_claim(base: Path, claim: Claim, summary: str, translator: Translator) -> None:
    titles = [translator.text(title) for title in COLUMNS]
    rows = [_cells(row, translator) for row in claim.rows]
    end = [summary, *[""] * (len(COLUMNS) - 1)]
    write_people(base.with_name(f"{base.name}.people.csv"), titles, [*rows, end], translator.lang)
    sheet = Sheet(translator.text(ADDRESSES), titles, rows, len(rows), WIDTHS)
    first = Summary(translator.text(LIST_TITLES["summary"]), [summary], ())
    write_workbook(base.with_name(f"{base.name}.xlsx"), first, [sheet])


def _cells(row: ClaimRow, translator: Translator) -> list[str]:
    days = (row.created_at, row.mailed_at, row.bounced_at)
    return [
        row.email or "",
        row.batch or "",
        *(translator.text(Moment(day)) for day in days),
        row.status_code or "",
        visible(row.evidence or "", CELL_LIMIT),
    ]
