"""TOK-04: a token is printed that too few of a sender's contacts have a value for.

What it checks
    Which share of a sender's enrollments has a usable value for each column that a step prints without a default. Under
    80 % (of at least 20 enrollments) it is told. What stands for nothing (“N/A”, “-”) is no value.

Why it matters
    With a fifth of the values missing, a default is read more often than it should be, and the sentence was written for
    the others. Better words need no token.

What to do
    Enrich the list before the next enrollment, or reword the sentence so that it needs no token.

Limits
    The share is that of the enrollments, not of the CRM. Columns that the export does not hold cannot be judged.

Source
    The export itself, counted exactly. 80 %: assumed. A vendor says that 30 % of companies and 60 % of industries are
    empty on real lists (crmcurator.com, read 2026-11, without a source).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.advice.qa.states import UNUSABLE
from hygiene.advice.templates import MOST_NAMED, answered, named, rows_at
from hygiene.advice.types import Rule, Suggestion
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.advice.case import Case
    from hygiene.advice.qa import StepQuality, TokenQuality
    from hygiene.advice.types import Outcome
    from hygiene.values import Value

    Integers = NDArray[np.int64]

RULE = Rule(
    id="TOK-04",
    family="token",
    scope="list",
    severity="medium",
    title=Message("Each printed token has a value for four contacts in five or more"),
    effort_minutes=30,
    owner="ops",
    needs=("templates", "contacts", "enrollments|events"),
)
LEAST_COVERAGE = 0.8
LEAST_ENROLLMENTS = 20


def check(case: Case) -> Outcome:
    """Compare each sender's enrollments with what the steps print."""
    rows = case.enrolled.rows
    if rows.empty:
        return answered([], 0)
    senders = rows["sender_key"].to_numpy()
    printing: dict[str, list[tuple[StepQuality, TokenQuality]]] = {}
    for step in case.quality.steps:
        for token in step.tokens:
            if token.is_printed and token.fallback is None and token.usable is not None:
                printing.setdefault(token.binding.column, []).append((step, token))
    found = []
    for column, places in sorted(printing.items()):
        at = np.unique(np.concatenate([step.places for step, _ in places]))
        unusable = np.isin(case.quality.states.of(column)[at], list(UNUSABLE))
        for key in np.unique(senders[at]):
            own = senders[at] == key
            total, missing = int(own.sum()), int(unusable[own].sum())
            if total >= LEAST_ENROLLMENTS and 1 - missing / total < LEAST_COVERAGE:
                found.append(_suggestion(case, int(key), column, places, at[own & unusable], total))
    return answered(found, len(printing))


def _suggestion(
    case: Case,
    key: int,
    column: str,
    printing: list[tuple[StepQuality, TokenQuality]],
    missing: Integers,
    total: int,
) -> Suggestion:
    used = [(step, token) for step, token in printing if key in case.quality.users.get(step.sequence_key, ())]
    used = used or printing
    path = used[0][1].path
    coverage = 1 - len(missing) / total
    values: dict[str, Value] = {"path": Text(path), "coverage": Percent(coverage, 0), "total": Count(total)}
    return Suggestion(
        rule=RULE,
        subject=f"token:{path}",
        sender_key=key,
        evidence={
            "coverage": coverage,
            "enrollments": total,
            "missing": len(missing),
            "steps": len(used),
            "column": column,
        },
        advice=Message(
            "Fill in %(path)s before you print it, or say the sentence without it: only %(coverage)s of your %(total)s"
            " enrollments have a value to print.",
            values,
        ),
        steps=(
            *(
                Message("It is printed in step %(step)s of %(sequence)s, without a default.", named(case, step))
                for step in {(step.sequence_key, step.step): step for step, _ in used}.values()
            ),
        )[:MOST_NAMED],
        rows=rows_at(case, missing, column),
    )
