"""What became of the last report's advice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.advise import advise
from hygiene.advice.follow import Followed, Previous, moved, read_previous
from hygiene.errors import SourceError
from tests.advice.making import START, enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.case import Case

AS_OF = START + timedelta(days=60)


def row(**more: Any) -> dict[str, Any]:
    return {
        "id": "BNC-02-00000000",
        "rule": "BNC-02",
        "sender_id": "ann",
        "subject": "source:vendor-x",
        "metric": "bounce_rate",
        "is_told": True,
        "advice": {"en": "Stop.", "fr": "Arrêtez."},
        **more,
    }


def before_and_after(folder: Path, share_after: float, bounced_after: int) -> Case:
    """100 enrollments before the report, half of vendor-x, 10 bounced; 100 after it."""

    def source(place: int) -> str:
        part = 0.5 if place < 100 else share_after
        return "vendor-x" if place % 100 < 100 * part else "web-form"

    def outcome(place: int) -> str:
        return "bounced" if place % 100 < (10 if place < 100 else bounced_after) else "finished"

    def at(place: int) -> datetime:
        return START + timedelta(hours=place) if place < 100 else AS_OF + timedelta(hours=place)

    return make_case(
        folder, enrollments=enrolled(200, enrolled_at=at, outcome=outcome), contacts=people(200, source=source)
    )


def followed(case: Case, *rows: dict[str, Any]) -> tuple[Followed, ...]:
    return advise(replace(case, previous=Previous(AS_OF, rows))).followed


def test_a_source_that_is_used_no_more_was_dropped_and_the_bounces_fell(tmp_path: Path) -> None:
    (found,) = followed(before_and_after(tmp_path, 0.0, 1), row())
    assert found.done == "done"
    assert found.figure is not None
    assert found.figure == ((10, 100), (1, 100), "better")


def test_a_source_that_is_used_as_before_was_not(tmp_path: Path) -> None:
    (found,) = followed(before_and_after(tmp_path, 0.4, 9), row())
    assert found.done == "not_done"
    assert found.figure is not None
    assert found.figure.moved == "within_chance"


def test_advice_about_no_rate_is_done_when_its_rule_is_silent(tmp_path: Path) -> None:
    case = before_and_after(tmp_path, 0.4, 9)
    (found,) = followed(case, row(id="SEQ-01-1", rule="SEQ-01", subject="list:x", metric="none"))
    assert (found.done, found.figure) == ("unknown", None)  # one sender: the rule could not be asked


def test_what_was_not_told_and_who_has_left_are_passed_over(tmp_path: Path) -> None:
    case = before_and_after(tmp_path, 0.4, 9)
    assert followed(case, row(is_told=False), row(sender_id="gone")) == ()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((10, 100), (0, 5), "unknown"),
        ((10, 100), (30, 100), "worse"),
        ((0, 0), (3, 100), "unknown"),
        ((10, 100), (9, 100), "within_chance"),
    ],
)
def test_a_rate_moves_only_by_more_than_chance(before: tuple[int, int], after: tuple[int, int], expected: str) -> None:
    assert moved(before, after, "bounce_rate") == expected


def test_an_earlier_report_is_read_with_its_moment(tmp_path: Path) -> None:
    (tmp_path / "recommendations.json").write_text(json.dumps([row(), {"no": "row"}, 3]))
    (tmp_path / "run.json").write_text(json.dumps({"as_of": "2026-03-01T10:00:00Z"}))
    found = read_previous(tmp_path)
    assert found.as_of == datetime(2026, 3, 1, 10)
    assert len(found.rows) == 1


@pytest.mark.parametrize("text", ["", "{", "[1", '{"as_of": 3}', '{"as_of": null}'])
def test_what_is_no_report_is_said_in_a_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "recommendations.json").write_text("[]")
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(SourceError, match="holds no earlier report that can be read"):
        read_previous(tmp_path)


@pytest.mark.parametrize(
    "changed",
    [{"id": []}, {"rule": {}}, {"subject": None}, {"metric": "opens"}, {"sender_id": ["a"]}, {"evidence": None}],
)
def test_rows_that_somebody_changed_are_passed_over(changed: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "recommendations.json").write_text(json.dumps([row(**changed), row()]))
    (tmp_path / "run.json").write_text(json.dumps({"as_of": "2026-03-01T10:00:00Z"}))
    assert len(read_previous(tmp_path).rows) == 1


@pytest.mark.parametrize("text", ["[" * 100_000, "{}", "3", "null"])
def test_recommendations_that_are_no_list_are_said_in_a_sentence(text: str, tmp_path: Path) -> None:
    (tmp_path / "recommendations.json").write_text(text)
    (tmp_path / "run.json").write_text(json.dumps({"as_of": "2026-03-01T10:00:00Z"}))
    with pytest.raises(SourceError, match="holds no earlier report that can be read"):
        read_previous(tmp_path)


def test_an_empty_folder_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no earlier report"):
        read_previous(tmp_path)
