"""OPT-02: a reply asks in words not to be written to, and the CRM does not know.

What it checks
    Whether a contact whose reply asks to be taken off is neither opted out, nor marked “do not contact”, nor on the
    suppression list in the export.

Why it matters
    An objection counts however it is made: nobody has to use the link. In a CRM that does not know of it, the next
    sender, or the next import, writes to that person again.

What to do
    Read the reply, then opt the contact out in the CRM and add the address to the suppression list.

Limits
    Replies are read by the words of the languages in `models/replies`; other languages, and requests by telephone, are
    not seen. A reply that was not exported with its text cannot be read.

Source
    GDPR, article 21(2) and (3): the objection needs no form. CAN-SPAM and CASL: a reply asking to stop is to be
    honored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Message

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.facts.types import ContactFacts

RULE = Rule(
    id="OPT-02",
    family="opt_out",
    scope="list",
    severity="gate",
    title=Message("Every request to stop that was written in a reply is in the CRM"),
    effort_minutes=10,
    needs=("events",),
)
NOBODY_ASKED = Message("No reply that was exported with its text asks not to be written to.")


def check(case: Case) -> Outcome:
    """Look for requests in replies that the export shows nowhere else, by the sender of the latest enrollment."""
    asked = [row.facts for row in case.flags.flagged if row.facts.asked_out_at is not None]
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
    return Suggestion(
        rule=RULE,
        subject="contact-list:asked-out",
        sender_key=key,
        advice=Message(
            "Opt %(n)s contact out in the CRM: a reply asks not to be written to, and the export shows no opt-out.",
            plural="Opt %(n)s contacts out in the CRM: their replies ask not to be written to, and the export shows no"
            " opt-out.",
            n=len(contacts),
        ),
        steps=(
            Message("Read the reply, then set the opt-out on the contact's record."),
            Message("Add the address to the suppression list, so that no import brings it back."),
        ),
        evidence={"contacts": len(contacts), "requests_in_replies": asked},
        rows=tuple(ContactRow(row.contact_id, f"{row.asked_out_at:%Y-%m-%d}") for row in contacts),
    )
