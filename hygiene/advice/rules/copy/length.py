"""CPY-01: a first email is very long, or hardly says anything.

What it checks
    Whether the text of a step 1, filled in and without its HTML, has more than 125 words or fewer than 20. One
    suggestion lists the templates; no template gets a grade.

Why it matters
    Published figures agree that long first emails are answered less often, and on little else.

What to do
    Cut a long one down to why you write and one question; give a very short one a reason to answer.

Limits
    Signature and footer are counted where they stand in the template. Published figures are other people's: Boomerang's
    are from ordinary mail, half of which is answered, Lavender's from users of its own writing tool. So no gain is
    claimed; your own data decide.

Source
    Boomerang (2016), 40 million mails, grade B: 50 to 125 words were answered most, with a slow decline to 500.
    Lavender (help.lavender.ai, read 2026-11), 3.5 million mails in 30 days, grade C: 25 to 50 words against 125.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.templates import MOST_NAMED, answered, named, with_text
from hygiene.advice.types import NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="CPY-01",
    family="copy",
    scope="team",
    severity="info",
    title=Message("First emails are neither very long nor very short"),
    basis="published",
    effort_minutes=20,
    needs=("templates",),
)
MOST_WORDS, LEAST_WORDS = 125, 20


def check(case: Case) -> Outcome:
    """Count the words of each first step."""
    steps = with_text(case)
    if isinstance(steps, NotApplicable):
        return steps
    first = [step for step in steps if step.step == 1]
    long = sorted((step for step in first if step.words > MOST_WORDS), key=lambda step: -step.words)
    short = sorted((step for step in first if step.words < LEAST_WORDS), key=lambda step: step.words)
    told = [*long, *short]
    if not told:
        return answered([], len(first))
    values: dict[str, Value] = {"all": Count(len(first)), "long": Count(len(long)), "short": Count(len(short))}
    values |= {"most": Count(MOST_WORDS), "least": Count(LEAST_WORDS)}
    said = Suggestion(
        rule=RULE,
        subject="first_email:length",
        evidence={
            "templates": len(first),
            "long": len(long),
            "short": len(short),
            "most_words": max(step.words for step in told),
            "least_words": min(step.words for step in told),
        },
        advice=_advice(len(long), len(short), values),
        steps=tuple(
            Message("%(sequence)s: %(n)s word.", named(case, step), plural="%(sequence)s: %(n)s words.", n=step.words)
            for step in told[:MOST_NAMED]
        ),
    )
    return answered([said], len(first))


def _advice(long: int, short: int, values: dict[str, Value]) -> Message:
    if not short:
        return Message(
            "Shorten %(long)s of the team's %(all)s first emails: it has more than %(most)s words. Published figures"
            " favor 50 to 125, but they are from ordinary mail: Boomerang 2016, 40 million mails.",
            values,
            plural="Shorten %(long)s of the team's %(all)s first emails: they have more than %(most)s words. Published"
            " figures favor 50 to 125, but they are from ordinary mail: Boomerang 2016, 40 million mails.",
            n=long,
        )
    if not long:
        return Message(
            "Say a little more in %(short)s of the team's %(all)s first emails: it has fewer than %(least)s words."
            " Published figures favor 50 to 125, but they are from ordinary mail: Boomerang 2016, 40 million mails.",
            values,
            plural="Say a little more in %(short)s of the team's %(all)s first emails: they have fewer than %(least)s"
            " words. Published figures favor 50 to 125, but they are from ordinary mail: Boomerang 2016, 40 million"
            " mails.",
            n=short,
        )
    return Message(
        "Look over the length of the team's %(all)s first emails: above %(most)s words are %(long)s of them, under"
        " %(least)s words %(short)s. Published figures favor 50 to 125, but they are from ordinary mail: Boomerang"
        " 2016, 40 million mails.",
        values,
    )
