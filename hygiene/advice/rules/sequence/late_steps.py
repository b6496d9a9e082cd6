"""SEQ-03: the last emails of a sequence bring fewer replies than they cost.

What it checks
    From the last step backwards, whether the replies to each email of a sequence's end are worth the email: a reply
    rate under (cost of an email + complaints × their cost) ÷ worth of a reply, by the settings. It speaks where the
    upper 95 % bound of those emails' pooled reply rate lies under that line; of what comes after the fourth follow-up,
    it speaks already where a rate under the line has a probability of 80 %. The replies that would be lost are named.

Why it matters
    Each further email goes to those who kept silent, and it is the late ones that annoy. They also take the place of
    first emails in the mailbox's daily room.

What to do
    End the sequence earlier.

Limits
    A step is reached by survivors only, who have not answered before: its rate says what one more email brings, not
    what another order would bring. The line is as good as the two settings `reply_value` and `send_cost`. It is silent
    where fewer than 80 % of a sequence's replies are known by their step.

Source
    The export itself. Published findings contradict each other, so none of them decides here: Belkins 2023 (11 million
    emails, vendor data, grade B): best with three rounds, the third follow-up brings 20 % fewer replies; Belkins 2025
    (16.5 million emails of 2024, grade B): one email is best, four or more triple opt-outs and complaints; Woodpecker
    (20 million emails, grade B, per contact and self-selected): 27 % replies with 4 to 7 emails, 9 % with fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.steps import Tail, cost_line, only_users, steps_known, tail_of
from hygiene.advice.types import Clear, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Count, Interval, Message, Percent, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Number, Outcome
    from hygiene.facts.types import Step
    from hygiene.values import Value

RULE = Rule(
    id="SEQ-03",
    family="sequence",
    scope="sequence",
    severity="medium",
    title=Message("Every email of a sequence brings what it costs"),
    basis="association",
    effort_minutes=15,
    needs=("events",),
)
SURE = 0.95
MANY_FOLLOW_UPS = 4
"""Belkins 2025: with four emails or more opt-outs and complaints triple (evidence/recommender.md, 1)."""
LIKELY = 0.8
"""What suffices after so many follow-ups."""


def check(case: Case) -> Outcome:
    """Look for sequences whose last emails do not pay."""
    known = steps_known(case)
    if not known:
        return NotApplicable(Message("It is not known which email the replies answered."))
    line, users = cost_line(case), only_users(case)
    found = [
        _suggestion(case, key, steps, cut, line, users.get(key))
        for key, steps in known.items()
        if (cut := last_paying(steps, line)) is not None
    ]
    return Fired(tuple(found)) if found else Clear(sum(len(steps) for steps in known.values()))


def last_paying(steps: list[Step], line: float) -> int | None:
    """Return how many steps to keep; None: all of them.

    The tail grows backwards as long as each email in it looks unpaid by itself; the first email always stays.
    """
    cut = None
    tail = Tail(0, 0)
    for keep in range(len(steps) - 1, 0, -1):
        one = tail_of([steps[keep]])
        tail = tail + one
        looks_unpaid = one.replied < line * one.delivered
        if one.delivered and not looks_unpaid:
            break
        # Steps count from 1, so after four follow-ups comes the sixth.
        needed = LIKELY if steps[keep].step > MANY_FOLLOW_UPS + 1 else SURE
        if tail.p_below(line) >= needed:
            cut = keep
    return cut


def _suggestion(case: Case, key: int, steps: list[Step], keep: int, line: float, sender: int | None) -> Suggestion:
    tail, late = tail_of(steps[keep:]), steps[keep:]
    kept = tail_of(steps[:keep])
    sent = sum(step.sent for step in late)
    out, before = sum(step.unsubscribed for step in late), sum(step.unsubscribed for step in steps[:keep])
    sequence = case.facts.sequences[key]
    values: dict[str, Value] = {
        "sequence": Text(sequence.label),
        "step": Count(steps[keep - 1].step),
        "sent": Count(sent),
        "replied": Count(tail.replied),
        "rate": Percent(tail.replied / max(tail.delivered, 1), 2),
        "interval": Interval(*tail.interval()),
        "line": Percent(line, 2),
        "out": Count(out),
    }
    evidence: dict[str, Number] = {
        "keep_steps": steps[keep - 1].step,
        "late_sent": sent,
        "late_delivered": tail.delivered,
        "late_replied": tail.replied,
        "late_unsubscribed": out,
        "early_delivered": kept.delivered,
        "early_replied": kept.replied,
        "early_unsubscribed": before,
        "cost_line": line,
        "p_below_line": tail.p_below(line),
    }
    evidence |= {f"replied_step_{step.step}": step.replied for step in steps}
    evidence |= {f"sent_step_{step.step}": step.sent for step in steps}
    return Suggestion(
        rule=RULE,
        subject=f"sequence:{sequence.sequence_id}",
        sender_key=sender,
        sequence_key=key,
        replies=-float(tail.replied),
        evidence=evidence,
        advice=Message(
            "End %(sequence)s after email %(step)s: the %(sent)s emails that came later brought %(n)s reply"
            " (%(rate)s %(interval)s of the delivered), and one pays from %(line)s on.",
            values,
            plural="End %(sequence)s after email %(step)s: the %(sent)s emails that came later brought %(n)s replies"
            " (%(rate)s %(interval)s of the delivered), and one pays from %(line)s on.",
            n=tail.replied,
        ),
        steps=(
            Message(
                "Weigh it: you would have lost %(replied)s replies and spared %(sent)s emails and %(out)s opt-outs.",
                values,
            ),
        ),
    )
