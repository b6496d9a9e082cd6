import re
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.reports import geometry
from hygiene.reports.document import (
    FunnelChart,
    FunnelDot,
    RateScale,
    ScoreScale,
    StepBar,
    StepChart,
    TrendChart,
    TrendPoint,
)
from hygiene.values import Message
from tests.reports import samples

LABEL = Message("Reply rate")
numbers = st.floats(-1e6, 1e6, allow_nan=False)


# --- axes -------------------------------------------------------------------------------------------------------------
@given(numbers, numbers)
def test_a_scale_keeps_the_order_and_stays_inside(one, other):
    low, high = sorted((one, other))
    assert 0 <= geometry.scale(low, -1000, 1000) <= geometry.scale(high, -1000, 1000) <= 100
    assert geometry.scale(low, -1000, 1000, 100, 0) == pytest.approx(100 - geometry.scale(low, -1000, 1000), abs=0.11)


@pytest.mark.parametrize(
    ("high", "most", "expected"),
    [
        (0.3, 5, [0, 0.1, 0.2, 0.3]),
        (0.1, 5, [0, 0.02, 0.04, 0.06, 0.08, 0.1]),
        (0.073, 4, [0, 0.02, 0.04, 0.06, 0.08]),
        (1, 4, [0, 0.5, 1]),
        (1241, 4, [0, 500, 1000, 1500]),
        (-1, 4, [0, 1]),
    ],
)
def test_ticks_are_round(high, most, expected):
    assert list(geometry.ticks(high, most)) == expected


@given(st.floats(1e-6, 1e9), st.integers(3, 8))
def test_ticks_reach_the_highest_value_in_few_steps_of_1_2_or_5(high, most):
    marks = geometry.ticks(high, most)
    assert marks[0] == 0
    assert len(marks) - 1 <= most
    assert marks[-2] < high <= marks[-1] * (1 + 1e-6)
    assert f"{marks[1]:e}"[0] in "125"
    assert float(f"{marks[1]:.0e}") == pytest.approx(marks[1], abs=1e-12)


def test_a_ribbon_goes_along_the_upper_line_and_back_along_the_lower():
    assert geometry.ribbon([(0, 1, 5), (10, 2, 6)]) == "M0 1L10 2L10 6L0 5Z"
    assert geometry.ribbon([]) == ""


# --- scales -----------------------------------------------------------------------------------------------------------
def test_a_score_stands_in_its_zone():
    shape = geometry.score_shape(ScoreScale(LABEL, 57, 41.04, 63, (40, 60, 80), "fair"))
    assert [(zone.band, zone.span.start, zone.span.size, zone.middle) for zone in shape.zones] == [
        ("low", 0, 40, 20),
        ("fair", 40, 20, 50),
        ("good", 60, 20, 70),
        ("excellent", 80, 20, 90),
    ]
    assert [tick.value for tick in shape.ticks] == [0, 40, 60, 80, 100]
    assert (shape.score, shape.interval) == (57.0, (41.0, 22.0))


def test_a_rate_beyond_its_axis_ends_at_the_edge():
    shape = geometry.rate_shape(RateScale(LABEL, 0.3, 0.15, 0.4, 0.07, 0.13, 0.2))
    assert (shape.bar, shape.interval, shape.target) == (100.0, (75.0, 25.0), (35.0, 30.0))
    assert [tick.value for tick in shape.ticks] == [0, 0.05, 0.1, 0.15, 0.2]


def test_a_rate_without_trials_has_no_bar():
    assert geometry.rate_shape(RateScale(LABEL, None, 0, 1, 0, 0.03, 0.1)).bar is None


