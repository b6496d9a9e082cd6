"""TOK-03: some of a sender's mails go out broken, for want of a value in a token.

What it checks
    Every step is filled in for every enrollment of its sequence. A mail is broken where a token without a default has
    no value, or prints one that stands for none (“N/A”, “-”, “test”, the column's own name) or holds HTML or braces.
    From 0.5 % of the sender's mails of a step on it is told, from 2 % on (and three mails) it is a gate. One suggestion
    a column names the worst step, and counts the others.

Why it matters
    HubSpot prints [[MISSING TOKEN - …]] for a missing value, other tools a hole or nothing at all, and some do not
    send. A default inside the token costs a minute.

What to do
    Add a default to the token, or take it out, or take the contacts listed out of the sequence until the value is
    there.

Limits
    Tokens whose column the export does not hold (custom properties, the company's city) cannot be checked and are left
    out. Defaults that were set in the tool's own dialog rather than in the text are not seen. Contacts enrolled before
    count as well, for the next ones come from the same list.

Source
    The export itself, counted exactly. HubSpot, "Personalization tokens" (knowledge.hubspot.com, read 2026-11). Limits:
    assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hygiene.advice.templates import answered, minutes_for, named, rows_at, subject_of, with_severity
from hygiene.advice.types import Rule, Suggestion
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.advice.case import Case
    from hygiene.advice.qa import Flaw, StepQuality
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

    Integers = NDArray[np.int64]

RULE = Rule(
    id="TOK-03",
    family="token",
    scope="template",
    severity="medium",
    title=Message("Every email has something to print in each of its tokens"),
    effort_minutes=10,
    needs=("templates", "contacts", "enrollments|events"),
)
WARNED, GATED = 0.005, 0.02
LEAST_GATED = 3
"""Broken mails from which on it is a gate: one bad row of thirty is 3 % as well."""
DEFAULTS = {"en": "there", "fr": "à vous", "de": "zusammen"}
"""What may stand in place of a first name in a greeting, by the template's language."""


class _Broken(NamedTuple):
    """A sender's mails of one step that one column breaks."""

    step: StepQuality
    flaw: Flaw
    places: Integers
    mails: int

    @property
    def share(self) -> float:
        return len(self.places) / self.mails


def check(case: Case) -> Outcome:
    """Count the broken mails of each sender, step and column."""
    found: dict[tuple[int, str], list[_Broken]] = {}
    senders = case.enrolled.rows["sender_key"].to_numpy() if len(case.enrolled.rows) else np.array([], dtype=np.int64)
    for step in case.quality.steps:
        mails = np.bincount(senders[step.places]) if len(step.places) else np.array([], dtype=np.int64)
        for flaw in step.all_flaws():
            if not flaw.breaks:
                continue
            places = step.of(flaw)
            counts = np.bincount(senders[places], minlength=len(mails))
            for key in case.quality.users.get(step.sequence_key, ()):
                if counts[key] / mails[key] > WARNED:
                    own = places[senders[places] == key]
                    found.setdefault((key, flaw.column), []).append(_Broken(step, flaw, own, int(mails[key])))
    said = [_suggestion(case, key, broken) for (key, _), broken in sorted(found.items(), key=lambda item: item[0])]
    return answered(said, sum(step.mails for step in case.quality.steps))


def _suggestion(case: Case, key: int, broken: list[_Broken]) -> Suggestion:
    worst = max(broken, key=lambda one: (one.share, -one.step.step))
    is_gate = worst.share > GATED and len(worst.places) >= LEAST_GATED
    rows = rows_at(case, np.unique(np.concatenate([one.places for one in broken])), worst.flaw.column)
    steps = {(one.step.sequence_key, one.step.step) for one in broken}
    values: dict[str, Value] = {
        **named(case, worst.step),
        "path": Text(worst.flaw.path),
        "share": Percent(worst.share),
        "broken": Count(len(worst.places)),
        "mails": Count(worst.mails),
        "others": Count(len(steps) - 1),
        "value": Text(rows[0].value),
    }
    return Suggestion(
        rule=with_severity(RULE, "gate" if is_gate else "medium"),
        subject=subject_of(case, worst.step),
        sender_key=key,
        sequence_key=worst.step.sequence_key,
        effort_minutes=minutes_for(RULE, ((one.step, one.flaw.column) for one in broken)),
        evidence={
            "broken": len(worst.places),
            "mails": worst.mails,
            "share": worst.share,
            "steps": len(steps),
            "token": worst.flaw.path,
            "running": int(case.enrolled.rows["ended_at"].iloc[worst.places].isna().sum()),
        },
        advice=_advice(worst, values),
        steps=tuple(_how(worst, values, len(steps) - 1)),
        rows=rows,
    )


def _advice(worst: _Broken, values: dict[str, Value]) -> Message:
    if worst.flaw.defect == "markup":
        return Message(
            "Clean the values behind %(path)s: %(broken)s of your %(mails)s emails of step %(step)s of %(sequence)s"
            " (%(share)s) would show code instead of words.",
            values,
        )
    if worst.flaw.defect == "placeholder":
        return Message(
            "Empty the values behind %(path)s that stand for nothing, and add a default: %(broken)s of your %(mails)s"
            " emails of step %(step)s of %(sequence)s (%(share)s) would print one of them.",
            values,
        )
    if worst.step.missing == "not_sent":
        return Message(
            "Reword step %(step)s of %(sequence)s without %(path)s, or fill it in: for %(broken)s of your %(mails)s"
            " enrollments (%(share)s) it is empty, and the tool then sends nothing.",
            values,
        )
    return Message(
        "Add a default to %(path)s in step %(step)s of %(sequence)s: for %(broken)s of your %(mails)s enrollments"
        " (%(share)s) there is nothing to print.",
        values,
    )


def _how(worst: _Broken, values: dict[str, Value], others: int) -> list[Message]:
    steps = []
    default = DEFAULTS.get(worst.step.language or "")
    has_default = worst.flaw.defect != "markup" and worst.step.missing != "not_sent"
    if worst.flaw.column == "first_name" and default and has_default:
        steps.append(Message("After a greeting, “%(default)s” suits as a default.", {"default": Text(default)}))
    elif worst.flaw.column != "first_name" and worst.flaw.defect != "markup":
        steps.append(Message("If no default reads well there, say the sentence without the token."))
    if others:
        steps.append(
            Message(
                "Do the same in %(others)s other step that prints it.",
                values,
                plural="Do the same in the %(others)s other steps that print it.",
                n=others,
            )
        )
    steps.append(Message("Or take the contacts listed here out of the sequence until the value is filled in."))
    return steps
