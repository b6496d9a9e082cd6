"""Where things stand in the charts of the engagement model and of gaps: blocks → positions, as in `geometry.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.reports.geometry import DOT, LEFT, RIGHT, Span, Tick, path, ribbon, scale, ticks

if TYPE_CHECKING:
    from hygiene.reports.document import CalibrationChart, FrontierChart, FrontierMark, GapChart, GapPart


# --- what pausing costs -----------------------------------------------------------------------------------------------
class MarkPlace(NamedTuple):
    """A way of pausing on the chart."""

    x: float
    y: float
    mark: FrontierMark


class FrontierShape(NamedTuple):
    """Contacts paused to the right, the share of the replies lost upwards."""

    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    line: str
    area: str
    """Between the 90 % limits."""
    random: str
    """What pausing as many at random would cost."""
    marks: tuple[MarkPlace, ...]


def frontier_shape(block: FrontierChart) -> FrontierShape:
    """Lay out what pausing costs, from nobody to everybody."""
    most = max([point.contacts for point in block.points] + [mark.contacts for mark in block.marks] + [1])
    x_marks, y_marks = ticks(most, most=4), ticks(1.0, most=5)

    def x(contacts: int) -> float:
        return scale(contacts, 0, x_marks[-1], LEFT, RIGHT)

    def y(share: float) -> float:
        return scale(share, 0, y_marks[-1], 100, 0)

    return FrontierShape(
        x_ticks=tuple(Tick(x(int(value)), value) for value in x_marks if value.is_integer()),
        y_ticks=tuple(Tick(y(value), value) for value in y_marks),
        line=path((x(point.contacts), y(point.share)) for point in block.points),
        area=ribbon([(x(point.contacts), y(point.high), y(point.low)) for point in block.points]),
        random=path([(x(0), y(0)), (x(most), y(1))]),
        marks=tuple(MarkPlace(x(mark.contacts), y(mark.share), mark) for mark in block.marks),
    )


# --- predicted against observed ---------------------------------------------------------------------------------------
class CalibrationShape(NamedTuple):
    """The predicted rate to the right, the observed one upwards, both on one scale."""

    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    identity: str
    """Where the points lie if every prediction comes true."""
    limits: str
    """The 90 % intervals, as one path."""
    dots: str
    """The points, as one path."""


def calibration_shape(block: CalibrationChart) -> CalibrationShape:
    """Lay out predictions against what came; an interval that leaves the plot is cut by its edge."""
    rates = [rate for point in block.points for rate in (point.predicted, point.observed)]
    peak = max([*rates, 0.0])
    # A group of few contacts has an interval up to the sky; it may not push the points into a corner.
    marks = ticks(max([min(point.high, 1.5 * peak) for point in block.points] + [peak]), most=4)
    top = marks[-1]

    def x(rate: float) -> float:
        return scale(rate, 0, top, LEFT, RIGHT)

    def y(rate: float) -> float:
        return scale(rate, 0, top, 100, 0)

    return CalibrationShape(
        x_ticks=tuple(Tick(x(value), value) for value in marks),
        y_ticks=tuple(Tick(y(value), value) for value in marks),
        identity=path([(x(0), y(0)), (x(top), y(top))]),
        limits="".join(
            path([(x(point.predicted), y(point.high)), (x(point.predicted), y(point.low))]) for point in block.points
        ),
        dots="".join(f"M{x(point.predicted):g} {y(point.observed):g}{DOT}" for point in block.points),
    )


# --- what a gap is made of --------------------------------------------------------------------------------------------
class GapBar(NamedTuple):
    """A part's bar, from the middle to one side, and its limits; in percent of the width."""

    part: GapPart
    bar: Span
    limits: Span


def gap_bars(block: GapChart) -> tuple[GapBar, ...]:
    """Lay the parts of a gap out around the middle, all on one scale."""
    reach = max([abs(end) for part in block.parts for end in (part.value, part.low, part.high)] + [1e-9])

    def span(low: float, high: float) -> Span:
        start, end = (scale(value, -reach, reach, 0, 100) for value in (low, high))
        return Span(round(start, 1), round(end - start, 1))

    return tuple(
        GapBar(part, span(min(part.value, 0.0), max(part.value, 0.0)), span(part.low, part.high))
        for part in block.parts
    )
