"""DEL-05: more people report the domain's email as spam than a provider puts up with.

What it checks
    Complaints ÷ delivered emails of each sending domain, never of a person, with the Beta posterior of the rate. It
    asks to watch where a rate of 0.1 % or more has a probability of 80 %, and to stop where one of 0.3 % or more has
    95 %. It says that all is well from 11,490 delivered emails on: so many tell 0.3 % to within 0.1 points.

Why it matters
    Google wants the rate below 0.1 % and never at 0.3 %; above it, mitigation is refused until seven days in a row are
    better. Yahoo names 0.3 % too.

What to do
    Stop the sequences with the most complaints, write only to those who know you, and make opting out easier than
    reporting spam.

Limits
    Most providers tell no tool of complaints, so an export without any is no evidence of 0 %: then nothing is said.
    Google counts by the day and what reached the inbox; here it is the whole export and what was delivered. Google's
    own figure is in its Postmaster Tools.

Source
    Google, Email sender guidelines (support.google.com/a/answer/81126); Yahoo, Sender best practices (read 2026-11).
    Sample size: 1.96² · 0.003 · 0.997 / 0.001² = 11,490 (normal approximation).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hygiene.advice.domains import sender_domain
from hygiene.advice.types import Clear, Fired, NotApplicable, NotEnough, Rule, Suggestion
from hygiene.values import Count, Interval, Message, Percent, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.values import Value


RULE = Rule(
    id="DEL-05",
    family="deliverability",
    scope="team",
    severity="gate",
    title=Message("The rate of spam complaints is well below the providers' limits"),
    effort_minutes=60,
    owner="manager",
    needs=("events",),
)
WATCH_RATE, STOP_RATE = 0.001, 0.003
"""Google: keep it below the first, never reach the second."""
WATCH_CERTAINTY, STOP_CERTAINTY = 0.8, 0.95
PRIOR = (0.5, 999.5)
"""Shapes of the Beta prior: half a complaint in 1,000 emails, 0.05 %, for most senders are below Google's 0.1 %; it
keeps one complaint among few emails from being called an alarm. Assumed."""
ENOUGH = 11_490
"""Delivered emails from which 0.3 % is known to within 0.1 points, at 95 %."""
TAILS = (0.05, 0.95)
NO_COMPLAINTS = Message(
    "The export holds no complaint, which is no evidence of none: look at Google's Postmaster Tools."
)
DELIVERED = Message("delivered emails of one domain")


def check(case: Case) -> Outcome:
    """Compare each domain's complaints with the providers' limits."""
    complaints, delivered = _counts(case)
    if not complaints.total():
        return NotApplicable(NO_COMPLAINTS)
    found = [
        said
        for domain in sorted(delivered, key=str)
        if (said := _suggestion(domain, complaints[domain], delivered[domain])) is not None
    ]
    if found:
        return Fired(tuple(found))
    most = max(delivered.values())
    return Clear(delivered.total()) if most >= ENOUGH else NotEnough(most, ENOUGH, DELIVERED)


def _counts(case: Case) -> tuple[Counter[str | None], Counter[str | None]]:
    """Return complaints and delivered emails by domain."""
    mails = case.sending.mails
    logs_deliveries = any(row.delivered for row in mails)
    complaints: Counter[str | None] = Counter()
    delivered: Counter[str | None] = Counter()
    for row in mails:
        domain = sender_domain(case, row.sender_key)
        complaints[domain] += row.complaints
        delivered[domain] += row.delivered if logs_deliveries else max(row.sent - row.bounced, 0)
    return complaints, delivered


def _suggestion(domain: str | None, complaints: int, delivered: int) -> Suggestion | None:
    from scipy.special import betainc, betaincinv

    a, b = PRIOR[0] + complaints, PRIOR[1] + max(delivered - complaints, 0)
    p_watch, p_stop = (1 - float(betainc(a, b, rate)) for rate in (WATCH_RATE, STOP_RATE))
    if p_watch < WATCH_CERTAINTY:
        return None
    low, high = (float(betaincinv(a, b, tail)) for tail in TAILS)
    stop = p_stop >= STOP_CERTAINTY
    rate = complaints / max(delivered, complaints)
    return Suggestion(
        rule=RULE,
        severity=None if stop else "high",
        subject=f"domain:{domain or 'unknown'}",
        advice=_advice(complaints, delivered, rate, (low, high), stop=stop, domain=domain),
        steps=(
            Message(
                "Look at the rate in Google's Postmaster Tools, and at the sequences that the complaints came from."
            ),
            Message("Put those who complained on the suppression list, and a plain way to opt out into each email."),
        ),
        evidence={
            "complaints": complaints,
            "delivered": delivered,
            "complaint_rate": rate,
            "rate_low": low,
            "rate_high": high,
            "p_over_watch": p_watch,
            "p_over_stop": p_stop,
            "watch_rate": WATCH_RATE,
            "stop_rate": STOP_RATE,
        },
    )


def _advice(
    complaints: int, delivered: int, rate: float, interval: tuple[float, float], *, stop: bool, domain: str | None
) -> Message:
    values: dict[str, Value] = {
        "domain": Text(domain or "?"),
        "complaints": Count(complaints),
        "delivered": Count(delivered),
        "rate": Percent(rate, 2),
        "interval": Interval(*interval),
        "limit": Percent(STOP_RATE if stop else WATCH_RATE),
    }
    if stop:
        return Message(
            "Stop sending from %(domain)s until you know why people report it as spam: %(complaints)s complaints on"
            " %(delivered)s delivered emails, %(rate)s %(interval)s, where %(limit)s must never be reached.",
            values,
        )
    return Message(
        "Keep an eye on the complaints about %(domain)s: %(complaints)s on %(delivered)s delivered emails, %(rate)s"
        " %(interval)s, where Google asks for less than %(limit)s.",
        values,
    )
