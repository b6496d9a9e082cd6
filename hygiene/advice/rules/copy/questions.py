"""CPY-03: a first email asks nothing, or many things at once.

What it checks
    Whether the text of a step 1, filled in and without its HTML and its links, has no question or more than three. One
    suggestion lists the templates; no template gets a grade.

Why it matters
    A mail without a question leaves the contact nothing to answer. Published figures favor one to three.

What to do
    End with one clear question that a line can answer.

Limits
    A question is a question mark at the end of a word; a request without one (“Let me know.”) is not seen. Published
    figures are from ordinary mail and say nothing of cause, so no gain is claimed.

Source
    Boomerang (2016), 40 million mails, grade B to C (quoted by softrust, read 2026-11): one to three questions were
    answered half as often again as none. Lavender asks for exactly one (grade C).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygiene.advice.qa.reading import LINK
from hygiene.advice.templates import MOST_NAMED, answered, named, with_text
from hygiene.advice.types import NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="CPY-03",
    family="copy",
    scope="team",
    severity="info",
    title=Message("First emails ask one to three questions"),
    basis="published",
    effort_minutes=10,
    needs=("templates",),
)
MOST_QUESTIONS = 3
QUESTION = re.compile(r"[?？؟][?!？]*(?=[\s\"'»”’)\]]|$)")


def questions_in(text: str) -> int:
    """Return how many questions a text asks.

    Examples
    --------
    >>> questions_in("Who? Really?! See https://acme.example/?a=b"), questions_in("Est-ce un sujet pour vous ?")
    (2, 1)
    """
    return len(QUESTION.findall(LINK.sub(" ", text)))


def check(case: Case) -> Outcome:
    """Count the questions of each first step."""
    steps = with_text(case)
    if isinstance(steps, NotApplicable):
        return steps
    asked = [(step, questions_in(step.shown_text)) for step in steps if step.step == 1]
    none = [step for step, count in asked if count == 0]
    many = [(step, count) for step, count in asked if count > MOST_QUESTIONS]
    if not none and not many:
        return answered([], len(asked))
    values: dict[str, Value] = {
        "all": Count(len(asked)),
        "none": Count(len(none)),
        "many": Count(len(many)),
        "most": Count(MOST_QUESTIONS),
    }
    said = Suggestion(
        rule=RULE,
        subject="first_email:questions",
        evidence={"templates": len(asked), "without_question": len(none), "many_questions": len(many)},
        advice=_advice(len(none), len(many), values),
        steps=(
            *(Message("%(sequence)s asks nothing.", named(case, step)) for step in none),
            *(
                Message("%(sequence)s asks %(questions)s questions.", {**named(case, step), "questions": Count(count)})
                for step, count in many
            ),
        )[:MOST_NAMED],
    )
    return answered([said], len(asked))


def _advice(none: int, many: int, values: dict[str, Value]) -> Message:
    if not many:
        return Message(
            "End a first email with one clear question: one of the team's %(all)s asks nothing. Published figures favor"
            " one to three questions, but they are from ordinary mail: Boomerang 2016, 40 million mails.",
            values,
            plural="End first emails with one clear question: %(none)s of the team's %(all)s ask nothing. Published"
            " figures favor one to three questions, but they are from ordinary mail: Boomerang 2016, 40 million mails.",
            n=none,
        )
    if not none:
        return Message(
            "Keep to one clear question: one of the team's %(all)s first emails asks more than %(most)s. Published"
            " figures favor one to three, but they are from ordinary mail: Boomerang 2016, 40 million mails.",
            values,
            plural="Keep to one clear question: %(many)s of the team's %(all)s first emails ask more than %(most)s."
            " Published figures favor one to three, but they are from ordinary mail: Boomerang 2016, 40 million mails.",
            n=many,
        )
    return Message(
        "End first emails with one clear question: of the team's %(all)s, %(none)s ask nothing and %(many)s more than"
        " %(most)s questions. Published figures favor one to three, but they are from ordinary mail: Boomerang 2016, 40"
        " million mails.",
        values,
    )
