"""The figures of a chart as a table, for whoever cannot see it or wants them exactly."""

from __future__ import annotations

from hygiene.reports.document import (
    Count,
    Interval,
    Message,
    Moment,
    Percent,
    Row,
    StepChart,
    Table,
    TableColumn,
    TrendChart,
)


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
