"""The rules of segments: one text for industries that differ, gaps that the contacts explain, other languages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.types import Clear, Fired, NotApplicable, NotEnough, Suggestion
from tests.advice.making import START, ask, enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from tests.advice.making import Rows

SENDERS = ("ann", "bob", "cid", "dee")
INDUSTRIES = ("Retail", "Energy", "Health", "Law")


def only(found: Outcome) -> Suggestion:
    assert isinstance(found, Fired)
    (said,) = found.suggestions
    return said


def team(folder: Path, industry: Any, often: dict[str, int], number: int = 2400) -> Case:
    """Four senders, two sequences; of an industry's contacts one in `often` replies, without chance."""
    seen: dict[tuple[str, str], int] = {}

    def outcome(place: int) -> str:
        key = (SENDERS[place % 4], industry(place))
        seen[key] = seen.get(key, 0) + 1
        return "replied" if seen[key] % often[key[1]] == 0 else "finished"

    rows = enrolled(
        number,
        sender_id=lambda place: SENDERS[place % 4],
        sequence_id=lambda place: ("intro", "renewal")[place // 4 % 2],
        enrolled_at=lambda place: START + timedelta(hours=place * 7919 % 2000),
        outcome=outcome,
    )
    return make_case(folder, enrollments=rows, contacts=people(number, industry=industry))


def mixed(place: int) -> str:
    return INDUSTRIES[place // 8 % 4]


EQUAL = dict.fromkeys(INDUSTRIES, 13)
APART = {"Retail": 7, "Energy": 61, "Health": 13, "Law": 13}
"""Odd, so that no sequence gets all the replies."""


# --- SEG-01 -----------------------------------------------------------------------------------------------------------
def test_one_sequence_for_industries_that_differ_is_told_to_each_sender_seg_01(tmp_path: Path) -> None:
    found = ask("SEG-01", team(tmp_path, mixed, APART))
    assert isinstance(found, Fired)
    assert len(found.suggestions) == len(SENDERS)
    for said in found.suggestions:
        assert (said.evidence["best"], said.evidence["worst"]) == ("Retail", "Energy")
        assert (said.evidence["ended"], said.evidence["industries"]) == (300, 4)
        assert said.evidence["entropy_bits"] == pytest.approx(2.0, abs=0.01)
        assert 0.01 < said.evidence["worst_rate"] < 0.05 < 0.10 < said.evidence["best_rate"] < 0.17  # 1 in 61, 1 in 7
        assert (said.gain, said.metric) == (None, "none")


def test_a_mix_of_industries_that_answer_alike_is_no_fault_seg_01(tmp_path: Path) -> None:
    assert ask("SEG-01", team(tmp_path, mixed, EQUAL)) == Clear(8)


def test_industries_that_differ_but_hardly_mix_are_left_alone_seg_01(tmp_path: Path) -> None:
    def industry(place: int) -> str:
        return (*INDUSTRIES, *["Retail"] * 15)[place // 8 % 19]  # three of 25 contacts each in 475

    assert ask("SEG-01", team(tmp_path, industry, APART, 3800)) == Clear(0)


def test_without_industries_nobody_knows_a_mix_seg_01(tmp_path: Path) -> None:
    case = make_case(tmp_path, enrollments=enrolled(300), contacts=people(300))
    assert isinstance(ask("SEG-01", case), NotApplicable)


@pytest.mark.parametrize("rule_id", ["SEG-01", "SEG-04"])
def test_too_few_enrollments_of_a_team_are_said_to_be_too_few(rule_id: str, tmp_path: Path) -> None:
    found = ask(rule_id, team(tmp_path, mixed, EQUAL, 80))
    assert isinstance(found, NotEnough)
    assert (found.have, found.need) == (80, 200)


# --- SEG-04 -----------------------------------------------------------------------------------------------------------
def hard_for_ann(place: int) -> str:
    """Nine of ten of ann's contacts are in Energy, of the others' one in ten."""
    is_hard = (place // 4 % 10 == 0) != (place % 4 == 0)
    return "Energy" if is_hard else "Retail"


def test_who_has_the_hard_contacts_hears_that_it_is_not_the_writing_seg_04(tmp_path: Path) -> None:
    case = team(tmp_path, hard_for_ann, {"Retail": 7, "Energy": 61})
    said = only(ask("SEG-04", case))
    assert case.facts.senders[said.sender_key or 0].sender_id == "ann"
    # Ann's 540 hard contacts bring 8 replies, her 60 others 8; the colleagues' 540 easy ones 77, their 60 others none.
    assert said.evidence["own_rate"] == pytest.approx(16 / 600)
    assert said.evidence["peers_rate"] == pytest.approx(77 / 600)
    assert said.evidence["share_of_gap"] > 0.5
    assert said.gain is None


def test_equal_contacts_explain_no_gap_seg_04(tmp_path: Path) -> None:
    assert ask("SEG-04", team(tmp_path, mixed, APART)) == Clear(4)


def test_who_gets_fewer_replies_from_the_same_contacts_is_not_told_that_it_is_the_contacts_seg_04(
    tmp_path: Path,
) -> None:
    rows = enrolled(
        2400,
        sender_id=lambda place: SENDERS[place % 4],
        outcome=lambda place: "replied" if place // 4 % (31 if place % 4 == 0 else 7) == 2 else "finished",
    )
    assert ask("SEG-04", make_case(tmp_path, enrollments=rows, contacts=people(2400, industry=mixed))) == Clear(4)


def test_hard_contacts_that_answer_alike_explain_nothing_seg_04(tmp_path: Path) -> None:
    assert ask("SEG-04", team(tmp_path, hard_for_ann, {"Retail": 13, "Energy": 13})) == Clear(4)


def test_without_industry_or_country_nothing_is_explained_seg_04(tmp_path: Path) -> None:
    case = make_case(tmp_path, enrollments=enrolled(300), contacts=people(300))
    assert isinstance(ask("SEG-04", case), NotApplicable)


# --- SEG-05 -----------------------------------------------------------------------------------------------------------
def spoken(
    folder: Path, languages: tuple[str, ...], named: str | None, *, text: str = "", active: int = 0, number: int = 100
) -> Case:
    """Enrollments in one sequence, the contacts' languages in turn; the first `active` of them still run."""
    tables: dict[str, Rows] = {"sequences": [{"sequence_id": "intro", "language": named}]}
    if text:
        tables["templates"] = [{"sequence_id": "intro", "step": 1, "subject": "", "body": text}]
    rows = enrolled(number, outcome=lambda place: "active" if place < active else "finished")
    contacts = people(number, language=lambda place: languages[place % len(languages)])
    return make_case(folder, enrollments=rows, contacts=contacts, **tables)


FRENCH = (
    "Bonjour {{ contact.firstname }}, je vous écris parce que nous aidons des équipes comme la vôtre à gagner du temps."
    " Est-ce que vous seriez disponible pour en parler la semaine prochaine ?"
)
TEN = ("Français", "fr-FR", "FR", "fr", "fr", "fr", "fr", "fr", "fr", "English")


def test_contacts_of_another_language_are_named_seg_05(tmp_path: Path) -> None:
    said = only(ask("SEG-05", spoken(tmp_path, TEN, "fr_FR")))
    assert [row.contact_id for row in said.rows] == [f"c{place}" for place in range(99, 0, -10)]
    assert {row.value for row in said.rows} == {"en → fr"}
    assert (said.evidence["contacts"], said.evidence["known"], said.evidence["share"]) == (10, 100, 0.1)
    assert "Filter" in said.advice.id


def test_of_running_enrollments_only_those_are_named_seg_05(tmp_path: Path) -> None:
    said = only(ask("SEG-05", spoken(tmp_path, TEN, "fr", active=40)))
    assert (said.evidence["contacts"], said.evidence["known"]) == (4, 40)
    assert "Take" in said.advice.id


def test_the_language_of_a_sequence_is_read_off_its_templates_seg_05(tmp_path: Path) -> None:
    said = only(ask("SEG-05", spoken(tmp_path, TEN, None, text=FRENCH)))
    assert said.evidence["most_often"] == "en → fr"


@pytest.mark.parametrize(
    "languages", [("fr", "Français"), ("fr", "en;fr", "?"), (*["fr"] * 99, "en"), (*["fr"] * 49, "en")]
)
def test_contacts_of_the_same_language_and_one_in_fifty_are_left_alone_seg_05(
    languages: tuple[str, ...], tmp_path: Path
) -> None:
    found = ask("SEG-05", spoken(tmp_path, languages, "French", number=200))
    assert isinstance(found, Clear)


def test_where_no_language_is_known_nothing_is_said_seg_05(tmp_path: Path) -> None:
    assert isinstance(ask("SEG-05", spoken(tmp_path / "a", TEN, None, text="Bonjour !")), NotApplicable)
    without = make_case(tmp_path / "b", enrollments=enrolled(50), contacts=people(50))
    assert isinstance(ask("SEG-05", without), NotApplicable)
