"""What the rules on templates share: whose they are, how a step is named, and what a paste of a token may look like."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from hygiene.advice.tokens.scan import scan
from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from hygiene.advice.case import Case
    from hygiene.advice.qa import StepQuality
    from hygiene.advice.types import Outcome, Rule, Severity, Suggestion
    from hygiene.values import Value

MOST_NAMED = 5
"""Steps that one suggestion spells out; its evidence says how many there are."""
MINUTES_AN_EDIT, MOST_MINUTES = 1, 240
"""Of each further text to replace; half a day is the most that is told. Assumed."""
Found = TypeVar("Found")
NO_BODY = Message("No template in the export has a text.")
INNER = re.compile(r"[{}%!|*<>/]+")
LONGEST_MENDED = 80


class Group(NamedTuple, Generic[Found]):
    """Equal findings in some steps, told as one."""

    step: StepQuality
    """Where the first of them stands."""
    found: Found
    places: int


def grouped(
    places: Iterable[tuple[StepQuality, Found]], key: Callable[[StepQuality, Found], Hashable]
) -> list[Group[Found]]:
    """Return findings with equal ones counted, in the order of their first appearance."""
    groups: dict[Hashable, Group[Found]] = {}
    for step, found in places:
        known = groups.get(key(step, found), Group(step, found, 0))
        groups[key(step, found)] = known._replace(places=known.places + 1)
    return list(groups.values())


def with_others(sentence: Message, group: Group[Found]) -> Message:
    """Return a sentence on the first of a group, and at how many places more it holds."""
    if group.places == 1:
        return sentence
    return Message(
        "%(sentence)s The same at %(n)s other place.",
        {"sentence": sentence},
        plural="%(sentence)s The same at %(n)s other places.",
        n=group.places - 1,
    )


def minutes_for(rule: Rule, places: Iterable[tuple[StepQuality, Hashable]]) -> int:
    """Return how long mending some places takes: each text of each step is found and replaced once."""
    edits = len({(step.sequence_key, step.step, found) for step, found in places})
    return min(rule.effort_minutes + MINUTES_AN_EDIT * max(edits - 1, 0), max(MOST_MINUTES, rule.effort_minutes))


def by_sender(case: Case, steps: Iterable[StepQuality]) -> dict[int | None, list[StepQuality]]:
    """Return steps by the senders who use their sequence, running enrollments first; None: nobody does."""
    found: defaultdict[int | None, list[StepQuality]] = defaultdict(list)
    for step in steps:
        for key in case.quality.users.get(step.sequence_key) or (None,):
            found[key].append(step)
    return dict(sorted(found.items(), key=lambda item: (item[0] is None, item[0] or 0)))


def subject_of(case: Case, step: StepQuality) -> str:
    """Return what a suggestion on a step is about."""
    sequence = case.facts.sequences.get(step.sequence_key)
    return f"template:{sequence.sequence_id if sequence else step.sequence_key}/{step.step}"


def named(case: Case, step: StepQuality) -> dict[str, Value]:
    """Return the values that name a step in a sentence: `sequence` and `step`."""
    sequence = case.facts.sequences.get(step.sequence_key)
    return {"sequence": Text(sequence.label if sequence else str(step.sequence_key)), "step": Count(step.step)}


def running_in(case: Case, sender_key: int | None, steps: Iterable[StepQuality]) -> int:
    """Return how many running enrollments a sender (or, for None, anybody) has in the sequences of some steps."""
    rows = case.enrolled.rows
    if rows.empty:
        return 0
    met = rows["sequence_key"].isin({step.sequence_key for step in steps}) & rows["ended_at"].isna()
    return int((met if sender_key is None else met & (rows["sender_key"] == sender_key)).sum())


def with_severity(rule: Rule, severity: Severity) -> Rule:
    """Return a rule whose suggestion weighs otherwise than the rule's usual ones."""
    return rule if rule.severity == severity else replace(rule, severity=severity)


def answered(found: list[Suggestion], checked: int) -> Outcome:
    """Return what a rule on templates answers, given its suggestions and how many things it looked at."""
    return Fired(tuple(found)) if found else Clear(checked)


def with_text(case: Case) -> tuple[StepQuality, ...] | NotApplicable:
    """Return the steps whose body is in the export; some exports hold subjects alone."""
    steps = tuple(step for step in case.quality.steps if step.has_body)
    return steps or NotApplicable(NO_BODY)


def rows_at(case: Case, places: Iterable[int], column: str) -> tuple[ContactRow, ...]:
    """Return the contacts at some places of the enrolled rows, each once, with their value in a column."""
    table = case.enrolled.rows
    at = list(places)
    ids, values = table["contact_id"].iloc[at].tolist(), table[column].iloc[at].tolist()
    found: dict[str, ContactRow] = {}
    for contact_id, value in zip(ids, values, strict=True):
        found.setdefault(contact_id, ContactRow(contact_id, value if isinstance(value, str) else ""))
    return tuple(found.values())


def mended(text: str, dialect: str | None) -> str | None:
    """Return a broken token as it was probably meant; None where that cannot be told.

    Examples
    --------
    >>> mended("{{ contact.firstname }", "hubspot"), mended("{first_name}", "outreach"), mended("{% if x", "hubspot")
    ('{{ contact.firstname }}', '{{ first_name }}', None)
    """
    if dialect is None or len(text) > LONGEST_MENDED:
        return None
    name = INNER.sub(" ", re.sub(r"<[^<>]*>", "", text)).strip()
    token = f"{{{name}}}" if dialect == "unify" else f"{{{{ {name} }}}}"
    found = scan(token, dialect)
    is_one = len(found.tokens) == 1 and not found.problems and found.tokens[0].path == name
    return token if is_one else None
