"""A time of the week that does worse, and the split test where no lever is sure enough."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hygiene.advice.types import Clear, Fired
from tests.advice.making import START, ask, enrolled, make_case

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.case import Case

SENDERS = ("ann", "bob", "cid", "dee")


def team(folder: Path, *, weak_day: bool = False, weak_solo: bool = False) -> Case:
    """Four senders who enroll at nine from Monday to Friday; dee may be alone on a weak sequence."""

    def outcome(place: int) -> str:
        is_weak = (weak_day and place // 4 % 5 == 0) or (weak_solo and place % 4 == 3)
        turn = place // 20 + 3 * (place // 4 % 5) + 5 * (place % 4)  # spread, for replies on one day are one clump
        return "replied" if turn % (31 if is_weak else 7) == 3 else "finished"

    rows = enrolled(
        2000,
        sender_id=lambda place: SENDERS[place % 4],
        sequence_id=lambda place: "solo" if weak_solo and place % 4 == 3 else ("intro", "renewal")[place // 20 % 2],
        enrolled_at=lambda place: START + timedelta(days=place // 4 % 5, weeks=place // 200),
        outcome=outcome,
    )
    return make_case(folder, enrollments=rows)


def test_a_weekday_that_does_worse_is_told_with_its_name(tmp_path: Path) -> None:
    found = ask("TIM-01", team(tmp_path, weak_day=True))
    assert isinstance(found, Fired)
    assert {said.subject for said in found.suggestions} == {"timing:mon-am"}
    for said in found.suggestions:
        assert said.evidence["replied_here_of"] == 100
        assert said.gain is not None
        assert (
            said.gain.low < 0.2 * (1 / 7 - 1 / 31) < said.gain.high
        )  # a fifth of the enrollments, 3 % instead of 14 %


@pytest.mark.parametrize("rule_id", ["TIM-01", "EXP-01"])
def test_where_days_are_alike_nothing_is_told_or_tested(rule_id: str, tmp_path: Path) -> None:
    assert ask(rule_id, team(tmp_path)) == Clear(4)


def test_what_cannot_be_told_from_its_sender_is_put_to_a_test(tmp_path: Path) -> None:
    case = team(tmp_path, weak_solo=True)
    assert ask("SEQ-01", case) == Clear(4)
    found = ask("EXP-01", case)
    assert isinstance(found, Fired)
    said = next(said for said in found.suggestions if said.subject == "sequence:solo")
    assert case.facts.senders[said.sender_key or 0].sender_id == "dee"
    assert said.gain is None
    assert int(said.evidence["contacts_an_arm"]) > 0
