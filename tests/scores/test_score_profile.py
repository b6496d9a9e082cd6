from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from hygiene.errors import ModelError
from hygiene.resources import resource
from hygiene.scores.profile import Knots, load_profile, profile_names

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (resource("models") / "score" / "default.toml").read_text(encoding="utf-8")


def test_the_default_profile_holds_the_numbers_of_the_contract() -> None:
    profile = load_profile("default")
    assert profile.reply == Knots((0, 0.07, 0.13), (0, 30, 50))
    assert profile.bounce == Knots((0, 0.03, 0.05, 0.10), (50, 30, 15, 0))
    assert profile.edges == (40, 60, 80)
    assert (profile.sender_min_ended, profile.pair_min_ended) == (100, 101)
    assert (profile.good_reply, profile.good_bounce_below) == ((0.07, 0.13), 0.03)


def test_what_hubspot_publishes_is_sourced_and_all_else_is_assumed() -> None:
    numbers = load_profile("default").numbers
    sourced = {n.place: n.value for n in numbers if n.source}
    assert sourced == {
        "reply[2].rate": 0.07,
        "reply[3].rate": 0.13,
        "bounce[2].rate": 0.03,
        "eligible.sender": 100,
        "eligible.sender_sequence": 101,
        "good.reply_from": 0.07,
        "good.reply_to": 0.13,
        "good.bounce_below": 0.03,
    }
    assert {n.source.date for n in numbers if n.source} == {date(2026, 1, 30)}
    assert len(numbers) == 22


def test_every_profile_that_comes_with_hygiene_loads() -> None:
    assert "default" in profile_names()
    assert [load_profile(name).name for name in profile_names()] == profile_names()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "defualt",
            (
                'There is no score profile "defualt" (did you mean "default"?).'
                " Use one of: default; or the path of a .toml file."
            ),
        ),
        (
            "../../pyproject",
            'There is no score profile "../../pyproject". Use one of: default; or the path of a .toml file.',
        ),
        (
            "missing.toml",
            "The score profile missing.toml cannot be read: No such file or directory. Check the path.",
        ),
    ],
)
def test_a_profile_that_is_not_there_is_named_with_what_is(name: str, sentence: str) -> None:
    with pytest.raises(ModelError) as caught:
        load_profile(name)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "rate = { value = 0.07,",
            "rate = { value = 0.14,",
            "the rates of reply must rise from point to point; they are 0, 0.14, 0.13",
        ),
        (
            "points = { value = 30,",
            "points = { value = 50,",
            "the points of reply must rise from point to point; they are 0, 50, 50",
        ),
        (
            "points = { value = 15,",
            "points = { value = 35,",
            "the points of bounce must fall from point to point; they are 50, 30, 35, 0",
        ),
        (
            "points = { value = 50,",
            "points = { value = 40,",
            "the points of reply must span 0 to 50, so that both parts add up to 100; they are 0, 30, 40",
        ),
        (
            "points = { value = 30,",
            "points = { value = 51,",
            'reply[2].points is "51"; it must be a number from 0 to 50',
        ),
        ("value = 0.13, source", "value = nan, source", 'reply[3].rate is "nan"; it must be a number from 0 to 1'),
        ("{ value = 40, assumed", "{ value = true, assumed", 'bands.fair is "True"; it must be a number from 0 to 100'),
        (
            "fair = { value = 40,",
            "fair = { value = 60,",
            "the bands must begin one after the other: 0 < fair < good < excellent ≤ 100",
        ),
        (
            "sender = { value = 100,",
            "sender = { value = 99.5,",
            "the numbers of [eligible] are counts of enrollments and must be whole",
        ),
        (
            "sender = { value = 100,",
            "sender = { value = inf,",
            'eligible.sender is "inf"; it must be a number of at least 0',
        ),
        ("reply_from = { value = 0.07,", "reply_from = { value = 0.2,", "good.reply_from must be below good.reply_to"),
        ("fair = {", "fare = {", 'bands.fare is not known (did you mean "fair"?)'),
        ("[bands]", "[band]", 'band is not known (did you mean "bands"?)'),
        ("fair = {", "# fair = {", "bands.fair is missing"),
        (
            'source = "hubspot"',
            'source = "hubspit"',
            'reply[2].rate names the source "hubspit", which is not under [sources] (did you mean "hubspot"?)',
        ),
        (
            '0.07, source = "hubspot"',
            "0.07, assumed = false",
            "reply[2].rate must have either a source or assumed = true",
        ),
        (
            '0.07, source = "hubspot"',
            '0.07, source = "hubspot", assumed = true',
            "reply[2].rate must have either a source or assumed = true",
        ),
        ("{ value = 30, assumed = true }", "30", "reply[2].points must be a table; the default profile shows the form"),
        (
            "date = 2026-01-30",
            "date = 2026",
            "sources.hubspot needs texts for page, url and says, and a date such as 2026-01-30",
        ),
        ("title = ", "title = 3 # ", "title must be a text in quotes"),
    ],
)
def test_a_number_out_of_its_place_is_refused_in_one_sentence(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    path = tmp_path / "own.toml"
    assert old in TEXT
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load_profile(str(path))
    assert str(caught.value) == f"In the score profile {path}, {sentence}."


def test_a_single_point_is_too_few(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    start, end = TEXT.index("[[reply]]"), TEXT.index("[[bounce]]")
    path.write_text(f"{TEXT[:start]}[reply]\n{TEXT[end:]}", encoding="utf-8")
    with pytest.raises(ModelError, match=r"reply needs at least two points, each under its own \[\[reply\]\]\.$"):
        load_profile(str(path))


def test_a_file_that_is_not_toml_or_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("title = ", encoding="utf-8")
    with pytest.raises(ModelError, match=r"^The score profile .*own\.toml is not TOML: .* Compare it with the default"):
        load_profile(str(path))
    path.write_bytes(b"title = '\xff'")
    with pytest.raises(ModelError, match=r"own.toml cannot be read: it is not UTF-8 text\. Check the path\.$"):
        load_profile(str(path))


def test_a_profile_of_ones_own_is_named_after_its_file(tmp_path: Path) -> None:
    path = tmp_path / "strict.toml"
    path.write_text(TEXT.replace("value = 40, assumed", "value = 45, assumed"), encoding="utf-8")
    profile = load_profile(str(path))
    assert (profile.name, profile.edges) == ("strict", (45, 60, 80))
