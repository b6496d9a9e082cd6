"""Actions: what would change, in the reader's figures, and what to do with whom."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hygiene.advice.attribution.types import Gain
from hygiene.advice.rank import rank
from hygiene.advice.types import ContactRow, Suggestion
from hygiene.facts.people import Person
from hygiene.facts.types import Counts
from hygiene.reports.actions import action_blocks
from hygiene.reports.document import Action, Note
from hygiene.scores import load_profile
from hygiene.scores.score import score_unit
from hygiene.settings import Settings
from tests.reports.advice_samples import gate, lever, trial
from tests.reports.parts import said

PEOPLE = {"c01": Person("Ada Byron", "ada@acme.test"), "c02": Person("", "bo@acme.test")}
SCORE = score_unit(Counts(ended=300, replied=6, bounced=33), "sender", load_profile("default"), Settings())


def actions(*suggestions: Suggestion) -> list[Action]:
    return [block for block in action_blocks(rank(suggestions), SCORE, PEOPLE) if isinstance(block, Action)]


def facts(action: Action) -> dict[str, str]:
    return {said(term): said(value) for term, value in action.facts}


def test_a_lever_says_before_and_after_with_the_interval_and_what_it_costs() -> None:
    (action,) = actions(lever(3))
    assert action.kind == "advice"
    assert said(action.title) == "1. Addresses"
    assert facts(action) == {
        "Bounce rate": "11.0% → 4.0% [2.0–6.0%]",
        "Sure that it helps": "over 99%",
        "Score": "▼ Low → ◆ Fair with a probability of 81%",
        "Costs": "about 1.4 replies",
        "Takes": "15 minutes",
        "Rests on": "your own data, not tested by a random split",
    }


def test_a_gain_of_replies_goes_up_and_names_no_second_figure_for_them() -> None:
    (action,) = actions(replace(lever(3), metric="reply_rate", gain=Gain(0.01, 0.004, 0.016, 0.9)))
    assert facts(action)["Reply rate"] == "2.2% → 3.2% [2.6–3.8%]"
    assert "Costs" not in facts(action)


@pytest.mark.parametrize("change", [0.5, -0.5])
def test_no_rate_leaves_its_range(change: float) -> None:
    (action,) = actions(replace(lever(3), gain=Gain(change, change - 0.2, change + 0.2, 0.9)))
    assert facts(action)["Bounce rate"].startswith("11.0% → " + ("0.0%" if change > 0 else "61.0%"))


def test_a_gate_is_marked_and_names_its_first_contacts_and_where_the_others_are() -> None:
    (action,) = actions(gate(3))
    assert action.kind == "gate"
    assert said(action.title) == "1. Before the next email: Opt-outs and consent"
    assert facts(action)["Contacts"] == (
        "c01 (Ada Byron, ada@acme.test), c02 (bo@acme.test), c03, c04, c05 and 2 more in lists/actions.people.csv"
    )
    assert "Rests on" not in facts(action)


def test_values_that_are_words_for_people_stand_beside_their_contacts() -> None:
    (action,) = actions(replace(trial(3), rows=(ContactRow("c1", "A"), ContactRow("c2", "B"))))
    assert facts(action)["Contacts"] == "c1: A, c2: B"


def test_silence_says_on_how_much_it_rests() -> None:
    (note,) = action_blocks((), SCORE, PEOPLE)
    assert isinstance(note, Note)
    assert "300 ended enrollments" in said(note.sentence)
    assert "no gain is promised" in said(note.sentence)


def test_with_a_promised_gain_there_is_no_word_on_silence() -> None:
    assert not [block for block in action_blocks(rank([lever(3)]), SCORE, PEOPLE) if isinstance(block, Note)]


def test_without_peers_it_is_said_what_it_would_take() -> None:
    (note,) = action_blocks((), SCORE, PEOPLE, has_peers=False)
    assert isinstance(note, Note)
    assert "at least two senders" in said(note.sentence)
