"""TOK-02: a token asks for a property that does not exist.

What it checks
    Whether a token's name is a slip of a field that exists (at most two letters wrong: `contact.first_nme`), or no
    field that we know of at all: neither a column of the contacts' export nor one of the vendor's own, in a tool whose
    fields are set up one by one. A field of a list that was uploaded, a custom field in its vendor's spelling
    (`custom12`, `x__c`), and a column that the import kept out exist.

Why it matters
    The tool has nothing to put there, for nobody: each mail of the step goes out with a hole, or does not go out.

What to do
    Rename the token where the nearest field is clear. Otherwise look in the CRM's settings whether the property exists
    under its internal name.

Limits
    The export does not list the CRM's properties. What is no slip and no known field is therefore no gate: it may be a
    custom property that the export leaves out.

Source
    docs/tokens.md; models/tokens/fields.toml (vendors' default properties). Distance: Damerau, Communications of the
    ACM 7 (1964) 171.
"""

from __future__ import annotations

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
from hygiene.advice.types import Rule, Suggestion
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.qa import StepQuality, TokenQuality
    from hygiene.advice.types import Outcome

RULE = Rule(
    id="TOK-02",
    family="token",
    scope="template",
    severity="gate",
    title=Message("Every token asks for a property that exists"),
    effort_minutes=5,
    needs=("templates",),
)


def check(case: Case) -> Outcome:
    """Look for tokens whose property is a slip, or not known."""
    found = []
    for kind in ("misspelt", "unheard_of"):
        steps = [step for step in case.quality.steps if _tokens(step, kind)]
        found += [_suggestion(case, key, own, kind) for key, own in by_sender(case, steps).items()]
    return answered(found, len(case.quality.steps))


def _tokens(step: StepQuality, kind: str) -> list[TokenQuality]:
    found = {token.path: token for token in step.tokens if token.binding.kind == kind}
    return list(found.values())


def _suggestion(case: Case, key: int | None, steps: list[StepQuality], kind: str) -> Suggestion:
    places = [(step, token) for step in steps for token in _tokens(step, kind)]
    groups = grouped(places, lambda _, token: (token.path, token.binding.nearest))
    step, token = places[0]
    values = {
        **named(case, step),
        "path": Text(token.path),
        "nearest": Text(token.binding.nearest),
        "n": Count(len({token.path for _, token in places})),
    }
    is_slip = kind == "misspelt"
    if is_slip:
        advice = Message(
            "Rename the token %(path)s in step %(step)s of %(sequence)s: no property has that name; %(nearest)s is the"
            " nearest.",
            values,
        )
    else:
        advice = Message(
            "Check that the property of the token %(path)s exists, in step %(step)s of %(sequence)s: it is no column of"
            " your contacts' export and none of the tool's own fields. If it does not exist, nobody gets anything"
            " there.",
            values,
        )
    return Suggestion(
        rule=with_severity(RULE, "gate" if is_slip else "high"),
        subject=subject_of(case, step),
        sender_key=key,
        sequence_key=step.sequence_key,
        effort_minutes=minutes_for(RULE, ((step, token.path) for step, token in places)),
        evidence={
            "templates": len(steps),
            "tokens": len({token.path for _, token in places}),
            "running": running_in(case, key, steps),
            "token": token.path,
            "nearest": token.binding.nearest,
        },
        advice=advice,
        steps=tuple(with_others(_how(case, group.step, group.found), group) for group in groups[:MOST_NAMED]),
    )


def _how(case: Case, step: StepQuality, token: TokenQuality) -> Message:
    values = {**named(case, step), "path": Text(token.path), "nearest": Text(token.binding.nearest)}
    if token.binding.nearest:
        return Message("In step %(step)s of %(sequence)s, write %(nearest)s instead of %(path)s.", values)
    return Message(
        "In step %(step)s of %(sequence)s, look up the internal name of %(path)s in the CRM's settings, or take the"
        " token out.",
        values,
    )
