"""The smallest trim that passes: the fewest rows to leave out, the riskiest first, so that the rest fits its budget."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hygiene.gate.budget import Budget

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

HALVINGS = 64


def smallest_trim(budget: Budget, draws: Floats, counts: Ints) -> Ints | None:
    """Return how many rows of each group to leave out; None: whatever is left does not pass.

    Parameters
    ----------
    budget
        What the rest has to fit into.
    draws
        Bounce chances, shape (draws, groups).
    counts
        Rows of each group.

    Notes
    -----
    Groups are emptied in the order of their mean chance, the highest first: of equally many rows these carry the most
    bounces. Between whole groups that do not pass and the first that does, the number is found by halving; that the
    rest passes is asked of the number that is returned, not concluded.
    """
    order = np.argsort(-draws.mean(axis=0), kind="stable")
    total = int(counts.sum())
    ends = np.concatenate([[0], np.cumsum(counts[order])])

    def left_out(number: int) -> Ints:
        taken = np.zeros_like(counts)
        taken[order] = np.clip(number - ends[:-1], 0, counts[order])
        return taken

    def passes(number: int) -> bool:
        return number < total and budget.passes(draws, counts - left_out(number))

    if total == 0 or passes(0):
        return left_out(0)
    found = next((int(end) for end in ends[1:] if passes(int(end))), None)
    low = int(ends[ends < found].max()) if found is not None else int(ends[-2])
    high = found if found is not None else total - 1
    if found is None and not passes(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if passes(middle) else (middle, high)
    return left_out(high)


def drawn(names: Sequence[str], number: int) -> list[int]:
    """Return the places of so many names, drawn by a hash of each: whoever the others are, and in whatever order.

    Examples
    --------
    >>> drawn(["a", "b", "c"], 2), drawn(["c", "a", "b"], 2)
    ([0, 2], [0, 1])
    """
    marks = [(blake2b(name.casefold().encode(), digest_size=8).digest(), name) for name in names]
    return sorted(sorted(range(len(names)), key=lambda place: marks[place])[:number])
