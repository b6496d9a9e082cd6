"""TIM-01: enrollments that begin at one time of the week get fewer replies than the team's others.

What it checks
    Whether the sender's enrollments that began at one time (a weekday, before or after noon) would probably have got
    more replies had they begun when the team's others do, with everything else taken into account. It speaks only on
    the team's own data, where a gain of 0.4 points or more has a probability of 80 % or more, and of 90 % or more for
    one sender of the team, and where nothing else probably gains the sender more (60 % or more); of two that may both
    be the largest it names both and promises no gain.

Why it matters
    Published best days contradict each other (Wednesday, Thursday and Tuesday each come first in one study), so no
    time is preferred here unless the data at hand say so.

What to do
    Enroll at another time.

Limits
    An association. What counts is when the enrollment began, in the time zone of the settings; later steps follow it.

Source
    The export itself. Belkins, Instantly and others publish three different best days (read 2026-11). Method:
    docs/advice.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.contests import contested
from hygiene.advice.pull import claimed_levers, lever_values, outcome, suggest
from hygiene.advice.slots import slot_words
from hygiene.advice.types import Rule
from hygiene.values import Message

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome

RULE = Rule(
    id="TIM-01",
    family="sequence",
    scope="sender",
    severity="medium",
    title=Message("No time of the week gets fewer replies than the others"),
    basis="association",
    effort_minutes=15,
    needs=("enrollments|events",),
)


def check(case: Case) -> Outcome:
    """Look for the times at which the sender's enrollments do worse."""
    found = []
    for key, lever in claimed_levers(case, "reply_rate", ("timing",)):
        values = {**lever_values(case, key, lever), "slot": slot_words(lever.level)}
        advice = Message(
            "Enroll at other times than %(slot)s: your reply rate would probably be %(after)s %(interval)s instead of"
            " %(before)s. Then %(here)s of your %(here_trials)s delivered enrollments got a reply, at the team's other"
            " times %(elsewhere)s of %(elsewhere_trials)s.",
            values,
        )
        found.append(suggest(case, RULE, key, lever, advice, ()))
    return outcome(case, (*found, *contested(case, RULE, "reply_rate", ("timing",))))
