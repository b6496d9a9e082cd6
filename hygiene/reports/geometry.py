"""Where things stand in a chart: blocks of a document → positions in percent of the plot, top left at (0, 0).

Percent, because a chart that is stretched instead of scaled keeps its letters at one size from a phone to a sheet of
paper. The templates only print what is computed here.
"""

from __future__ import annotations

import math
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hygiene.reports.document import (
        FunnelChart,
        FunnelDot,
        RateScale,
        ScoreScale,
        Share,
        ShareBar,
        StepBar,
        StepChart,
        TrendChart,
        TrendPoint,
    )
    from hygiene.scores.types import Band

LEFT, RIGHT = 11.0, 95.0
"""Horizontal range of the data of a plot; the labels of the vertical axis stand to its left."""
DOT = "h.01"
"""A point of a path: not quite of no length, or a square one would vanish from a page that is printed as PDF."""
LABELS = 8
"""Most senders named inside a funnel; the page names all of them below it."""


class Tick(NamedTuple):
    """A mark on an axis: its place in percent, and the value there."""

    at: float
    value: float


class Span(NamedTuple):
    """A stretch of an axis, in percent."""

    start: float
    size: float


def scale(value: float, low: float, high: float, start: float = 0.0, end: float = 100.0) -> float:
    """Map `low…high` to `start…end` linearly, kept inside, to a tenth of a percent.

    Examples
    --------
    >>> scale(5, 0, 20), scale(25, 0, 20), scale(5, 0, 20, 100, 0), scale(1, 1, 1)
    (25.0, 100.0, 75.0, 0.0)
    """
    share = (value - low) / (high - low) if high > low else 0.0
    return round(start + min(1.0, max(0.0, share)) * (end - start), 1) + 0.0


def ticks(high: float, most: int = 5) -> tuple[float, ...]:
    """Return round values from 0 to the first one at or above `high`, in at most `most` steps of 1, 2 or 5 × 10ⁿ.

    Examples
    --------
    >>> ticks(0.13), ticks(950), ticks(0)
    ((0.0, 0.05, 0.1, 0.15), (0.0, 200.0, 400.0, 600.0, 800.0, 1000.0), (0.0, 1.0))
    """
    if high <= 0:
        return (0.0, 1.0)
    power = 10.0 ** math.floor(math.log10(high / most))
    # The margin keeps 0.30000000000000004 from asking for one step more than 0.3.
    step = next(step for step in (power, 2 * power, 5 * power, 10 * power) if step * most >= high * (1 - 1e-9))
    return tuple(round(step * i, 12) for i in range(math.ceil(high / step * (1 - 1e-9)) + 1))


def path(points: Iterable[tuple[float, float]], *, closed: bool = False) -> str:
    """Return the points as the `d` of an SVG path; without points, a path that draws nothing.

    Examples
    --------
    >>> path([(0, 12.5), (50.0, 3)], closed=True)
    'M0 12.5L50 3Z'
    """
    line = "L".join(f"{x:g} {y:g}" for x, y in points)
    return f"M{line}{'Z' if closed else ''}" if line else ""


def ribbon(edges: Sequence[tuple[float, float, float]]) -> str:
    """Return the area between two lines, given as (x, upper y, lower y), as the `d` of an SVG path."""
    upper = [(x, top) for x, top, _ in edges]
    lower = [(x, bottom) for x, _, bottom in reversed(edges)]
    return path([*upper, *lower], closed=True)


# --- a score or a rate on its scale -----------------------------------------------------------------------------------
class Zone(NamedTuple):
    """The stretch of a score scale that is one band."""

    band: Band
    span: Span
    middle: float


class ScoreShape(NamedTuple):
    """A score scale, 0–100."""

    zones: tuple[Zone, ...]
    ticks: tuple[Tick, ...]
    score: float | None
    interval: Span


def score_shape(block: ScoreScale) -> ScoreShape:
    """Lay out a score on its bands."""
    bounds = (0.0, *block.edges, 100.0)
    bands: tuple[Band, ...] = ("low", "fair", "good", "excellent")
    zones = tuple(
        Zone(band, Span(start, round(end - start, 1)), (start + end) / 2)
        for band, (start, end) in zip(bands, pairwise(bounds), strict=True)
    )
    return ScoreShape(
        zones,
        tuple(Tick(at, at) for at in bounds),
        None if block.score is None else scale(block.score, 0, 100),
        _span(block.low, block.high, 100),
    )


class RateShape(NamedTuple):
    """A rate on its scale from 0 to `axis_max`."""

    bar: float | None
    interval: Span
    target: Span
    ticks: tuple[Tick, ...]


def rate_shape(block: RateScale) -> RateShape:
    """Lay out a rate against its target zone; a value beyond the axis ends at its edge."""
    top = block.axis_max
    return RateShape(
        bar=None if block.value is None else scale(block.value, 0, top),
        interval=_span(block.low, block.high, top),
        target=_span(block.target_low, block.target_high, top),
        ticks=tuple(Tick(scale(value, 0, top), value) for value in ticks(top, most=6) if value <= top * (1 + 1e-9)),
    )


