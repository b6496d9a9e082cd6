"""Histories collapsed into cells: all that BG/BB needs to know of a contact is three small integers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

LOOKUP_SIZE = 4_000_000
"""Packed keys up to which cells are found by counting; above, by sorting."""


class Cells(NamedTuple):
    """Distinct histories, ordered by (sends, replies, last_reply). All arrays have one entry a cell."""

    replies: Ints
    """x: sends that a person answered."""
    last_reply: Ints
    """t_x: the number (1, 2, …) of the last send that was answered; 0 where none was."""
    sends: Ints
    """n: mails that had their chance."""
    weights: Floats
    """How many contacts have this history; need not be whole."""


def collapse(
    replies: Ints, last_reply: Ints, sends: Ints, weights: Floats | None = None
) -> tuple[Cells, NDArray[np.intp]]:
    """Count equal histories.

    Parameters
    ----------
    replies, last_reply, sends
        One entry a contact; 0 ≤ replies ≤ last_reply ≤ sends, and last_reply is 0 only where replies is.
    weights
        One entry a contact, ≥ 0; default: 1 each.

    Returns
    -------
    The cells, and the cell of each contact.

    Raises
    ------
    ValueError
        If an entry is no history.

    Examples
    --------
    >>> cells, cell_of = collapse(np.array([0, 1, 0]), np.array([0, 2, 0]), np.array([3, 3, 3]))
    >>> cells.weights.tolist(), cell_of.tolist()
    ([2.0, 1.0], [0, 1, 0])
    """
    check_histories(replies, last_reply, sends)
    if not len(sends):
        empty = np.zeros(0, dtype=np.int64)
        return Cells(empty, empty, empty, np.zeros(0)), np.zeros(0, dtype=np.intp)
    side, x_side = int(last_reply.max()) + 1, int(replies.max()) + 1
    key = (np.asarray(sends, dtype=np.int64) * x_side + replies) * side + last_reply
    size = (int(sends.max()) + 1) * x_side * side
    if size <= LOOKUP_SIZE:
        total = np.bincount(key, weights=weights, minlength=size).astype(float)
        (keys,) = np.nonzero(total if weights is None else np.bincount(key, minlength=size))
        position = np.zeros(size, dtype=np.intp)
        position[keys] = np.arange(len(keys))
        cell_of, counts = position[key], total[keys]
    else:
        keys, cell_of = np.unique(key, return_inverse=True)
        counts = np.bincount(cell_of, weights=weights, minlength=len(keys)).astype(float)
    rest, tx = np.divmod(keys, side)
    n, x = np.divmod(rest, x_side)
    return Cells(x, tx, n, counts), cell_of


def check_histories(replies: Ints, last_reply: Ints, sends: Ints) -> None:
    """Raise ValueError, with the first place, where an entry is no history."""
    x, tx, n = (np.asarray(values) for values in (replies, last_reply, sends))
    for name, values in (("replies", x), ("last_reply", tx), ("sends", n)):
        if values.dtype.kind not in "iu":
            raise ValueError(f"{name} must be whole numbers, not {values.dtype}.")
    wrong = (x < 0) | (x > tx) | (tx > n) | ((tx > 0) & (x == 0))
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(
            f"Row {place} is no history: {x[place]} replies, the last to send {tx[place]}, of {n[place]} sends."
        )
