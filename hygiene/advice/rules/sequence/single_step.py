"""SEQ-04: a sequence has one email only.

What it checks
    Sequences of a single email with 200 delivered enrollments or more. What the second email of the team's other
    sequences brings is shown beside it, and where that is surely less than an email costs, it is silent.

Why it matters
    One follow-up is the cheapest thing to try on people who have not answered: the list is there and so is the text.

What to do
    Add one follow-up two to five days after the first email, for half of the contacts by chance, and compare.

Limits
    No gain is claimed: what the second email of other sequences brings comes from other texts and other contacts, and
    from those only who did not answer the first.

Source
    Published elsewhere, never counted here: Belkins 2023 (11 million emails, vendor data, grade B): the first follow-up
    brings 49 % more replies, best after 2 to 5 days; Woodpecker (20 million emails, grade B, self-selected): 9 %
    replies with one email, 13 % with more. Against it, Belkins 2025 (16.5 million emails, grade B): one email has the
    best rate. So test it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.experiments import contacts_per_arm
from hygiene.advice.steps import Tail, cost_line, only_users, steps_known, tail_of
from hygiene.advice.types import Clear, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Count, Interval, Message, Percent, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Number, Outcome
    from hygiene.facts.types import Sequence
    from hygiene.scores.types import Score
    from hygiene.values import Value

RULE = Rule(
    id="SEQ-04",
    family="sequence",
    scope="sequence",
    severity="info",
    title=Message("Every sequence follows up at least once"),
    basis="association",
    effort_minutes=45,
    needs=("events",),
)
LEAST_DELIVERED = 200
SURE = 0.95


def check(case: Case) -> Outcome:
    """Look for sequences of one email."""
    last = {step.sequence_key: step.step for step in case.facts.steps if step.sent}
    if not last:
        return NotApplicable(Message("It is not known which email is which, for the events name no steps."))
    second = _second_steps(case)
    pays = second.delivered == 0 or second.p_below(cost_line(case)) < SURE
    users = only_users(case)
    planned = {template.sequence_key for template in case.enrolled.templates if template.step > 1}
    sent = {step.sequence_key: step.sent for step in case.facts.steps if step.step == 1}
    found = [
        _suggestion(case.facts.sequences[key], score, second, users.get(key))
        for score in case.scores.sequences
        if (key := score.sequence_key) is not None
        and last.get(key) == 1
        and key not in planned
        and 2 * sent.get(key, 0) >= score.counts.ended
        and score.counts.ended - score.counts.bounced >= LEAST_DELIVERED
    ]
    return Fired(tuple(found)) if found and pays else Clear(len(last))


def _second_steps(case: Case) -> Tail:
    seconds = [step for steps in steps_known(case).values() for step in steps if step.step == 2]
    return tail_of(seconds)


def _suggestion(sequence: Sequence, score: Score, second: Tail, sender: int | None) -> Suggestion:
    delivered = score.counts.ended - score.counts.bounced
    rate = (score.counts.replied + 0.5) / (delivered + 1)
    per_arm = contacts_per_arm(rate, min(rate + second.rate * (1 - rate), 0.999)) if second.delivered else 0
    values: dict[str, Value] = {
        "sequence": Text(sequence.label),
        "delivered": Count(delivered),
        "rate": Percent(score.counts.replied / delivered),
        "second": Percent(second.replied / max(second.delivered, 1)),
        "interval": Interval(*second.interval()),
        "second_sent": Count(second.delivered),
        "arm": Count(per_arm),
    }
    evidence: dict[str, Number] = {"delivered": delivered, "replied": score.counts.replied}
    if second.delivered:
        evidence |= {
            "second_delivered": second.delivered,
            "second_replied": second.replied,
            "contacts_an_arm": per_arm,
        }
    return Suggestion(
        rule=RULE,
        subject=f"sequence:{sequence.sequence_id}",
        sender_key=sender,
        sequence_key=sequence.key,
        evidence=evidence,
        advice=_advice(values, is_compared=second.delivered > 0),
        steps=_steps(values, is_planned=per_arm > 0),
    )


def _advice(values: dict[str, Value], *, is_compared: bool) -> Message:
    if is_compared:
        return Message(
            "Try one follow-up in %(sequence)s, two to five days after its only email (%(rate)s of %(delivered)s"
            " delivered enrollments got a reply). In the team's other sequences the second email gets a reply from"
            " %(second)s %(interval)s of %(second_sent)s.",
            values,
        )
    return Message(
        "Try one follow-up in %(sequence)s, two to five days after its only email: %(rate)s of %(delivered)s delivered"
        " enrollments got a reply.",
        values,
    )


def _steps(values: dict[str, Value], *, is_planned: bool) -> tuple[Message, ...]:
    split = Message("Give it to half of the contacts, chosen by chance, and compare the two halves.")
    if not is_planned:
        return (split,)
    return (split, Message("To see a difference of that size you need %(arm)s contacts in each half.", values))
