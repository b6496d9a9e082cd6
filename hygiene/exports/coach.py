"""The coaching reports of one run: a page a sender, the rows to act on, and the suggestions as data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hygiene.errors import SettingsError, did_you_mean
from hygiene.exports.actions import write_actions
from hygiene.exports.lists import write_lists
from hygiene.exports.publish import RUN_FILE
from hygiene.exports.recommendations import RECOMMENDATIONS, write_recommendations
from hygiene.exports.tickets import write_tickets
from hygiene.exports.write import run_record, write_json
from hygiene.reports.index import Index
from hygiene.reports.sender_page import sender_page, why_no_pages
from hygiene.reports.translate import Translator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hygiene.reports.audit import Audit


def write_coaching(
    folder: Path, audit: Audit, sender_id: str | None, progress: Callable[[str, float | None], None], *, as_pdf: bool
) -> None:
    """Write the coaching reports into an empty folder.

    Parameters
    ----------
    folder
        Where to.
    audit
        The audit, with its advice.
    sender_id
        Whose; None: everybody's.
    progress
        Called with the part done.
    as_pdf
        Whether each page is written as PDF too.

    Raises
    ------
    HygieneError
        If there is no such sender, or the extra `pdf` is not installed.
    """
    translator, index = Translator(audit.settings.lang), Index.of(audit)
    keys = _chosen(audit, sender_id)
    advice = audit.advice.only(keys) if audit.advice and sender_id else audit.advice
    if advice:
        write_recommendations(folder / RECOMMENDATIONS, advice, audit.facts)
        write_actions(folder, advice, audit.facts, translator)
    _write_lists(folder, audit, keys, translator)
    if sender_id is None:  # tickets name everybody
        write_tickets(folder, index, translator)
    for done, key in enumerate(keys if why_no_pages(audit) is None else ()):
        progress("Writing the pages", done / len(keys))
        path = folder / index.sender_pages[key]
        path.parent.mkdir(exist_ok=True)
        page = sender_page(audit, key, index, translator, alone=True)
        path.write_text(page, encoding="utf-8", newline="\n")
        if as_pdf:
            from hygiene.exports.pdf import write_pdf

            write_pdf(page, path.with_suffix(".pdf"))
    write_json(folder / RUN_FILE, run_record(folder, audit))


def _write_lists(folder: Path, audit: Audit, keys: list[int], translator: Translator) -> None:
    """Write the contacts to clean of these senders, which their pages name; nobody else's."""
    own = set(keys)
    flags = replace(audit.flags, flagged=tuple(row for row in audit.flags.flagged if row.facts.sender_key in own))
    write_lists(folder / "lists", flags, audit.facts.senders, translator)


def _chosen(audit: Audit, sender_id: str | None) -> list[int]:
    by_id = {sender.sender_id: key for key, sender in audit.facts.senders.items()}
    if sender_id is None:
        return sorted(by_id.values())
    if sender_id not in by_id:
        raise SettingsError(f'There is no sender "{sender_id}"{did_you_mean(sender_id, by_id)}.')
    return [by_id[sender_id]]
