"""The rules of sequences: one user only, the last emails, a single email."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.rules.sequence.late_steps import last_paying
from hygiene.advice.types import Clear, Fired, NotApplicable, NotEnough, Suggestion
from hygiene.facts.types import Step
from tests.advice.mails import mailed
from tests.advice.making import START, ask, enrolled, make_case

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from tests.advice.making import Rows

SENDERS = ("ann", "bob", "cid", "dee")
LINE = 1.15 / 200
"""What an email must bring by the default settings: (1 + 0.001 · 150) ÷ 200."""


def only(found: Outcome) -> Suggestion:
    assert isinstance(found, Fired)
    (said,) = found.suggestions
    return said


def spread(place: int) -> Any:
    return START + timedelta(hours=place * 7919 % 2000)


# --- SEQ-02 -----------------------------------------------------------------------------------------------------------
def team(folder: Path, sequence: Any, number: int = 800) -> Case:
    rows = enrolled(
        number,
        sender_id=lambda place: SENDERS[place % 4],
        sequence_id=sequence,
        enrolled_at=spread,
        outcome=lambda place: "replied" if place // 8 % 10 == 3 else "finished",
    )
    return make_case(folder, enrollments=rows)


def shared(place: int) -> str:
    return ("intro", "renewal")[place // 4 % 2]


def test_a_sequence_that_one_sender_alone_uses_is_told_to_the_team(tmp_path: Path) -> None:
    case = team(tmp_path, lambda place: "solo" if place % 4 == 3 else shared(place))
    said = only(ask("SEQ-02", case))
    assert (said.subject, said.sender_key, said.gain) == ("sequence:solo", None, None)
    assert said.evidence == {"ended": 200, "share_in_common": 1.0, "sender_id": "dee", "weeks": 2}


def test_a_sequence_that_others_use_too_is_no_trouble(tmp_path: Path) -> None:
    # Of what is dee's or solo's, one in six is only one of the two.
    case = team(tmp_path, lambda place: "solo" if place % 4 == 3 and place % 24 != 3 else shared(place))
    assert ask("SEQ-02", case) == Clear(3)


def test_a_small_sequence_of_its_own_is_not_worth_a_swap(tmp_path: Path) -> None:
    assert ask("SEQ-02", team(tmp_path, lambda place: "solo" if place % 4 == 3 else shared(place), 392)) == Clear(3)


def test_with_one_sequence_nobody_could_swap_seq_02(tmp_path: Path) -> None:
    assert isinstance(ask("SEQ-02", team(tmp_path, "intro")), NotApplicable)


def test_too_few_enrollments_cannot_be_told_apart_seq_02(tmp_path: Path) -> None:
    assert ask("SEQ-02", team(tmp_path, shared, 80)) == NotEnough(80, 200, ask_unit(tmp_path))


def ask_unit(folder: Path) -> Any:
    found = ask("SEQ-02", team(folder / "unit", shared, 80))
    assert isinstance(found, NotEnough)
    return found.unit


# --- SEQ-03 -----------------------------------------------------------------------------------------------------------
def sequence(folder: Path, steps: int, answers: dict[int, int], number: int = 300, **events: Any) -> Case:
    """One sequence; `answers` are replies by step, one after the other."""
    rows = enrolled(number, ended_at=lambda place: START + timedelta(hours=place, days=40))
    by_place = [step for step, count in answers.items() for _ in range(count)]
    replied = mailed(
        rows, steps, answered=lambda place: by_place[place] if place < len(by_place) else 0, every=2, **events
    )
    return make_case(folder, enrollments=rows, events=replied)


def test_the_last_emails_that_nobody_answers_are_told(tmp_path: Path) -> None:
    case = sequence(tmp_path, 6, {1: 15, 2: 9, 3: 6})
    said = only(ask("SEQ-03", case))
    assert said.subject == "sequence:intro"
    assert (said.evidence["keep_steps"], said.evidence["late_sent"], said.evidence["late_replied"]) == (3, 810, 0)
    assert said.evidence["cost_line"] == pytest.approx(LINE)
    assert (said.replies, said.gain) == (0.0, None)
    assert case.facts.senders[said.sender_key or 0].sender_id == "ann"  # nobody else uses it


def test_emails_that_pay_are_not_told(tmp_path: Path) -> None:
    assert ask("SEQ-03", sequence(tmp_path, 4, {1: 9, 2: 9, 3: 9, 4: 9})) == Clear(4)


def test_without_events_no_step_is_known_seq_03(tmp_path: Path) -> None:
    assert isinstance(ask("SEQ-03", make_case(tmp_path, enrollments=enrolled(300))), NotApplicable)


def test_events_without_steps_tell_nothing_of_steps_seq_03(tmp_path: Path) -> None:
    assert isinstance(ask("SEQ-03", sequence(tmp_path, 6, {1: 15}, with_steps=False)), NotApplicable)


def test_replies_known_from_a_column_alone_accuse_no_step_seq_03(tmp_path: Path) -> None:
    rows = enrolled(
        300,
        outcome=lambda place: "replied" if place % 10 == 0 else "finished",
        ended_at=lambda place: START + timedelta(hours=place, days=40),
    )
    case = make_case(tmp_path, enrollments=rows, events=mailed(rows, 6, every=2))
    assert case.scores.team.counts.replied == 30
    assert isinstance(ask("SEQ-03", case), NotApplicable)


def test_a_sender_s_own_prices_move_the_line(tmp_path: Path) -> None:
    from hygiene.settings import Settings

    rows = enrolled(300, ended_at=lambda place: START + timedelta(hours=place, days=40))
    events = mailed(rows, 4, answered=lambda place: place % 4 + 1 if place < 36 else 0, every=2)
    dear = make_case(tmp_path, Settings(reply_value=10.0), enrollments=rows, events=events)
    said = only(ask("SEQ-03", dear))
    assert said.evidence["cost_line"] == pytest.approx(0.115)
    assert said.evidence["keep_steps"] == 1


def steps(*rows: tuple[int, int]) -> list[Step]:
    return [Step(1, place, sent, replied, 0, 0) for place, (sent, replied) in enumerate(rows, start=1)]


@pytest.mark.parametrize(
    ("rows", "keep"),
    [
        ([(200, 10), (190, 5), (160, 0), (160, 0)], None),  # 320 without one: no proof yet
        ([(200, 10), (190, 5), (185, 2), (183, 1), (100, 0), (100, 0), (100, 0)], 5),  # after four follow-ups 4 in 5 do
        ([(200, 10), (190, 5), (185, 2), (183, 1), (60, 0), (60, 0)], None),
        ([(900, 30), (870, 9), (860, 0), (860, 12)], None),  # the last one pays, whatever comes before it
        ([(1000, 40), (990, 0), (980, 8), (970, 0)], 3),  # the third pays, so the second is not looked at
        ([(900, 0), (900, 0)], 1),  # the first email stays
        ([(500, 9)], None),
    ],
)
def test_where_the_emails_stop_paying_seq_03(rows: list[tuple[int, int]], keep: int | None) -> None:
    assert last_paying(steps(*rows), LINE) == keep


# --- SEQ-04 -----------------------------------------------------------------------------------------------------------
def two(folder: Path, singles: int, *, seconds: int = 20, doubles: int = 300, templates: Rows | None = None) -> Case:
    """`one` with a single email, and `two` with two: 15 replies to the first, `seconds` to the second."""
    rows = enrolled(
        singles + doubles,
        sequence_id=lambda place: "one" if place < singles else "two",
        ended_at=lambda place: START + timedelta(hours=place, days=30),
    )

    def answered(place: int) -> int:
        turn = place - singles
        if turn < 0:
            return int(place < 12)
        return 1 if turn < 15 else 2 if turn < 15 + seconds else 0

    events = mailed(rows, lambda place: 1 if place < singles else 2, answered)
    tables = {"templates": templates} if templates else {}
    return make_case(folder, enrollments=rows, events=events, **tables)


def test_a_sequence_of_one_email_is_told_with_what_the_second_brings_elsewhere(tmp_path: Path) -> None:
    said = only(ask("SEQ-04", two(tmp_path, 250)))
    assert (said.subject, said.gain, said.metric) == ("sequence:one", None, "none")
    evidence = dict(said.evidence)
    assert evidence.pop("contacts_an_arm") > 100
    assert evidence == {"delivered": 250, "replied": 12, "second_delivered": 285, "second_replied": 20}


def test_a_small_sequence_of_one_email_is_left_alone_seq_04(tmp_path: Path) -> None:
    assert ask("SEQ-04", two(tmp_path, 199)) == Clear(2)


def test_where_a_second_email_brings_nothing_elsewhere_none_is_advised_seq_04(tmp_path: Path) -> None:
    assert ask("SEQ-04", two(tmp_path, 250, seconds=0, doubles=700)) == Clear(2)


def test_where_a_second_email_is_planned_it_is_only_not_sent_yet_seq_04(tmp_path: Path) -> None:
    planned = [{"sequence_id": "one", "step": step, "subject": "s", "body": "b"} for step in (1, 2)]
    assert ask("SEQ-04", two(tmp_path, 250, templates=planned)) == Clear(2)


def test_without_events_nobody_knows_how_many_emails_there_are_seq_04(tmp_path: Path) -> None:
    assert isinstance(ask("SEQ-04", make_case(tmp_path, enrollments=enrolled(300))), NotApplicable)
