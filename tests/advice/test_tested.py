"""Split tests that were planned by one report and are read by the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.experiments import arm_of
from hygiene.advice.follow import Previous
from hygiene.advice.tested import HeldTest, read_tests
from tests.advice.making import START, enrolled, make_case

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = START - timedelta(days=1)
TEST = "EXP-01-0a1b2c3d"
SUBJECT = "sequence:old"
NUMBER = 400


def row(needed: int = 100) -> dict[str, Any]:
    return {
        "id": TEST,
        "rule": "EXP-01",
        "sender_id": "ann",
        "subject": SUBJECT,
        "metric": "reply_rate",
        "evidence": {"contacts_an_arm": needed},
    }


def held(folder: Path, replies_b: int, *, needed: int = 100, kept_to: bool = True) -> list[HeldTest]:
    """A test of the sequence `old` (arm A, 5 in 100 reply) against `new`; or everybody stayed in the old one."""
    rows = enrolled(NUMBER, enrolled_at=lambda place: START + timedelta(hours=place // 8))
    turn = dict.fromkeys("ab", 0)
    for each in rows:
        arm = arm_of(SUBJECT, each["contact_id"])
        of_100, turn[arm] = turn[arm] % 100, turn[arm] + 1
        each["sequence_id"] = "new" if arm == "b" and kept_to else "old"
        each["outcome"] = "replied" if of_100 < (5 if arm == "a" else replies_b) else "finished"
    case = make_case(folder, enrollments=rows)
    return list(read_tests(replace(case, previous=Previous(AS_OF, (row(needed),)))))


@pytest.mark.parametrize(("replies_b", "state"), [(20, "better"), (5, "no_difference"), (0, "worse")])
def test_a_full_test_says_what_it_found(replies_b: int, state: str, tmp_path: Path) -> None:
    (found,) = held(tmp_path, replies_b)
    assert found.state == state
    assert found.as_it_was[1] + found.changed[1] == NUMBER
    if state == "better":
        assert found.gain.low > 0
        assert found.gain.value == pytest.approx(0.15, abs=0.02)


def test_a_test_that_is_not_full_is_running_whatever_it_shows(tmp_path: Path) -> None:
    (found,) = held(tmp_path, 40, needed=1_000)
    assert found.state == "running"


def test_a_test_whose_arms_were_not_kept_to_is_none(tmp_path: Path) -> None:
    assert held(tmp_path, 20, kept_to=False) == []
