"""The simulator tells the truth about itself: rates, times, deaths, machines, and tables that read without a reject."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from benchmarks.worlds import WORLDS, make_world
from benchmarks.worlds.judge import judge, read_run
from benchmarks.worlds.recipes import AS_OF
from benchmarks.worlds.truth import look_ahead
from hygiene.settings import Settings
from hygiene.sources import load

CONTACTS = 5_000
EXPORTED_AT = pd.Timestamp(AS_OF).tz_localize(None)


@pytest.fixture(scope="module")
def base():
    return make_world("base", CONTACTS)


def human_replies(world):
    events = world.tables["events"].merge(world.machine_truth, on="event_id", validate="one_to_one")
    return events[(events["type"] == "reply") & ~events["is_machine_true"]]


def test_equal_seeds_make_equal_worlds_and_others_do_not(base):
    again, other = make_world("base", CONTACTS), make_world("base", CONTACTS, seed=2)
    for name, table in base.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name])
    pd.testing.assert_frame_equal(base.truth, again.truth)
    pd.testing.assert_frame_equal(base.machine_truth, again.machine_truth)
    assert not base.truth["theta"].equals(other.truth["theta"])


def test_the_base_world_has_the_documented_rates(base):
    truth, eligible = base.truth, base.truth[base.truth["is_eligible"]]
    verdict = judge(truth, truth[["contact_id"]].assign(p_reply=truth["p_next3"], flag="keep"))
    assert 0.017 <= len(human_replies(base)) / truth["n_sends"].sum() <= 0.023
    assert 0.41 <= eligible["alive"].mean() <= 0.47
    assert 0.42 <= truth["is_proxy"].mean() <= 0.48
    assert 0.16 <= truth["is_scanner"].mean() <= 0.25
    assert 0.88 <= verdict.auc <= 0.95
    assert 0.60 <= verdict.oracle_paused_rate <= 0.69
    assert 6.5 <= verdict.mail_all_utility <= 9.0
    assert verdict.oracle_utility > verdict.mail_all_utility + 2
    assert eligible["y"].mean() == pytest.approx(eligible["p_next3"].mean(), abs=0.015)


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_no_table_knows_what_comes_after_the_export(name):
    tables = make_world(name, 1_000).tables
    assert tables["events"]["at"].max() <= EXPORTED_AT
    assert (tables["contacts"]["created_at"] < EXPORTED_AT).all()
    ended = tables["enrollments"].dropna(subset="ended_at")
    assert (ended["ended_at"] <= EXPORTED_AT).all()
    assert (ended["ended_at"] > ended["enrolled_at"]).all()
    assert (tables["enrollments"]["ended_at"].isna() == (tables["enrollments"]["outcome"] == "active")).all()


def test_a_dead_contact_never_replies_in_the_base_world(base):
    events = base.tables["events"].astype({"contact_id": str})
    key = ["enrollment_id", "step"]
    sent = events.loc[events["type"] == "sent", [*key, "at"]].rename(columns={"at": "sent_at"})
    replies = human_replies(base).astype({"contact_id": str}).merge(sent, on=key, validate="many_to_one")
    replies = replies.merge(base.truth[["contact_id", "died_at"]], on="contact_id")
    assert replies["died_at"].notna().any()
    assert not (replies["sent_at"] >= replies["died_at"]).any()
    assert (replies["at"] > replies["sent_at"]).all()
    assert base.truth["alive"].equals(base.truth["died_at"].isna())
    assert (base.truth.loc[~base.truth["alive"], "p_next3"] == 0).all()


def test_in_the_revival_worlds_the_dead_may_come_back():
    for name in ("revival", "revival_strong"):
        truth = make_world(name, 1_000).truth
        dead = truth[~truth["alive"] & ~truth["has_left"] & ~truth["is_invalid"]]
        assert (dead["p_next3"] > 0).all()
    assert (truth.loc[truth["has_left"] | truth["is_invalid"], "p_next3"] == 0).all()


def test_an_enrollment_gets_no_mail_after_it_has_ended(base):
    events = base.tables["events"]
    sent = events[events["type"] == "sent"].merge(base.tables["enrollments"], on="enrollment_id")
    assert not (sent["at"] > sent["ended_at"]).any()


def test_nobody_is_mailed_after_an_unsubscribe_a_complaint_or_a_dead_address(base):
    events = base.tables["events"].astype({"contact_id": str})
    events["is_out"] = events["type"].isin(["unsubscribe", "complaint"]) | events["detail"].str.startswith("550 5.1")
    out = events[events["is_out"]].groupby("contact_id")["at"].min()
    sent = events[events["type"] == "sent"].groupby("contact_id")["at"].max()
    late = sent.reindex(out.index) > out + pd.Timedelta(minutes=1)
    assert len(out) > 100
    assert not late.any()
    assert not base.truth.set_index("contact_id").loc[out.index, "is_eligible"].any()


def silent_probability(alive, death, revival, chances):
    """All futures written out, and added up."""
    total = 0.0
    for path in itertools.product([True, False], repeat=len(chances)):
        weight, was = 1.0, alive
        for is_alive, chance in zip(path, chances, strict=True):
            rate = death if was else revival
            weight *= (1 - rate if was == is_alive else rate) * (1 - chance if is_alive else 1.0)
            was = is_alive
        total += weight
    return total


@pytest.mark.parametrize("alive", [True, False])
def test_the_look_ahead_agrees_with_all_futures_written_out(alive):
    death, revival, chances = 0.2, 0.1, [0.3, 0.25, 0.2]
    one = np.array([True])
    p, sends = look_ahead(one & alive, one, np.array([death]), revival, np.array([chances]))
    silent = [silent_probability(alive, death, revival, chances[:sent]) for sent in range(4)]
    assert p[0] == pytest.approx(1 - silent[3], rel=1e-12)
    assert sends[0] == pytest.approx(sum(silent[:3]), rel=1e-12)


def test_the_worlds_differ_as_their_names_say():
    worlds = {name: make_world(name, 2_000) for name in WORLDS}
    events = {name: world.tables["events"] for name, world in worlds.items()}
    assert len(worlds["tiny"].truth) == 200
    assert "source" not in worlds["no_source"].tables["contacts"]
    assert not events["no_opens"]["type"].isin(["open", "click"]).any()
    assert events["ooo_as_reply"]["is_machine"].isna().all()
    assert events["base"].loc[events["base"]["is_machine"].fillna(False), "type"].eq("reply").all()
    assert worlds["steps_only"].truth["n_sends"].max() == 10
    assert worlds["scanners"].truth["is_scanner"].mean() > 0.5
    assert worlds["proxies"].truth["is_proxy"].mean() > 0.55
    assert worlds["revival_strong"].truth["alive"].mean() > worlds["base"].truth["alive"].mean()
    assert worlds["drift"].truth["p_next3"].mean() > worlds["drift_down"].truth["p_next3"].mean()


def test_proxies_hide_people_and_scanners_are_fast(base):
    events = base.tables["events"].astype({"contact_id": str}).merge(base.machine_truth, on="event_id")
    events = events.merge(base.truth[["contact_id", "is_proxy", "is_scanner"]], on="contact_id")
    key = ["enrollment_id", "step"]
    sent = events.loc[events["type"] == "sent", [*key, "at"]].rename(columns={"at": "sent_at"})
    events = events.merge(sent, on=key, validate="many_to_one")
    events["delay"] = (events["at"] - events["sent_at"]).dt.total_seconds()
    opens, clicks = (events[events["type"] == kind] for kind in ("open", "click"))
    human, machine = opens[~opens["is_machine_true"]], opens[opens["is_machine_true"]]
    assert len(human) > 1_000
    assert not human["is_proxy"].any()
    assert (machine["is_proxy"] | machine["is_scanner"]).all()
    assert machine["delay"].between(1, 86_400).all()
    proxied_sends = (events["is_proxy"] & (events["type"] == "sent")).sum()
    by_proxy = machine[machine["is_proxy"] & ~(machine["is_scanner"] & (machine["delay"] <= 5))]
    assert len(by_proxy) / proxied_sends == pytest.approx(0.95, abs=0.03)
    scans = clicks[clicks["is_machine_true"]]
    assert scans["is_scanner"].all()
    assert scans["delay"].between(1, 5).all()
    assert (clicks.loc[~clicks["is_machine_true"], "delay"] > 5).all()


def test_the_judge_leaves_out_whom_nobody_may_mail(base):
    run = base.truth[["contact_id"]].assign(p_reply=0.1, flag="keep")
    flagged = run.assign(flag=np.where(base.truth["is_eligible"], "keep", "never"))
    assert judge(base.truth, run) == judge(base.truth, flagged)
    assert judge(base.truth, run).contacts == base.truth["is_eligible"].sum() < len(run)


def test_user_agents_are_told_only_on_demand(base):
    assert "user_agent" not in base.tables["events"]
    world = make_world("tiny", agents=True)
    events = world.tables["events"].merge(world.machine_truth, on="event_id")
    seen = events["type"].isin(["open", "click"])
    assert (events["user_agent"].notna() == seen).all()
    assert events.loc[events["user_agent"] == "Mozilla/5.0", "is_machine_true"].all()


@pytest.mark.parametrize("name", ["base", "no_source", "no_opens", "ooo_as_reply"])
def test_the_tables_are_read_without_a_reject(name, tmp_path):
    world = make_world(name, 1_000, agents=True)
    world.write(tmp_path / "source")
    report = load(str(tmp_path / "source"), Settings(cache_dir=tmp_path / "cache")).report
    assert report.rejected == 0
    assert {note.code for note in report.notes} <= {"automatic_replies", "events_contradict_columns"}
    assert all(column.how == "exact" for file in report.files for column in file.columns)
    for table in ("contacts", "enrollments", "events"):
        assert report.tables[table] == len(world.tables[table])


def test_the_judge_prices_the_oracle_at_the_whole_gain_and_mailing_all_at_none(base, tmp_path):
    truth = base.truth
    cost = truth["expected_sends"] * (1 + 150 * truth["complaint_rate"])
    oracle = np.where(200 * truth["p_next3"] < cost, "pause", "keep")
    base.write_truth(tmp_path / "truth.parquet")
    run = truth[["contact_id"]].assign(p_reply=truth["p_next3"], flag=oracle)
    run.to_csv(tmp_path / "contacts.csv", index=False)
    best = judge(*read_run(tmp_path / "truth.parquet", tmp_path / "contacts.csv"))
    assert best.gain_rate == pytest.approx(1)
    assert best.paused_rate == best.oracle_paused_rate
    assert best.auc == best.auc_truth
    none = judge(truth, run.assign(flag="keep", p_reply=None))
    assert (none.gain_rate, none.auc, none.lost_reply_rate) == (0, None, 0)
    all_paused = judge(truth, run.assign(flag="pause"))
    assert (all_paused.utility, all_paused.lost_reply_rate) == (0, 1)
