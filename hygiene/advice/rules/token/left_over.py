"""TOK-07: a placeholder was never filled in, or a mail went out with “MISSING TOKEN” in its subject.

What it checks
    Whether a template still holds what somebody meant to fill in (`[First Name]`, `[Prénom]`, `XXXX`, `<<Company>>`, an
    unfilled placeholder token of HubSpot), and whether mails were sent whose subject reads `[[MISSING TOKEN - …]]`.

Why it matters
    It shows the contact that the mail is a form. HubSpot prints MISSING TOKEN for every contact without the value.

What to do
    Replace the placeholder by a token or by words. For subjects that went out, give the token a default and fill the
    property.

Limits
    Subjects are only known where the events carry them. Words between square brackets that are no name of a field are
    left alone.

Source
    HubSpot, "Personalization tokens" (knowledge.hubspot.com, read 2026-11): sales templates show [[MISSING TOKEN -
    PROPERTY NAME]].
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hygiene.advice.templates import (
    MOST_NAMED,
    answered,
    by_sender,
    grouped,
    minutes_for,
    named,
    running_in,
    subject_of,
    with_others,
    with_severity,
)
from hygiene.advice.types import ContactRow, NotApplicable, Rule, Suggestion
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.qa import StepProblem, StepQuality
    from hygiene.advice.types import Outcome
    from hygiene.facts.enrolled import MissingToken
    from hygiene.values import Value

RULE = Rule(
    id="TOK-07",
    family="token",
    scope="template",
    severity="gate",
    title=Message("No placeholder is left in the templates"),
    effort_minutes=5,
    needs=("templates|events",),
)
KINDS = ("placeholder_literal", "missing_token")


def check(case: Case) -> Outcome:
    """Look for placeholders in templates and for missing tokens in sent subjects."""
    if "templates" not in case.enrolled.columns and not case.enrolled.missing_tokens:
        return NotApplicable(Message("The export holds no %(what)s.", {"what": Text("templates")}))
    steps = [step for step in case.quality.steps if _problems(step)]
    found = [_suggestion(case, key, own) for key, own in by_sender(case, steps).items()]
    sent: defaultdict[int, list[MissingToken]] = defaultdict(list)
    for mail in case.enrolled.missing_tokens:
        sent[mail.sender_key].append(mail)
    found += [_sent(key, mails) for key, mails in sorted(sent.items())]
    return answered(found, len(case.quality.steps))


def _problems(step: StepQuality) -> list[StepProblem]:
    return [problem for problem in step.problems if problem.kind in KINDS]


def _suggestion(case: Case, key: int | None, steps: list[StepQuality]) -> Suggestion:
    places = [(step, problem) for step in steps for problem in _problems(step)]
    groups = grouped(places, lambda _, problem: (problem.kind, problem.text))
    step, problem = places[0]
    values = {**named(case, step), "text": Text(problem.text), "n": Count(len(places))}
    return Suggestion(
        rule=RULE,
        subject=subject_of(case, step),
        sender_key=key,
        sequence_key=step.sequence_key,
        effort_minutes=minutes_for(RULE, ((step, problem.text) for step, problem in places)),
        evidence={
            "places": len(places),
            "templates": len(steps),
            "running": running_in(case, key, steps),
            **{f"text_{at}": group.found.text for at, group in enumerate(groups[:MOST_NAMED], start=1)},
        },
        advice=Message(
            "Fill in what was never replaced at %(n)s place before the next email goes out: in step %(step)s of"
            " %(sequence)s it is %(text)s.",
            values,
            plural="Fill in what was never replaced at %(n)s places before the next email goes out: in step %(step)s of"
            " %(sequence)s it is %(text)s.",
            n=len(places),
        ),
        steps=tuple(
            with_others(
                Message(
                    "In step %(step)s of %(sequence)s, put a token or your own words in place of %(text)s.",
                    {**named(case, group.step), "text": Text(group.found.text)},
                ),
                group,
            )
            for group in groups[:MOST_NAMED]
        ),
    )


def _sent(key: int, mails: list[MissingToken]) -> Suggestion:
    values: dict[str, Value] = {"n": Count(len(mails)), "subject": Text(mails[0].subject)}
    return Suggestion(
        # Those mails are gone: the next ones can still be saved, so it is urgent and no gate.
        rule=with_severity(RULE, "high"),
        scope="sender",
        subject="sent:missing_token",
        sender_key=key,
        evidence={"mails": len(mails), "subject_1": mails[0].subject},
        advice=Message(
            "Give the token in your subject a default: %(n)s of your emails went out as %(subject)s.",
            values,
            plural="Give the token in your subject a default: %(n)s of your emails went out as %(subject)s or the"
            " like.",
            n=len(mails),
        ),
        steps=(
            Message(
                "Fill in the missing property for the contact listed here before you write again.",
                plural="Fill in the missing property for the contacts listed here before you write to them again.",
                n=len({mail.contact_id for mail in mails}),
            ),
        ),
        rows=tuple({mail.contact_id: ContactRow(mail.contact_id, mail.subject) for mail in mails}.values()),
    )
