"""How a contact's status was found, step by step, each with the source of its rule; and what the export lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hygiene.advice.legal import strictest_retention, written_basis_source
from hygiene.advice.permission.types import OBJECTIONS
from hygiene.gate.consent.words import BASIS_WORDS, KIND_WORDS, REGIME_WORDS, STATUS_WORDS
from hygiene.values import Count, Message, Moment, Territory, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from hygiene.advice.legal import Country
    from hygiene.facts.consent import ContactRecord
    from hygiene.facts.opt_outs import OptOut
    from hygiene.values import Value

SOURCES_JOINED = "; "


class Step(NamedTuple):
    """One step of the reasoning."""

    sentence: Message
    source: str | None = None
    """Of the rule that it applies: a citation, in English."""


def steps(
    record: ContactRecord,
    judged: Mapping[str, Any],
    opt_outs: tuple[OptOut, ...],
    country: Country | None,
    as_of: datetime,
) -> Iterator[Step]:
    """Yield how the status of a contact was found.

    Parameters
    ----------
    record, judged
        What the export holds, and what the decision made of it.
    opt_outs
        Every way in which the person said no, under whatever id.
    country
        Whose rule decided; None: none.
    as_of
        The moment that is asked about.
    """
    yield from _where(record, judged)
    yield from _law(country)
    yield from _said_no(opt_outs, judged["code"])
    yield from _basis(record, judged, country)
    if judged["expires_at"] is not None:
        yield from _time(record, judged, country, as_of)
    yield Step(Message("Status: %(status)s.", {"status": STATUS_WORDS[judged["status"]]}))


def _where(record: ContactRecord, judged: Mapping[str, Any]) -> Iterator[Step]:
    told, hint = record.columns["country"], judged["hint"]
    if not told:
        yield Step(Message("The export names no country."))
    elif judged["country"] and judged["country_from"] in ("column", "both"):
        values: dict[str, Value] = {"text": Text(str(told)), "country": Territory(judged["country"])}
        yield Step(Message("The export names a country: “%(text)s”, read as %(country)s.", values))
    else:
        yield Step(
            Message("The export names a country that the table does not hold: “%(text)s”.", {"text": Text(str(told))})
        )
    if hint and judged["country_from"] == "both":
        sentence = Message(
            "The address's domain is at odds with it (%(hint)s): the stricter of the two counts.",
            {"hint": Territory(hint)},
        )
        yield Step(sentence)
    elif hint and judged["country_from"] == "domain":
        yield Step(
            Message(
                "The address's domain hints at a country (%(hint)s): it can make the status worse, never better.",
                {"hint": Territory(hint)},
            )
        )


def _law(country: Country | None) -> Iterator[Step]:
    if country is None:
        yield Step(Message("Without a country of the table, only a consent counts that would satisfy the strictest."))
        return
    values: dict[str, Value] = {"country": Territory(country.code), "regime": REGIME_WORDS[country.regime]}
    yield Step(
        Message("Rule for an email to a person at work (%(country)s): %(regime)s.", values),
        SOURCES_JOINED.join(country.sources) or None,
    )


def _said_no(opt_outs: tuple[OptOut, ...], code: str) -> Iterator[Step]:
    if code == "consent_withdrawn":
        yield Step(Message("A basis that was refused or taken back counts as an opt-out."))
    elif not opt_outs:
        yield Step(Message("The export shows no opt-out."))
    if code == "in_ledger":
        yield Step(Message("The suppression ledger remembers that this person said no."))
    for row in opt_outs:
        values: dict[str, Value] = {"kind": KIND_WORDS[row.kind], "day": Moment(row.at, "minute")}
        if row.at is None:
            yield Step(Message("Said no (%(kind)s), on a day that the export does not name.", {"kind": values["kind"]}))
        else:
            yield Step(Message("Said no (%(kind)s) on %(day)s.", values))
    if opt_outs or code in OBJECTIONS:
        yield Step(Message("An opt-out always wins, whatever else is known."), "GDPR, article 21(3)")


def _basis(record: ContactRecord, judged: Mapping[str, Any], country: Country | None) -> Iterator[Step]:
    words, kind = record.columns["legal_basis"], judged["basis"]
    if words and kind:
        yield Step(
            Message(
                "Basis on file: “%(text)s”, read as: %(kind)s.", {"text": Text(str(words)), "kind": BASIS_WORDS[kind]}
            )
        )
    else:
        yield Step(Message("No basis on file."))
    if record.columns["consent_at"]:
        yield Step(Message("Consent dated %(day)s.", {"day": Moment(record.columns["consent_at"])}))
    if record.columns["consent_source"]:
        origin = Text(str(record.columns["consent_source"]))
        yield Step(Message("Source of the consent, as exported: “%(text)s”.", {"text": origin}))
    if country and judged["code"] == "customer":
        yield Step(Message("A customer needs no consent."), country.customer_source)
    if judged["code"] == "basis_denied":
        yield Step(Message("A basis has to be documented."), written_basis_source())


def _time(record: ContactRecord, judged: Mapping[str, Any], country: Country | None, as_of: datetime) -> Iterator[Step]:
    start, months = Moment(judged["counted_from"]), Count(int(judged["months"]))
    law = country or strictest_retention()
    if judged["basis"] in dict(law.implied_months):
        yield Step(Message("Counted from the date on file: %(day)s.", {"day": start}))
        source = law.implied_source
    else:
        yield Step(
            Message(
                "Counted from the latest of: collected on %(collected)s, consent on %(consented)s, last reply or click"
                " on %(own)s. That is %(day)s; an open does not count.",
                {
                    "collected": Moment(record.columns["created_at"]),
                    "consented": Moment(record.columns["consent_at"]),
                    "own": Moment(judged["last_own_contact_at"]),
                    "day": start,
                },
            )
        )
        source = law.retention_source
    yield Step(Message("It holds for %(months)s months.", {"months": months}), source)
    yield Step(
        Message(
            "%(day)s and %(months)s months make %(end)s; the day asked about is %(as_of)s.",
            {"day": start, "months": months, "end": Moment(judged["expires_at"]), "as_of": Moment(as_of)},
        )
    )


LACKING: Mapping[str, Message] = {
    "country": Message("The country."),
    "source": Message("Where the address is from: the list or the channel."),
    "created_at": Message("When the address was collected."),
    "legal_basis": Message("The legal basis."),
    "consent_at": Message("When the person consented."),
    "consent_source": Message("How the person consented: the form, the page, the conversation."),
}
"""What a regulator asks for, by the column that would show it."""


def missing(record: ContactRecord, judged: Mapping[str, Any], opt_outs: tuple[OptOut, ...]) -> Iterator[Message]:
    """Yield what the export does not show; arguments as of `steps`."""
    rests_on_consent = judged["basis"] == "consent" or judged["regime"] in ("opt_in", "casl")
    for name, sentence in LACKING.items():
        if not record.columns[name] and (rests_on_consent or not name.startswith("consent")):
            yield sentence
    if rests_on_consent:
        yield Message("The text that the person agreed to, and its version: no export has a column for it.")
    yield Message(
        "How and when the person was told of the data and of the right to object: no export has a column for it."
    )
    if any(row.at is None for row in opt_outs):
        yield Message("The day of an opt-out.")
    if not record.history:
        yield Message("Emails and replies with their dates: the export holds none of this contact.")
