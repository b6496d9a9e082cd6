"""ENG-02: how many contacts to pause is a choice, and each choice has its price.

What it checks
    What pausing the least likely contacts of the whole team costs in expected replies: at the point that the settings
    choose, at one, two and five percent of the replies, and by HubSpot's rule (11 emails without any engagement, 16
    after some).

Why it matters
    "Remove the unengaged" has no right number. The same number of contacts costs few replies where they are chosen by
    their chance of a reply, and many where they are chosen by the calendar or by opens.

What to do
    Choose the point once, as a team, and set it: `max_lost_replies` for a share of the replies, or what a reply is
    worth (`reply_value`) beside what an email costs (`send_cost`).

Limits
    The replies are the model's expectation for the next three emails to each contact, with its tail corrected by what
    was measured. Contacts whom a stricter rule speaks about are not counted.

Source
    docs/engagement.md; `hygiene backtest` shows how each choice would have done on this history. HubSpot, unengaged
    contacts (knowledge.hubspot.com, read 2026-11): 11 and 16 emails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message, Percent, Points

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Number, Outcome
    from hygiene.flags.engagement.frontier import Cost
    from hygiene.flags.engagement.summary import EngagementSummary
    from hygiene.values import Value

RULE = Rule(
    id="ENG-02",
    family="engagement",
    scope="team",
    severity="info",
    title=Message("Nobody needs to be paused for silence"),
    basis="association",
    effort_minutes=30,
    owner="manager",
    needs=("events",),
)
SHARES = (0.01, 0.02, 0.05)
"""Of the expected replies: the points that are named."""
LEAST_CONTACTS = 20
"""Paused contacts from which on the choice is worth a talk; assumed."""


def check(case: Case) -> Outcome:
    """Look at the frontier of contacts paused against replies lost."""
    summary = case.engagement
    if summary is None or not summary.has_replies:
        return NotApplicable(Message("No reply is known, so nobody is paused for silence."))
    if max(summary.chosen.contacts, summary.hubspot_rule.contacts) < LEAST_CONTACTS:
        return Clear(summary.judged)
    return Fired((_suggestion(summary),))


def _suggestion(summary: EngagementSummary) -> Suggestion:
    chosen, hubspot = summary.chosen, summary.hubspot_rule
    at = {share: _contacts_within(summary.frontier, share) for share in SHARES}
    values: dict[str, Value] = {
        "judged": Count(summary.judged),
        "chosen": Count(chosen.contacts),
        "lost": Points(chosen.replies, 1),
        "lost_share": Percent(chosen.share),
        "hubspot": Count(hubspot.contacts),
        "hubspot_lost": Points(hubspot.replies, 1),
        "hubspot_share": Percent(hubspot.share),
        **{f"share_{place}": Percent(share, 0) for place, share in enumerate(SHARES)},
        **{f"contacts_{place}": Count(at[share]) for place, share in enumerate(SHARES)},
    }
    evidence: dict[str, Number] = {"judged": summary.judged, "expected_replies": summary.expected_replies}
    for name, cost in (("chosen", chosen), ("hubspot_rule", hubspot), ("ninety_days", summary.ninety_days)):
        evidence |= {f"{name}_contacts": cost.contacts, f"{name}_replies": cost.replies, f"{name}_share": cost.share}
    evidence |= {f"contacts_within_{share:g}": contacts for share, contacts in at.items()}
    return Suggestion(
        rule=RULE,
        subject="contact-list:unengaged",
        evidence=evidence,
        advice=Message(
            "Choose together how many to pause: by the settings it is %(chosen)s of %(judged)s contacts, at a price of"
            " about %(lost)s replies (%(lost_share)s of all expected). HubSpot's 11/16 rule would pause %(hubspot)s and"
            " lose %(hubspot_lost)s (%(hubspot_share)s).",
            values,
        ),
        steps=(
            Message(
                "For at most %(share_0)s, %(share_1)s or %(share_2)s of the replies you can pause about %(contacts_0)s,"
                " %(contacts_1)s or %(contacts_2)s contacts.",
                values,
            ),
        ),
    )


def _contacts_within(frontier: tuple[Cost, ...], share: float) -> int:
    """Return how many of the least likely contacts hold a share of the replies, between the frontier's points."""
    import numpy as np

    shares, contacts = [cost.share for cost in frontier], [cost.contacts for cost in frontier]
    return int(np.interp(share, shares, contacts))
