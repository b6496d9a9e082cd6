"""OPT-03: between a request to stop and the last email lies too much time.

What it checks
    How long after the first request (an unsubscribe, a reply that asks to be taken off, a complaint, the CRM's own date
    of the opt-out, a suppression) the last email went out. It speaks if the median of those who got another email is
    above 48 hours, or if one of them got it more than ten business days later.

Why it matters
    Google and Yahoo ask large senders to honor a request within two days; the law of the United States allows ten
    business days, and others none at all. Late emails come from a synchronization that is slow or broken, so they
    return with every request.

What to do
    Mend the synchronization of opt-outs between the CRM and the sequence tool, and stop those named here by hand.

Limits
    Requests without a date are not timed. A request with a day and no time counts from the end of that day, so its time
    is at least as long as said. Public holidays count as business days. A suppression whose reason names something else
    than a request (a bounce, a competitor) starts no clock. What came after a new consent is left out, where the export
    says when. The CRM's own date of the last email counts where the events know of no email that day.

Source
    Google, Email sender guidelines (support.google.com/a/answer/81126) and Yahoo, Sender best practices (read 2026-11):
    two days. 16 CFR 316.4 (CAN-SPAM): ten business days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.opt_out_clock import MOST_HOURS, opt_out_clock
from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Message, Points

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.opt_out_clock import Delay, OptOutClock
    from hygiene.advice.types import Outcome

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
NO_REQUEST = Message("The export holds no request to stop with a date.")
DAY_HOURS = 24


def check(case: Case) -> Outcome:
    """Time each request to stop up to the last email."""
    clock = opt_out_clock(case.sending.opt_outs, case.sending.late_mails, case.settings.timezone)
    if not clock.timed:
        return NotApplicable(NO_REQUEST)
    total = clock.total
    if total and (total.median_hours > MOST_HOURS or total.over_10_business_days):
        return Fired((_suggestion(clock, total),))
    return Clear(clock.timed)


def _suggestion(clock: OptOutClock, total: Delay) -> Suggestion:
    evidence = {
        "requests": clock.timed,
        "written_to_later": total.contacts,
        "share_written_to_later": total.contacts / clock.timed,
        "median_hours": total.median_hours,
        "longest_hours": total.worst_hours,
        "over_48_hours": len(total.over_48_hours),
        "over_10_business_days": len(total.over_10_business_days),
    }
    return Suggestion(
        rule=RULE,
        subject="clock:opt-out",
        advice=Message(
            "Mend the way opt-outs reach the sequence tool: %(n)s contact got another email after asking to stop"
            " (%(days)s days later).",
            {"days": Points(total.median_hours / DAY_HOURS, 1)},
            plural="Mend the way opt-outs reach the sequence tool: %(n)s contacts got another email after asking to"
            " stop, half of them %(days)s days later or more.",
            n=total.contacts,
        ),
        steps=(
            Message("Stop this contact by hand today.", plural="Stop these contacts by hand today.", n=total.contacts),
            Message(
                "Let opt-outs flow from the CRM to the sequence tool at once, and test it with an address of yours."
            ),
        ),
        evidence=evidence,
        rows=tuple(ContactRow(stop.contact_id, f"{stop.last.hours:.0f} h") for stop in clock.stops),
    )
