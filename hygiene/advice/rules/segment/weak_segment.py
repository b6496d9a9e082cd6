"""SEG-02: one segment of a sender's contacts replies less, or bounces more, than the others.

What it checks
    Whether the contacts of one industry (or, for replies, of one list) would probably have answered more often, or
    bounced less often, had they been the team's other contacts, with the sequence, the source, the timing and the
    sender taken into account. It speaks where a gain of 0.4 points of replies, or 0.3 of bounces, has a probability of
    80 % or more, and of 90 % or more for one sender of the team, and where nothing else probably gains the sender more
    (60 % or more); of two that may both be the largest it names both and promises no gain.

Why it matters
    Reply rates differ three- to fourfold between industries, so the mix of contacts often decides more than the
    writing does.

What to do
    Save the segment as a filter and give it a sequence of its own, or pause it and write to the others first.

Limits
    An association. That a segment replies less does not say that it is worth less: a deal may be larger there.

Source
    The export itself. HubSpot, "Understand your sequences sender score" (read 2026-11): segment contacts into saved
    filters. Method: docs/advice.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.contests import contested
from hygiene.advice.pull import LIST_FACTORS, claimed_levers, lever_values, outcome, suggest
from hygiene.advice.types import Rule
from hygiene.values import Message

if TYPE_CHECKING:
    from hygiene.advice.attribution.types import Lever
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="SEG-02",
    family="segment",
    scope="segment",
    severity="high",
    title=Message("No segment answers less than the others"),
    basis="association",
    effort_minutes=15,
    needs=("contacts.industry|contacts.source|contacts.import_batch",),
)


def check(case: Case) -> Outcome:
    """Look for the sender's segments whose replacement would bring replies or spare bounces."""
    found = []
    for key, lever in (
        *claimed_levers(case, "reply_rate", ("industry", *LIST_FACTORS)),
        *claimed_levers(case, "bounce_rate", ("industry",)),
    ):
        values = lever_values(case, key, lever)
        steps = (
            Message("Save the contacts of %(level)s as a filter of their own.", values),
            Message("Write an opening for them that names what they care about, or enroll others first."),
        )
        found.append(suggest(case, RULE, key, lever, _advice(lever, values), steps))
    found += contested(case, RULE, "reply_rate", ("industry", *LIST_FACTORS))
    found += contested(case, RULE, "bounce_rate", ("industry",))
    return outcome(case, tuple(found))


def _advice(lever: Lever, values: dict[str, Value]) -> Message:
    if lever.metric == "bounce_rate":
        return Message(
            "Check the addresses in %(level)s before you enroll more of them: with other contacts your bounce rate"
            " would probably be %(after)s %(interval)s instead of %(before)s. There %(here)s of your %(here_trials)s"
            " bounced, elsewhere in the team %(elsewhere)s of %(elsewhere_trials)s.",
            values,
        )
    if lever.factor in LIST_FACTORS:
        return Message(
            "Prefer other lists to %(level)s: your reply rate would probably be %(after)s %(interval)s instead of"
            " %(before)s. There %(here)s of your %(here_trials)s delivered enrollments got a reply, from the team's"
            " other lists %(elsewhere)s of %(elsewhere_trials)s.",
            values,
        )
    return Message(
        "Give your contacts in %(level)s a sequence of their own, or pause them: with other contacts your reply rate"
        " would probably be %(after)s %(interval)s instead of %(before)s. There %(here)s of your %(here_trials)s"
        " delivered enrollments got a reply, elsewhere in the team %(elsewhere)s of %(elsewhere_trials)s.",
        values,
    )
