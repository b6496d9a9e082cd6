"""BNC-03: an address that its server has called dead is still in a running enrollment.

What it checks
    Whether a contact flagged `remove` (a bounce whose fault is the address's, in the export or in the ledger, with no
    sign of life since) is in an enrollment that has not ended. One is enough.

Why it matters
    Each next email to it bounces again and counts in the bounce rate, and mailbox providers judge the domain by it.

What to do
    Put the address on the suppression list first, then unenroll and delete the contact. Deleted alone, it comes back
    with the next import.

Limits
    Each running enrollment is counted as one bounce to come: an address that is revived meanwhile bounces no more.

Source
    The export itself. HubSpot, “Understand your sequences sender score” (read 2026-11): delete contacts whose emails
    bounced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.contacts import NOBODY_RUNNING, flagged, running, still_running
from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.flags.types import ContactFlag

RULE = Rule(
    id="BNC-03",
    family="bounce",
    scope="list",
    severity="high",
    title=Message("No dead address is in a running enrollment"),
    effort_minutes=10,
    needs=("enrollments|events",),
)


def check(case: Case) -> Outcome:
    """Look for contacts flagged `remove` in running enrollments, by the sender of these."""
    dead = still_running(case, {key: row for key, row in flagged(case, "remove").items() if not _has_left(row)})
    if dead:
        return Fired(tuple(_suggestion(key, found) for key, found in dead.items()))
    checked = running(case)["contact_key"].nunique()
    return Clear(checked) if checked else NotApplicable(NOBODY_RUNNING)


def _has_left(row: ContactFlag) -> bool:
    """Tell whether the ledger knows that the person has left: then an email may well arrive."""
    known = row.facts.remembered
    return row.reason == "in_ledger_bounced" and known is not None and known.reason == "left_company"


def _suggestion(key: int | None, found: list[tuple[ContactFlag, int]]) -> Suggestion:
    spared = sum(count for _, count in found)
    return Suggestion(
        rule=RULE,
        subject="contact-list:dead-addresses",
        sender_key=key,
        advice=Message(
            "Take %(n)s dead address out of your running enrollments: the next emails would bounce (%(spared)s).",
            {"spared": Count(spared)},
            plural="Take %(n)s dead addresses out of your running enrollments: the next emails would bounce"
            " (%(spared)s).",
            n=len(found),
        ),
        steps=(
            Message(
                "Put the address on the suppression list first.",
                plural="Put the addresses on the suppression list first.",
                n=len(found),
            ),
            Message(
                "Then unenroll the contact and delete it, never the other way round.",
                plural="Then unenroll the contacts and delete them, never the other way round.",
                n=len(found),
            ),
        ),
        evidence={"contacts": len(found), "bounces_avoided": spared},
        rows=tuple(ContactRow(row.facts.contact_id, row.reason) for row, _ in found),
    )
