"""OPT-03: between a request to stop and the last email lies too much time.

What it checks
    How long after the first request (an unsubscribe, a reply that asks to be taken off, the CRM's own date of the
    opt-out) the last email went out. It speaks if the median of those who got another email is above 48 hours, or if
    one of them got it more than ten business days later.

Why it matters
    Google and Yahoo ask large senders to honor a request within two days; the law of the United States allows ten
    business days, and others none at all. Late emails come from a synchronization that is slow or broken, so they
    return with every request.

What to do
    Mend the synchronization of opt-outs between the CRM and the sequence tool, and stop those named here by hand.

Limits
    Requests without a date are not timed. A date without a time counts from midnight, so an email later that day counts
    as up to a day late. Public holidays count as business days. Who has consented anew after the request is left out,
    where the export says when.

Source
    Google, Email sender guidelines (support.google.com/a/answer/81126) and Yahoo, Sender best practices (read 2026-11):
    two days. 16 CFR 316.4 (CAN-SPAM): ten business days.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Message, Points

if TYPE_CHECKING:
    from datetime import datetime

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.facts.types import ContactFacts

RULE = Rule(
    id="OPT-03",
    family="opt_out",
    scope="team",
    severity="gate",
    title=Message("Requests to stop are honored in time"),
    effort_minutes=60,
    owner="ops",
    needs=("events",),
)
MOST_HOURS = 48
"""Google and Yahoo: within two days."""
MOST_BUSINESS_DAYS = 10
"""CAN-SPAM (16 CFR 316.4) and CASL."""
NO_REQUEST = Message("The export holds no request to stop with a date.")
HOUR = 3600
DAY_HOURS = 24


class Late(NamedTuple):
    """A contact that got an email after its request."""

    contact_id: str
    hours: float
    """From the request to the last email."""
    business_days: int


def check(case: Case) -> Outcome:
    """Time each request to stop up to the last email."""
    renewed = _renewed(case)
    timed, late = 0, []
    for row in case.flags.flagged:
        at = requested_at(row.facts) if row.flag == "never" else None
        if at is None or renewed.get(row.facts.contact_key, at) > at:
            continue
        timed += 1
        if row.facts.last_sent_at is not None and row.facts.last_sent_at > at:
            late.append(_late(row.facts.contact_id, at, row.facts.last_sent_at))
    if not timed:
        return NotApplicable(NO_REQUEST)
    if late and (
        median(row.hours for row in late) > MOST_HOURS or any(row.business_days > MOST_BUSINESS_DAYS for row in late)
    ):
        return Fired((_suggestion(late, timed),))
    return Clear(timed)


def requested_at(contact: ContactFacts) -> datetime | None:
    """Return when a contact first asked not to be written to; None: it did not, or nobody knows when."""
    moments = (contact.unsubscribed_at, contact.asked_out_at, contact.opted_out_at)
    return min((moment for moment in moments if moment is not None), default=None)


def _late(contact_id: str, asked_at: datetime, sent_at: datetime) -> Late:
    import numpy as np

    # The day of the request is not counted, the day of the email is.
    between = np.busday_count(np.datetime64(asked_at, "D") + 1, np.datetime64(sent_at, "D") + 1)
    return Late(contact_id, (sent_at - asked_at).total_seconds() / HOUR, int(between))


def _renewed(case: Case) -> dict[int, datetime]:
    """Return when contacts consented, by key."""
    rows = case.enrolled.rows[["contact_key", "consent_at"]].dropna().drop_duplicates("contact_key")
    return {int(key): at.to_pydatetime() for key, at in zip(rows["contact_key"], rows["consent_at"], strict=True)}


def _suggestion(late: list[Late], timed: int) -> Suggestion:
    late = sorted(late, key=lambda row: (-row.hours, row.contact_id))
    middle = median(row.hours for row in late)
    evidence = {
        "requests": timed,
        "written_to_later": len(late),
        "share_written_to_later": len(late) / timed,
        "median_hours": middle,
        "longest_hours": late[0].hours,
        "over_48_hours": sum(row.hours > MOST_HOURS for row in late),
        "over_10_business_days": sum(row.business_days > MOST_BUSINESS_DAYS for row in late),
    }
    return Suggestion(
        rule=RULE,
        subject="clock:opt-out",
        advice=Message(
            "Mend the way opt-outs reach the sequence tool: %(n)s contact got another email after asking to stop"
            " (%(days)s days later).",
            {"days": Points(middle / DAY_HOURS, 1)},
            plural="Mend the way opt-outs reach the sequence tool: %(n)s contacts got another email after asking to"
            " stop, half of them %(days)s days later or more.",
            n=len(late),
        ),
        steps=(
            Message("Stop this contact by hand today.", plural="Stop these contacts by hand today.", n=len(late)),
            Message(
                "Let opt-outs flow from the CRM to the sequence tool at once, and test it with an address of yours."
            ),
        ),
        evidence=evidence,
        rows=tuple(ContactRow(row.contact_id, f"{row.hours:.0f} h") for row in late),
    )
