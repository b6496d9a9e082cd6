"""The lists of a check: who may be enrolled (`trimmed.csv`) and who must not be, with the reason (`dropped.csv`)."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from hygiene.exports.publish import publish
from hygiene.exports.sheets import write_people
from hygiene.reports.cells import defuse, is_formula
from hygiene.reports.check.words import check_of, reason_sentence
from hygiene.values import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from hygiene.gate.reasons import Dropped
    from hygiene.gate.types import CheckReport
    from hygiene.reports.translate import Translator
    from hygiene.sources.lists import Listed

TRIMMED, DROPPED, QUARANTINE = "trimmed.csv", "dropped.csv", "quarantine.csv"
ADDED = (Message("line"), Message("check"), Message("reason"), Message("why"))


class Written(NamedTuple):
    """A list that was written."""

    path: Path
    rows: int


def write_check_lists(
    out: Path, report: CheckReport, listed: Listed, source: Path, translator: Translator
) -> dict[str, Written]:
    """Write the lists into a folder and return them by name; their rows add up to those of the list.

    `trimmed.csv` is for import screens: values unchanged, in UTF-8; it is there only where the verdict lets somebody
    be enrolled. A row with a cell that a spreadsheet would run goes to `quarantine.csv` instead, defused.
    `dropped.csv` is for people.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds a file of such a name that no run wrote.
    """
    live = {place for place in report.kept if any(map(is_formula, listed.cells[place]))}
    allowed = [listed.cells[place] for place in report.kept if place not in live]
    rows = {DROPPED: len(report.dropped)}
    with publish(out, source) as folder:
        if report.verdict in ("go", "trim"):
            rows[TRIMMED] = len(allowed)
            _write(folder / TRIMMED, [listed.headers, *allowed])
        if live:
            rows[QUARANTINE] = len(live)
            held = (listed.cells[place] for place in sorted(live))
            write_people(folder / QUARANTINE, [defuse(header) for header in listed.headers], held, translator.lang)
        titles = [*(translator.text(title) for title in ADDED), *(defuse(header) for header in listed.headers)]
        dropped = (_dropped(row, listed, translator) for row in report.dropped)
        write_people(folder / DROPPED, titles, dropped, translator.lang)
    return {name: Written(out / name, count) for name, count in sorted(rows.items(), reverse=True)}


def _dropped(row: Dropped, listed: Listed, translator: Translator) -> list[str | int]:
    cells = listed.cells[row.place] if row.place >= 0 else ()
    return [row.line, check_of(row), row.reason, translator.text(reason_sentence(row)), *cells]


def _write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows(rows)