def _span(low: float, high: float, top: float) -> Span:
    start, end = scale(low, 0, top), scale(high, 0, top)
    return Span(start, round(end - start, 1))


# --- a rate by month --------------------------------------------------------------------------------------------------
class TrendDot(NamedTuple):
    """A month with trials, and its interval; `alone` when neither neighbour has any, so that no ribbon shows it."""

    x: float
    y: float
    top: float
    bottom: float
    point: TrendPoint
    alone: bool


class MonthLabel(NamedTuple):
    """A month on the axis; `minor` ones are left out on a phone."""

    x: float
    month: datetime
    minor: bool
    with_year: bool


class TrendShape(NamedTuple):
    """A trend: one line and one ribbon for each run of months without a gap."""

    ticks: tuple[Tick, ...]
    target: Span
    target_edges: tuple[float, ...]
    lines: tuple[str, ...]
    ribbons: tuple[str, ...]
    dots: tuple[TrendDot, ...]
    marks: str
    """All dots as one path of points."""
    alone: str
    """The intervals of the dots that stand alone, as one path."""
    months: tuple[MonthLabel, ...]


def trend_shape(block: TrendChart) -> TrendShape:
    """Lay out a trend by calendar month; a month that is missing or has no trials leaves a gap."""
    known = [point for point in block.points if point.trials and point.value is not None]
    peak = max([point.value or 0.0 for point in known] + [block.target_high])
    # A month with few trials has an interval up to the sky; it may not flatten the line of the others.
    reach = max([min(point.high, 2 * peak) for point in known] + [1.1 * peak])
    marks = ticks(reach, most=4)
    runs = [[_trend_dot(block, point, marks[-1], alone=len(run) == 1) for point in run] for run in _runs(known)]
    edges = (block.target_low, block.target_high)
    upper, lower = (scale(edge, 0, marks[-1], 100, 0) for edge in reversed(edges))
    return TrendShape(
        ticks=tuple(Tick(scale(value, 0, marks[-1], 100, 0), value) for value in marks),
        target=Span(upper, round(lower - upper, 1)),
        target_edges=tuple(scale(edge, 0, marks[-1], 100, 0) for edge in edges if edge > 0),
        lines=tuple(path((dot.x, dot.y) for dot in run) for run in runs if len(run) > 1),
        ribbons=tuple(ribbon([(dot.x, dot.top, dot.bottom) for dot in run]) for run in runs if len(run) > 1),
        dots=tuple(dot for run in runs for dot in run),
        marks="".join(f"M{dot.x:g} {dot.y:g}{DOT}" for run in runs for dot in run),
        alone="".join(
            path([(dot.x, dot.top), (dot.x, dot.bottom)]) for (dot,) in (run for run in runs if len(run) == 1)
        ),
        months=_month_labels(block),
    )


def _number(point: TrendPoint) -> int:
    return point.month.year * 12 + point.month.month


def _month_x(block: TrendChart, point: TrendPoint) -> float:
    first, last = _number(block.points[0]), _number(block.points[-1])
    return scale(_number(point), first, last, LEFT, RIGHT) if last > first else (LEFT + RIGHT) / 2


def _trend_dot(block: TrendChart, point: TrendPoint, top: float, *, alone: bool) -> TrendDot:
    y, high, low = (scale(value, 0, top, 100, 0) for value in (point.value or 0.0, point.high, point.low))
    return TrendDot(_month_x(block, point), y, high, low, point, alone)


def _runs(points: list[TrendPoint]) -> list[list[TrendPoint]]:
    runs: list[list[TrendPoint]] = []
    for point in points:
        if runs and _number(point) == _number(runs[-1][-1]) + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _month_labels(block: TrendChart) -> tuple[MonthLabel, ...]:
    months = block.points
    every, on_phone = math.ceil(len(months) / 12), math.ceil(len(months) / 5)
    labels, year = [], 0
    for i, point in enumerate(months):
        if i % every == 0:
            new_year = point.month.year != year
            year = point.month.year
            labels.append(MonthLabel(_month_x(block, point), point.month, i % on_phone != 0, new_year))
    return tuple(labels)


# --- senders against chance -------------------------------------------------------------------------------------------
class FunnelName(NamedTuple):
    """The name beside a sender beyond a limit, on the side with room."""

    x: float
    y: float
    name: str
    left: bool


class Limits(NamedTuple):
    """A pair of limits: the area between them, and the two lines."""

    area: str
    lines: str


class FunnelShape(NamedTuple):
    """A funnel plot."""

    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    target: float
    outer: Limits
    """Of 99.8 %."""
    inner: Limits
    """Of 95 %."""
    inside: str
    """The senders within both limits, as points of a path: two thousand of them take 24 KB."""
    near: str
    """The senders beyond the 95 % limits only."""
    far: str
    """The senders beyond the 99.8 % limits."""
    names: tuple[FunnelName, ...]


