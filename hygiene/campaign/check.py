"""The way before a campaign: a source and a list become what is known of its rows, its mail and its domain.

The questions themselves are asked in `hygiene.gate`; `pipeline.py` shows the main path.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hygiene.engine import open_engine
from hygiene.errors import HygieneError, SettingsError, SourceError, did_you_mean
from hygiene.pipeline import examine, silent
from hygiene.sources import load

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from hygiene.engine import Engine
    from hygiene.facts.enrolled import Template
    from hygiene.facts.sending import Sending
    from hygiene.facts.types import Facts, Sender, Sequence
    from hygiene.gate.campaign import Campaign, Complaints, Known, Remembered
    from hygiene.gate.ledger.keys import Hasher
    from hygiene.gate.mail_findings import Sent
    from hygiene.gate.people import People
    from hygiene.gate.risk import RiskFacts
    from hygiene.gate.types import CheckReport, Finding
    from hygiene.pipeline import Progress
    from hygiene.reports.audit import Audit
    from hygiene.settings import Settings
    from hygiene.sources.lists import Listed
    from hygiene.sources.tables import Tables


ABOUT_PEOPLE = frozenset(("contacts", "enrollments", "suppressions"))
"""Tables in which a column on opt-outs says who they are, and not how many."""
CERTAINTY = 0.8
"""Probability with which the bounces to come have to fit the domain's budget."""
DOUBT = 0.5
"""Probability of a list above the limit from which it does not pass: more likely bad than good."""


@dataclass(frozen=True, kw_only=True)
class CheckRequest:
    """What is asked to be checked."""

    source: str | Path
    list_file: Path
    template: Path | None = None
    """The mail; one of this and `sequence_id` is given."""
    sequence_id: str | None = None
    sender_id: str | None = None
    eml: Path | None = None
    """A mail of the campaign as it arrived."""
    records: Path | None = None
    """Pasted DNS records of the sender's domain."""
    ask_dns: bool = False
    """Whether the DNS is asked."""
    selectors: tuple[str, ...] = ()
    """DKIM selectors of the sender."""
    sends_a_day: int | None = None
    """Emails a day planned; None: all on one day."""


def check(request: CheckRequest, settings: Settings, progress: Progress = silent) -> tuple[CheckReport, Listed]:
    """Check a list before it is enrolled; return the answer and the list as it was read.

    Parameters
    ----------
    request
        The list, the mail and the sender.
    settings
        See `hygiene.settings`.
    progress
        Called with each step's name and, where it is known, the part done (0–1).

    Raises
    ------
    HygieneError
        If the source, the list, the mail or a setting cannot be used, or the sender or sequence does not exist.
    """
    from hygiene.gate.check import check as ask
    from hygiene.sources.lists import read_list

    progress("Reading the list", None)
    listed = read_list(request.list_file, settings)
    tables = load(request.source, settings, progress)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(tables)
        campaign = _campaign(engine, tables, listed, request, settings, progress)
    progress("Checking", None)
    return ask(campaign), listed


