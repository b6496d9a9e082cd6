from __future__ import annotations

import pytest

from hygiene.facts.types import BounceFacts
from hygiene.flags.bounces import OFTEN_FULL, classify, classify_all
from tests.canonical import day

SAID = BounceFacts("c", "a@x.fr", day(9), None, "550", "invalid_mailbox", "address", "remove", 0.98, "code 5.1.1", None)
FULL = SAID._replace(category="mailbox_full", fault="temporary", action="hold", signal="code 5.2.2")


def test_a_bounce_that_says_nothing_is_looked_at() -> None:
    meaning = classify(SAID._replace(category=None, fault=None, action=None, confidence=None, signal=None))
    assert (meaning.category, meaning.fault, meaning.action, meaning.confidence) == (
        "unknown",
        "unknown",
        "review",
        0.0,
    )


@pytest.mark.parametrize(
    ("alive", "action", "history"), [(None, "remove", ""), (8, "remove", ""), (10, "review", "alive")]
)
def test_only_a_later_sign_of_life_cancels_a_removal(alive: int | None, action: str, history: str) -> None:
    meaning = classify(SAID._replace(alive_at=None if alive is None else day(alive)))
    assert (meaning.action, meaning.history, meaning.fault) == (action, history, "address")


def test_a_sign_of_life_changes_nothing_else() -> None:
    assert classify(FULL._replace(alive_at=day(20))).action == "hold"


def test_the_third_full_mailbox_in_sixty_days_goes_to_review_and_never_to_the_bin() -> None:
    days = (0, 50, 59, 130, 140)
    actions = [meaning.action for _, meaning in classify_all(FULL._replace(at=day(number)) for number in days)]
    assert actions == ["hold", "hold", "review", "hold", "hold"]
    assert OFTEN_FULL == 3


def test_the_full_mailboxes_of_another_contact_do_not_count() -> None:
    rows = [FULL._replace(contact_id=name, at=day(1)) for name in ("a", "b", "c")]
    assert {meaning.action for _, meaning in classify_all(rows)} == {"hold"}
