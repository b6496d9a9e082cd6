"""The geometry of the engagement model's charts, and the tables beside them."""

from __future__ import annotations

import re

from hygiene.reports import curves
from hygiene.reports.chart_tables import FRONTIER_ROWS, calibration_table, frontier_table
from hygiene.reports.document import CalibrationChart, CalibrationPoint, FrontierChart, FrontierMark, FrontierPoint
from hygiene.reports.geometry import LEFT, RIGHT
from hygiene.reports.html_values import HtmlValues
from hygiene.reports.translate import Translator
from hygiene.values import Message
from tests.reports import samples
from tests.reports.parts import column

LABEL = Message("What pausing costs")


def places(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


def test_a_frontier_goes_from_nobody_at_the_bottom_to_everybody_at_the_top() -> None:
    points = (FrontierPoint(0, 0, 0, 0), FrontierPoint(500, 0.2, 0.1, 0.3), FrontierPoint(1000, 1, 0.8, 1))
    shape = curves.frontier_shape(FrontierChart(LABEL, points, ()))
    assert places(shape.line) == [(LEFT, 100), ((LEFT + RIGHT) / 2, 80), (RIGHT, 0)]
    assert places(shape.area) == [(11, 100), (53, 70), (95, 0), (95, 20), (53, 90), (11, 100)]
    assert [tick.value for tick in shape.y_ticks] == [0, 0.2, 0.4, 0.6, 0.8, 1]
    assert [tick.value for tick in shape.x_ticks] == [0, 500, 1000]


def test_pausing_at_random_is_a_straight_line_to_everybody_not_to_the_end_of_the_axis() -> None:
    shape = curves.frontier_shape(FrontierChart(LABEL, (FrontierPoint(0, 0, 0, 0), FrontierPoint(1100, 1, 1, 1)), ()))
    (start, end) = places(shape.random)
    assert start == (11, 100)
    assert end == places(shape.line)[-1]
    assert shape.x_ticks[-1].value > 1100


def test_a_way_of_pausing_stands_where_its_figures_say() -> None:
    marks = (FrontierMark(LABEL, "hubspot", 250, 0.25), FrontierMark(LABEL, "chosen", 500, 0.1))
    shape = curves.frontier_shape(FrontierChart(LABEL, (FrontierPoint(1000, 1, 1, 1),), marks))
    assert [(place.x, place.y, place.mark.kind) for place in shape.marks] == [(32, 75, "hubspot"), (53, 90, "chosen")]


def test_a_team_of_one_contact_has_whole_contacts_on_its_axis() -> None:
    shape = curves.frontier_shape(FrontierChart(LABEL, (FrontierPoint(0, 0, 0, 0), FrontierPoint(1, 1, 0, 1)), ()))
    assert [tick.value for tick in shape.x_ticks] == [0, 1]
    assert curves.frontier_shape(FrontierChart(LABEL, (), ())).line == ""


def test_a_true_prediction_lies_on_the_line() -> None:
    points = (CalibrationPoint(0.02, 0.02, 0.01, 0.03, 900), CalibrationPoint(0.1, 0.04, 0.03, 0.06, 900))
    shape = curves.calibration_shape(CalibrationChart(LABEL, points))
    assert [tick.value for tick in shape.x_ticks] == [tick.value for tick in shape.y_ticks] == [0, 0.05, 0.1]
    assert places(shape.identity) == [(11, 100), (95, 0)]
    (x, y), (far_x, far_y) = places(shape.dots)
    assert (x - LEFT) / (RIGHT - LEFT) * 100 == 100 - y
    assert (far_x - LEFT) / (RIGHT - LEFT) * 100 > 100 - far_y
    assert places(shape.limits) == [(27.8, 70), (27.8, 90), (95, 40), (95, 70)]


def test_a_group_of_three_does_not_push_the_others_into_a_corner() -> None:
    points = (CalibrationPoint(0.02, 0.02, 0.01, 0.03, 900), CalibrationPoint(0.05, 0.0, 0.0, 0.6, 3))
    assert curves.calibration_shape(CalibrationChart(LABEL, points)).y_ticks[-1].value <= 0.1


def test_a_calibration_without_groups_or_replies_draws_what_there_is() -> None:
    assert curves.calibration_shape(CalibrationChart(LABEL, ())).dots == ""
    nothing = CalibrationChart(LABEL, (CalibrationPoint(0.0, 0.0, 0.0, 0.1, 5),))
    assert places(curves.calibration_shape(nothing).dots) == [(11, 100)]


# --- tables -----------------------------------------------------------------------------------------------------------
def test_the_frontiers_table_is_short_and_ends_with_everybody() -> None:
    table = frontier_table(samples.frontier())
    contacts = column(table, "Contacts paused")
    assert len(contacts) <= FRONTIER_ROWS + 1
    assert (contacts[0], contacts[-1]) == ("0", "5,760")
    odd = FrontierChart(LABEL, samples.frontier().points[1:], ())
    assert column(frontier_table(odd), "Contacts paused")[-1] == "5,760"
    assert frontier_table(FrontierChart(LABEL, (), ())).rows == ()


def test_the_calibrations_table_holds_each_group() -> None:
    table = calibration_table(samples.calibration())
    assert len(table.rows) == 10
    assert column(table, "Predicted")[-1] == "10.3%"
    assert column(table, "Observed")[-1] == "9.4%"
    assert set(column(table, "Out of")) == {"900"}
    assert "[7.8–11.0%]" in HtmlValues(Translator("en"), 0).rows(table)
