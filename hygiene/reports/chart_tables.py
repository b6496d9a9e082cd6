"""The figures of a chart as a table, for whoever cannot see it or wants them exactly."""

from __future__ import annotations

from hygiene.reports.document import (
    CalibrationChart,
    FrontierChart,
    GapChart,
    GapPart,
    Row,
    StepChart,
    Table,
    TableColumn,
    TrendChart,
)
from hygiene.values import Change, Count, Interval, Message, Moment, Percent

FRONTIER_ROWS = 12
"""Points of a frontier that its table shows, at most, besides the last."""


def trend_table(chart: TrendChart) -> Table:
    """Return a row a month: the rate, its 90 % interval and the number it rests on."""
    return Table(
        caption=chart.label,
        columns=(
            TableColumn(Message("Month")),
            TableColumn(Message("Rate"), "number"),
            TableColumn(Message("90%% interval"), "number"),
            TableColumn(Message("Out of"), "number"),
        ),
        rows=tuple(
            Row(
                (
                    Moment(point.month, "month"),
                    Percent(point.value),
                    Interval(point.low, point.high) if point.trials else None,
                    Count(point.trials),
                )
            )
            for point in chart.points
        ),
    )


def step_table(chart: StepChart) -> Table:
    """Return a row a step: how many emails went out, and what came back."""
    return Table(
        caption=chart.label,
        columns=(
            TableColumn(Message("Step")),
            TableColumn(Message("Sent"), "number"),
            TableColumn(Message("Replies"), "number"),
            TableColumn(Message("Bounces"), "number"),
            TableColumn(Message("Unsubscribed"), "number"),
        ),
        rows=tuple(
            Row(
                (
                    Message("Step %(step)s", {"step": Count(bar.step)}),
                    Count(bar.sent),
                    _count_and_share(bar.replied, bar.sent),
                    _count_and_share(bar.bounced, bar.sent),
                    _count_and_share(bar.unsubscribed, bar.sent),
                )
            )
            for bar in chart.steps
        ),
    )


def _count_and_share(count: int, sent: int) -> Message:
    return Message("%(count)s (%(share)s)", {"count": Count(count), "share": Percent(count / sent if sent else None)})


def frontier_table(chart: FrontierChart) -> Table:
    """Return what pausing costs, in about `FRONTIER_ROWS` rows from nobody to everybody."""
    every = -(-len(chart.points) // FRONTIER_ROWS)
    shown = [point for i, point in enumerate(chart.points) if i % every == 0 or point is chart.points[-1]]
    return Table(
        caption=chart.label,
        columns=(
            TableColumn(Message("Contacts paused")),
            TableColumn(Message("Share of the expected replies lost"), "number"),
            TableColumn(Message("90%% interval"), "number"),
        ),
        rows=tuple(
            Row((Count(point.contacts), Percent(point.share), Interval(point.low, point.high))) for point in shown
        ),
    )


def calibration_table(chart: CalibrationChart) -> Table:
    """Return a row a group: what was predicted, what came with its 90 % interval, and the number it rests on."""
    return Table(
        caption=chart.label,
        columns=(
            TableColumn(Message("Predicted")),
            TableColumn(Message("Observed"), "number"),
            TableColumn(Message("90%% interval"), "number"),
            TableColumn(Message("Out of"), "number"),
        ),
        rows=tuple(
            Row(
                (
                    Percent(point.predicted),
                    Percent(point.observed),
                    Interval(point.low, point.high),
                    Count(point.trials),
                )
            )
            for point in chart.points
        ),
    )


def gap_table(chart: GapChart) -> Table:
    """Return a row a part of a gap, with its 90 % limits, and their sum."""
    parts = [Row((part.label, Change(part.value), limits(part))) for part in chart.parts]
    return Table(
        caption=chart.label,
        columns=(
            TableColumn(Message("Cause")),
            TableColumn(Message("Part"), "number"),
            TableColumn(Message("90%% interval"), "number"),
        ),
        rows=(*parts, Row((Message("Together"), Change(chart.total), None))),
    )


def limits(part: GapPart) -> Message:
    """Return the limits of a part: `-0.4 pt to +1.2 pt`."""
    return Message("%(low)s to %(high)s", {"low": Change(part.low), "high": Change(part.high)})
