"""Names that were mistyped: how many letters lie between two of them, and which known one was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_TYPOS: Final = 2
"""Letters too many, missing, wrong or swapped in a name that is still taken for another (assumed)."""
SHORTEST: Final = 5
"""Of a known name with so many letters only one may be wrong, of a longer one two (assumed)."""
LONGEST: Final = 60


def distance(one: str, other: str, most: int = MOST_TYPOS) -> int:
    """Return how many letters are added, lost, wrong or swapped with their neighbor; more than `most` is `most + 1`.

    The optimal string alignment distance: Damerau, Communications of the ACM 7 (1964) 171.

    Examples
    --------
    >>> distance("firstnme", "firstname"), distance("frist", "first"), distance("city", "country")
    (1, 1, 3)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, there in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def nearest(name: str, known: Iterable[str], shortest: int = SHORTEST) -> str | None:
    """Return the known name that a name is a slip of; None: none is near enough, or it is one of them.

    Examples
    --------
    >>> nearest("first_nme", ["firstname", "first_name", "lastname"]), nearest("plan", ["plant_size"])
    ('first_name', None)
    """
    if len(name) > LONGEST:
        return None
    best: tuple[int, str] | None = None
    for other in known:
        allowed = MOST_TYPOS if len(other) > shortest else 1
        found = distance(name, other, allowed)
        if found == 0:
            return None
        if found <= allowed and (best is None or (found, other) < best):
            best = (found, other)
    return best[1] if best else None
