"""What an evidence pack shows over time: the opt-outs, the emails after them, every event and every reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.opt_out_clock import MOST_BUSINESS_DAYS, MOST_HOURS
from hygiene.gate.consent.words import KIND_WORDS
from hygiene.reports.consent import HOURS_A_DAY, TOOL_WORDS
from hygiene.reports.document import MarkedText, Note, Passage, Row, Table, TableColumn
from hygiene.values import Count, Message, Moment, Points, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from hygiene.advice.opt_out_clock import Stop, Touch
    from hygiene.facts.consent import EnrolledRow, HistoryRow
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


def opt_out_blocks(pack: EvidencePack) -> Iterator[Block]:
    """Yield how the person said no, and the emails after that."""
    if pack.judged["code"] == "consent_withdrawn":
        yield Note(Message("A basis that was refused or taken back counts as an opt-out."))
    elif not pack.opt_outs:
        yield Note(Message("The export shows no opt-out."))
    if not pack.opt_outs:
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
            Row((KIND_WORDS[row.kind], _when(row.at), _text(row.reason), _text(row.source), Text(row.contact_id)))
            for row in pack.opt_outs
        ),
    )
    if pack.stop is None:
        yield Note(Message("No email after an opt-out with a date is in the export."), "good")
    else:
        yield _late(pack.stop)
        yield _touches(pack, pack.stop)


def _late(stop: Stop) -> Note:
    values: dict[str, Value] = {
        "days": Points(stop.last.hours / HOURS_A_DAY, 1),
        "business": Count(stop.last.business_days),
        "hours": Count(MOST_HOURS),
        "most": Count(MOST_BUSINESS_DAYS),
    }
    sentence = Message(
        "%(n)s email went out after the opt-out, %(days)s days later (business days: %(business)s). The limits are"
        " %(hours)s hours (Google, Yahoo) and %(most)s business days (United States, Canada); holidays are not known.",
        values,
        plural="%(n)s emails went out after the opt-out, the last %(days)s days later (business days: %(business)s)."
        " The limits are %(hours)s hours (Google, Yahoo) and %(most)s business days (United States, Canada); holidays"
        " are not known.",
        n=len(stop.touches),
    )
    return Note(sentence, "warn")


def _touches(pack: EvidencePack, stop: Stop) -> Table:
    return Table(
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
        rows=tuple(_touch_row(pack, touch) for touch in stop.touches),
    )


def _touch_row(pack: EvidencePack, touch: Touch) -> Row:
    return Row(
        (
            _when(touch.mail.at),
            Points(touch.hours / HOURS_A_DAY, 1),
            Count(touch.business_days),
            TOOL_WORDS[touch.mail.tool],
            _sender(pack, touch.mail.sender_key),
            _sequence(pack, touch.mail.sequence_key, touch.mail.step),
            _text(touch.mail.subject),
        )
    )


def history_blocks(pack: EvidencePack) -> Iterator[Block]:
    """Yield the enrollments, every event, and the replies in full."""
    record = pack.record
    if record.enrollments:
        yield Table(
            caption=Message("Enrollments"),
            columns=(
                TableColumn(Message("Began")),
                TableColumn(Message("Ended on")),
                TableColumn(Message("Outcome")),
                TableColumn(Message("Sender")),
                TableColumn(Message("Sequence")),
            ),
            rows=tuple(_enrolled_row(pack, row) for row in record.enrollments),
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
            yield MarkedText(Message("The reply of %(when)s", {"when": _when(row.at)}), (Passage(row.detail),))


def _enrolled_row(pack: EvidencePack, row: EnrolledRow) -> Row:
    return Row(
        (
            _when(row.enrolled_at),
            _when(row.ended_at),
            _text(row.outcome),
            _sender(pack, row.sender_key),
            _sequence(pack, row.sequence_key, None),
        )
    )


def _event_row(pack: EvidencePack, row: HistoryRow) -> Row:
    what: Value = TYPE_WORDS[row.type]
    if row.is_machine or row.sign:
        what = Message("%(what)s, by a machine", {"what": what})
    if row.reply_kind == "opt_out":
        what = Message("%(what)s, asks not to be written to", {"what": what})
    return Row(
        (
            _when(row.at),
            what,
            _sender(pack, row.sender_key),
            _sequence(pack, row.sequence_key, row.step),
            _text(row.subject),
            _text(row.detail),
        )
    )


def _when(at: datetime | None) -> Moment:
    return Moment(at, "minute")


def _text(value: str | None) -> Text | None:
    return Text(value) if value else None


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
