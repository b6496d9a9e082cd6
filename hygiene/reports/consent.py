"""Who may be written to today, by the legal table: counts by country, and the clock from each opt-out."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING

from hygiene.advice.legal import by_code
from hygiene.advice.opt_out_clock import MOST_BUSINESS_DAYS, MOST_HOURS
from hygiene.gate.consent.ledger import OTHER
from hygiene.gate.consent.words import CONFLICTS, DISCLAIMER, KIND_WORDS, REGIME_WORDS, STATUS_WORDS
from hygiene.reports.document import Bullets, Document, Note, Row, Section, Table, TableColumn, Tile, Tiles
from hygiene.values import Count, Message, Moment, Percent, Points, Territory, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.advice.legal import Regime
    from hygiene.advice.opt_out_clock import Delay, OptOutClock, Stop
    from hygiene.advice.permission import Status
    from hygiene.gate.consent.ledger import ConsentLedger, Group, LawTable
    from hygiene.reports.document import Block
    from hygiene.values import Value

HOURS_A_DAY = 24
NOT_KNOWN = Message("not known")
STOPS_SHOWN = 20
"""Contacts written to after an opt-out that are shown; all are in the files."""
TOOL_WORDS = {"sequence": Message("sequence tool"), "crm": Message("CRM's own date")}
SHOWN_STATUSES: tuple[Status, ...] = (
    "expires_soon",
    "needs_documented_basis",
    "expired",
    "unknown_country",
    "objected",
)


def consent_document(ledger: ConsentLedger) -> Document:
    """Return what the terminal shows of a ledger."""
    return Document(
        kind="evidence",
        title=Message("Consent: who may be written to"),
        context=(
            (Message("As of"), Moment(ledger.as_of)),
            (Message("Contacts"), Count(len(ledger.rows))),
        ),
        blocks=(
            *law_notes(ledger.table),
            Section("sendable", Message("Sendable today"), tuple(_sendable(ledger))),
            Section("clock", Message("From an opt-out to the last email"), tuple(clock_blocks(ledger))),
        ),
    )


def law_sentences(table: LawTable) -> Iterator[Message]:
    """Yield what every output says: that it is no legal advice, and how old the table is."""
    yield DISCLAIMER
    if table.is_outdated:
        yield Message(
            "The legal table is of %(date)s, more than a year old: have it looked through first.",
            {"date": Moment(_midnight(table))},
        )
    else:
        yield Message("Legal table: %(age)s.", {"age": law_age(table)})


def law_notes(table: LawTable) -> Iterator[Note]:
    """Yield `law_sentences` as they stand over a page."""
    return (Note(sentence, "warn") for sentence in law_sentences(table))


def law_age(table: LawTable) -> Message:
    """Return of which day the legal table is, and how old that makes it."""
    return Message(
        "of %(date)s, %(n)s day old",
        {"date": Moment(_midnight(table))},
        plural="of %(date)s, %(n)s days old",
        n=table.age_days,
    )


def _midnight(table: LawTable) -> datetime:
    return datetime.combine(table.as_of, time())


def _sendable(ledger: ConsentLedger) -> Iterator[Block]:
    total, by_status = len(ledger.rows), ledger.by_status
    yield Tiles(
        (
            Tile(Message("Sendable today"), Count(ledger.sendable), detail=_share(ledger.sendable, total)),
            *(
                Tile(STATUS_WORDS[status], Count(by_status[status]), detail=_share(by_status[status], total))
                for status in SHOWN_STATUSES
                if by_status[status]
            ),
        )
    )
    if not total:
        return
    shown = [status for status in SHOWN_STATUSES if by_status[status]]
    yield Table(
        caption=Message("By country and by what it asks for"),
        columns=(
            TableColumn(Message("Country")),
            TableColumn(Message("Rule")),
            TableColumn(Message("Contacts"), "number"),
            TableColumn(Message("Sendable"), "number"),
            *(TableColumn(STATUS_WORDS[status], "number") for status in shown),
        ),
        rows=tuple(_group_row(group, shown) for group in ledger.groups),
        note=Message("“Expires soon” is among the sendable. Who said no counts as that alone, whatever else is known."),
    )
    yield Bullets(tuple(_remarks(ledger)))


def _share(count: int, total: int) -> Message:
    return Message(
        "%(share)s of %(total)s", {"share": Percent(count / total if total else None), "total": Count(total)}
    )


def _group_row(group: Group, shown: list[Status]) -> Row:
    return Row(
        (
            country_word(group.country),
            rule_word(group.country, group.regime),
            Count(group.contacts),
            Count(group.sendable),
            *(Count(group.by_status.get(status, 0)) for status in shown),
        )
    )


def country_word(country: str | None) -> Value:
    """Return how a group's country is called."""
    if country is None:
        return NOT_KNOWN
    return Message("not in the table") if country == OTHER else Territory(country)


def rule_word(country: str | None, regime: Regime) -> Message:
    """Return what a country asks for, in a word or two; of one that is not known for sure nothing is said."""
    known = by_code().get(country or "")
    is_told = regime != "unknown" or (known is not None and known.regime == "unknown")
    return REGIME_WORDS[regime] if is_told else NOT_KNOWN


