"""Gaps on a page: what is too small to act on is counted as chance, and the sum stays exact."""

from __future__ import annotations

import pytest

from hygiene.advice.attribution.attribution import Attribution
from hygiene.advice.attribution.types import Gap, Part
from hygiene.reports.curves import gap_bars
from hygiene.reports.document import GapChart, GapPart, Note
from hygiene.reports.gaps import gap_blocks
from hygiene.values import Message
from tests.reports.advice_samples import gap
from tests.reports.parts import said


def blocks(*gaps: Gap) -> tuple[list[GapChart], list[str]]:
    attribution = Attribution(None, {}, {(1, each.metric): each for each in gaps}, {}, {})  # type: ignore[arg-type]
    found = list(gap_blocks(attribution, 1))
    charts = [block for block in found if isinstance(block, GapChart)]
    return charts, [said(block.sentence) for block in found if isinstance(block, Note)]


def test_small_parts_go_to_chance_and_the_shown_ones_sum_to_the_gap() -> None:
    ((chart,), _) = blocks(gap("reply_rate", 0.05, 0.08, source=-0.02, timing=0.0012, sender=-0.0004))
    assert [said(part.label) for part in chart.parts] == [
        "where the contacts came from",
        "chance, and what no column shows",
    ]
    assert sum(part.value for part in chart.parts) == pytest.approx(chart.total) == pytest.approx(-0.03)
    assert said(chart.label) == "Reply rate: you 5.0%, your peers 8.0%"


def test_a_gap_of_nothing_is_a_sentence_and_no_drawing() -> None:
    flat = gap("reply_rate", 0.05, 0.0503, source=0.0002, sender=-0.0001)
    assert blocks(flat) == (
        [],
        ["Reply rate: you 5.0%, your peers 5.0%. No cause makes a difference that could be seen."],
    )
    drawn, notes = blocks(flat, gap("bounce_rate", 0.05, 0.03, sender=0.002))
    assert [said(chart.label) for chart in drawn] == ["Bounce rate: you 5.0%, your peers 3.0%"]
    assert len(notes) == 2
    # Parts that cancel each other out are something to see.
    assert len(blocks(gap("reply_rate", 0.05, 0.05, source=0.02, sender=-0.02))[0]) == 1


def test_inside_the_noise_nobody_is_blamed() -> None:
    _, notes = blocks(gap("reply_rate", 0.05, 0.08, sender=-0.005), gap("bounce_rate", 0.05, 0.03, sender=0.002))
    (note,) = notes
    assert note.startswith("What is left to you yourself (replies −0.5 pt, bounces +0.2 pt) may be chance")


def test_beyond_it_the_rest_is_said_with_its_interval() -> None:
    wide = Gap("reply_rate", 0.05, 0.08, (Part("sender", -0.02, -0.03, -0.01), Part("noise", -0.01, -0.02, 0.0)))
    _, (note,) = blocks(wide)
    assert note == (
        "With the same contacts, lists and sequences as your peers, −2.0 pt of the reply rate would remain (−3.0 pt to"
        " −1.0 pt)."
    )


def test_without_attribution_there_is_no_gap() -> None:
    assert list(gap_blocks(None, 1)) == []


def test_bars_start_in_the_middle_and_share_one_scale() -> None:
    parts = (
        GapPart(Message("a"), 0.04, 0.02, 0.04),
        GapPart(Message("b"), -0.02, -0.02, -0.02),
        GapPart(Message("c"), 0.0, -0.01, 0.01),
    )
    first, second, third = gap_bars(GapChart(Message("x"), 0.02, parts))
    assert first.bar == (50.0, 50.0)
    assert second.bar == (25.0, 25.0)
    assert second.limits.size == 0
    assert third.bar == (50.0, 0.0)
    assert third.limits == (37.5, 25.0)
