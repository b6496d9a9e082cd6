"""The worlds of the gate tell the truth about themselves, and what the check says in small ones is held against it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.gate import WORLDS
from benchmarks.gate.cases import case_of, cases_of
from benchmarks.gate.history import NOW, dead_rate, make_past
from benchmarks.gate.judge import show
from benchmarks.gate.people import Book, mailbox
from benchmarks.gate.run import Outcome
from benchmarks.gate.world import make_world, simulate
from hygiene.settings import Settings
from hygiene.sources import load

SMALL = {"senders": (3, 3), "ended": (150, 200), "list_rows": (60, 90)}


def small(name, number=0, **changes):
    return simulate(replace(WORLDS[name], **SMALL | changes), number)


@pytest.fixture(scope="module")
def dirty():
    return small("dirty-list", 1, ended=(700, 800))  # the dead addresses planted in it are no bad history


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """Return a function that checks the lists of a world in a place of its own."""

    def run(world, number=1, most=2, tries=0):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        return cases_of(world, number, tmp_path / world.name, most, tries)

    return run


def test_equal_seeds_make_equal_worlds_and_others_do_not():
    world, again, other = make_world("tiny"), make_world("tiny"), make_world("tiny", seed=2)
    for name, table in world.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])
    pd.testing.assert_frame_equal(world.campaigns[0].truth, again.campaigns[0].truth)
    assert not world.campaigns[0].truth.equals(other.campaigns[0].truth)


@pytest.mark.parametrize(("name", "rate"), [("healthy", 0.01), ("bad-all", 0.08), ("bad-all-clumps-05", 0.08)])
def test_senders_bounce_as_their_world_says(name, rate):
    bounced = started = 0
    for number in range(12):
        random = np.random.default_rng(number)
        past = make_past(replace(WORLDS[name], senders=(4, 4), ended=(1000, 1500)), Book(random), random)
        bounced += int((past.mails["is_dead"] | past.mails["is_blocked"]).sum())
        started += len(past.mails)
    assert bounced / started == pytest.approx(rate, rel=0.15)


def test_clumps_have_the_correlation_that_they_are_named_for():
    random = np.random.default_rng(0)
    rates = dead_rate(WORLDS["bad-all-clumps-05"], 0.08, 200_000, random)
    mean = 0.08 * 0.9
    assert rates.mean() == pytest.approx(mean, rel=0.02)
    assert rates.var() / (mean * (1 - mean)) == pytest.approx(0.05, rel=0.03)
    assert set(dead_rate(WORLDS["bad-all"], 0.08, 3, random)) == {mean}


def test_a_list_bounces_as_its_rows_say():
    worlds = [small("new-source-bad", number, list_rows=(400, 600)) for number in range(4)]
    rows = pd.concat([campaign.truth for world in worlds for campaign in world.campaigns])
    fresh = rows[rows["origin"] == "new_source"]
    assert set(fresh["rate"]) == {0.12}
    assert fresh["is_dead"].mean() == pytest.approx(0.12, abs=0.015)


@pytest.mark.parametrize("name", ["dirty-list", "drift", "healthy-clumps-05", "no-history", "sender-fault", "tiny"])
def test_no_table_knows_what_comes_after_the_export_and_all_of_it_can_be_read(name, tmp_path):
    world = small(name)
    last = pd.Timestamp(NOW, unit="s")
    for table, column in (("events", "at"), ("enrollments", "enrolled_at"), ("enrollments", "ended_at")):
        if table in world.tables and len(world.tables[table]):
            assert pd.to_datetime(world.tables[table][column]).max() <= last
    world.write(tmp_path)
    report = load(str(tmp_path / "source"), Settings(cache_dir=tmp_path / "cache")).report
    assert report.rejected == 0
    for table in ("contacts", "enrollments", "events", "suppressions"):
        assert report.tables.get(table, 0) == len(world.tables.get(table, ()))


def test_nobody_fine_shares_a_mailbox_with_somebody_who_said_no(dirty):
    contacts, suppressions = dirty.tables["contacts"], dirty.tables["suppressions"]
    stops = contacts[(contacts["opted_out"] == "true") | (contacts["do_not_contact"] == "true")]
    refused = {mailbox(email) for email in [*stops["email"], *suppressions["email"]]}
    for campaign in dirty.campaigns:
        truth = campaign.truth
        assert truth["plant"].str.startswith("opt_").sum() >= 14
        fine = truth[truth["expects"] == "keep"]
        assert not refused & {mailbox(email) for email in fine["email"]}
        assert fine["email"].map(mailbox).is_unique


def test_the_judge_counts_as_a_patient_person_would(dirty):
    campaign = dirty.campaigns[0]
    truth = campaign.truth.set_index("ref")
    leak = truth.index[truth["expects"] == "never"][0]
    missed = truth.index[truth["expects"] == "drop"][0]
    false, silent = truth.index[truth["expects"] == "keep"][:2]
    right = set(truth.index[truth["expects"].isin(["never", "drop", "one"])])
    gone = right - {leak, missed} | {false, silent}
    dropped = dict.fromkeys(gone, "rows.typo") | {silent: "rows.silent"}
    kept = frozenset(set(truth.index) - gone)
    said = {
        "verdict": "TRIM",
        "exit_code": 11,
        "findings": [],
        "files": {"trimmed.csv": {"rows": len(kept)}},
        "list": {"kept": len(kept), "dropped": len(gone)},
        "expected": {"bounces": {"mean": 1.0, "low": 0.0, "high": 2.0}},
        "test_batches": [],
    }
    case = case_of(dirty, 0, campaign, Outcome(10, said, kept, dropped), {})
    assert case.leaks == (truth.loc[leak, "plant"],)
    assert case.missed == Counter({truth.loc[missed, "plant"]: 1})
    assert sum(case.false_drops.values()) == 1
    assert case.by_choice["rows.silent"][0] == 1
    assert not case.is_consistent  # the JSON names another exit code than the one it left with
    assert case.bounces == int((truth.loc[list(kept), "is_dead"] | truth.loc[list(kept), "is_blocked"]).sum())
    assert "yet let through: 1 " in show([case])


def test_in_a_dirty_list_nobody_who_said_no_is_written_to_and_nobody_fine_is_left_out(dirty, judged):
    cases = judged(dirty, number=0, tries=1)
    assert all(case.is_consistent and not case.leaks for case in cases)
    assert {case.verdict for case in cases} == {"TRIM"}
    assert sum(sum(case.false_drops.values()) for case in cases) == 0
    assert not [broken for case in cases for broken in case.laws.values() if broken]
    assert len(cases[0].laws) == 5


def test_a_bad_team_is_held_and_a_healthy_one_is_not(judged):
    big = {"ended": (400, 500)}
    assert {case.verdict for case in judged(small("bad-all", 1, **big), most=3)} == {"HOLD"}
    assert "HOLD" not in {case.verdict for case in judged(small("healthy", 1, **big), most=3)}


def test_a_source_without_history_is_tried_by_a_test_batch(judged):
    (case,) = judged(small("new-source-bad", 1, list_rows=(200, 300)), most=1)
    assert case.test_batches
    assert case.kept < 100
