"""The scorecard of list sources, from the tables on."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.engine import open_engine
from hygiene.facts import read_facts, read_score_facts
from hygiene.gate.lists.scorecard import read_scorecard
from hygiene.gate.lists.stock import Stock, read_not_mailed
from hygiene.settings import Settings
from hygiene.sources import load
from tests.advice.making import START, people, write_source
from tests.canonical import day
from tests.gate.lists.stock import MAILED, STOCK, VENDOR, bounces, is_bad, list_tables

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.gate.lists.types import Card, Scorecard


def scorecard(folder: Path, settings: Settings | None = None, **tables: Any) -> Scorecard:
    source = write_source(folder / "source", **tables)
    settings = replace(settings or Settings(), cache_dir=folder / "cache")
    read = load(source, settings)
    with open_engine() as engine:
        engine.attach(read)
        return read_scorecard(engine, read.report, read_score_facts(engine, read.report, settings), settings)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Scorecard:
    return scorecard(tmp_path_factory.mktemp("lists"), **list_tables())


def card_of(found: Scorecard, source: str, batch: str | None = None) -> Card:
    level = "batch" if batch else "source"
    return next(card for card in found.cards if (card.level, card.source, card.batch) == (level, source, batch))


def test_the_bad_source_stands_first_and_has_its_counts(found: Scorecard) -> None:
    bad = found.cards[0]
    returned = sum(bounces(place) for place in range(MAILED) if is_bad(place))
    assert (bad.source, bad.grade, bad.bounce.successes, bad.bounce.trials) == (VENDOR, "bad", returned, MAILED // 2)
    assert bad.bounce.low < returned / (MAILED // 2) < bad.bounce.high
    assert card_of(found, "web-form").grade == "good"
    assert bad.p_above is not None
    assert bad.p_above > 0.99


def test_what_the_contacts_are_is_counted(found: Scorecard) -> None:
    bad, good = card_of(found, VENDOR), card_of(found, "web-form")
    assert (bad.contacts, bad.with_basis, bad.not_mailed) == (MAILED // 2 + STOCK, 0, STOCK - 1)
    assert (good.contacts, good.with_basis, good.verified) == (MAILED // 2,) * 3
    assert bad.age_days == 65  # created five days before the first mail, sixty before the last event


def test_batches_are_the_imports_or_the_days_of_creation(found: Scorecard) -> None:
    batches = [(card.batch, card.is_import) for card in found.cards if card.level == "batch"]
    assert {("2026-01", True), ("2026-03", True), ("2025-12-31", False)} <= set(batches)


@pytest.mark.parametrize("name", ["contacts", "ended", "bounced", "replied", "with_basis", "verified", "not_mailed"])
def test_the_rows_add_up(found: Scorecard, name: str) -> None:
    for level in ("source", "batch"):
        assert sum(getattr(card, name) for card in found.cards if card.level == level) == getattr(found.team, name)
    for rate in ("bounce", "reply"):
        for count in ("successes", "trials"):
            sums = [getattr(getattr(card, rate), count) for card in found.cards if card.level == "source"]
            assert sum(sums) == getattr(getattr(found.team, rate), count)


def test_ended_bounced_and_replied_are_those_of_the_report(tmp_path: Path) -> None:
    source = write_source(tmp_path / "source", **list_tables())
    settings = replace(Settings(), cache_dir=tmp_path / "cache", since=START + timedelta(days=15))
    read = load(source, settings)
    with open_engine() as engine:
        engine.attach(read)
        facts = read_facts(engine, read.report, settings)
        card = read_scorecard(engine, read.report, facts, settings)
    for name in ("ended", "bounced", "replied"):
        by_source: Counter[str | None] = Counter()
        for row in facts.list_sources:
            by_source[row.source] += getattr(row.counts, name)
        ours = {row.source: getattr(row, name) for row in card.cards if row.level == "source"}
        assert +by_source == +Counter(ours)
        assert getattr(card.team, name) == sum(getattr(cell.counts, name) for cell in facts.cells)


def test_the_rest_of_a_bad_source_is_held_back_and_priced(found: Scorecard) -> None:
    (hold,) = found.holds
    assert (hold.source, hold.batch) == (VENDOR, "2026-03")
    assert hold.removal.contacts == STOCK - 1  # who opted out is not written to anyway
    assert hold.p_above >= 0.8
    assert hold.removal.bounces.low < hold.removal.bounces.mean < hold.removal.bounces.high
    assert hold.removal.replies.mean < STOCK * 0.15


def test_whom_to_hold_back_is_listed(tmp_path: Path) -> None:
    source = write_source(tmp_path / "source", **list_tables())
    settings = replace(Settings(), cache_dir=tmp_path / "cache")
    read = load(source, settings)
    with open_engine() as engine:
        engine.attach(read)
        read_score_facts(engine, read.report, settings)
        rows = list(read_not_mailed(engine, read.report, settings, [(VENDOR, "2026-03")]))
    assert [row[0] for row in rows] == sorted(f"c{place}" for place in range(MAILED + 1, MAILED + STOCK))
    assert {row[2:] for row in rows} == {(VENDOR, "2026-03")}


def test_the_lists_are_to_blame_and_not_the_senders(found: Scorecard) -> None:
    assert found.blame is not None
    part = found.blame.shares["source"].share
    assert part is not None
    assert part.mean > 0.8
    assert found.blame.shares["sender"].bounces.low <= 0
    assert "sequence" not in found.blame.shares  # there is one
    assert found.blame.sources[VENDOR].share > 0.9


def test_a_claim_names_addresses_returned_in_time_with_their_evidence(found: Scorecard) -> None:
    claim = found.claims[0]
    returned = sum(bounces(place) for place in range(MAILED) if is_bad(place))
    assert (claim.source, len(claim.rows), claim.mailed) == (VENDOR, returned, MAILED // 2)
    row = claim.rows[0]
    assert row.status_code == "5.1.1"
    assert "User unknown" in (row.evidence or "")
    assert row.mailed_at < row.bounced_at


CLAIM_CASES = {
    "in time": ({}, {}, (1, 0, 0, 0)),
    "too late": ({"created_at": START - timedelta(days=40)}, {}, (0, 1, 0, 0)),
    "no day of import": ({"created_at": None}, {}, (0, 0, 1, 0)),
    "the sender's fault": ({}, {"detail": "550 5.7.26 unauthenticated mail is prohibited"}, None),
    "full": ({}, {"detail": "552 5.2.2 mailbox full"}, None),
    "weak evidence": ({}, {"detail": "address rejected"}, (0, 0, 0, 1)),
    "no source": ({"source": None}, {}, None),
}


@pytest.mark.parametrize("case", CLAIM_CASES)
def test_only_what_holds_is_claimed(case: str, tmp_path: Path) -> None:
    own, said, expected = CLAIM_CASES[case]
    contact = {"source": "vendor", "created_at": START - timedelta(days=1), **own}
    keys = {"contact_id": "c0", "sender_id": "ann", "sequence_id": "intro", "enrollment_id": "e0"}
    events = [
        {**keys, "type": "sent", "at": START, "step": 1},
        {**keys, "type": "bounce", "at": START + timedelta(hours=1), "detail": "550 5.1.1 user unknown", **said},
    ]
    enrollments = [{**keys, "enrolled_at": START, "outcome": "finished", "ended_at": START + timedelta(days=1)}]
    found = scorecard(tmp_path, contacts=people(1, **contact), enrollments=enrollments, events=events)
    counted = [(len(claim.rows), claim.late, claim.undated, claim.weak) for claim in found.claims]
    assert counted == ([expected] if expected else [])


def test_an_address_that_answered_later_is_not_claimed(tmp_path: Path) -> None:
    tables = list_tables()
    dead = next(event["contact_id"] for event in tables["events"] if event["type"] == "bounce")
    before = scorecard(tmp_path / "before", **tables)
    again = {"contact_id": dead, "sender_id": "bob", "sequence_id": "intro", "enrollment_id": "again"}
    tables["enrollments"].append({**again, "enrolled_at": START + timedelta(days=20), "outcome": "active"})
    for kind, hours in (("sent", 0), ("reply", 3)):
        at = START + timedelta(days=20, hours=hours)
        tables["events"].append({**again, "type": kind, "at": at, "step": 1, "detail": "Good to hear from you"})
    after = scorecard(tmp_path / "after", **tables)
    assert sum(len(claim.rows) for claim in after.claims) == sum(len(claim.rows) for claim in before.claims) - 1


def test_a_handful_has_no_grade(tmp_path: Path) -> None:
    tables = list_tables()
    for contact in tables["contacts"][:5]:
        contact["source"] = "fair"
    found = scorecard(tmp_path, **tables)
    assert card_of(found, "fair").grade is None


def test_contacts_alone_have_a_scorecard_without_figures(tmp_path: Path) -> None:
    found = scorecard(tmp_path, contacts=people(30, source="fair", legal_basis="consent"))
    assert (found.blame, found.holds, found.claims) == (None, (), ())
    (card, batch) = found.cards
    assert (card.contacts, card.with_basis, card.not_mailed, card.p_above, card.grade) == (30, 30, 30, None, None)
    assert batch.batch is None


def test_the_limit_is_a_setting(tmp_path: Path) -> None:
    found = scorecard(tmp_path, Settings(bounce_limit=0.5), **list_tables())
    assert {card.grade for card in found.cards if card.level == "source"} == {"good"}
    assert found.holds == ()


def test_ages_have_their_median() -> None:
    stock = Stock()
    stock.created.update({day(0): 3, day(10): 1, day(20): 3})
    assert stock.age_days(day(30)) == 20
    assert stock.age_days(None) is None
    assert Stock().age_days(day(30)) is None


def test_the_tables_of_the_test_can_be_read_as_they_are(tmp_path: Path) -> None:
    source = write_source(tmp_path, **list_tables())
    with (source / "contacts.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == MAILED + STOCK
