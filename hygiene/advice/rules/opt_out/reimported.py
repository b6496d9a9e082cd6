"""OPT-07: somebody on the suppression list or in the ledger has come back with an import.

What it checks
    Whether a contact whose address or domain stands on the suppression list or in the ledger was created after the day
    of that entry, or is in a running enrollment.

Why it matters
    A contact that was deleted without a memory comes back with the next import, and gets the email that it had refused.

What to do
    Drop these rows from the import and from the CRM, and check each new list against the suppressions first (`hygiene
    ledger check`).

Limits
    An entry without a date tells only of running enrollments. A contact that was in the CRM before the entry and is not
    enrolled is left alone: it has to be remembered. Hashed keys match only with the ledger's key; how many do not is
    said.

Source
    GDPR, article 21(3). HubSpot, “Understand your sequences sender score” (read 2026-11): don't email contacts who have
    opted out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Message

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.facts.sending import SuppressedContact

RULE = Rule(
    id="OPT-07",
    family="opt_out",
    scope="list",
    severity="gate",
    title=Message("Nobody on the suppression list or in the ledger has come back"),
    effort_minutes=15,
    owner="ops",
    needs=("suppressions|ledger",),
)
NO_CONTACTS = Message("The export holds no contacts to compare the suppression list with.")


def check(case: Case) -> Outcome:
    """Look for suppressed contacts that are newer than their suppression, or enrolled."""
    rows = case.imported.tables.get("suppressions", 0)
    keys = sum(int(note.values["count"]) for note in case.imported.notes if note.code == "unmatched_keys")
    if not case.facts.contacts:
        return NotApplicable(NO_CONTACTS)
    if rows and keys >= rows and "ledger" not in case.enrolled.columns:
        return NotApplicable(
            Message(
                "The suppression list holds hashed keys only (%(n)s), which match no contact without the key file.",
                plural="The suppression list holds hashed keys only (%(n)s), which match no contact without the key"
                " file.",
                n=keys,
            )
        )
    back = [(contact, why) for contact in case.sending.suppressed if (why := _why(contact))]
    return Fired((_suggestion(back, keys),)) if back else Clear(case.facts.contacts)


def _why(contact: SuppressedContact) -> str:
    if contact.created_at and contact.suppressed_at and contact.created_at > contact.suppressed_at:
        return "created_after_suppression"
    return "in_running_enrollment" if contact.active else ""


def _suggestion(back: list[tuple[SuppressedContact, str]], keys: int) -> Suggestion:
    newer = sum(why == "created_after_suppression" for _, why in back)
    return Suggestion(
        rule=RULE,
        subject="contact-list:reimported",
        advice=Message(
            "Drop %(n)s contact that the suppression list or the ledger names: it came in after the entry, or is"
            " enrolled again.",
            plural="Drop %(n)s contacts that the suppression list or the ledger names: they came in after the entry, or"
            " are enrolled again.",
            n=len(back),
        ),
        steps=(
            Message(
                "Unenroll this contact, and take it out of the list that brought it.",
                plural="Unenroll them, and take them out of the list that brought them.",
                n=len(back),
            ),
            Message("Check each new list before the import (`hygiene ledger check`)."),
        ),
        evidence={
            "contacts": len(back),
            "created_after_suppression": newer,
            "in_running_enrollments": sum(contact.active > 0 for contact, _ in back),
            "unmatched_keys": keys,
        },
        rows=tuple(ContactRow(contact.contact_id, contact.reason or why) for contact, why in back),
    )