def _remarks(ledger: ConsentLedger) -> Iterator[Message]:
    unwritten, inferred = (sum(getattr(group, name) for group in ledger.groups) for name in ("unwritten", "inferred"))
    if not ledger.bases_known:
        yield Message(
            "The export holds no legal basis and no consent at all: export these columns, or nothing can be shown where"
            " consent is asked for."
        )
    if unwritten:
        yield Message(
            "%(n)s sendable contact rests on no basis that the export names: its country lets one write until the"
            " person objects. Note how the person was informed.",
            plural="%(n)s sendable contacts rest on no basis that the export names: their countries let one write"
            " until the person objects. Note how they were informed.",
            n=unwritten,
        )
    if inferred:
        yield Message(
            "Of %(n)s contact the country is inferred from the address's domain: a hint, which makes no status better.",
            plural="Of %(n)s contacts the country is inferred from the address's domain: a hint, which makes no status"
            " better.",
            n=inferred,
        )
    here = {group.country for group in ledger.groups}
    for country in by_code().values():
        if country.conflict and country.code in here:
            words: dict[str, Value] = {"country": Territory(country.code), "conflict": CONFLICTS[country.conflict]}
            yield Message("Sources disagree (%(country)s): %(conflict)s", words)


# --- the clock --------------------------------------------------------------------------------------------------------
def clock_blocks(ledger: ConsentLedger) -> Iterator[Block]:
    """Yield the clock of all opt-outs."""
    clock = ledger.clock
    if not clock.timed:
        yield Note(Message("The export holds no request to stop with a date."))
        return
    if clock.total is None:
        yield Note(
            Message(
                "%(n)s contact asked to stop on a day that is known, and got no email after it.",
                plural="%(n)s contacts asked to stop on a day that is known, and none got an email after it.",
                n=clock.timed,
            ),
            "good",
        )
        return
    yield _delays(ledger, clock, clock.total)
    yield _stops(ledger, clock)
    yield Bullets(tuple(_clock_remarks(clock)))


def _delays(ledger: ConsentLedger, clock: OptOutClock, total: Delay) -> Table:
    rows = [_delay_row(Message("All"), total)]
    rows += [_delay_row(TOOL_WORDS[tool], delay) for tool, delay in clock.by_tool.items()]
    rows += [_delay_row(KIND_WORDS[kind], delay) for kind, delay in clock.by_kind.items()]  # type: ignore[index]
    senders = sorted(clock.by_sender.items(), key=lambda item: (-item[1].contacts, ledger.senders[item[0]].sender_id))
    rows += [_delay_row(Text(ledger.senders[key].label), delay) for key, delay in senders]
    return Table(
        caption=Message(
            "%(n)s contact, of %(timed)s who asked to stop, got an email after it",
            {"timed": Count(clock.timed)},
            plural="%(n)s contacts, of %(timed)s who asked to stop, got an email after it",
            n=total.contacts,
        ),
        columns=(
            TableColumn(Message("By tool, way of saying it, sender")),
            TableColumn(Message("Contacts"), "number"),
            TableColumn(Message("Emails"), "number"),
            TableColumn(Message("Median, days"), "number"),
            TableColumn(Message("Worst, days"), "number"),
            TableColumn(Message("Over %(hours)s hours", {"hours": Count(MOST_HOURS)}), "number"),
            TableColumn(Message("Over %(days)s business days", {"days": Count(MOST_BUSINESS_DAYS)}), "number"),
        ),
        rows=tuple(rows),
        note=Message(
            "From the first request to the last email, of those who got one: %(hours)s hours are Google's and Yahoo's"
            " limit, %(days)s business days that of the United States and Canada.",
            {"hours": Count(MOST_HOURS), "days": Count(MOST_BUSINESS_DAYS)},
        ),
    )


def _delay_row(name: Value, delay: Delay) -> Row:
    return Row(
        (
            name,
            Count(delay.contacts),
            Count(delay.mails),
            Points(delay.median_hours / HOURS_A_DAY, 1),
            Points(delay.worst_hours / HOURS_A_DAY, 1),
            Count(len(delay.over_48_hours)),
            Count(len(delay.over_10_business_days)),
        )
    )


def _stops(ledger: ConsentLedger, clock: OptOutClock) -> Table:
    return Table(
        caption=Message("Who was written to after saying no"),
        columns=(
            TableColumn(Message("Contact")),
            TableColumn(Message("Said no on")),
            TableColumn(Message("How")),
            TableColumn(Message("Emails after"), "number"),
            TableColumn(Message("Last email")),
            TableColumn(Message("Days later"), "number"),
            TableColumn(Message("Business days"), "number"),
            TableColumn(Message("Last sender")),
        ),
        rows=tuple(_stop_row(ledger, stop) for stop in clock.stops[:STOPS_SHOWN]),
        total=len(clock.stops),
    )


def _stop_row(ledger: ConsentLedger, stop: Stop) -> Row:
    last = stop.last
    sender = ledger.senders.get(last.mail.sender_key) if last.mail.sender_key is not None else None
    return Row(
        (
            Text(stop.contact_id),
            Moment(stop.asked_at, "minute" if stop.has_time else "day"),
            KIND_WORDS[stop.kind],
            Count(len(stop.touches)),
            Moment(last.mail.at, "minute"),
            Points(last.hours / HOURS_A_DAY, 1),
            Count(last.business_days),
            Text(sender.label) if sender else None,
        )
    )


def _clock_remarks(clock: OptOutClock) -> Iterator[Message]:
    yield Message("Business days are Mondays to Fridays; public holidays are not known, and count as business days.")
    if any(not stop.has_time for stop in clock.stops):
        yield Message("A request with a day and no time counts from the end of that day: it took up to a day longer.")
    if clock.undated:
        yield Message(
            "%(n)s contact said no on a day that the export does not name, and is not timed.",
            plural="%(n)s contacts said no on a day that the export does not name, and are not timed.",
            n=clock.undated,
        )
