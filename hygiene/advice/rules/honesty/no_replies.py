"""DAT-03: opens or clicks are known, and replies are not.

What it checks
    Whether the export knows opens or clicks but not one human reply, of the team or of one sender; of a sender, whether
    no reply at all is hardly luck, given how the team's other senders differ.

Why it matters
    Opens and clicks are mostly a machine's word: scanners open and click every link, and proxies load every picture. A
    sequence that is chosen by its opens is chosen by the recipients' security software. Replies come from people.

What to do
    Export the replies as events of type `reply`, or the column `replied`, and connect the inbox that gets them.

Limits
    A new sender may truly have no reply yet: it speaks from 100 delivered enrollments of the team on, and of a sender
    where luck has a probability under 1 %.

Source
    docs/machines.md: what gives a machine's open or click away. The lines of 100 enrollments and 1 % are assumed.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, Fired, NotApplicable, NotEnough, Rule, Suggestion
from hygiene.values import Count, Message, Percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.scores.types import Score
    from hygiene.values import Value

RULE = Rule(
    id="DAT-03",
    family="honesty",
    scope="team",
    severity="high",
    title=Message("Engagement is judged by replies"),
    effort_minutes=30,
    owner="ops",
    needs=("events",),
)
LEAST_DELIVERED = 100
LUCK = 0.01


def check(case: Case) -> Outcome:
    """Look for engagement without replies."""
    signals = sum(row.events for row in case.facts.engagements)
    if not signals:
        return NotApplicable(Message("The export holds no opens or clicks, so nobody is judged by them."))
    reply = case.scores.team.reply
    if not reply.successes and reply.trials < LEAST_DELIVERED:
        return NotEnough(reply.trials, LEAST_DELIVERED, Message("delivered enrollments"))
    if not reply.successes:
        return Fired((_of_team(case, signals),))
    found = tuple(_of_senders(case))
    return Fired(found) if found else Clear(len(case.scores.senders))


def _of_team(case: Case, signals: int) -> Suggestion:
    machines = sum(row.events for row in case.facts.engagements if row.sign is not None)
    trials = case.scores.team.reply.trials
    values: dict[str, Value] = {
        "signals": Count(signals),
        "machines": Percent(machines / signals, 0),
        "delivered": Count(trials),
    }
    return Suggestion(
        rule=RULE,
        subject="replies:team",
        evidence={"delivered": trials, "replied": 0, "opens_and_clicks": signals, "by_machines": machines},
        advice=Message(
            "Export the replies: of %(delivered)s delivered enrollments not one has a reply, but there are %(signals)s"
            " opens and clicks, at least %(machines)s of them by machines. Choose no sequence by those.",
            values,
        ),
        steps=_STEPS,
    )


_STEPS = (
    Message("Connect the inbox that gets the replies to the sequencer, and export events of the type reply."),
    Message("Until then leave opens out of every comparison."),
)


def _of_senders(case: Case) -> Iterator[Suggestion]:
    with_signals = {row.sender_key for row in case.facts.engagements if row.events}
    for score in case.scores.senders:
        if score.sender_key not in with_signals or score.reply.successes or score.reply.trials < LEAST_DELIVERED:
            continue
        luck = _luck(case, score)
        if luck >= LUCK:
            continue
        values: dict[str, Value] = {"delivered": Count(score.reply.trials), "luck": Percent(luck, 2)}
        yield Suggestion(
            rule=RULE,
            scope="sender",
            subject="replies:sender",
            sender_key=score.sender_key,
            evidence={"delivered": score.reply.trials, "replied": 0, "p_luck": luck},
            advice=Message(
                "Have it checked whether your replies are seen: of your %(delivered)s delivered enrollments not one has"
                " a reply, though there are opens or clicks. By luck that has a probability of %(luck)s in this team.",
                values,
            ),
            steps=_STEPS,
        )


def _luck(case: Case, score: Score) -> float:
    """Return the probability of no reply for a sender like the team's others (beta-binomial)."""
    from scipy.special import betaln

    from hygiene.scores.rates import fit_beta_prior

    others = [other.reply for other in case.scores.senders if other is not score and other.reply.trials]
    prior = fit_beta_prior([reply.successes for reply in others], [reply.trials for reply in others])
    return exp(float(betaln(prior.a, prior.b + score.reply.trials) - betaln(prior.a, prior.b)))
