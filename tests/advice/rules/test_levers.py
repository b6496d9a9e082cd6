"""The rules on levers: bounces by list, replies by sequence, segment and time, and the split test."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hygiene.advice.types import Clear, Fired, NotApplicable, NotEnough
from tests.advice.making import START, ask, enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.case import Case

NUMBER = 1200
SENDERS = ("ann", "bob", "cid", "dee")


def team(folder: Path, *, bad_source: bool = False, weak_sequence: bool = False, number: int = NUMBER) -> Case:
    """Four senders, two sources and two sequences, crossed; outcomes by the enrollment's number, without chance."""

    def outcome(place: int) -> str:
        source, sequence, turn = place // 4 % 2, place // 8 % 2, place // 16
        if turn % 50 == 0 or (bad_source and source == 0 and turn % 6 == 1):
            return "bounced"
        often = 25 if weak_sequence and sequence == 0 else 6
        return "replied" if turn % often == 2 else "finished"

    return make_case(
        folder,
        enrollments=enrolled(
            number,
            sender_id=lambda place: SENDERS[place % 4],
            sequence_id=lambda place: ("intro", "renewal")[place // 8 % 2],
            enrolled_at=lambda place: START + timedelta(hours=place * 7919 % number // 5),
            outcome=outcome,
        ),
        contacts=people(
            number,
            source=lambda place: ("vendor-x", "web-form")[place // 4 % 2],
            industry=lambda place: ("Retail", "Energy")[place // 2 % 2],
        ),
    )


def test_a_bad_source_is_named_to_each_sender_with_its_gain(tmp_path: Path) -> None:
    found = ask("BNC-02", team(tmp_path, bad_source=True))
    assert isinstance(found, Fired)
    assert {said.subject for said in found.suggestions} == {"source:vendor-x"}
    assert len(found.suggestions) == len(SENDERS)
    for said in found.suggestions:
        assert said.gain is not None
        assert said.gain.low < 0.08 < said.gain.high  # half of the contacts bounce at 18 % instead of 2 %
        assert said.evidence["bounced_here_of"] == NUMBER // 8


def test_a_weak_sequence_is_named(tmp_path: Path) -> None:
    found = ask("SEQ-01", team(tmp_path, weak_sequence=True))
    assert isinstance(found, Fired)
    assert {said.subject for said in found.suggestions} == {"sequence:intro"}


@pytest.mark.parametrize("rule_id", ["BNC-02", "SEQ-01", "SEG-02", "TIM-01"])
def test_a_team_in_which_nothing_matters_hears_nothing(rule_id: str, tmp_path: Path) -> None:
    assert ask(rule_id, team(tmp_path)) == Clear(len(SENDERS))


@pytest.mark.parametrize("rule_id", ["BNC-02", "SEQ-01", "SEG-02", "TIM-01", "EXP-01"])
def test_too_few_enrollments_are_said_to_be_too_few(rule_id: str, tmp_path: Path) -> None:
    found = ask(rule_id, team(tmp_path, number=80))
    assert isinstance(found, NotEnough)
    assert (found.have, found.need) == (80, 200)


def test_without_the_column_nothing_is_said_of_it(tmp_path: Path) -> None:
    case = make_case(tmp_path, enrollments=enrolled(NUMBER, sender_id=lambda place: SENDERS[place % 4]))
    assert isinstance(ask("BNC-02", case), NotApplicable)
    assert isinstance(ask("SEG-02", case), NotApplicable)
