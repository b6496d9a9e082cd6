"""The rules on bounces: dead addresses still enrolled, faults of one's own, unverified and doubtful addresses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, NotEnough, Suggestion
from hygiene.settings import Settings
from tests.advice.making import START, ask, enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.types import Outcome
    from tests.advice.making import Rows

AS_OF = datetime(2026, 3, 1)
SETTINGS = Settings(as_of=AS_OF)
DEAD = "550 5.1.1 user unknown"
UNAUTHENTICATED = "550 5.7.26 This mail has been blocked because the sender is unauthenticated."


def said(found: Outcome) -> dict[int | None, Suggestion]:
    assert isinstance(found, Fired), found
    return {row.sender_key: row for row in found.suggestions}


def by_number(values: dict[int, Any], other: Any = None) -> Any:
    return lambda place: values.get(place, other)


def bounces(details: dict[int, str | None], sender: Any = lambda _: "ann") -> Rows:
    """A mail to each of these contacts' enrollments, and what came back."""
    rows = []
    for place, detail in details.items():
        of = {
            "enrollment_id": f"e{place}",
            "contact_id": f"c{place}",
            "sender_id": sender(place),
            "sequence_id": "intro",
            "step": 1,
        }
        at = START + timedelta(hours=place + 1)
        rows.append({"event_id": f"s{place}", **of, "type": "sent", "at": at, "detail": None})
        rows.append(
            {"event_id": f"b{place}", **of, "type": "bounce", "at": at + timedelta(minutes=1), "detail": detail}
        )
    return rows


# --- BNC-03 -----------------------------------------------------------------------------------------------------------
def again(first: int, number: int, sender_id: str) -> Rows:
    """New running enrollments of contacts that had one before."""
    names = {"enrollment_id": lambda place: f"again{place}", "sender_id": sender_id, "outcome": "active"}
    return enrolled(first + number, enrolled_at=AS_OF - timedelta(days=2), **names)[first:]


def test_a_dead_address_that_is_enrolled_again_is_named_to_its_new_sender(tmp_path: Path) -> None:
    enrollments = [*enrolled(6), *again(0, 2, "bob"), *again(3, 2, "bob")]
    events = bounces({0: DEAD, 1: DEAD, 2: DEAD, 3: "452 4.2.2 mailbox full"})
    case = make_case(tmp_path, SETTINGS, enrollments=enrollments, events=events, contacts=people(6))
    found = said(ask("BNC-03", case))
    assert list(found) == [2]
    assert found[2].rows == (ContactRow("c0", "address_bounced"), ContactRow("c1", "address_bounced"))
    assert found[2].evidence == {"contacts": 2, "bounces_avoided": 2}
    assert [step.id.split()[0] for step in found[2].steps] == ["Put", "Then"]
    assert found[2].gain is None


def test_a_dead_address_that_is_no_more_enrolled_costs_nothing(tmp_path: Path) -> None:
    enrollments = [*enrolled(6), *again(3, 2, "bob")]
    case = make_case(
        tmp_path, SETTINGS, enrollments=enrollments, events=bounces({0: DEAD, 1: DEAD}), contacts=people(6)
    )
    assert ask("BNC-03", case) == Clear(2)


def test_without_running_enrollments_no_bounce_is_to_come(tmp_path: Path) -> None:
    ended = make_case(tmp_path / "ended", enrollments=enrolled(4), events=bounces({0: DEAD}), contacts=people(4))
    assert isinstance(ask("BNC-03", ended), NotApplicable)
    contacts = make_case(tmp_path / "contacts", contacts=people(4, hard_bounce_reason="UNKNOWN_USER"))
    assert isinstance(ask("BNC-03", contacts), NotApplicable)


# --- BNC-04 -----------------------------------------------------------------------------------------------------------
def faults(folder: Path, own: int, address: int, unknown: int = 0) -> Outcome:
    texts: list[str | None] = [UNAUTHENTICATED] * own + [DEAD] * address + [None] * unknown
    details = dict(enumerate(texts))
    return ask(
        "BNC-04", make_case(folder, SETTINGS, enrollments=enrolled(60), events=bounces(details), contacts=people(60))
    )


def test_bounces_of_ones_own_fault_are_told_apart_from_dead_addresses(tmp_path: Path) -> None:
    found = said(faults(tmp_path, own=3, address=7, unknown=9))[1]
    assert found.evidence["bounces_of_known_fault"] == 10
    assert found.evidence["bounces_of_own_fault"] == 3
    assert found.evidence["share_of_own_fault"] == 0.3
    assert found.evidence["authentication"] == 3
    assert found.evidence["tickets"] == "dmarc"
    assert found.steps[0].id.startswith("Don't delete")
    assert found.rows == ()
    assert found.rule.owner == "it"


