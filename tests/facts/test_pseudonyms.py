"""Pseudonyms: nobody is named, and the order tells nothing."""

from __future__ import annotations

from hygiene.facts.pseudonyms import pseudonyms
from hygiene.facts.types import Sender

SENDERS = {
    key: Sender(key, f"rep-{key:02d}", f"Name {key}", f"rep{key}@x.example", "Paris", True, "google")
    for key in range(1, 13)
}


def test_names_and_addresses_are_gone_and_the_team_stays() -> None:
    found = pseudonyms(SENDERS, "salt")
    assert sorted(row.sender_id for row in found.values()) == [f"sender-{n:02d}" for n in range(1, 13)]
    assert {(row.name, row.email, row.team) for row in found.values()} == {(None, None, "Paris")}
    assert all(row.key == key for key, row in found.items())


def test_the_order_is_not_that_of_the_ids_and_another_with_other_data() -> None:
    first = [row.sender_id for row in pseudonyms(SENDERS, "one").values()]
    assert first != sorted(first)
    assert first != [row.sender_id for row in pseudonyms(SENDERS, "two").values()]
    assert first == [row.sender_id for row in pseudonyms(SENDERS, "one").values()]
