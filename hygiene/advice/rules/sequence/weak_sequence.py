"""SEQ-01: a sequence gets fewer replies than the team's others would from the same contacts.

What it checks
    Whether the sender's contacts in one sequence would probably have replied more often in the team's other sequences
    of the same language, with industry, country, source, timing and the sender taken into account. It speaks where a
    gain of 0.4 points or more has a probability of 80 % or more, and of 90 % or more for one sender of the team, and
    where nothing else probably gains the sender more (60 % or more); of two that may both be the largest it names both
    and promises no gain.

Why it matters
    The sequence is what a rep changes most easily. Comparing one's own sequences by eye promises three times the true
    gain, because the weak ones often had the difficult contacts.

What to do
    Enroll the next contacts in the sequences that colleagues use for the same industry, and look at what differs in the
    first email.

Limits
    An association: whoever chose the sequence for a contact may have had a reason that no column shows. Only a random
    split tests it.

Source
    The export itself. HubSpot, "Understand your sequences sender score" (read 2026-11): compare the sequences in the
    drill-down. Method: docs/advice.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.contests import contested
from hygiene.advice.pull import claimed_levers, lever_values, outcome, suggest
from hygiene.advice.types import Rule
from hygiene.values import Message

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome

RULE = Rule(
    id="SEQ-01",
    family="sequence",
    scope="sequence",
    severity="high",
    title=Message("No sequence gets fewer replies than the team's others would"),
    basis="association",
    effort_minutes=15,
    needs=("enrollments|events",),
)


def check(case: Case) -> Outcome:
    """Look for the sender's sequences whose replacement would bring replies."""
    found = []
    for key, lever in claimed_levers(case, "reply_rate", ("sequence",)):
        values = lever_values(case, key, lever)
        advice = Message(
            "Put your next contacts into the team's other sequences instead of %(level)s: your reply rate would"
            " probably be %(after)s %(interval)s instead of %(before)s. %(level)s got a reply from %(here)s of your"
            " %(here_trials)s delivered enrollments, the team's other sequences from %(elsewhere)s of"
            " %(elsewhere_trials)s.",
            values,
        )
        steps = (Message("Compare the first email of %(level)s with those of the sequences that do better.", values),)
        found.append(suggest(case, RULE, key, lever, advice, steps))
    return outcome(case, (*found, *contested(case, RULE, "reply_rate", ("sequence",))))
