"""On simulated histories whose truth is known: removals are the contact's own fault, and no no is overlooked."""

from __future__ import annotations

import csv
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from benchmarks.worlds import WORLDS, make_world
from hygiene.campaign import clean as campaign
from hygiene.gate.ledger.ledger import key_path, open_ledger
from hygiene.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

CONTACTS = 1_500
LEAST_OWN_FAULT = 0.99
SEND_ALLOWED = ("unbounce_and_fix", "resume_on", "sender_fault")
"""Actions whose contacts get mail again: at once, when the cause is mended, or on a day."""


def people_of(out: Path, action: str) -> set[str]:
    path = out / f"lists/{action}.people.csv"
    if not path.exists():
        return set()
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row[0].removeprefix("'") for row in list(csv.reader(file))[1:]}


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_removals_are_own_faults_and_nobody_who_said_no_is_written_to(name: str, tmp_path: Path) -> None:
    world = make_world(name, CONTACTS, seed=4_000)
    world.write(tmp_path / "source")
    settings = Settings(cache_dir=tmp_path / "cache", ledger=tmp_path / "ledger.jsonl")
    out = tmp_path / "out"
    campaign.clean(tmp_path / "source", out, settings)
    truth = world.truth.set_index("contact_id")
    removed = truth.loc[sorted(people_of(out, "remove"))]
    if name != "tiny":
        assert len(removed) > 20
    own = removed["is_invalid"] | removed["has_left"]
    assert own.all() or own.mean() >= LEAST_OWN_FAULT
    events = world.tables["events"]
    no = set(events.loc[events["type"].isin(["unsubscribe", "complaint"]), "contact_id"].astype(str))
    allowed = set().union(*(people_of(out, action) for action in SEND_ALLOWED))
    assert no <= people_of(out, "suppress")
    assert not no & allowed
    # Whom the ledger knows is in no such list either, when the same people come anew and nothing is known of them.
    world.tables["contacts"].to_csv(tmp_path / "contacts.csv", index=False)
    (tmp_path / "again").mkdir()
    (tmp_path / "contacts.csv").rename(tmp_path / "again/contacts.csv")
    campaign.clean(tmp_path / "again", tmp_path / "next", settings)
    emails = world.tables["contacts"].set_index(world.tables["contacts"]["contact_id"].astype(str))["email"]
    ledger = open_ledger(settings.ledger, key_path(settings))
    allowed = set().union(*(people_of(tmp_path / "next", action) for action in SEND_ALLOWED))
    assert ledger.find([emails[contact] for contact in sorted(allowed)], date(2026, 7, 1)) == {}
    assert no <= people_of(tmp_path / "next", "suppress")
    record = json.loads((tmp_path / "next/clean.json").read_text(encoding="utf-8"))
    assert record["codes"].get("ledger_dead", 0) >= len(removed) * 0.9
