"""Whose fault a bounce is to attribution: the text of the event first, the row of the contact where it says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.advice.making import enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(("reason", "addresses"), [("POLICY", 0), ("UNKNOWN_USER", 30), (None, 30)])
def test_the_contacts_own_row_tells_whose_fault_it_was(reason: str | None, addresses: int, tmp_path: Path) -> None:
    def outcome(place: int) -> str:
        return "bounced" if place % 10 == 0 else "finished"

    case = make_case(
        tmp_path,
        enrollments=enrolled(300, sender_id=lambda place: "ab"[place % 2], outcome=outcome),
        contacts=people(300, hard_bounce_reason=lambda place: reason if place % 10 == 0 else None),
    )
    assert case.attribution is not None
    table = case.attribution.models.table
    assert table.bounced.sum() == 30
    assert table.address_bounced.sum() == addresses