@pytest.mark.parametrize(
    ("own", "address", "unknown", "expected"),
    [(2, 5, 0, Clear), (0, 9, 0, Clear), (4, 0, 5, NotEnough), (0, 0, 9, NotApplicable)],
)
def test_a_smaller_share_or_too_few_bounces_are_no_alarm(
    own: int, address: int, unknown: int, expected: type, tmp_path: Path
) -> None:
    found = faults(tmp_path, own, address, unknown)
    assert isinstance(found, expected)
    if isinstance(found, NotEnough):
        assert (found.have, found.need) == (4, 5)


# --- BNC-05 -----------------------------------------------------------------------------------------------------------
def verified(folder: Path, number: int = 20, **columns: Any) -> Outcome:
    enrollments = enrolled(number, outcome="active", enrolled_at=AS_OF - timedelta(days=2))
    return ask("BNC-05", make_case(folder, SETTINGS, enrollments=enrollments, contacts=people(number, **columns)))


def test_addresses_never_verified_or_long_ago_are_counted(tmp_path: Path) -> None:
    lately, long_ago = AS_OF - timedelta(days=89), AS_OF - timedelta(days=91)
    at = lambda place: None if place < 2 else long_ago if place < 5 else lately  # noqa: E731
    found = said(verified(tmp_path, verified_at=at))[None]
    expected = {"contacts": 5, "in_running_enrollments": 20, "share_unverified": 0.25, "never_verified": 2}
    assert found.evidence == expected | {"verified_long_ago": 3}
    assert {row.contact_id for row in found.rows if row.value == "never_verified"} == {"c0", "c1"}


def test_a_fifth_or_less_unverified_is_well_and_a_verdict_without_a_date_counts(tmp_path: Path) -> None:
    lately = AS_OF - timedelta(days=10)
    assert verified(tmp_path / "fifth", verified_at=lambda place: None if place < 4 else lately) == Clear(20)
    verdicts = lambda place: "unknown" if place < 4 else ("valid", "catch_all", "invalid")[place % 3]  # noqa: E731
    assert verified(tmp_path / "verdict", verification=verdicts) == Clear(20)
    found = verified(tmp_path / "unknown", verification=lambda place: "unknown" if place < 5 else "valid")
    assert said(found)[None].evidence["never_verified"] == 5


def test_without_verifications_or_with_few_contacts_no_share_is_given(tmp_path: Path) -> None:
    assert isinstance(verified(tmp_path / "none"), NotApplicable)
    few = verified(tmp_path / "few", 9, verification="unknown")
    assert isinstance(few, NotEnough)
    assert (few.have, few.need) == (9, 10)


# --- BNC-07 -----------------------------------------------------------------------------------------------------------
DOUBTFUL = {
    0: "ana@gmial.com",
    1: "info@company1.example",
    2: "x@mailinator.com",
    3: "nobody at home",
    4: "Bo@gmail.com",
}


def doubtful(folder: Path, emails: dict[int, str], **columns: Any) -> Outcome:
    def email(place: int) -> str:
        return emails.get(place, f"person{place}@company{place}.example")

    enrollments = enrolled(8, outcome="active", sender_id=lambda place: ("ann", "bob")[place % 2])
    return ask(
        "BNC-07", make_case(folder, SETTINGS, enrollments=enrollments, contacts=people(8, email=email, **columns))
    )


def test_doubtful_addresses_are_named_with_what_was_probably_meant(tmp_path: Path) -> None:
    found = said(doubtful(tmp_path, DOUBTFUL))
    assert found[1].rows == (ContactRow("c0", "ana@gmail.com"), ContactRow("c2", "disposable"))
    assert found[2].rows == (ContactRow("c1", "role_team"), ContactRow("c3", "malformed"))
    assert found[1].evidence == {"contacts": 2, "typo_domain": 1, "disposable": 1}


def test_a_private_mailbox_and_who_is_stopped_anyway_are_no_doubt(tmp_path: Path) -> None:
    assert doubtful(tmp_path / "private", {4: "Bo@gmail.com"}) == Clear(8)
    stopped = doubtful(tmp_path / "stopped", {0: "ana@gmial.com"}, opted_out=by_number({0: "true"}))
    assert stopped == Clear(7)


def test_without_addresses_or_enrollments_none_is_doubted(tmp_path: Path) -> None:
    nameless = [{"contact_id": f"c{place}", "company": "x"} for place in range(3)]
    active = enrolled(3, outcome="active")
    assert isinstance(ask("BNC-07", make_case(tmp_path / "a", enrollments=active, contacts=nameless)), NotApplicable)
    ended = make_case(tmp_path / "b", enrollments=enrolled(3), contacts=people(3, email="ana@gmial.com"))
    assert isinstance(ask("BNC-07", ended), NotApplicable)