def _campaign(
    engine: Engine, tables: Tables, listed: Listed, request: CheckRequest, settings: Settings, progress: Progress
) -> Campaign:
    from hygiene.facts.sending import read_sending
    from hygiene.flags.contacts import decide_all
    from hygiene.gate.budget import Budget
    from hygiene.gate.campaign import Campaign
    from hygiene.gate.consent_rows import rule_on_rows
    from hygiene.gate.ledger.memory import unread_keys
    from hygiene.gate.people import read_people
    from hygiene.gate.risk import fit, read_risk
    from hygiene.gate.standing import read_tries, refusals, standing
    from hygiene.gate.suppressed import read_suppressed
    from hygiene.gate.template import fill_in

    found, contacts = examine(engine, tables, settings, progress, with_addresses=False, remembers=False)
    progress("Looking the list up", None)
    people = read_people(engine, listed, decide_all(contacts.contacts(), found.judged))
    templates, sequence = _templates(engine, found.facts, request, settings)
    sender = _sender(found.facts, request.sender_id)
    history = read_risk(engine, tables.report, settings, sender.key if sender else None)
    tries = read_tries(engine, tables.report, found.facts, settings)
    sending = read_sending(engine, tables.report, settings)
    week = _week(found.facts.as_of)
    hasher = _hasher(settings)
    known = _known(found, listed, history, unread_keys(engine, tables.report, hasher))
    now = found.facts.as_of or datetime.now(UTC).replace(tzinfo=None)
    consent, statuses = rule_on_rows(listed, people, now, bases_known=known.bases)
    limit = settings.bounce_limit
    domain = standing(tries, _of_domain(found.facts, sender), week, limit)
    return Campaign(
        settings=settings,
        listed=listed,
        people=people,
        mails=fill_in(templates, sequence, listed, people, tables.report) if templates else None,
        sent=_sent(request.eml, settings),
        known=known,
        as_of=found.facts.as_of,
        today=_today(settings),
        risk=fit(history),
        budget=Budget(limit, domain.budget_tried, domain.budget_bounced, CERTAINTY, DOUBT),
        domain=domain,
        sender=standing(tries, {sender.sender_id}, week, limit) if sender else None,
        sender_label=sender.label if sender else None,
        complaints=_complaints(sending, found, sender),
        refusals=refusals(tries, {sender.sender_id} if sender else _of_domain(found.facts, sender), week, limit)
        if tables.report.has_events
        else None,
        domain_findings=_domain_findings(request, sender, people, sending),
        suppressed=read_suppressed(engine, people.values["email"].tolist(), hasher, _today(settings)),
        remembered=_remembered(people, settings),
        consent=consent,
        unknown_countries=statuses.get("unknown_country", 0),
    )


def _today(settings: Settings) -> date:
    """Return the day by which waivers and entries of the ledger expire: today's, unless another is named."""
    return (settings.as_of or datetime.now(UTC)).date()


def _hasher(settings: Settings) -> Hasher | None:
    """Return what hashes with the ledger's key; None where there is none that can be read (`_remembered` says so)."""
    from hygiene.gate.ledger import key_path
    from hygiene.gate.ledger.keys import read_key

    try:
        return read_key(key_path(settings))
    except HygieneError:
        return None


def _remembered(people: People, settings: Settings) -> Remembered:
    """Ask the suppression ledger about every row; one that cannot be read stops no check, but leaves it UNKNOWN."""
    from hygiene.gate.campaign import Remembered
    from hygiene.gate.ledger import key_path, open_ledger

    try:
        ledger = open_ledger(settings.ledger, key_path(settings))
        return Remembered(ledger.find(people.values["email"].tolist(), _today(settings)), len(ledger))
    except HygieneError as error:
        return Remembered(error=str(error))


def _templates(
    engine: Engine, facts: Facts, request: CheckRequest, settings: Settings
) -> tuple[list[Template], Sequence | None]:
    """Return the steps of the campaign's mail, and the sequence that they belong to, where one is named."""
    from hygiene.facts.enrolled import Template
    from hygiene.gate.template import KEY
    from hygiene.sources.mail_template import read_template

    sequence = _sequence(facts, request.sequence_id) if request.sequence_id else None
    if request.template:
        return [Template(KEY, *step) for step in read_template(request.template, settings)], sequence
    if sequence is None:
        raise SettingsError("There is no email to check: name a text with --template, or a sequence with --sequence.")
    query = (
        "SELECT sequence_key, step, subject, body, dialect FROM templates"
        f" WHERE sequence_key = {sequence.key} ORDER BY step, subject"
    )
    return [Template(*row) for row in engine.rows(query)], sequence


def _sequence(facts: Facts, name: str) -> Sequence:
    for sequence in facts.sequences.values():
        if name in (sequence.sequence_id, sequence.name):
            return sequence
    known = [sequence.sequence_id for sequence in facts.sequences.values()]
    raise SourceError(f'The source has no sequence "{name}"{did_you_mean(name, known)}: name one of its ids.')


def _sender(facts: Facts, name: str | None) -> Sender | None:
    if name is None:
        return None
    for sender in facts.senders.values():
        if name in (sender.sender_id, sender.email):
            return sender
    known = [sender.sender_id for sender in facts.senders.values()]
    raise SourceError(f'The source has no sender "{name}"{did_you_mean(name, known)}: name one of its ids.')


