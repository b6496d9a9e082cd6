"""The evidence pack of one contact: a page for people, and everything again as JSON."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import click

from hygiene.exports.consent import PIPED, id_of, in_both, json_text, law_record, say_law, stop_record
from hygiene.gate.consent.words import CONFLICTS, conditions_of
from hygiene.reports.consent_evidence import evidence_document
from hygiene.reports.html import render_page
from hygiene.reports.paths import page_name
from hygiene.reports.text import render_text

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.facts.consent import EnrolledRow, HistoryRow
    from hygiene.gate.consent.evidence import EvidencePack
    from hygiene.reports.translate import Translator

SCHEMA = "hygiene/consent-evidence/1"
FOLDER = "evidence"


def print_evidence(pack: EvidencePack, form: str, translator: Translator) -> None:
    """Print a pack for people (`table`) or as JSON (`json`)."""
    if form == "table":
        width = shutil.get_terminal_size((PIPED, 1)).columns
        click.echo(render_text(evidence_document(pack), translator, width), nl=False)
    else:
        click.echo(json_text(evidence_record(pack)), nl=False)
        say_law(pack.table, translator)


def evidence_files(pack: EvidencePack) -> tuple[str, str]:
    """Return the paths of a pack's page and of its JSON, inside the output folder."""
    name = page_name(pack.contact_id)
    return f"{FOLDER}/{name}.html", f"{FOLDER}/{name}.json"


def write_evidence(folder: Path, pack: EvidencePack, translator: Translator) -> None:
    """Write a pack into an empty folder."""
    page, data = (folder / name for name in evidence_files(pack))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(render_page(evidence_document(pack), translator, depth=1), encoding="utf-8", newline="\n")
    data.write_text(json_text(evidence_record(pack)), encoding="utf-8", newline="\n")


def evidence_record(pack: EvidencePack) -> dict[str, Any]:
    """Return everything of a pack (docs/consent.md): codes and values as they are, sentences in both languages."""
    country = pack.country
    return {
        "schema": SCHEMA,
        "contact_id": pack.contact_id,
        "as_of": pack.as_of,
        "table": law_record(pack.table),
        "status": pack.judged["status"],
        "code": pack.judged["code"],
        "why": in_both(pack.why),
        "decision": {name: value for name, value in pack.judged.items() if name not in ("status", "code")},
        "steps": [{"text": in_both(step.sentence), "source": step.source} for step in pack.steps],
        "conditions": [in_both(condition) for condition in conditions_of(country.code)] if country else [],
        "conflict": in_both(CONFLICTS[country.conflict]) if country and country.conflict else None,
        "record": pack.record.columns,
        "same_address": pack.record.same_address,
        "opt_outs": [
            {name: value for name, value in row._asdict().items() if name != "contact_key"} for row in pack.opt_outs
        ],
        "suppressions": [row._asdict() for row in pack.record.suppressions],
        "after_opt_out": pack.stop and stop_record(pack.stop, pack.senders, pack.sequences),
        "enrollments": [_named(pack, row) for row in pack.record.enrollments],
        "history": [_named(pack, row) for row in pack.record.history],
        "missing": [in_both(sentence) for sentence in pack.missing],
        "read_from": [file.file for file in pack.imported.files],
        "rejected": pack.imported.rejected,
        "data_hash": pack.imported.data_hash,
    }


def _named(pack: EvidencePack, row: HistoryRow | EnrolledRow) -> dict[str, Any]:
    """Return a row with the ids of its sender and sequence in place of their keys."""
    values = row._asdict()
    sender, sequence = values.pop("sender_key"), values.pop("sequence_key")
    return {
        **values,
        "sender_id": id_of(pack.senders, sender, "sender_id"),
        "sequence_id": id_of(pack.sequences, sequence, "sequence_id"),
    }
