"""DEL-01: servers refuse the domain's email because SPF, DKIM or DMARC fails.

What it checks
    Whether bounces say that the email was not authenticated: a code for SPF, DKIM or DMARC, or a provider's own for all
    three. One that says so is enough, for a server measures it.

Why it matters
    Since February 2024 Google and Yahoo, and since May 2025 Microsoft, refuse unauthenticated email of large senders,
    and more and more of everybody's. What one server bounces, another puts into the spam folder without a word.

What to do
    Give IT the tickets: they hold the lines for the DNS, ready to copy. Then send one email to a mailbox of your own
    and read its `Authentication-Results`.

Limits
    Nobody asks the DNS here: where no bounce has a text, nothing is known, and that is no pass. Silence about
    authentication among the bounces says only that no server complained. A forwarded email can fail without a fault of
    the sender's.

Source
    RFC 7208 (SPF), RFC 6376 (DKIM), RFC 7489 (DMARC). Google, Email sender guidelines
    (support.google.com/a/answer/81126); Yahoo, Sender best practices; Microsoft, announcement of 2 April 2025 (read
    2026-11).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message, Moment, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.facts.types import BounceCause
    from hygiene.values import Value


RULE = Rule(
    id="DEL-01",
    family="deliverability",
    scope="team",
    severity="gate",
    title=Message("No server refused an email for SPF, DKIM or DMARC"),
    effort_minutes=60,
    owner="it",
    needs=("enrollments|events",),
)
TICKETS = frozenset(
    ("spf", "dkim", "dmarc", "google_authentication", "microsoft_authentication", "yahoo_authentication")
)
"""Of `models/bounces/tickets.toml`: those about the three records."""
NOT_ASKED = Message(
    "No bounce says why it came back and nobody asked the DNS, so SPF, DKIM and DMARC are not known: that is no pass."
)


def check(case: Case) -> Outcome:
    """Look for refusals for want of authentication."""
    told = [cause for cause in case.facts.bounce_causes if cause.category != "unknown"]
    if not told:
        return NotApplicable(NOT_ASKED)
    refused = [cause for cause in told if _is_unauthenticated(cause)]
    return Fired((_suggestion(case, refused),)) if refused else Clear(sum(cause.bounced for cause in told))


def _is_unauthenticated(cause: BounceCause) -> bool:
    return cause.ticket in TICKETS or (cause.category == "authentication" and cause.ticket is None)


def _suggestion(case: Case, refused: list[BounceCause]) -> Suggestion:
    by_ticket: Counter[str] = Counter()
    by_sender: Counter[str] = Counter()
    for cause in refused:
        by_ticket[cause.ticket or "dmarc"] += cause.bounced  # without a code: the commonest cause (assumed)
        sender = case.facts.senders.get(cause.sender_key)
        by_sender[sender.sender_id if sender else str(cause.sender_key)] += cause.bounced
    latest = max(cause.month for cause in refused)
    values: dict[str, Value] = {
        "tickets": Text(", ".join(sorted(by_ticket))),
        "month": Moment(latest, "month"),
        "senders": Count(len(by_sender)),
    }
    bounced = by_ticket.total()
    return Suggestion(
        rule=RULE,
        subject="dns:authentication",
        advice=Message(
            "Have IT mend SPF, DKIM and DMARC: servers refused %(n)s email because it was not authenticated (senders:"
            " %(senders)s; last in %(month)s).",
            values,
            plural="Have IT mend SPF, DKIM and DMARC: servers refused %(n)s emails because they were not authenticated"
            " (senders: %(senders)s; last in %(month)s).",
            n=bounced,
        ),
        steps=(
            Message("Give IT the tickets %(tickets)s: the lines to copy are in tickets.md.", values),
            Message("Keep the contacts: their addresses are not to blame."),
        ),
        evidence={
            "bounced": bounced,
            "senders": ", ".join(sorted(by_sender)),
            "last_month": f"{latest:%Y-%m}",
            **{f"ticket_{name}": count for name, count in sorted(by_ticket.items())},
        },
    )
