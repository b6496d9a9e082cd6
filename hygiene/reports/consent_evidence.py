"""The evidence pack of one contact as a page: for the person who asks, or for a regulator."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from hygiene.advice.opt_out_clock import MOST_BUSINESS_DAYS, MOST_HOURS
from hygiene.gate.consent.words import CONFLICTS, KIND_WORDS, STATUS_WORDS, conditions_of
from hygiene.reports.consent import HOURS_A_DAY, TOOL_WORDS, law_notes
from hygiene.reports.document import (
    Bullets,
    Document,
    MarkedText,
    Note,
    Passage,
    Row,
    Section,
    Table,
    TableColumn,
    Verdict,
)
from hygiene.values import Count, Message, Moment, Points, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygiene.facts.consent import HistoryRow
    from hygiene.gate.consent.evidence import EvidencePack
    from hygiene.reports.document import Block
    from hygiene.values import Value

TYPE_WORDS: Mapping[str, Message] = {
    "sent": Message("email sent"),
    "delivered": Message("email delivered"),
    "open": Message("open"),
    "click": Message("click"),
    "reply": Message("reply"),
    "bounce": Message("bounce"),
    "unsubscribe": Message("unsubscribed"),
    "complaint": Message("spam complaint"),
    "meeting": Message("meeting"),
}
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
            Section("opt-out", Message("Opt-outs, and what came after"), tuple(_opt_outs(pack))),
            Section("history", Message("What was sent, and what came back"), tuple(_history(pack))),
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


def _opt_outs(pack: EvidencePack) -> Iterator[Block]:
    if not pack.opt_outs:
        yield Note(Message("The export shows no opt-out."))
        return
    yield Table(
        caption=Message("How and when the person said no"),
        columns=(
            TableColumn(Message("How")),
            TableColumn(Message("When")),
            TableColumn(Message("Reason")),
            TableColumn(Message("Source")),
            TableColumn(Message("Contact")),
        ),
        rows=tuple(
            Row(
                (
                    KIND_WORDS[row.kind],
                    Moment(row.at, "minute"),
                    Text(row.reason) if row.reason else None,
                    Text(row.source) if row.source else None,
                    Text(row.contact_id),
                )
            )
            for row in pack.opt_outs
        ),
    )
    yield from _after(pack)


def _after(pack: EvidencePack) -> Iterator[Block]:
    stop = pack.stop
    if stop is None:
        yield Note(Message("No email after an opt-out with a date is in the export."), "good")
        return
    values: dict[str, Value] = {
        "days": Points(stop.last.hours / HOURS_A_DAY, 1),
        "business": Count(stop.last.business_days),
        "hours": Count(MOST_HOURS),
        "most": Count(MOST_BUSINESS_DAYS),
    }
    yield Note(
        Message(
            "%(n)s email went out after the opt-out, %(days)s days later (business days: %(business)s). The limits are"
            " %(hours)s hours (Google, Yahoo) and %(most)s business days (United States, Canada); holidays are not"
            " known.",
            values,
            plural="%(n)s emails went out after the opt-out, the last %(days)s days later (business days:"
            " %(business)s). The limits are %(hours)s hours (Google, Yahoo) and %(most)s business days (United States,"
            " Canada); holidays are not known.",
            n=len(stop.touches),
        ),
        "warn",
    )
    yield Table(
        caption=Message("Emails after the opt-out"),
        columns=(
            TableColumn(Message("When")),
            TableColumn(Message("Days later"), "number"),
            TableColumn(Message("Business days"), "number"),
            TableColumn(Message("Tool")),
            TableColumn(Message("Sender")),
            TableColumn(Message("Sequence")),
            TableColumn(Message("Subject")),
        ),
        rows=tuple(
            Row(
                (
                    Moment(touch.mail.at, "minute"),
                    Points(touch.hours / HOURS_A_DAY, 1),
                    Count(touch.business_days),
                    TOOL_WORDS[touch.mail.tool],
                    _sender(pack, touch.mail.sender_key),
                    _sequence(pack, touch.mail.sequence_key, touch.mail.step),
                    Text(touch.mail.subject) if touch.mail.subject else None,
                )
            )
            for touch in stop.touches
        ),
    )


def _sender(pack: EvidencePack, key: int | None) -> Text | None:
    sender = pack.senders.get(key) if key is not None else None
    return Text(sender.label) if sender else None


def _sequence(pack: EvidencePack, key: int | None, step: int | None) -> Value | None:
    sequence = pack.sequences.get(key) if key is not None else None
    if sequence is None:
        return None
    if step is None:
        return Text(sequence.label)
    return Message("%(sequence)s, step %(step)s", {"sequence": Text(sequence.label), "step": Count(step)})


def _history(pack: EvidencePack) -> Iterator[Block]:
    record = pack.record
    if record.enrollments:
        yield Table(
            caption=Message("Enrollments"),
            columns=(
                TableColumn(Message("Began")),
                TableColumn(Message("Ended")),
                TableColumn(Message("Outcome")),
                TableColumn(Message("Sender")),
                TableColumn(Message("Sequence")),
            ),
            rows=tuple(
                Row(
                    (
                        Moment(row.enrolled_at, "minute"),
                        Moment(row.ended_at, "minute"),
                        Text(row.outcome) if row.outcome else None,
                        _sender(pack, row.sender_key),
                        _sequence(pack, row.sequence_key, None),
                    )
                )
                for row in record.enrollments
            ),
        )
    if not record.history:
        yield Note(Message("The export holds no email and no reply of this contact."))
        return
    yield Table(
        caption=Message("Every event, in order of time"),
        columns=(
            TableColumn(Message("When")),
            TableColumn(Message("What")),
            TableColumn(Message("Sender")),
            TableColumn(Message("Sequence")),
            TableColumn(Message("Subject")),
            TableColumn(Message("Detail")),
        ),
        rows=tuple(_event_row(pack, row) for row in record.history),
        note=Message("“By a machine”: marked so by the export, an automatic answer, or known by its signs."),
    )
    for row in record.history:
        if row.type == "reply" and row.detail:
            label = Message("The reply of %(when)s", {"when": Moment(row.at, "minute")})
            yield MarkedText(label, (Passage(row.detail),))


def _event_row(pack: EvidencePack, row: HistoryRow) -> Row:
    what: Value = TYPE_WORDS[row.type]
    if row.is_machine or row.sign:
        what = Message("%(what)s, by a machine", {"what": what})
    if row.reply_kind == "opt_out":
        what = Message("%(what)s, asks not to be written to", {"what": what})
    return Row(
        (
            Moment(row.at, "minute"),
            what,
            _sender(pack, row.sender_key),
            _sequence(pack, row.sequence_key, row.step),
            Text(row.subject) if row.subject else None,
            Text(row.detail) if row.detail else None,
        )
    )