def _of_domain(facts: Facts, sender: Sender | None) -> set[str]:
    """Return the ids of all senders who share the sender's domain; where it is not known, of all there are."""
    from hygiene.gate.people import domain_of

    domain = domain_of(sender.email) if sender else None
    return {
        other.sender_id
        for other in facts.senders.values()
        if domain is None or other.email is None or domain_of(other.email) == domain
    }


def _week(as_of: datetime | None) -> int:
    """Return the week of a moment, counted from 1970 as `read_tries` does."""
    import numpy as np

    return int(np.datetime64(as_of or datetime.now(UTC).replace(tzinfo=None), "D").astype(np.int64)) // 7


def _sent(eml: Path | None, settings: Settings) -> Sent | None:
    from hygiene.gate.mail_findings import look_at_sent
    from hygiene.sources.mail_template import read_template

    return look_at_sent(read_template(eml, settings)[0].body) if eml else None


def _known(found: Audit, listed: Listed, history: RiskFacts, keys: int) -> Known:
    """Return what the source can tell of: by the columns that it has, not by what happens to stand in them."""
    from hygiene.gate.campaign import Known

    report = found.imported
    columns = {f"{file.table}.{column.column}" for file in report.files for column in file.columns if column.column} | {
        f"contacts.{name}" for name in listed.columns
    }
    opt_outs = {"contacts.opted_out", "contacts.opted_out_at", "contacts.do_not_contact"}
    outcomes = {"enrollments.outcome", "enrollments.unsubscribed"}
    bounced = {"enrollments.outcome", "enrollments.bounced", "contacts.hard_bounce_reason"}
    bases = {"contacts.legal_basis", "contacts.consent_at", "contacts.consent_source"}
    return Known(
        opt_outs=bool(columns & (opt_outs | outcomes)) or report.has_events or "suppressions" in report.given,
        bounces=bool(columns & bounced) or report.has_events,
        bases=bool(columns & bases),
        sources=frozenset(row.source for row in history.rows),
        unread_opt_outs=_unread_opt_outs(found, listed),
        unread_keys=keys,
    )


def _unread_opt_outs(found: Audit, listed: Listed) -> tuple[str, ...]:
    """Return the headers on people that look like an opt-out and that nothing reads."""
    notes = [*found.imported.notes, *listed.notes]
    unread = [note.values for note in notes if note.code == "unread_opt_out_column"]
    return tuple(dict.fromkeys(str(values["column"]) for values in unread if values["table"] in ABOUT_PEOPLE))


def _domain_findings(
    request: CheckRequest, sender: Sender | None, people: People, sending: Sending
) -> tuple[Finding, ...]:
    """Return what is known of the sender's domain; where nobody is named and nothing is shown, nobody asks."""
    from collections import Counter

    from hygiene.advice.rules.deliverability.bulk_sender import BULK_SENDS
    from hygiene.gate.bulk import RecipientMix
    from hygiene.gate.domain import check_domain, gather

    # A mail alone may be there for the way out that the tool adds: it shows signatures, and no records.
    asked = bool(request.records or request.ask_dns)
    evidence = gather(
        (sender.email or "") if sender else "",
        mail=request.eml,
        records=request.records,
        asks_dns=request.ask_dns,
        selectors=request.selectors,
    )
    domains = Counter(email.rpartition("@")[2].lower() for email in people.values["email"].tolist() if email)
    return check_domain(
        evidence,
        RecipientMix.of(domains),
        sends_a_day=request.sends_a_day,
        history=sending.consumer_days,
        asked=asked,
        yahoo_sends=BULK_SENDS,  # Yahoo names none; it announced its rules together with Gmail's (assumed)
    )


def _complaints(sending: Sending, found: Audit, sender: Sender | None) -> Complaints | None:
    """Return the complaints among the mails of the domain; None where the source tells of none at all."""
    from hygiene.gate.campaign import Complaints

    if not any(row.complaints for row in sending.mails):
        return None
    ids = _of_domain(found.facts, sender)
    own = [row for row in sending.mails if found.facts.senders[row.sender_key].sender_id in ids]
    return Complaints(sum(row.delivered or row.sent for row in own), sum(row.complaints for row in own))
