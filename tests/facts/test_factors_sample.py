"""Of very many enrollments attribution reads one in so many, and its gains stay those of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hygiene.facts import factors
from tests.advice.rules.test_levers import team

if TYPE_CHECKING:
    from pathlib import Path


def test_a_sample_finds_the_same_lever_with_about_the_same_gain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = team(tmp_path / "whole", bad_source=True).attribution
    monkeypatch.setattr(factors, "MOST_ENDED", 700)
    sample = team(tmp_path / "sample", bad_source=True).attribution
    assert whole is not None
    assert sample is not None
    assert sample.models.table.ended.sum() == whole.models.table.ended.sum() / 2 == 600
    for key, levers in whole.levers.items():
        (first, *_), (other, *_) = levers, sample.levers[key]
        assert (first.factor, first.level) == (other.factor, other.level) == ("source", "vendor-x")
        assert other.gains["bounce_rate"].value == pytest.approx(first.gains["bounce_rate"].value, abs=0.04)
