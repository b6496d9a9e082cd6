"""DEL-02: the domain sends so much to private mailboxes that the rules for bulk senders apply.

What it checks
    The largest number of emails in one day (UTC) from one domain, its sub-domains added up, to the private mailboxes of
    one provider: Google's (gmail.com), Yahoo's and AOL's, Microsoft's (outlook.com, hotmail, live, msn). It speaks from
    5,000 on. Where it is silent, what it gives as looked at is the largest day.

Why it matters
    Google calls a domain that did it once a bulk sender for ever. From then on SPF, DKIM and DMARC, one-click
    unsubscribe by both headers, honored within two days, and a spam rate below 0.3 % are demanded, or the email is
    refused.

What to do
    Have it checked that every email carries `List-Unsubscribe` and `List-Unsubscribe-Post`, both under the DKIM
    signature, or send less to private mailboxes.

Limits
    Only what the export holds counts: newsletters and invoices of the same domain add up at the provider. Companies'
    own domains at Google or Microsoft are outside these rules. Yahoo publishes no number; the same one is taken
    (assumed). Whether the headers are there is not seen here.

Source
    Google, Email sender guidelines FAQ (support.google.com/a/answer/14229414); Microsoft, announcement of 2 April 2025;
    Yahoo, Sender best practices (read 2026-11). RFC 8058.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, Fired, Rule, Suggestion
from hygiene.mail.addresses.registered import primary_domain
from hygiene.values import Count, Message, Moment, Text

if TYPE_CHECKING:
    from datetime import datetime

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.values import Value


RULE = Rule(
    id="DEL-02",
    family="deliverability",
    scope="team",
    severity="gate",
    title=Message("No day reaches the number from which the rules for bulk senders apply"),
    effort_minutes=60,
    owner="it",
    needs=("events",),
)
BULK_SENDS = 5_000
"""Emails a day to private mailboxes: Google “close to 5,000 or more”, Microsoft over 5,000; Yahoo assumed."""
PROVIDERS = {"google": "Gmail", "yahoo": "Yahoo / AOL", "microsoft": "Outlook.com"}


def check(case: Case) -> Outcome:
    """Look for the busiest day of each domain and provider."""
    sends: Counter[tuple[str | None, str, datetime]] = Counter()
    for row in case.sending.consumer_days:
        sends[(primary_domain(row.sender_domain), row.provider, row.day)] += row.sends
    over = [(key, count) for key, count in sends.items() if count >= BULK_SENDS]
    if not over:
        return Clear(max(sends.values(), default=0))
    found = []
    for domain in sorted({key[0] for key, _ in over}, key=str):
        here = [(key, count) for key, count in over if key[0] == domain]
        found.append(_suggestion(domain, here))
    return Fired(tuple(found))


def _suggestion(domain: str | None, days: list[tuple[tuple[str | None, str, datetime], int]]) -> Suggestion:
    # The busiest day; of equals the first.
    (_, provider, day), most = min(days, key=lambda row: (-row[1], row[0][2], row[0][1]))
    values: dict[str, Value] = {
        "most": Count(most),
        "provider": Text(PROVIDERS[provider]),
        "day": Moment(day),
        "limit": Count(BULK_SENDS),
        "days": Count(len(days)),
    }
    return Suggestion(
        rule=RULE,
        subject=f"domain:{domain or 'unknown'}",
        advice=Message(
            "Have one-click unsubscribe checked in every email: on %(day)s you sent %(most)s to private mailboxes of"
            " %(provider)s, and from %(limit)s a day the rules for bulk senders apply.",
            values,
        ),
        steps=(
            Message(
                "Look at the headers of one email: List-Unsubscribe with an https link, List-Unsubscribe-Post, and both"
                " among those that the DKIM signature covers."
            ),
            Message("Check SPF, DKIM and DMARC, and that an unsubscribe takes effect within two days."),
        ),
        evidence={
            "most_sends_a_day": most,
            "provider": provider,
            "day": f"{day:%Y-%m-%d}",
            "days_over": len(days),
            "limit": BULK_SENDS,
        },
    )