# --- trend ------------------------------------------------------------------------------------------------------------
def points(*rates, start=10, trials=100):
    return tuple(
        TrendPoint(
            datetime(2025 + (start + i) // 12, (start + i) % 12 + 1, 1),
            rate,
            (rate or 0) / 2,
            (rate or 0) * 1.5,
            trials,
        )
        for i, rate in enumerate(rates)
    )


def test_a_month_without_trials_breaks_the_line():
    known = points(0.05, 0.06, None, 0.07, 0.08, None, 0.09)
    shape = geometry.trend_shape(TrendChart(LABEL, known, 0.07, 0.13))
    assert len(shape.lines) == len(shape.ribbons) == 2
    assert [dot.alone for dot in shape.dots] == [False, False, False, False, True]


def test_a_month_that_is_left_out_breaks_the_line_as_well():
    known = points(0.05, 0.06, 0.07, 0.08)
    shape = geometry.trend_shape(TrendChart(LABEL, known[:2] + known[3:], 0.07, 0.13))
    assert len(shape.lines) == 1
    assert [dot.x for dot in shape.dots] == [11.0, 39.0, 95.0]


def test_the_year_stands_below_its_first_month_only():
    months = geometry.trend_shape(TrendChart(LABEL, points(*[0.05] * 4), 0.07, 0.13)).months
    assert [(label.month.month, label.with_year) for label in months] == [
        (11, True),
        (12, False),
        (1, True),
        (2, False),
    ]


@pytest.mark.parametrize("count", [1, 5, 12, 36])
def test_a_phone_gets_at_most_five_month_labels_and_a_wide_screen_twelve(count):
    months = geometry.trend_shape(TrendChart(LABEL, points(*[0.05] * count), 0.07, 0.13)).months
    assert 1 <= sum(not label.minor for label in months) <= 5
    assert len(months) <= 12


def test_a_month_with_three_enrollments_does_not_flatten_the_others():
    wide = replace(points(0.05)[0], high=0.9, trials=3)
    shape = geometry.trend_shape(TrendChart(LABEL, (wide, *points(0.06, start=11)), 0.07, 0.13))
    assert shape.ticks[-1].value <= 0.3


def test_the_target_zone_of_bounces_has_one_edge_and_that_of_replies_two():
    bounces = geometry.trend_shape(TrendChart(LABEL, points(0.02), 0.0, 0.03))
    replies = geometry.trend_shape(TrendChart(LABEL, points(0.02), 0.07, 0.13))
    assert (len(bounces.target_edges), len(replies.target_edges)) == (1, 2)
    assert bounces.target.start + bounces.target.size == 100


def test_a_trend_without_any_month_or_trial_draws_nothing():
    for known in ((), points(None, None)):
        shape = geometry.trend_shape(TrendChart(LABEL, known, 0.07, 0.13))
        assert (shape.lines, shape.ribbons, shape.dots) == ((), (), ())


# --- funnel -----------------------------------------------------------------------------------------------------------
def test_a_funnel_marks_who_is_outside_and_points_the_rest():
    chart = samples.funnel()
    shape = geometry.funnel_shape(chart)
    beyond = [dot for dot in chart.dots if dot.outside != "inside"]
    assert (shape.far.count("M"), shape.near.count("M"), len(beyond)) == (2, 1, 3)
    assert shape.inside.count("M") == len(chart.dots) - len(beyond)
    assert [name.name for name in shape.names] == ["Élodie Lefèvre-Marc…", "Jean-Baptiste de La…", "Mary Ann Smith"]
    assert [dot.outside for dot in geometry.outside(chart)] == ["99.8", "99.8", "95"]


def test_two_thousand_dots_take_few_bytes():
    assert len(geometry.funnel_shape(samples.funnel(2000)).inside) < 40_000


def test_a_square_point_has_a_length_or_it_vanishes_on_paper():
    chart = samples.funnel(200)
    shape = geometry.funnel_shape(chart)
    drawn = shape.far + shape.near + shape.inside
    assert drawn.count("M") == drawn.count("h.01") > 0


def test_names_in_a_funnel_are_few_short_and_apart():
    dots = tuple(
        FunnelDot(f"A very long name of a sender {i}", None, 100 + i, 0.2 + i / 500, "99.8") for i in range(60)
    )
    names = geometry.funnel_shape(FunnelChart(LABEL, 0.07, dots, ())).names
    assert 1 < len(names) <= geometry.LABELS
    assert all(len(name.name) <= 20 for name in names)
    rows = sorted(name.y for name in names)
    assert all(below - above > 7 for above, below in pairwise(rows))


def test_a_name_stands_on_the_side_with_room():
    dots = (FunnelDot("few", None, 10, 0.3, "95"), FunnelDot("many", None, 900, 0.2, "99.8"))
    names = geometry.funnel_shape(FunnelChart(LABEL, 0.07, dots, ())).names
    assert {name.name: name.left for name in names} == {"few": False, "many": True}


def test_limits_that_leave_the_plot_are_not_bent_along_its_edge():
    chart = FunnelChart(
        LABEL, 0.05, (FunnelDot("a", None, 100, 0.1, "inside"),), ((10, 0, 0, 0.3, 0.6), (100, 0, 0.01, 0.1, 0.2))
    )
    shape = geometry.funnel_shape(chart)
    heights = [float(y) for y in re.findall(r"[ML][\d.]+ (-?[\d.]+)", shape.outer.lines)]
    assert min(heights) == -500.0  # 60 % on an axis that ends at 10 %


def test_a_funnel_without_senders_or_limits_is_empty():
    shape = geometry.funnel_shape(FunnelChart(LABEL, 0.0, (), ()))
    assert (shape.inside, shape.near, shape.far, shape.names, shape.outer) == ("", "", "", (), ("", ""))


# --- steps ------------------------------------------------------------------------------------------------------------
def test_the_parts_of_a_step_stand_side_by_side_on_one_scale():
    first, second = geometry.step_shapes(StepChart(LABEL, (StepBar(1, 200, 20, 10, 2), StepBar(2, 100, 0, 0, 0))))
    assert (first.sent, second.sent) == (100.0, 50.0)
    assert (first.replied, first.bounced, first.unsubscribed) == ((0.0, 10.0), (10.0, 5.0), (15.0, 1.0))
    assert second.replied.size == 0


def test_steps_without_sends_have_no_width():
    (shape,) = geometry.step_shapes(StepChart(LABEL, (StepBar(1, 0, 0, 0, 0),)))
    assert shape.sent == 0.0
