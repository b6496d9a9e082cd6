"""Fill a step in, once for each different state of the values that it prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hygiene.advice.qa.reading import reader_text
from hygiene.advice.qa.states import defect_at
from hygiene.advice.qa.types import Flaw

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hygiene.advice.qa.states import States
    from hygiene.advice.qa.texts import StepText
    from hygiene.advice.qa.types import Defect

    Integers = NDArray[np.int64]

FILLER = "Alex"
"""What stands for a value that the export does not hold: the sender's name, a custom field."""


class Filled(NamedTuple):
    """A step filled in for one state of the values."""

    flaws: tuple[Flaw, ...]
    subject: str
    text: str


def grouped(
    text: StepText, states: States, places: Integers, seen: Mapping[str, str]
) -> tuple[Integers, Integers, Integers]:
    """Return of each group of equal states its first place, each row's group, and the groups' sizes."""
    tested = {token.path for _, part in text.parts for token in part.scan.tokens if token.tested}
    group = np.zeros(len(places), dtype=np.int64)
    for column in sorted(set(seen.values())):
        asked = any(seen[path] == column for path in tested if path in seen)
        for numbers in [states.of(column), states.kept_apart(column)] if asked else [states.of(column)]:
            own = numbers[places]
            # Numbered anew each time, so that the product of many columns never overflows.
            _, group = np.unique(group * (int(own.max(initial=0)) + 1) + own, return_inverse=True)
    found = np.unique(group, return_index=True, return_counts=True)
    return found[1], group, found[2]


def fill(text: StepText, states: States, place: int | None, seen: Mapping[str, str]) -> Filled:
    """Fill a step in for the contact at a place; for nobody in particular without one."""
    read: set[str] = set()

    def value(path: str) -> str:
        read.add(path)
        return states.value(seen[path], place) if place is not None and path in seen else FILLER

    flaws: list[Flaw] = []
    written = {}
    for where, part in text.parts:
        read.clear()
        done = part.render(value)
        written[where] = done.text
        if place is None:
            continue
        printed: dict[str, list[str | None]] = {}
        for token in part.scan.tokens:
            if not token.tested and token.path in seen and token.path in read:
                printed.setdefault(token.path, []).append(token.fallback)
        for path, fallbacks in printed.items():
            if path in done.fell_back and (where, path) in text.clashes:
                flaws.append(Flaw(path, seen[path], text.clashes[where, path]))
            if path in done.empty:
                defect: Defect | None = None if all(fallback == "" for fallback in fallbacks) else "empty"
            else:
                defect = _printed_defect(states, seen[path], place, done.text)
            if defect:
                flaws.append(Flaw(path, seen[path], defect))
    return Filled(tuple(dict.fromkeys(flaws)), written["subject"], reader_text(written["body"]))


def _printed_defect(states: States, column: str, place: int, text: str) -> Defect | None:
    """Return what is wrong with a value, if it stands in the text as it is: a filter may have mended it."""
    defect = defect_at(int(states.of(column)[place]))
    return defect if defect not in (None, "empty") and states.value(column, place) in text else None
