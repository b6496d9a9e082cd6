"""OPT-01: somebody who said no is still in a running enrollment.

What it checks
    Whether a contact who opted out, unsubscribed, asked in words not to be written to, complained, is marked “do not
    contact” or stands on the suppression list or in the ledger is in an enrollment that has not ended. One is enough.

Why it matters
    The next step goes out by itself. Whoever said no and is written to again has a right to complain, to the provider
    and to the authority; nothing else in a sequence does as much harm with one email.

What to do
    Unenroll them now, then find out how they got in: a sequence tool that does not know the CRM's opt-outs lets in the
    next ones too.

Limits
    Known is what the export and the ledger hold: an opt-out that only another tool knows is not seen before the ledger
    has it. A contact who has consented anew counts until the opt-out is taken back in the CRM.

Source
    GDPR, article 21(3): the right to object to direct marketing. HubSpot, “Understand your sequences sender score”
    (read 2026-11): don't email contacts who have opted out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hygiene.advice.contacts import NOBODY_RUNNING, flagged, running, still_running
from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Message

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.flags.types import ContactFlag

RULE = Rule(
    id="OPT-01",
    family="opt_out",
    scope="list",
    severity="gate",
    title=Message("Nobody who said no is in a running enrollment"),
    effort_minutes=10,
    needs=("enrollments|events",),
)


def check(case: Case) -> Outcome:
    """Look for contacts flagged `never` in running enrollments, by the sender of these."""
    said_no = still_running(case, flagged(case, "never"))
    if said_no:
        return Fired(tuple(_suggestion(key, found) for key, found in said_no.items()))
    checked = running(case)["contact_key"].nunique()
    return Clear(checked) if checked else NotApplicable(NOBODY_RUNNING)


def _suggestion(key: int | None, found: list[tuple[ContactFlag, int]]) -> Suggestion:
    reasons = Counter(row.reason for row, _ in found)
    return Suggestion(
        rule=RULE,
        subject="contact-list:opted-out",
        sender_key=key,
        advice=Message(
            "Unenroll %(n)s contact now: this person said no and would still get the next email.",
            plural="Unenroll %(n)s contacts now: they said no and would still get the next email.",
            n=len(found),
        ),
        steps=(
            Message(
                "Take this contact out of every running sequence before the next step goes out.",
                plural="Take them out of every running sequence before the next step goes out.",
                n=len(found),
            ),
            Message(
                "Then have it checked why the sequence tool did not know of the opt-out.",
                plural="Then have it checked why the sequence tool did not know of their opt-out.",
                n=len(found),
            ),
        ),
        evidence={"contacts": len(found), "running_enrollments": sum(count for _, count in found), **reasons},
        rows=tuple(ContactRow(row.facts.contact_id, row.reason) for row, _ in found),
    )
