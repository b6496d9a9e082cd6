"""CPY-04: a subject is cut off, missing, shouted, or pretends to be an answer.

What it checks
    Whether a filled-in subject has more than 60 characters or is all in capitals, whether a first step has none, and
    whether a first step begins with “Re:” or “Fwd:” although nobody wrote before. One suggestion lists the templates;
    the false answer is a gate of its own. A later step without a subject goes out in the thread and is left alone.

Why it matters
    A false “Re:” misleads, which US law forbids (15 U.S.C. 7704(a)(2)) and Google's guidelines for senders forbid as
    well. The rest is style: a long subject is cut off on a phone.

What to do
    Say in a few plain words what the mail is about.

Limits
    What is published on length contradicts itself: three to four words, or 36 to 50 characters. So no gain is claimed.
    The subject is filled in for the most frequent case.

Source
    FTC, "CAN-SPAM Act: A Compliance Guide for Business"; Google, "Email sender guidelines" (both known). Boomerang
    (2016), 40 million mails, grade B: three to four words. Backlinko and Pitchbox (2019), 12 million mails, grade C: 36
    to 50 characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygiene.advice.templates import MOST_NAMED, answered, named, with_severity
from hygiene.advice.types import NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.qa import StepQuality
    from hygiene.advice.types import Outcome

RULE = Rule(
    id="CPY-04",
    family="copy",
    scope="team",
    severity="info",
    title=Message("Subjects are short, plain and honest"),
    basis="published",
    effort_minutes=10,
    needs=("templates",),
)
MOST_CHARACTERS = 60
LEAST_CAPITALS = 8
"""Letters from which a subject in capitals is shouted: an acronym may stand alone (assumed)."""
TOKEN = re.compile(r"\{[^{}]*\}|%[^%\s]*%|\*\|[^|]*\|\*")
ANSWER = re.compile(r"\s*(?:re|aw|tr|fwd?|wg|sv|antw|rép|ré)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)


def check(case: Case) -> Outcome:
    """Look at the subjects of all steps."""
    steps = case.quality.steps
    subjects = [step for step in steps if (step.subject or "").strip()]
    if not subjects:
        return NotApplicable(Message("No template in the export has a subject."))
    found = []
    false = [step for step in subjects if step.step == 1 and ANSWER.match(step.subject or "")]
    if false:
        found.append(_false_answer(case, false))
    styled = [said for step in steps if (said := _style(case, step))]
    if styled:
        values = {"n": Count(len(styled)), "all": Count(len(steps))}
        found.append(
            Suggestion(
                rule=RULE,
                subject="subject:style",
                evidence={"templates": len(steps), "told": len(styled)},
                advice=Message(
                    "Shorten or reword the subject of one of the team's %(all)s templates.",
                    values,
                    plural="Shorten or reword the subjects of %(n)s of the team's %(all)s templates.",
                    n=len(styled),
                ),
                steps=tuple(styled[:MOST_NAMED]),
            )
        )
    return answered(found, len(subjects))


def _false_answer(case: Case, steps: list[StepQuality]) -> Suggestion:
    values = {**named(case, steps[0]), "subject": Text(steps[0].shown_subject), "n": Count(len(steps))}
    return Suggestion(
        rule=with_severity(RULE, "gate"),
        subject="subject:false_answer",
        basis="exact",
        evidence={"templates": len(steps)},
        advice=Message(
            "Take the sign of an answer off the first subject of %(sequence)s: %(subject)s answers nothing, and a"
            " subject must not mislead.",
            values,
            plural="Take the sign of an answer off the first subjects of %(n)s sequences: %(subject)s, for one, answers"
            " nothing, and a subject must not mislead.",
            n=len(steps),
        ),
        steps=tuple(
            Message("%(sequence)s: %(subject)s", {**named(case, step), "subject": Text(step.shown_subject)})
            for step in steps[:MOST_NAMED]
        ),
    )


def _style(case: Case, step: StepQuality) -> Message | None:
    shown = step.shown_subject.strip()
    values = {**named(case, step), "subject": Text(shown), "length": Count(len(shown)), "most": Count(MOST_CHARACTERS)}
    if not (step.subject or "").strip():
        return (
            Message("Step %(step)s of %(sequence)s begins a thread without a subject.", values)
            if step.step == 1
            else None
        )
    if len(shown) > MOST_CHARACTERS:
        return Message(
            "Step %(step)s of %(sequence)s: %(length)s characters, of which a phone shows some %(most)s: %(subject)s",
            values,
        )
    own = TOKEN.sub("", step.subject or "")
    if own.isupper() and sum(letter.isalpha() for letter in own) >= LEAST_CAPITALS:
        return Message("Step %(step)s of %(sequence)s is all in capitals: %(subject)s", values)
    return None
