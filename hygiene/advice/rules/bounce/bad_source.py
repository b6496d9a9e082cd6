"""BNC-02: a list source or import batch bounces more than the team's others.

What it checks
    Whether the addresses of one source or import batch bounce more often than those of the team's other sources, with
    the sender, the industry, the country and the time taken into account, and what this sender's bounce rate would
    probably have been with the others instead. It speaks where a gain of 0.3 points or more has a probability of 80 %
    or more, and of 90 % or more for one sender of the team, and where nothing else probably gains the sender more (60 %
    or more); of two that may both be the largest it names both and promises no gain.

Why it matters
    Most of a sender's bounces come from few lists, and mailbox providers judge the whole domain by them. Comparing
    one's own lists by eye names the wrong one in about half of all cases.

What to do
    Stop enrolling from it, have the rest of it verified, and ask the vendor for its money back with the counts. Put
    those that have bounced on the suppression list before you delete them: deleted alone, they come back with the next
    import.

Limits
    An association: whoever chose the list for these contacts may have had a reason that no column shows. Bounces for
    the sender's own fault (authentication, reputation) are left out. A source and its only batch are one thing.

Source
    The export itself. HubSpot, "Understand your sequences sender score" (read 2026-11): bounces under 3 %, contacts
    from verified sources. Method: docs/advice.md.
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
    id="BNC-02",
    family="bounce",
    scope="source",
    severity="high",
    title=Message("No list bounces more than the others"),
    basis="association",
    effort_minutes=15,
    needs=("contacts.source|contacts.import_batch",),
)


def check(case: Case) -> Outcome:
    """Look for the sender's lists whose replacement would lower the bounce rate."""
    found = []
    for key, lever in claimed_levers(case, "bounce_rate", ("source", "import_batch")):
        values = lever_values(case, key, lever)
        advice = Message(
            "Stop enrolling from the list %(level)s: your bounce rate would probably be %(after)s %(interval)s instead"
            " of %(before)s. Its addresses bounced at %(here)s of your %(here_trials)s, the team's other lists at"
            " %(elsewhere)s of %(elsewhere_trials)s.",
            values,
        )
        steps = (
            Message("Have the addresses of %(level)s that are left verified before anybody writes to them.", values),
            Message("Put the bounced ones on the suppression list first, then delete them."),
        )
        found.append(suggest(case, RULE, key, lever, advice, steps))
    return outcome(case, (*found, *contested(case, RULE, "bounce_rate", ("source", "import_batch"))))
