"""The facts of the days, laid out as a stream of sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.facts.pauses import NO_LIST
from hygiene.flags.pauses.types import Stream, running

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.facts.pauses import SenderDays

    Ints = NDArray[np.int64]

DAYS_A_CLUMP = 7
"""Where contacts name no list, those written to by one sender in one week stand for one (assumed): contacts that are
enrolled together come from one place."""


def as_stream(days: SenderDays) -> Stream:
    """Lay the days out.

    Of n sends and b bounces of one sender, day and list, the k-th bounce stands on the send ⌈k · n / b⌉: as evenly as
    can be, and the last of them on the last send. The lists of one day follow one another. Where there is no send, the
    bounces are an element of their own.

    Parameters
    ----------
    days
        Ordered by sender, day and list.
    """
    elements = np.maximum(days.sends, 1)
    row = np.repeat(np.arange(elements.size), elements)
    place = np.arange(row.size) - running(elements)[:-1][row] + 1
    _, sender = np.unique(days.sender_key, return_inverse=True)
    return Stream(
        sender=sender[row],
        day=days.day[row],
        clump=_clumps(days)[row],
        sends=np.minimum(days.sends, 1)[row],
        bounces=_laid_out(days.bounces[row], elements[row], place),
        address_bounces=_laid_out(days.address_bounces[row], elements[row], place),
    )


def _laid_out(bounces: Ints, elements: Ints, place: Ints) -> Ints:
    return np.asarray(place * bounces // elements - (place - 1) * bounces // elements)


def _clumps(days: SenderDays) -> Ints:
    clump = np.zeros(days.day.size, dtype=np.int64)
    week = np.where(days.list_key == NO_LIST, days.day // DAYS_A_CLUMP, 0)
    for part in (days.sender_key, days.list_key, week):
        distinct, place = np.unique(part, return_inverse=True)
        clump = clump * distinct.size + place
    return np.asarray(np.unique(clump, return_inverse=True)[1], dtype=np.int64)
