"""The evidence pack of one contact as a page: for the person who asks, or for a regulator."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from hygiene.gate.consent.words import CONFLICTS, STATUS_WORDS, conditions_of
from hygiene.reports.consent import law_notes
from hygiene.reports.consent_history import history_blocks, opt_out_blocks
from hygiene.reports.document import (
    Bullets,
    Document,
    Note,
    Row,
    Section,
    Table,
    TableColumn,
    Verdict,
)
from hygiene.values import Count, Message, Moment, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.gate.consent.evidence import EvidencePack
    from hygiene.reports.document import Block
    from hygiene.values import Value

YES, NO = Message("yes"), Message("no")
ALARMING = ("objected", "expired", "needs_documented_basis")


def evidence_document(pack: EvidencePack) -> Document:
    """Return the page of a pack."""
    columns = pack.record.columns
    return Document(
        kind="evidence",
        title=Message("Evidence on one contact: %(name)s", {"name": Text(str(columns["email"] or pack.contact_id))}),
        context=(
            (Message("Contact"), Text(pack.contact_id)),
            (Message("As of"), Moment(pack.as_of, "minute")),
            (Message("Fingerprint of the data (data_hash)"), Text(pack.imported.data_hash)),
        ),
        blocks=(
            Verdict(
                pack.why,
                None,
                mark=STATUS_WORDS[pack.judged["status"]],
                alarm=pack.judged["status"] in ALARMING,
            ),
            *law_notes(pack.table),
            Section("record", Message("What the export holds of the person"), tuple(_record(pack))),
            Section("steps", Message("How the status was found"), tuple(_steps(pack))),
            Section("opt-out", Message("Opt-outs, and what came after"), tuple(opt_out_blocks(pack))),
            Section("history", Message("What was sent, and what came back"), tuple(history_blocks(pack))),
            Section("missing", Message("What the export does not show"), (Bullets(pack.missing),)),
        ),
    )


def _record(pack: EvidencePack) -> Iterator[Block]:
    yield Table(
        caption=Message("The contact's row, by the names of the columns"),
        columns=(TableColumn(Message("Column")), TableColumn(Message("Value"))),
        rows=tuple(
            Row((Text(name), _shown(value)))
            for name, value in pack.record.columns.items()
            if value is not None and value is not False
        ),
        note=Message("Empty columns are left out. Times are in UTC."),
    )
    if pack.record.same_address:
        others = Text(", ".join(pack.record.same_address))
        yield Note(Message("Other contacts with the same address: %(ids)s.", {"ids": others}))
    files = Text(", ".join(file.file for file in pack.imported.files))
    yield Note(
        Message(
            "Read from %(files)s. Values and rows that could not be read, and are not in here: %(rejected)s.",
            {"files": files, "rejected": Count(pack.imported.rejected)},
        )
    )


def _shown(value: Any) -> Value:
    if isinstance(value, datetime):
        return Moment(value, "minute")
    return (YES if value else NO) if isinstance(value, bool) else Text(str(value))


def _steps(pack: EvidencePack) -> Iterator[Block]:
    yield Table(
        caption=Message("Step by step, each with the source of its rule"),
        columns=(TableColumn(Message("Step")), TableColumn(Message("What")), TableColumn(Message("Source"))),
        rows=tuple(
            Row((Count(place), step.sentence, Text(step.source) if step.source else None))
            for place, step in enumerate(pack.steps, start=1)
        ),
    )
    if pack.country and pack.country.conditions:
        yield Note(Message("What the table asks for in this country, and no export can show in full:"))
        yield Bullets(conditions_of(pack.country.code))
    if pack.country and pack.country.conflict:
        yield Note(CONFLICTS[pack.country.conflict], "warn")
