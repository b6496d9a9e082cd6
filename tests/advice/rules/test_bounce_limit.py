"""BNC-01: a sender's address bounces against three percent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from scipy.stats import beta

from hygiene.advice.types import Clear, Fired, NotApplicable, NotEnough
from tests.advice.making import START, ask, enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.case import Case


def lone(folder: Path, ended: int, bounced: int, **columns: Any) -> Case:
    """One sender; every bounce from the list `old`, which is all there is but `new`."""
    rows = enrolled(ended, outcome=lambda place: "bounced" if place < bounced else "finished", **columns)
    contacts = people(ended, source=lambda place: "old" if place < ended // 2 else "new")
    return make_case(folder, enrollments=rows, contacts=contacts)


@pytest.mark.parametrize(
    ("ended", "bounced", "word"),
    [(100, 8, "Hold"), (200, 12, "Hold"), (500, 23, "Hold"), (100, 7, "Check"), (100, 6, "Check")],
)
def test_the_line_of_bnc_01_is_that_of_the_simulation(ended: int, bounced: int, word: str, tmp_path: Path) -> None:
    """Bounces that 95 % take at 100, 200 and 500 ended: evidence/peers.md, 1.2."""
    found = ask("BNC-01", lone(tmp_path, ended, bounced))
    assert isinstance(found, Fired)
    (said,) = found.suggestions
    assert said.advice.id.startswith(word)
    assert said.evidence["p_above"] == pytest.approx(1 - beta(1 + bounced, 49 + ended - bounced).cdf(0.03))
    assert said.evidence["bounced_from_old"] == bounced
    assert (said.gain, said.metric) == (None, "none")


@pytest.mark.parametrize(("ended", "bounced"), [(100, 3), (500, 10), (2000, 60)])
def test_a_sender_under_or_at_three_percent_hears_nothing_of_bnc_01(ended: int, bounced: int, tmp_path: Path) -> None:
    assert ask("BNC-01", lone(tmp_path, ended, bounced)) == Clear(1)


def test_a_clean_sender_is_not_accused_by_the_team_bnc_01(tmp_path: Path) -> None:
    """Of eight alike, seven have 25 bounces in 500: that the eighth with 14 is over 3 % would be believed."""
    senders = ("ann", "bob", "cid", "dee", "eva", "fay", "gus", "hal")
    rows = enrolled(
        4000,
        sender_id=lambda place: senders[place % 8],
        outcome=lambda place: "bounced" if place // 8 % (36 if place % 8 == 0 else 20) == 1 else "finished",
    )
    case = make_case(tmp_path, enrollments=rows)
    found = ask("BNC-01", case)
    assert isinstance(found, Fired)
    told = {case.facts.senders[said.sender_key or 0].sender_id for said in found.suggestions}
    assert told == {*senders} - {"ann"}


def test_old_sins_are_forgiven_bnc_01(tmp_path: Path) -> None:
    """Twenty of the first hundred bounced, and none of the three hundred since."""
    found = ask("BNC-01", lone(tmp_path, 400, 20, enrolled_at=lambda place: START + timedelta(days=place // 2)))
    assert found == Clear(1)


def test_few_enrollments_prove_nothing_bnc_01(tmp_path: Path) -> None:
    found = ask("BNC-01", lone(tmp_path, 99, 20))
    assert isinstance(found, NotEnough)
    assert (found.have, found.need) == (99, 100)


def test_contacts_alone_bounce_nowhere_bnc_01(tmp_path: Path) -> None:
    assert isinstance(ask("BNC-01", make_case(tmp_path, contacts=people(5))), NotApplicable)


def test_totals_are_enough_for_bnc_01(tmp_path: Path) -> None:
    totals = [{"sender_id": "ann", "ended": 300, "replied": 20, "bounced": 30}]
    found = ask("BNC-01", make_case(tmp_path, totals=totals))
    assert isinstance(found, Fired)
    assert found.suggestions[0].evidence["address_bounced"] == 30
