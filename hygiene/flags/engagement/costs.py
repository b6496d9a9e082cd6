"""When the next mails to a contact cost more than they are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hygiene.flags.engagement.features import AHEAD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.flags.engagement.histories import Floats, Ints

COMPLAINT_RATE = 0.001
"""Complaints a mail where the source records none, for most tools cannot see them. Google asks senders to keep them
below 0.10 % (Email sender guidelines, support.google.com/a/answer/81126): assumed as the rate of mail to the silent."""
COMPLAINT_STRENGTH = 2_000.0
"""Mails that the rate of all is worth beside a list source's own; assumed."""


class Costs(NamedTuple):
    """What a reply is worth and a mail costs, in any one unit."""

    reply_value: float
    send_cost: float
    complaint_cost: float


def complaint_rates(complaints: Mapping[int, tuple[int, int]]) -> tuple[dict[int, float], float]:
    """Return the complaints a mail of each list source, drawn towards all, and of all.

    Parameters
    ----------
    complaints
        Mails and complaints of each source, by its number.

    Examples
    --------
    >>> by_source, rate = complaint_rates({1: (10_000, 30), 2: (10_000, 0)})
    >>> round(by_source[1], 5), round(by_source[2], 5), round(rate, 5)
    (0.00274, 0.00024, 0.00145)
    >>> complaint_rates({1: (10_000, 0)})
    ({}, 0.001)
    """
    sends, count = (sum(each[index] for each in complaints.values()) for index in (0, 1))
    if not count:
        return {}, COMPLAINT_RATE
    rate = (count + COMPLAINT_RATE * COMPLAINT_STRENGTH) / (sends + COMPLAINT_STRENGTH)
    return {
        source: (own + rate * COMPLAINT_STRENGTH) / (mails + COMPLAINT_STRENGTH)
        for source, (mails, own) in complaints.items()
    }, rate


def break_even(costs: Costs, source: Ints, by_source: Mapping[int, float], rate: float) -> Floats:
    """Return each contact's probability of a reply below which the next `AHEAD` mails cost more than they bring.

    A mail costs its own cost and the risk of a complaint: p · value < AHEAD · (cost + complaint rate · complaint cost).

    Examples
    --------
    >>> break_even(Costs(200, 1, 150), np.array([0]), {}, 0.001).round(5).tolist()
    [0.01725]
    """
    hazard = np.full(len(source), rate)
    for number, own in by_source.items():
        hazard[source == number] = own
    return AHEAD * (costs.send_cost + hazard * costs.complaint_cost) / costs.reply_value
