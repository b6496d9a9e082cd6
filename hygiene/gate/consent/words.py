"""Every code of the decision on permission as a sentence, and the table of countries in words.

Never legal advice: what is said is “needs a documented basis”.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hygiene.advice.legal import by_code
from hygiene.advice.permission.types import OBJECTIONS
from hygiene.values import Count, Message, Moment, Territory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygiene.advice.legal import BasisKind, Regime
    from hygiene.advice.permission.types import Code, Status
    from hygiene.facts.opt_outs import OptOutKind
    from hygiene.values import Value

DISCLAIMER = Message(
    "A reading of public sources, not legal advice. Laws change: have your counsel confirm each row before you rely on"
    " it."
)
"""As `models/legal/countries.toml` has it; stands in every output."""
STATUS_WORDS: Mapping[Status, Message] = {
    "documented": Message("Documented"),
    "expires_soon": Message("Expires soon"),
    "unknown_country": Message("Country or rule not known"),
    "needs_documented_basis": Message("Needs a documented basis"),
    "expired": Message("Expired"),
    "objected": Message("Said no"),
}
REGIME_WORDS: Mapping[Regime, Message] = {
    "opt_in": Message("consent first"),
    "opt_out": Message("until they object"),
    "casl": Message("express or implied consent"),
    "unknown": Message("no source read"),
}
BASIS_WORDS: Mapping[BasisKind, Message] = {
    "refused": Message("refused or taken back"),
    "none": Message("none, says the export"),
    "customer": Message("customer or contract"),
    "enquiry": Message("enquiry"),
    "published": Message("published address"),
    "consent": Message("consent"),
    "interest": Message("legitimate interest"),
    "other": Message("another basis"),
}
KIND_WORDS: Mapping[OptOutKind, Message] = {
    "unsubscribe": Message("unsubscribe link"),
    "reply": Message("reply in words"),
    "complaint": Message("spam complaint"),
    "crm": Message("opt-out in the CRM"),
    "do_not_contact": Message("“do not contact” in the CRM"),
    "suppression": Message("suppression list"),
}
CONDITIONS: Mapping[str, Message] = {
    "informed": Message("the person was told when the address was collected, or in the first email"),
    "objection_in_each_mail": Message("objecting is possible in each email, and the sender is named"),
    "job_related": Message("the subject has to do with the person's job"),
    "consent_in_all_cases": Message("consent in all cases, the company's own addresses included"),
    "consent_of_person": Message("consent of the person; the company's own addresses are free"),
    "consent_of_person_only": Message("consent of the person"),
    "consent_direct_or_fifty": Message("consent for direct marketing, or for more than 50 recipients"),
    "similar_goods": Message("customers without consent: about similar goods, with a way to object in each email"),
    "people_at_companies": Message("people at companies: until they object"),
    "sole_traders": Message("sole traders and partnerships: as private persons, consent"),
    "postal_address": Message("a postal address in each email"),
    "honest_subject": Message("an honest subject"),
    "honored_in_ten_business_days": Message("an opt-out is honored within 10 business days"),
    "honored_in_five_days": Message("an opt-out is honored within 5 days"),
    "link_works_30_days": Message("the way to opt out works for 30 days"),
    "link_works_60_days": Message("the way to opt out works for 60 days"),
    "express_or_implied": Message(
        "express consent, or implied: a purchase or contract within 24 months, an enquiry within 6"
    ),
    "published_address": Message(
        "or an address that was published without a refusal, and an email that has to do with the job"
    ),
    "proof_on_sender": Message("the burden of proof is on the sender"),
    "records_three_years": Message("records are kept for three years"),
}
"""By the codes of `models/legal/countries.toml`."""
CONFLICTS: Mapping[str, Message] = {
    "published_for_that_purpose": Message(
        "One source excepts addresses that were published for that very purpose; the stricter is taken."
    ),
    "thirty_days_to_honor": Message(
        "One page gives 30 days to honor an opt-out: that is how long the way to opt out must work."
    ),
    "two_years_of_publication": Message(
        "One source lets a published address count for two years, the CRTC's guide names no end; the stricter is taken."
    ),
}
WHY: Mapping[Code, Message] = {
    "opted_out": Message("Opted out in the CRM: never write again."),
    "unsubscribed": Message("Unsubscribed: never write again."),
    "asked_out": Message("Asked in a reply not to be written to: never write again."),
    "complained": Message("Reported an email as spam: never write again."),
    "do_not_contact": Message("Marked “do not contact” in the CRM: never write again."),
    "suppressed": Message("On the suppression list: never write again."),
    "in_ledger": Message("In the suppression ledger: never write again."),
    "consent_withdrawn": Message("The basis on file was refused or taken back: never write again."),
    "implied_ended": Message(
        "Needs a newer documented basis: this one (%(basis)s) was of %(since)s, holds for %(months)s months in"
        " %(country)s, and ended on %(end)s."
    ),
    "no_sign_of_life": Message(
        "Expired on %(end)s: for %(months)s months no reply, click or consent has come (an open does not count). Ask"
        " anew, or archive the record."
    ),
    "future_date": Message("Needs a documented basis: the one on file is dated %(since)s, which is still to come."),
    "not_exported": Message(
        "Needs a documented basis in %(country)s, and the export holds no legal basis and no consent at all."
    ),
    "undated": Message(
        "Needs a documented basis with its date: this one (%(basis)s) holds for a limited time only in %(country)s."
    ),
    "no_consent": Message(
        "Needs a documented basis: %(country)s asks for consent first, and the export shows none, nor that this is a"
        " customer."
    ),
    "no_proof": Message(
        "Needs a documented basis: %(country)s asks for an express consent, or for a purchase, an enquiry or a"
        " published address with its date, and the proof is the sender's."
    ),
    "basis_denied": Message("Needs a documented basis: the export says that there is none."),
    "no_country": Message("The country is not known, so nothing can be told: write it into the CRM."),
    "not_listed": Message("The country is not in the table, so nothing can be told: ask your counsel."),
    "no_source": Message("No source on %(country)s was read, so nothing can be told: ask your counsel."),
    "consent": Message("Consent on file, of %(since)s."),
    "implied": Message("Implied consent (%(basis)s) of %(since)s: in %(country)s it holds until %(end)s."),
    "customer": Message("A customer: about similar goods, with a way to object in each email."),
    "company_address": Message("An address of the company itself, for which %(country)s asks for no consent."),
    "basis": Message(
        "%(country)s lets one write to people at work until they object, under conditions. Basis on file: %(basis)s."
    ),
    "until_objection": Message(
        "%(country)s lets one write to people at work until they object, under conditions. The export names no basis:"
        " note how the person was informed."
    ),
}
UNDATED_CONSENT = Message("Consent on file, without a date: look it up.")
OTHER_BASIS = Message(
    "Needs a documented basis: %(country)s asks for consent first, and the basis on file (%(basis)s) is none."
)
RENEW = Message("%(why)s To be asked anew by %(end)s, unless a reply or a click comes (an open does not count).")
INFERRED = Message("%(why)s The country is inferred from the address's domain.")
HINTED = Message("%(why)s The address's domain hints at a country (%(hint)s), which proves nothing.")
AT_ODDS = Message(
    "%(why)s The export and the address's domain (%(hint)s) are at odds on the country: the stricter counts."
)


REASONED = ("code", "judged_by", "country", "country_from", "hint", "basis", "since", "months", "expires_at")
"""Columns of `consent_of_rows` that a sentence may rest on."""
ENDING: tuple[Code, ...] = ("consent", "basis", "until_objection", "company_address")
"""With the day by which to ask anew, where there is one."""
ARGUMENTS = {"basis": "basis", "since": "since", "months": "months", "end": "expires_at"}
"""What fills the places of a sentence."""
PLACE = ("judged_by", "country", "country_from", "hint")


def _reasons(code: Code) -> frozenset[str]:
    """Return the columns that make a difference to a code's sentence."""
    if code in OBJECTIONS:
        return frozenset(("code",))
    own = {column for name, column in ARGUMENTS.items() if f"%({name})s" in WHY[code].id}
    ending = {"expires_at"} if code in ENDING else set()
    basis = {"basis"} if code == "no_consent" else set()
    return frozenset(("code", *PLACE, *own, *ending, *basis))


