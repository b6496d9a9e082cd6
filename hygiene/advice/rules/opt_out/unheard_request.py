"""OPT-02: somebody asked not to be written to, in a reply or by the link, and the CRM does not know.

What it checks
    Whether a contact whose reply asks in words to be taken off, or who unsubscribed, is neither opted out, nor marked
    “do not contact”, nor on the suppression list in the export.

Why it matters
    An objection counts however it is made: nobody has to use the link. In a CRM that does not know of it, the next
    sender, the next tool or the next import writes to that person again.

What to do
    Read the reply, then opt the contact out in the CRM and add the address to the suppression list.

Limits
    Replies are read by the words of the languages in `models/replies`; other languages, and requests by telephone, are
    not seen. A reply that was not exported with its text cannot be read. Of those who used the link it is asked only
    where the contacts have a column for opt-outs.

Source
    GDPR, article 21(2) and (3): the objection needs no form. CAN-SPAM and CASL: a reply asking to stop is to be
    honored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.facts.types import ContactFacts

RULE = Rule(
    id="OPT-02",
    family="opt_out",
    scope="list",
    severity="gate",
    title=Message("Every request to stop is in the CRM"),
    effort_minutes=10,
    needs=("events",),
)
NOBODY_ASKED = Message("No reply that was exported with its text asks not to be written to, and nobody unsubscribed.")
OPT_OUT_COLUMNS = ("opted_out", "opted_out_at")


def check(case: Case) -> Outcome:
    """Look for requests that the export's contacts show nowhere, by the sender of the latest enrollment."""
    knows_opt_outs = any(
        column.column in OPT_OUT_COLUMNS
        for file in case.imported.files
        if file.table == "contacts"
        for column in file.columns
    )
    facts = [row.facts for row in case.flags.flagged if row.flag == "never"]
    asked = [row for row in facts if row.asked_out_at or (row.unsubscribed_at and knows_opt_outs)]
    if not asked:
        return NotApplicable(NOBODY_ASKED)
    unheard: dict[int | None, list[ContactFacts]] = {}
    for contact in asked:
        if not (contact.opted_out or contact.do_not_contact or contact.suppressed is not None):
            unheard.setdefault(contact.sender_key, []).append(contact)
    if not unheard:
        return Clear(len(asked))
    return Fired(tuple(_suggestion(key, contacts, len(asked)) for key, contacts in unheard.items()))


def _suggestion(key: int | None, contacts: list[ContactFacts], asked: int) -> Suggestion:
    in_words = sum(row.asked_out_at is not None for row in contacts)
    values = {"replies": Count(in_words), "links": Count(len(contacts) - in_words)}
    return Suggestion(
        rule=RULE,
        subject="contact-list:asked-out",
        sender_key=key,
        advice=Message(
            "Opt %(n)s contact out in the CRM: this person asked to stop, and the export shows no opt-out (in a reply:"
            " %(replies)s, by unsubscribing: %(links)s).",
            values,
            plural="Opt %(n)s contacts out in the CRM: they asked to stop, and the export shows no opt-out (in a reply:"
            " %(replies)s, by unsubscribing: %(links)s).",
            n=len(contacts),
        ),
        steps=(
            Message("Read the reply where there is one, then set the opt-out on the contact's record."),
            Message("Add the address to the suppression list, so that no import brings it back."),
        ),
        evidence={
            "contacts": len(contacts),
            "asked_in_reply": in_words,
            "unsubscribed": len(contacts) - in_words,
            "requests": asked,
        },
        rows=tuple(ContactRow(row.contact_id, "asked_out" if row.asked_out_at else "unsubscribed") for row in contacts),
    )
