"""One step against the enrollments of its sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.advice.qa.fill import fill, grouped
from hygiene.advice.qa.reading import count_words, links_in
from hygiene.advice.qa.states import UNUSABLE
from hygiene.advice.qa.texts import LONGEST_TEXT
from hygiene.advice.qa.types import DEFECTS, SHOWN_ROWS, StepQuality, StepRow, TokenQuality

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hygiene.advice.qa.states import States
    from hygiene.advice.qa.texts import StepText
    from hygiene.advice.qa.types import Defect, Flaw

    Integers = NDArray[np.int64]

MOST_NODES = 1_000_000
"""Tags filled in for one step, over all states of the values; a mail has five of them (assumed)."""
MOST_GROUPS = 2_000


def judge_step(text: StepText, states: States, places: Integers, contact_ids: NDArray[np.object_]) -> StepQuality:
    """Fill a step in for the enrollments at some places of the rows, running ones first."""
    seen = {
        path: binding.column
        for path, binding in text.bindings.items()
        if binding.kind == "contact" and binding.column in states.held
    }
    first, groups, counts = grouped(text, states, places, seen)
    tags = 1 + sum(len(part.scan.tokens) for _, part in text.parts)
    common = np.argsort(-counts, kind="stable")[: min(MOST_GROUPS, max(1, MOST_NODES // tags))]
    filled = {int(group): fill(text, states, int(places[first[group]]), seen) for group in common}
    sample = filled[int(common[0])] if len(common) else fill(text, states, None, seen)
    flaws = tuple(filled[group].flaws if group in filled else () for group in range(len(counts)))
    breaking = np.array([any(flaw.breaks for flaw in own) for own in flaws], dtype=bool)
    careless = np.array([bool(own) for own in flaws], dtype=bool) & ~breaking
    template = text.template
    return StepQuality(
        sequence_key=template.sequence_key,
        step=template.step,
        dialect=text.dialect,
        language=text.language,
        missing=text.missing,
        tokens=_tokens(text, states, places, seen),
        problems=text.problems,
        mails=len(places),
        broken=int(counts[breaking].sum()),
        ugly=int(counts[careless].sum()),
        defects=_defects(flaws, counts),
        rows=_rows(states, places, groups, flaws, breaking, contact_ids),
        unread=len(places) - int(counts[common].sum()),
        subject=template.subject,
        has_body=bool((template.body or "").strip()),
        shown_subject=sample.subject,
        shown_text=sample.text,
        words=count_words(sample.text),
        links=tuple(links_in((template.body or "")[:LONGEST_TEXT])),
        places=places,
        groups=groups,
        flaws=flaws,
    )


def _defects(flaws: tuple[tuple[Flaw, ...], ...], counts: Integers) -> dict[Defect, int]:
    """Return the mails by what is wrong with them, the worst first."""
    mails = dict.fromkeys(DEFECTS, 0)
    for own, count in zip(flaws, counts, strict=True):
        for defect in {flaw.defect for flaw in own}:
            mails[defect] += int(count)
    return {defect: count for defect, count in mails.items() if count}


def _rows(
    states: States,
    places: Integers,
    groups: Integers,
    flaws: tuple[tuple[Flaw, ...], ...],
    breaking: NDArray[np.bool_],
    contact_ids: NDArray[np.object_],
) -> tuple[StepRow, ...]:
    """Return the first broken mails, each with what breaks it."""
    if not breaking.any():
        return ()
    found = []
    for at in np.flatnonzero(breaking[groups])[:SHOWN_ROWS]:
        flaw = next(flaw for flaw in flaws[groups[at]] if flaw.breaks)
        place = int(places[at])
        found.append(StepRow(str(contact_ids[place]), flaw.path, states.value(flaw.column, place), flaw.defect))
    return tuple(found)


def _tokens(text: StepText, states: States, places: Integers, seen: Mapping[str, str]) -> tuple[TokenQuality, ...]:
    """Return the distinct tokens of a step in the order of their first appearance, with their coverage."""
    found: dict[tuple[str, str | None], TokenQuality] = {}
    for where, part in text.parts:
        for token in part.scan.tokens:
            key = (token.path, token.fallback)
            if key in found:
                old = found[key]
                places_named = tuple(dict.fromkeys((*old.where, where)))
                found[key] = old._replace(where=places_named, is_printed=old.is_printed or not token.tested)
                continue
            column = seen.get(token.path)
            usable = None
            if column is not None:
                counts = np.bincount(states.of(column)[places], minlength=len(DEFECTS) + 1)
                usable = len(places) - int(sum(counts[state] for state in UNUSABLE))
            binding = text.bindings[token.path]
            found[key] = TokenQuality(
                token.path, token.fallback, (where,), not token.tested, binding, usable, len(places)
            )
    return tuple(found.values())
