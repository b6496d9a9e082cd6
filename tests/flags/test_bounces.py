from __future__ import annotations

import pytest

from hygiene.facts.types import BounceFacts
from hygiene.flags.bounces import BY_REASON, classify


@pytest.mark.parametrize(
    ("reason", "detail", "action"),
    [
        ("UNKNOWN_USER", None, "remove"),
        ("MAILBOX_FULL", None, "hold"),
        ("CONTENT", None, "fix_sender"),
        ("SPAM", None, "fix_sender"),
        ("POLICY", None, "fix_sender"),
        ("OTHER", None, "review"),
        (None, "UNKNOWN_USER", "remove"),
        (None, "550 5.1.1 no such user", "review"),
        ("something new", None, "review"),
        (None, None, "review"),
    ],
)
def test_only_an_unknown_user_is_removed(reason: str | None, detail: str | None, action: str) -> None:
    assert classify(BounceFacts("c", None, None, None, reason, detail)).action == action


def test_remove_implies_the_address_is_at_fault() -> None:
    assert {meaning.fault for meaning in BY_REASON.values() if meaning.action == "remove"} == {"address"}