def funnel_shape(block: FunnelChart) -> FunnelShape:
    """Lay out a funnel; limits that run out of the plot at few trials are cut by its edge."""
    x_marks = ticks(max([dot.trials for dot in block.dots] + [1]), most=4)
    y_marks = ticks(max([dot.rate for dot in block.dots] + [2 * block.target, 0.01]), most=4)

    def x(trials: float) -> float:
        return scale(trials, 0, x_marks[-1], LEFT, RIGHT)

    def y(rate: float) -> float:
        return scale(rate, 0, y_marks[-1], 100, 0)

    def limits(low: int, high: int) -> Limits:
        # Not kept inside the plot: where few trials allow any rate the lines leave it, and its edge cuts them off.
        upper = [(x(row[0]), round(100 - 100 * row[high] / y_marks[-1], 1)) for row in curve]
        lower = [(x(row[0]), round(100 - 100 * row[low] / y_marks[-1], 1)) for row in curve]
        return Limits(path([*upper, *reversed(lower)], closed=True), path(upper) + path(lower))

    curve = [row for row in block.curve if row[0] <= x_marks[-1]]

    def dots(kind: str) -> str:
        places = sorted({(x(dot.trials), y(dot.rate)) for dot in block.dots if dot.outside == kind})
        return "".join(f"M{at_x:g} {at_y:g}{DOT}" for at_x, at_y in places)

    return FunnelShape(
        x_ticks=tuple(Tick(x(value), value) for value in x_marks),
        y_ticks=tuple(Tick(y(value), value) for value in y_marks),
        target=y(block.target),
        outer=limits(1, 4),
        inner=limits(2, 3),
        inside=dots("inside"),
        near=dots("95"),
        far=dots("99.8"),
        names=_funnel_names([(x(dot.trials), y(dot.rate), dot.label) for dot in outside(block)]),
    )


def outside(block: FunnelChart) -> list[FunnelDot]:
    """Return the senders beyond a limit: the 99.8 % ones first, then by distance from the target."""
    beyond = [dot for dot in block.dots if dot.outside != "inside"]
    return sorted(beyond, key=lambda dot: (dot.outside != "99.8", -abs(dot.rate - block.target), dot.label))


def _funnel_names(places: list[tuple[float, float, str]]) -> tuple[FunnelName, ...]:
    names: list[FunnelName] = []
    for x, y, name in places:
        # A name covers about a third of the width and a fifteenth of the height on a phone.
        free = all(abs(y - other.y) > 7 or abs(x - other.x) > 34 for other in names)
        if free and len(names) < LABELS:
            names.append(FunnelName(x, y, _short(name), x > (LEFT + RIGHT) / 2))
    return tuple(names)


def _short(name: str, most: int = 20) -> str:
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


# --- the steps of a sequence ------------------------------------------------------------------------------------------
class StepShape(NamedTuple):
    """A step's bar: how wide it is, and the parts of it that came back, side by side from the left."""

    bar: StepBar
    sent: float
    replied: Span
    bounced: Span
    unsubscribed: Span


def step_shapes(block: StepChart) -> tuple[StepShape, ...]:
    """Lay out the steps of a sequence, all on the scale of the largest."""
    most = max([step.sent for step in block.steps] + [1])
    return tuple(_step_shape(step, most) for step in block.steps)


def _step_shape(step: StepBar, most: int) -> StepShape:
    ends = [0.0]
    for part in (step.replied, step.bounced, step.unsubscribed):
        ends.append(round(ends[-1] + scale(part, 0, most), 1))
    replied, bounced, unsubscribed = (Span(start, round(end - start, 1)) for start, end in pairwise(ends))
    return StepShape(step, scale(step.sent, 0, most), replied, bounced, unsubscribed)


# --- shares -----------------------------------------------------------------------------------------------------------
class ShareShape(NamedTuple):
    """One part of a whole."""

    share: Share
    span: Span


def share_shapes(block: ShareBar) -> tuple[ShareShape, ...]:
    """Return where each part lies; together they fill the bar, whatever the rounding.

    Examples
    --------
    >>> from hygiene.reports.document import Share, ShareBar
    >>> from hygiene.values import Message
    >>> parts = (Share(Message("a"), 1, "address"), Share(Message("b"), 2, "sender"))
    >>> [shape.span for shape in share_shapes(ShareBar(Message("ab"), parts))]
    [Span(start=0.0, size=33.3), Span(start=33.3, size=66.7)]
    """
    counted = accumulate((share.count for share in block.shares), initial=0)
    ends = [scale(count, 0, block.total) for count in counted]
    spans = (Span(start, round(end - start, 1)) for start, end in pairwise(ends))
    return tuple(map(ShareShape, block.shares, spans))
