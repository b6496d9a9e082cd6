"""The rules of engagement: whom to pause, at what price, and which price to choose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hygiene.advice.types import Clear, Fired, NotApplicable
from hygiene.flags.engagement.judged import is_control
from tests.advice.mails import mailed
from tests.advice.making import START, ask, enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.case import Case

SILENT, LIVELY = 300, 150
OPTED_OUT = 10
"""The first of the silent, about whom a stricter rule speaks."""


def history(folder: Path, silent: int) -> Case:
    """`ann` wrote twelve emails to each of the silent; `bob`'s contacts answered the first or the second."""
    rows = enrolled(
        silent + LIVELY,
        sender_id=lambda place: "ann" if place < silent else "bob",
        enrolled_at=lambda place: START + timedelta(hours=place % 40),
        ended_at=START + timedelta(days=60),
    )
    events = mailed(rows, 12, answered=lambda place: 0 if place < silent else 1 + place % 2, every=4)
    contacts = people(silent + LIVELY, opted_out=lambda place: silent > 0 and place < OPTED_OUT)
    return make_case(folder, enrollments=rows, events=events, contacts=contacts)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return history(tmp_path_factory.mktemp("history"), SILENT)


def test_those_who_never_answer_are_told_to_their_sender_with_the_price_eng_01(case: Case) -> None:
    found = ask("ENG-01", case)
    assert isinstance(found, Fired)
    (said,) = found.suggestions
    expected = {f"c{place}" for place in range(OPTED_OUT, SILENT) if not is_control(f"c{place}", 0.05)}
    assert {row.contact_id for row in said.rows} == expected
    assert case.facts.senders[said.sender_key or 0].sender_id == "ann"
    assert (said.subject, said.gain, said.metric) == ("contact-list:unengaged", None, "none")
    assert said.evidence["contacts"] == len(expected)
    chances = [row.outlook.p_reply for row in case.flags.flagged if row.outlook and row.reason == "unlikely_to_reply"]
    assert case.engagement is not None
    assert said.replies == pytest.approx(-sum(chances) * max(case.engagement.tail, 1.0))


def test_where_everybody_answers_nobody_is_paused(tmp_path: Path) -> None:
    lively = history(tmp_path, 0)
    assert ask("ENG-01", lively) == Clear(LIVELY)
    assert ask("ENG-02", lively) == Clear(LIVELY)


@pytest.mark.parametrize("rule_id", ["ENG-01", "ENG-02"])
def test_without_events_or_replies_nobody_is_judged(rule_id: str, tmp_path: Path) -> None:
    rows = enrolled(100)
    assert isinstance(ask(rule_id, make_case(tmp_path / "a", enrollments=rows)), NotApplicable)
    assert isinstance(ask(rule_id, make_case(tmp_path / "b", enrollments=rows, events=mailed(rows, 5))), NotApplicable)


def test_the_team_is_shown_what_each_choice_costs_eng_02(case: Case) -> None:
    found = ask("ENG-02", case)
    assert isinstance(found, Fired)
    (said,) = found.suggestions
    evidence = said.evidence
    assert (said.sender_key, evidence["judged"], evidence["chosen_contacts"]) == (
        None,
        SILENT - OPTED_OUT + LIVELY,
        SILENT - OPTED_OUT,
    )
    # Twelve emails without any engagement: HubSpot's line is eleven.
    assert evidence["hubspot_rule_contacts"] == SILENT - OPTED_OUT
    assert evidence["contacts_within_0.01"] <= evidence["contacts_within_0.02"] <= evidence["contacts_within_0.05"]