REASONS: Mapping[Code, frozenset[str]] = {code: _reasons(code) for code in WHY}
"""By code, the columns that its sentence rests on: rows that are alike in them share it."""


def why(
    *,
    code: Code,
    judged_by: str | None,
    country: str | None,
    country_from: str,
    hint: str | None,
    basis: BasisKind | None,
    since: datetime | None,
    months: float | None,
    expires_at: datetime | None,
) -> Message:
    """Return why a contact has its status, in a sentence or two; arguments as `consent_of_rows` has its columns."""
    args: dict[str, Value] = {
        "country": Territory(judged_by or country or ""),
        "basis": BASIS_WORDS[basis or "other"],
        "since": Moment(since),
        "months": Count(int(months or 0)),
        "end": Moment(expires_at),
    }
    sentence = WHY[code]
    if code == "consent" and since is None:
        sentence = UNDATED_CONSENT
    elif code == "no_consent" and basis not in (None, "none"):
        sentence = OTHER_BASIS
    said = replace(sentence, args={name: value for name, value in args.items() if f"%({name})s" in sentence.id})
    if code in OBJECTIONS:
        return said
    if code in ENDING and expires_at is not None:
        said = replace(RENEW, args={"why": said, "end": args["end"]})
    return _with_country(said, country_from, judged_by, hint)


def _with_country(said: Message, country_from: str, judged_by: str | None, hint: str | None) -> Message:
    if country_from == "domain" and hint:
        if judged_by is None:
            return replace(HINTED, args={"why": said, "hint": Territory(hint)})
        return replace(INFERRED, args={"why": said})
    if country_from == "both" and hint and judged_by == hint:
        return replace(AT_ODDS, args={"why": said, "hint": Territory(hint)})
    return said


def conditions_of(code: str) -> tuple[Message, ...]:
    """Return what the table asks for in a country."""
    return tuple(CONDITIONS[condition] for condition in by_code()[code].conditions)
