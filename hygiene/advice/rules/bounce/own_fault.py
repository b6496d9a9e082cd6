"""BNC-04: many of a sender's bounces are the sender's own fault, not the addresses'.

What it checks
    Whether 30 % or more of a sender's bounces whose fault is known came from how the emails are sent (authentication,
    reputation, content or policy), among five or more such bounces.

Why it matters
    These contacts are alive: deleting them loses people and mends nothing. What has to be mended is the domain, the
    server or the volume, and until then every further email to that provider bounces too.

What to do
    Give IT the tickets, send less meanwhile, and keep the contacts. They can be enrolled again once it is mended.

Limits
    The fault is read from the server's answer; where it says nothing, the bounce counts on neither side. A trouble that
    is mended already still counts in the period.

Source
    Google, Email sender guidelines, and the answers of the servers (`models/bounces/codes.toml`, each code with its
    source). The 30 % and the five bounces are assumed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, Fired, NotApplicable, NotEnough, Rule, Suggestion
from hygiene.scores.points import score_points
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.scores.types import Score
    from hygiene.values import Value


RULE = Rule(
    id="BNC-04",
    family="bounce",
    scope="sender",
    severity="high",
    title=Message("Nobody's bounces come largely from how the emails are sent"),
    effort_minutes=60,
    owner="it",
    needs=("enrollments|events",),
)
LEAST_SHARE = 0.3
"""Of the bounces with a known fault (evidence/recommender.md section 6; assumed)."""
LEAST_BOUNCES = 5
"""Bounces with a known fault below which a share says nothing (assumed)."""
NOTHING_SAID = Message("No bounce says why it came back.")
KNOWN_BOUNCES = Message("bounces of one sender whose fault is known")


def check(case: Case) -> Outcome:
    """Look for senders whose own fault most bounces are."""
    known = {score.sender_key: sum(score.faults) - score.faults.unknown for score in case.scores.senders}
    judged = [score for score in case.scores.senders if known[score.sender_key] >= LEAST_BOUNCES]
    if not judged:
        most = max(known.values(), default=0)
        return NotEnough(most, LEAST_BOUNCES, KNOWN_BOUNCES) if most else NotApplicable(NOTHING_SAID)
    found = [row for row in judged if row.faults.sender >= LEAST_SHARE * known[row.sender_key]]
    if not found:
        return Clear(len(judged))
    return Fired(tuple(_suggestion(case, score, known[score.sender_key]) for score in found))


def _suggestion(case: Case, score: Score, known: int) -> Suggestion:
    own = [row for row in case.facts.bounce_causes if row.sender_key == score.sender_key and row.fault == "sender"]
    categories: Counter[str] = Counter()
    for cause in own:
        categories[cause.category] += cause.bounced
    tickets = ", ".join(sorted({cause.ticket for cause in own if cause.ticket}))
    values: dict[str, Value] = {
        "own": Count(score.faults.sender),
        "known": Count(known),
        "share": Percent(score.faults.sender / known, 0),
        "tickets": Text(tickets),
    }
    steps = [
        Message(
            "Don't delete this contact and don't suppress it: its address works.",
            plural="Don't delete these contacts and don't suppress them: their addresses work.",
            n=score.faults.sender,
        )
    ]
    if tickets:
        steps.append(Message("Give IT the tickets %(tickets)s: the lines to copy are in tickets.md.", values))
    steps.append(Message("Send less to the providers that refuse you until it is mended."))
    return Suggestion(
        rule=RULE,
        subject="bounces:own-fault",
        sender_key=score.sender_key,
        points=_points(case, score),
        advice=Message(
            "Have the sending mended rather than the list: %(own)s of your %(known)s bounces with a known cause"
            " (%(share)s) come from how the emails are sent (domain, reputation, volume), not from the addresses.",
            values,
        ),
        steps=tuple(steps),
        evidence={
            "bounces_of_known_fault": known,
            "bounces_of_own_fault": score.faults.sender,
            "share_of_own_fault": score.faults.sender / known,
            "tickets": tickets,
            **categories,
        },
    )


def _points(case: Case, score: Score) -> float:
    """Return what the score would gain without these bounces: exact arithmetic, for the order of the advice only."""
    knots, trials = case.scores.profile.bounce, max(score.bounce.trials, 1)
    now, then = (score.bounce.successes / trials, (score.bounce.successes - score.faults.sender) / trials)
    return float(score_points(then, knots) - score_points(now, knots))
