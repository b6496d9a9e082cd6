"""The funnel plots of the team report, each with the sentence that says what to read in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.blocks import BOUNCE_RATE, REPLY_RATE, both
from hygiene.reports.document import FunnelChart, FunnelDot, Note
from hygiene.reports.index import is_suspect
from hygiene.reports.standing import LIMIT
from hygiene.values import Message, Percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hygiene.reports.document import Block
    from hygiene.reports.index import Index
    from hygiene.scores.types import Funnel, FunnelPoint

LABELS: Mapping[str, Message] = {"reply_rate": REPLY_RATE, "bounce_rate": BOUNCE_RATE}


def funnel_blocks(index: Index) -> Iterator[Block]:
    """Yield the funnel plot of each rate and its sentence."""
    for funnel in index.audit.scores.funnels:
        seen = [point for point in funnel.points if not _is_unseen(index, funnel, point)]
        yield FunnelChart(
            label=LABELS[funnel.metric],
            target=funnel.target,
            dots=tuple(
                FunnelDot(
                    label=index.sender_label(point.sender_key),
                    href=index.sender_href(point.sender_key, up=False),
                    trials=point.trials,
                    rate=point.rate,
                    outside=point.outside,
                )
                for point in seen
            ),
            curve=funnel.curve,
        )
        left_out = len(funnel.points) - len(seen)
        yield Note(both(funnel_sentence(funnel, seen), *((_left_out(left_out),) if left_out else ())))


def _is_unseen(index: Index, funnel: Funnel, point: FunnelPoint) -> bool:
    """Tell whether a point would praise a sender for bounces that may not be seen."""
    return funnel.metric == "bounce_rate" and is_suspect(index.senders[point.sender_key])


def _left_out(senders: int) -> Message:
    return Message(
        "%(n)s sender without a single bounce is left out: bounces may not be seen.",
        plural="%(n)s senders without a single bounce are left out: bounces may not be seen.",
        n=senders,
    )


def funnel_sentence(funnel: Funnel, points: Sequence[FunnelPoint]) -> Message:
    """Return how many of the points lie beyond the 99.8 % limits, and on which side."""
    low = sum(1 for point in points if point.outside == "99.8" and point.side == "low")
    high = sum(1 for point in points if point.outside == "99.8" and point.side == "high")
    args = {"limit": LIMIT, "target": Percent(funnel.target)}
    if low + high == 0:
        return Message(
            "No sender is outside the %(limit)s limits: the differences between senders are what chance alone would"
            " give.",
            args,
        )
    return Message(
        "Outside the %(limit)s limits around %(target)s: %(low)s, %(high)s. That is more than chance explains; it"
        " does not say why.",
        {
            **args,
            "low": Message("%(n)s sender below", plural="%(n)s senders below", n=low),
            "high": Message("%(n)s above", plural="%(n)s above", n=high),
        },
    )
