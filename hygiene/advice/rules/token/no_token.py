"""TOK-05: the first email prints nothing of the contact or the company, and colleagues' tokened ones may do better.

What it checks
    Whether step 1 of a sequence that a sender uses holds no token of the contact or the company. Then the sequences of
    the same language whose step 1 has one are compared, by the team's own data, on this sender's contacts and
    industries. Where the tokened ones would bring 0.4 points of replies or more with a probability of 80 %, it is
    claimed; where the data lean the other way, nothing is said; otherwise it is proposed as an experiment, without a
    gain.

Why it matters
    HubSpot's first tip is to add tokens. It is a hypothesis: the randomized trials contradict each other.

What to do
    Take up the company's name or the industry where it says something, or test it.

Limits
    An association: tokened sequences differ in more than their tokens. A broken token does certain harm, so the QA of
    tokens comes first.

Source
    HubSpot, "Understand your sequences sender score" (read 2026-11). Sahni, Wheeler and Chintagunta, Marketing Science
    37 (2018) 236, over 60,000 mails, grade A: more opens and leads, B2C. Defau and Zauner, Marketing Letters (2023),
    two field experiments, grade A: the first name does nothing. Method: docs/advice.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.attribution.types import CLAIMED
from hygiene.advice.peers import gain_of_others
from hygiene.advice.templates import MOST_NAMED, answered, named, subject_of, with_severity, with_text
from hygiene.advice.types import NotApplicable, Rule, Suggestion
from hygiene.scores.points import score_points
from hygiene.values import Count, Message, Percent, Points

if TYPE_CHECKING:
    from hygiene.advice.attribution.types import Gain
    from hygiene.advice.case import Case
    from hygiene.advice.qa import StepQuality
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

RULE = Rule(
    id="TOK-05",
    family="token",
    scope="sequence",
    severity="medium",
    title=Message("The first email says something of the contact or the company"),
    basis="association",
    effort_minutes=15,
    needs=("templates", "enrollments|events"),
)
LIKELY_WORSE = 0.2
"""Probability of any gain at all, under which tokens are not even proposed for a test."""


def check(case: Case) -> Outcome:
    """Compare first steps with and without a token of the contact."""
    steps = with_text(case)
    if isinstance(steps, NotApplicable):
        return steps
    first = [step for step in steps if step.step == 1]
    bare = [step for step in first if not _has_token(step)]
    tokened = {step.sequence_key for step in first} - {step.sequence_key for step in bare}
    found = []
    for key in sorted({key for step in bare for key in case.quality.users.get(step.sequence_key, ())}):
        own = [step for step in bare if key in case.quality.users.get(step.sequence_key, ())]
        if said := _suggestion(case, key, own, frozenset(tokened)):
            found.append(said)
    return answered(found, len(first))


def _has_token(step: StepQuality) -> bool:
    return any(token.binding.kind != "sender" for token in step.tokens)


def _suggestion(case: Case, key: int, own: list[StepQuality], tokened: frozenset[int]) -> Suggestion | None:
    gain, leaning = gain_of_others(case, key, [step.sequence_key for step in own], tokened) or (None, None)
    is_claimed = gain is not None and gain.p >= CLAIMED
    if leaning is not None and leaning < LIKELY_WORSE:
        return None
    values = {**named(case, own[0]), "n": Count(len(own)), "tokened": Count(len(tokened))}
    return Suggestion(
        rule=with_severity(RULE, "medium" if is_claimed else "info"),
        subject=subject_of(case, own[0]),
        sender_key=key,
        sequence_key=own[0].sequence_key,
        metric="reply_rate" if is_claimed else "none",
        gain=gain if is_claimed else None,
        points=_points(case, key, gain.value) if is_claimed and gain is not None else 0.0,
        basis=None if is_claimed else "published",
        evidence={
            "sequences": len(own),
            "tokened_sequences": len(tokened),
            **({"p_gain": gain.p, "p_any": leaning} if gain is not None and leaning is not None else {}),
        },
        advice=_claim(gain, values) if is_claimed and gain is not None else _proposal(own, values),
        steps=tuple(
            Message("Step %(step)s of %(sequence)s prints nothing of the contact.", named(case, step))
            for step in own[:MOST_NAMED]
        ),
    )


def _points(case: Case, key: int, gain: float) -> float:
    """Return how much the sender's score would change."""
    score, knots = case.score(key), case.scores.profile.reply
    rate = (score.reply.value if score else None) or 0.0
    return float(score_points(rate + gain, knots) - score_points(rate, knots))


def _claim(gain: Gain, values: dict[str, Value]) -> Message:
    return Message(
        "Print the company's name or the industry in step %(step)s of %(sequence)s: with the team's sequences that do,"
        " %(points)s more of 100 of your contacts would probably reply (probability %(certainty)s).",
        {**values, "points": Points(100 * gain.value, 1), "certainty": Percent(gain.p, 0)},
    )


def _proposal(own: list[StepQuality], values: dict[str, Value]) -> Message:
    return Message(
        "Try a token of the company or the industry in the first email of %(n)s sequence, as an experiment: it says"
        " nothing of the contact yet. Published trials contradict each other on what that brings.",
        values,
        plural="Try a token of the company or the industry in the first email of %(n)s sequences, as an experiment:"
        " they say nothing of the contact yet. Published trials contradict each other on what that brings.",
        n=len(own),
    )
