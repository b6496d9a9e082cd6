"""Who will still answer: whom the engagement model pauses, what that costs, how it was decided, how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.blocks import both
from hygiene.reports.document import (
    CalibrationChart,
    CalibrationPoint,
    Definitions,
    FrontierChart,
    FrontierMark,
    FrontierPoint,
    Note,
    Row,
    Section,
    Table,
    TableColumn,
)
from hygiene.reports.engagement_words import how_decided, whole_or
from hygiene.values import Count, Interval, Message, Percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hygiene.flags.engagement.frontier import Cost
    from hygiene.flags.engagement.summary import EngagementSummary
    from hygiene.reports.document import Block, MarkKind
    from hygiene.reports.index import Index
    from hygiene.values import Value

SECTION_ID = "answers"
WAYS: Mapping[MarkKind, Message] = {
    "chosen": Message("The model's choice"),
    "hubspot": Message("HubSpot's 11/16 rule"),
    "ninety_days": Message("No sign of life for 90 days"),
}
"""Ways of pausing, as charts and tables name them."""


def engagement_section(index: Index) -> Section:
    """Return what the engagement model says of the team's contacts; without blocks where it judged none."""
    summary = index.audit.engagement
    return Section(
        SECTION_ID,
        Message("Who will still answer?"),
        tuple(_blocks(index, summary)) if summary and summary.judged else (),
        intro=Message(
            "Each further email to somebody who will not answer costs time and reputation; each pause may cost a reply."
        ),
    )


def _blocks(index: Index, summary: EngagementSummary) -> Iterator[Block]:
    by_reason = index.audit.flags.by_reason
    controls = by_reason.get("control_group", 0)
    yield Note(both(verdict_words(summary), *_done_words(by_reason.get("unlikely_to_reply", 0), controls)))
    if summary.expected_replies > 0:
        yield frontier_chart(summary)
    yield ways_table(summary)
    yield Definitions(tuple(how_decided(summary, controls)))


def verdict_words(summary: EngagementSummary) -> Message:
    """Return how many contacts are too unlikely to reply, and what writing to them would bring."""
    chosen = summary.chosen
    if not summary.has_replies:
        return Message(
            "Not one reply by a person is known, so nobody is paused for silence: check that replies are exported."
        )
    if not chosen.contacts:
        return Message(
            "Nobody is too unlikely to reply to get the next email: the one contact judged stays.",
            plural="Nobody is too unlikely to reply to get the next email: all %(n)s contacts judged stay.",
            n=summary.judged,
        )
    args: dict[str, Value] = {
        "judged": Count(summary.judged),
        "replies": replies_words(chosen),
        "share": Percent(chosen.share),
    }
    return Message(
        "%(n)s of %(judged)s contacts is too unlikely to reply: three more emails would bring about %(replies)s"
        " replies, %(share)s of all that are expected.",
        args,
        plural="%(n)s of %(judged)s contacts are too unlikely to reply: three more emails to each would bring about"
        " %(replies)s replies, %(share)s of all that are expected.",
        n=chosen.contacts,
    )


def _done_words(paused: int, controls: int) -> Iterator[Message]:
    if paused:
        yield Message("%(n)s is paused.", plural="%(n)s are paused.", n=paused)
    if controls:
        yield Message(
            "%(n)s is written to all the same, as a control group.",
            plural="%(n)s are written to all the same, as a control group.",
            n=controls,
        )


def replies_words(cost: Cost) -> Message:
    """Return the expected replies lost, with their 90 % interval."""
    return Message(
        "%(replies)s %(interval)s",
        {"replies": whole_or(cost.replies, 1), "interval": Interval(cost.low, cost.high, percent=False)},
    )


def frontier_chart(summary: EngagementSummary) -> FrontierChart:
    """Return what pausing costs, from nobody to everybody, with the ways of pausing on it."""
    total = summary.expected_replies
    ways: tuple[tuple[MarkKind, Cost], ...] = (
        ("chosen", summary.chosen),
        ("hubspot", summary.hubspot_rule),
        ("ninety_days", summary.ninety_days),
    )
    return FrontierChart(
        label=Message("What pausing costs"),
        points=tuple(
            FrontierPoint(cost.contacts, cost.share, min(cost.low / total, 1.0), min(cost.high / total, 1.0))
            for cost in summary.frontier
        ),
        marks=tuple(FrontierMark(WAYS[kind], kind, cost.contacts, cost.share) for kind, cost in ways),
    )


def ways_table(summary: EngagementSummary) -> Table:
    """Return each way of pausing with what it loses."""
    ways = (
        (WAYS["chosen"], summary.chosen),
        (WAYS["hubspot"], summary.hubspot_rule),
        (WAYS["ninety_days"], summary.ninety_days),
        *((Message("Pausing everybody"), cost) for cost in summary.frontier[-1:]),
    )
    return Table(
        caption=Message("Ways of pausing compared"),
        columns=(
            TableColumn(Message("Way of pausing")),
            TableColumn(Message("Contacts paused"), "number"),
            TableColumn(Message("Replies lost"), "number"),
            TableColumn(Message("Share of all expected"), "number"),
        ),
        rows=tuple(
            Row(
                (
                    way,
                    Count(cost.contacts),
                    (whole_or(cost.replies, 1), Interval(cost.low, cost.high, percent=False)),
                    Percent(cost.share),
                )
            )
            for way, cost in ways
        ),
        note=Message(
            "Replies that three more emails to each would bring, as the model expects them; in brackets what chance"
            " alone makes of that in nine cases of ten. Judged are the contacts about whom no stricter rule speaks:"
            " nobody who opted out, bounced or is away. The control group counts as paused."
        ),
    )


def calibration_chart(points: Iterable[tuple[float, float, float, float, int]]) -> CalibrationChart:
    """Return how the predicted reply rates came true, group by group.

    Parameters
    ----------
    points
        Of each group with about the same prediction, such as a tenth: the mean of what was predicted, the rate
        observed, the 90 % limits of the latter, the number that it rests on. They are sorted here.
    """
    return CalibrationChart(
        Message("Predicted and observed reply rate"), tuple(CalibrationPoint(*point) for point in sorted(points))
    )
