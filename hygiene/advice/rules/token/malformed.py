"""TOK-01: a token in a template is broken, so that contacts read it as it stands.

What it checks
    Whether a subject or a body holds a token with a brace too few or too many, with HTML inside, a condition without
    its end, or the token of another tool, left over from a copied template. Each sender who uses the sequence is told
    once, with all places.

Why it matters
    A contact who reads “Hi {{ contact.firstname }” knows at once that nobody wrote to them. It is the one mistake that
    every single contact of the step sees.

What to do
    Correct the template, or delete the token and choose it again from the tool's menu. Send one test to yourself.

Limits
    The dialect is the template's own column or the likeliest of the sequence. Text that merely speaks of braces is told
    apart from tokens: of 40 such texts in our golden set none is taken for one.

Source
    docs/tokens.md and the vendors' documents named in hygiene/advice/tokens/dialects.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.templates import (
    MOST_NAMED,
    answered,
    by_sender,
    grouped,
    mended,
    minutes_for,
    named,
    running_in,
    subject_of,
    with_others,
)
from hygiene.advice.types import Rule, Suggestion
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.qa import StepProblem, StepQuality
    from hygiene.advice.types import Outcome

RULE = Rule(
    id="TOK-01",
    family="token",
    scope="template",
    severity="gate",
    title=Message("Every token in the templates is written as the tool reads it"),
    effort_minutes=5,
    needs=("templates",),
)
KINDS = ("malformed", "foreign_dialect")


def check(case: Case) -> Outcome:
    """Look for broken and foreign tokens."""
    broken = [step for step in case.quality.steps if _problems(step)]
    found = [_suggestion(case, key, steps) for key, steps in by_sender(case, broken).items()]
    return answered(found, len(case.quality.steps))


def _problems(step: StepQuality) -> list[StepProblem]:
    return [problem for problem in step.problems if problem.kind in KINDS]


def _suggestion(case: Case, key: int | None, steps: list[StepQuality]) -> Suggestion:
    places = [(step, problem) for step in steps for problem in _problems(step)]
    groups = grouped(places, lambda step, problem: (problem.kind, problem.text, step.dialect))
    step, problem = places[0]
    values = {**named(case, step), "text": Text(problem.text), "n": Count(len(places))}
    running = running_in(case, key, steps)
    return Suggestion(
        rule=RULE,
        subject=subject_of(case, step),
        sender_key=key,
        sequence_key=step.sequence_key,
        effort_minutes=minutes_for(RULE, ((step, problem.text) for step, problem in places)),
        evidence={
            "places": len(places),
            "templates": len(steps),
            "running": running,
            **{f"text_{at}": group.found.text for at, group in enumerate(groups[:MOST_NAMED], start=1)},
        },
        advice=Message(
            "Mend %(n)s token before the next email goes out. In step %(step)s of %(sequence)s your contacts read"
            " %(text)s as it stands.",
            values,
            plural="Mend %(n)s tokens before the next email goes out. In step %(step)s of %(sequence)s your contacts"
            " read %(text)s as it stands.",
            n=len(places),
        ),
        steps=tuple(with_others(_how(case, group.step, group.found), group) for group in groups[:MOST_NAMED]),
    )


def _how(case: Case, step: StepQuality, problem: StepProblem) -> Message:
    values = {**named(case, step), "text": Text(problem.text)}
    if problem.kind == "foreign_dialect":
        return Message(
            "In step %(step)s of %(sequence)s, replace %(text)s: it is written as another tool wants it. Choose the"
            " token again from your tool's menu.",
            values,
        )
    good = mended(problem.text, step.dialect)
    if good:
        return Message(
            "In step %(step)s of %(sequence)s, replace %(text)s by %(good)s.", {**values, "good": Text(good)}
        )
    return Message(
        "In step %(step)s of %(sequence)s, delete %(text)s and choose the token again from your tool's menu.", values
    )
