"""The lists of a cleanup: a people's and an upload file an action, the workbook, and the quarantine."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from hygiene.exports.sheets import Sheet, Summary, write_people, write_workbook
from hygiene.gate.cleanup.types import ACTIONS
from hygiene.reports.cleanup_words import ACTION_INTROS, ACTION_WORDS, CLEANUP_COLUMNS, HELD, decision_sentence
from hygiene.reports.words import LIST_TITLES
from hygiene.values import Moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from hygiene.exports.filters.types import Crm, Row
    from hygiene.facts.types import Sender
    from hygiene.gate.cleanup.types import Action, Decision, Held, Plan
    from hygiene.reports.translate import Translator
    from hygiene.values import Message

WIDTHS = (16, 32, 18, 22, 70, 14, 20, 14, 12)
UNTOUCHED: frozenset[Action] = frozenset(("sender_fault",))
"""Actions without an upload file: no contact is touched."""


class Listed(NamedTuple):
    """What the lists of one action hold."""

    contacts: int
    uploads: Mapping[str, int]
    """Rows by the file's name between the action's and `.csv`."""
    held: Mapping[Held, int]
    """Contacts in the quarantine instead, by why."""


def write_cleanup_lists(
    folder: Path,
    plan: Plan,
    crm: Crm,
    senders: Mapping[int, Sender],
    sentences: Sequence[Message],
    translator: Translator,
) -> dict[Action, Listed]:
    """Write the lists of a plan.

    Parameters
    ----------
    folder
        The output's `lists/`; made if missing.
    crm
        Whose upload files.
    senders
        By key, for the sender's name.
    sentences
        Said on top of the workbook: the price.
    translator
        Language of headers, words and sentences.

    Returns
    -------
    What each action's lists hold; the contacts of an action are those of its upload files and its quarantine (a file
    that comes before a deletion holds the same contacts once more).
    """
    folder.mkdir(parents=True, exist_ok=True)
    titles = [translator.text(title) for title in CLEANUP_COLUMNS]
    rows = {action: plan.of(action) for action in ACTIONS}

    def cells(action: Action) -> Iterator[tuple[str | int, ...]]:
        return (_cells(row, senders, translator) for row in rows[action])

    found = {}
    quarantined: list[tuple[Decision, Held]] = []
    for action, listed in rows.items():
        uploads: dict[str, int] = {}
        held: list[tuple[Decision, Held]] = []
        if listed:
            write_people(folder / f"{action}.people.csv", titles, cells(action), translator.lang)
        if listed and action not in UNTOUCHED:
            uploads, held = _write_uploads(folder, action, listed, crm)
        quarantined += held
        found[action] = Listed(len(listed), uploads, Counter(why for _, why in held))
    _write_quarantine(folder, quarantined, translator)
    words = {action: translator.text(ACTION_WORDS[action]) for action in ACTIONS}
    lines = [(words[action], len(rows[action]), translator.text(ACTION_INTROS[action])) for action in ACTIONS]
    said = [translator.text(sentence) for sentence in sentences]
    sheets = [Sheet(words[action], titles, cells(action), len(rows[action]), WIDTHS) for action in ACTIONS]
    write_workbook(folder / "cleanup.xlsx", Summary(translator.text(LIST_TITLES["summary"]), said, lines), sheets)
    return found


def _cells(row: Decision, senders: Mapping[int, Sender], translator: Translator) -> tuple[str | int, ...]:
    contact = row.flag.facts
    sender = senders.get(contact.sender_key) if contact.sender_key is not None else None
    return (
        contact.contact_id,
        contact.email or "",
        translator.text(ACTION_WORDS[row.action]),
        row.code,
        translator.text(decision_sentence(row)),
        _day(row.until, translator),
        sender.label if sender else "",
        _day(contact.last_sent_at, translator),
        contact.active_enrollments,
    )


def _day(at: datetime | None, translator: Translator) -> str:
    return translator.text(Moment(at)) if at else ""


def _write_uploads(
    folder: Path, action: Action, listed: Sequence[Decision], crm: Crm
) -> tuple[dict[str, int], list[tuple[Decision, Held]]]:
    """Write the upload files of one action, values unchanged; return their rows, and who is kept out and why."""
    files: defaultdict[str, list[Row]] = defaultdict(list)
    held: list[tuple[Decision, Held]] = []
    for row in listed:
        placed = crm.rows(row)
        if isinstance(placed, str):
            held.append((row, placed))
        else:
            for line in placed:
                files[line.file].append(line)
    for file, lines in files.items():
        with (folder / f"{action}.{file}.csv").open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([crm.columns(action, file), *(line.cells for line in lines)])
    return {file: len(files[file]) for file in sorted(files)}, held


def _write_quarantine(folder: Path, rows: Sequence[tuple[Decision, Held]], translator: Translator) -> None:
    if not rows:
        return
    cells = (
        (row.action, row.flag.facts.contact_id, row.flag.facts.email or "", translator.text(HELD[why]))
        for row, why in rows
    )
    titles = ("list", "contact_id", "email", "why")
    write_people(folder / "quarantine.csv", titles, cells, translator.lang)
