"""ENG-01: contacts who will hardly answer any more are still written to.

What it checks
    Which of a sender's contacts the engagement model pauses for silence: those whose chance of a reply to any of the
    next three emails is worth less than these cost. Contacts whom a stricter rule speaks about (an opt-out, a bounce)
    are not among them.

Why it matters
    Emails to people who never answer fill the mailbox's daily room and bring complaints, and mailbox providers judge
    all of one's mail by how its readers take it.

What to do
    Save them as a filter, take them out of running sequences, and write to them again with another reason or not at
    all. It has a price, which is named: the replies that the model expects to be lost.

Limits
    The price is the model's expectation, with its tail corrected by what was measured on the latest emails. A share of
    the paused (the setting `control_share`) is written to all the same, so that the price stays known. No gain is
    claimed: what fewer emails do for the rest cannot be measured in one team.

Source
    docs/engagement.md. HubSpot, "Understand your sequences sender score" (read 2026-11): filter out unengaged contacts.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message, Points

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.flags.types import ContactFlag
    from hygiene.values import Value

RULE = Rule(
    id="ENG-01",
    family="engagement",
    scope="sender",
    severity="medium",
    title=Message("Nobody is written to who will hardly answer"),
    basis="association",
    effort_minutes=15,
    needs=("events",),
)
LEAST_CONTACTS = 5
"""Fewer are not worth a filter; assumed. They are in contacts.csv all the same."""
_FILTER = Message("Save them as a filter (contacts.csv, the reason unlikely_to_reply) and exclude it from new lists.")


def check(case: Case) -> Outcome:
    """Look for the contacts whom the engagement model pauses, by sender."""
    engagement = case.engagement
    if engagement is None or not engagement.has_replies:
        return NotApplicable(Message("No reply is known, so nobody is paused for silence."))
    paused: defaultdict[int, list[ContactFlag]] = defaultdict(list)
    for row in case.flags.flagged:
        if row.reason == "unlikely_to_reply" and row.facts.sender_key is not None:
            paused[row.facts.sender_key].append(row)
    tail = max(engagement.tail, 1.0)
    found = [_suggestion(key, rows, tail) for key, rows in sorted(paused.items()) if len(rows) >= LEAST_CONTACTS]
    return Fired(tuple(found)) if found else Clear(engagement.judged)


def _suggestion(key: int, rows: list[ContactFlag], tail: float) -> Suggestion:
    chances = {row.facts.contact_id: row.outlook.p_reply if row.outlook else 0.0 for row in rows}
    lost = tail * sum(chances.values())
    running = sum(row.facts.active_enrollments > 0 for row in rows)
    values: dict[str, Value] = {"replies": Points(lost, 1), "running": Count(running)}
    named = sorted(chances.items(), key=lambda item: (item[1], item[0]))
    return Suggestion(
        rule=RULE,
        subject="contact-list:unengaged",
        sender_key=key,
        replies=-lost,
        evidence={"contacts": len(rows), "running": running, "expected_replies_lost": lost, "tail": tail},
        advice=Message(
            "Pause %(n)s contact who will hardly answer any more: over the next three emails that costs about"
            " %(replies)s replies.",
            values,
            plural="Pause %(n)s contacts who will hardly answer any more: over the next three emails to each that costs"
            " about %(replies)s replies in all.",
            n=len(rows),
        ),
        steps=(_FILTER, Message("Take those out that are in a running sequence now: %(running)s.", values))
        if running
        else (_FILTER,),
        rows=tuple(ContactRow(contact, f"{chance * tail:.1%}") for contact, chance in named),
    )
