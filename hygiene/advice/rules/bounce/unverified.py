"""BNC-05: too many of the enrolled addresses were never verified, or long ago.

What it checks
    Whether more than 20 % of the contacts in running enrollments have an address that nobody verified, or whose
    verification is more than 90 days old, among ten contacts or more.

Why it matters
    People change jobs: some 2 % of the addresses die each month. What was valid a year ago may bounce today.

What to do
    Have the list verified before the next step goes out, and again each quarter.

Limits
    A verification without a date counts as recent, for it is not known to be old. An address that has got an email
    lately without a bounce probably works, verified or not. Verifiers cannot see into catch-all domains.

Source
    HubSpot, “Understand your sequences sender score” (read 2026-11): contacts from verified sources. Decay of 22.5–30 %
    a year: vendors' figures (rangelead, instantly.ai, read 2026-11), of weak evidence. The 20 % and 90 days are
    assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.contacts import NOBODY_RUNNING, rows_of, running, writable
from hygiene.advice.types import Clear, Fired, NotApplicable, NotEnough, Rule, Suggestion
from hygiene.values import Count, Message, Percent

if TYPE_CHECKING:
    from datetime import datetime

    from pandas import DataFrame

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome

RULE = Rule(
    id="BNC-05",
    family="bounce",
    scope="list",
    severity="medium",
    title=Message("Most of the enrolled addresses were verified lately"),
    effort_minutes=30,
    owner="ops",
    needs=("contacts.verified_at|contacts.verification",),
)
MOST_UNVERIFIED = 0.2
"""Share of the enrolled contacts (evidence/recommender.md section 6; assumed)."""
MOST_DAYS = 90
"""Age of a verification (the same; assumed)."""
LEAST_CONTACTS = 10
"""In running enrollments, below which a share says nothing (assumed)."""
ENROLLED = Message("contacts in running enrollments")


def check(case: Case) -> Outcome:
    """Compare the share of unverified contacts in running enrollments with the limit."""
    contacts = writable(case, running(case)).copy()
    if contacts.empty or case.as_of is None:
        return NotApplicable(NOBODY_RUNNING)
    if len(contacts) < LEAST_CONTACTS:
        return NotEnough(len(contacts), LEAST_CONTACTS, ENROLLED)
    contacts["why"] = _why(contacts, case.as_of)
    unverified = contacts[contacts["why"].ne("")]
    if len(unverified) <= MOST_UNVERIFIED * len(contacts):
        return Clear(len(contacts))
    return Fired((_suggestion(unverified, len(contacts)),))


def _why(contacts: DataFrame, as_of: datetime) -> list[str]:
    import numpy as np
    import pandas as pd

    old = contacts["verified_at"] < pd.Timestamp(as_of) - pd.Timedelta(days=MOST_DAYS)
    unknown = contacts["verification"].isna() | contacts["verification"].eq("unknown")
    never = contacts["verified_at"].isna() & unknown
    return [str(why) for why in np.select([never, old], ["never_verified", "verified_long_ago"], default="")]


def _suggestion(unverified: DataFrame, enrolled: int) -> Suggestion:
    never = int(unverified["why"].eq("never_verified").sum())
    old = len(unverified) - never
    return Suggestion(
        rule=RULE,
        subject="contact-list:unverified",
        advice=Message(
            "Verify %(n)s address before the next step: of the %(enrolled)s contacts in running enrollments %(share)s"
            " were never verified (%(never)s) or more than %(days)s days ago (%(old)s).",
            {
                "enrolled": Count(enrolled),
                "share": Percent(len(unverified) / enrolled, 0),
                "never": Count(never),
                "days": Count(MOST_DAYS),
                "old": Count(old),
            },
            plural="Verify %(n)s addresses before the next step: of the %(enrolled)s contacts in running enrollments"
            " %(share)s were never verified (%(never)s) or more than %(days)s days ago (%(old)s).",
            n=len(unverified),
        ),
        steps=(
            Message("Take the invalid ones out, and test a small batch of those that the verifier cannot tell."),
            Message("Write the date into the CRM, and verify again after %(days)s days.", {"days": Count(MOST_DAYS)}),
        ),
        evidence={
            "contacts": len(unverified),
            "in_running_enrollments": enrolled,
            "share_unverified": len(unverified) / enrolled,
            "never_verified": never,
            "verified_long_ago": old,
        },
        rows=rows_of(unverified, "why"),
    )
