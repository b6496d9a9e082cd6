"""The worlds of causes tell the truth about themselves, and their judge counts as a patient person would."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from benchmarks.causes import WORLDS, make_team
from benchmarks.causes.intervals import Share, share_of
from benchmarks.causes.judge import judge, main, show
from benchmarks.causes.naive import METHODS
from benchmarks.causes.plants import RULES
from benchmarks.causes.rows import lever_of
from hygiene.settings import Settings
from hygiene.sources import load

if TYPE_CHECKING:
    from pathlib import Path

REPS = 5


@pytest.fixture(scope="module")
def teams(tmp_path_factory):
    """Return one written team of each world, by world."""
    made = {}
    for world in WORLDS:
        team = make_team(world, reps=REPS)
        team.write(folder := tmp_path_factory.mktemp(world))
        made[world] = (team, folder)
    return made


def chance(team, row, metric, **replaced):
    """Return one enrollment's chance, summed effect by effect, in worlds with the logit link."""
    effects, design = team.laws.effects, team.design
    code = {factor: int(codes[row]) for factor, codes in design.level.items()} | replaced
    rep = design.rep[row]
    if metric == "bounce":
        logit = team.laws.bounce_base + effects.rep_bounce[rep] + sum(effects.bounce[f][c] for f, c in code.items())
    else:
        logit = team.laws.reply_base + effects.rep_reply[rep] + sum(effects.reply[f][c] for f, c in code.items())
        logit += effects.cells[code["sequence"], code["industry"]] + design.quality[row]
        logit += effects.drift * (design.time[row] - 0.5)
    return 1 / (1 + np.exp(-logit))


def slow_gains(team, rep, factor, level):
    """Return both gains of a lever, one enrollment and one other level after the other."""
    design = team.design
    ended = [i for i in range(len(design.rep)) if not design.is_active[i]]
    seen = [i for i in ended if design.is_seen[factor][i]]
    others = [k for k in range(len(team.levels.names[factor])) if k != level]
    uses = {k: sum(design.level[factor][i] == k for i in seen) for k in others}
    before, after = np.zeros(3), np.zeros(3)  # replies, delivered, enrollments
    for i in ended:
        if design.rep[i] != rep:
            continue
        through = 1 - chance(team, i, "bounce")
        as_is = np.array([through * chance(team, i, "reply"), through, 1])
        before += as_is
        if design.level[factor][i] != level or not design.is_seen[factor][i]:
            after += as_is
            continue
        for k in others:
            through = 1 - chance(team, i, "bounce", **{factor: k})
            instead = np.array([through * chance(team, i, "reply", **{factor: k}), through, 1])
            after += instead * uses[k] / sum(uses.values())
    return after[0] / after[1] - before[0] / before[1], after[1] / after[2] - before[1] / before[2]


@pytest.mark.parametrize("world", ["base", "interactions", "drift", "missing", "confounded"])
def test_the_true_gains_are_those_of_a_slow_count(teams, world):
    team, _ = teams[world]
    rep = int(np.bincount(team.design.rep).argmin())
    for factor in ("source", "import_batch", "sequence", "industry", "timing"):
        own = team.design.level[factor][(team.design.rep == rep) & team.design.is_seen[factor]]
        level = int(np.bincount(own).argmax())
        lever = team.truth["senders"][rep]["levers"][f"{factor}:{team.levels.names[factor][level]}"]
        slow = slow_gains(team, rep, factor, level)
        assert (lever["reply_rate"], lever["bounce_rate"]) == pytest.approx(slow, abs=2e-9)


def test_equal_seeds_make_equal_bytes_and_others_do_not(teams, tmp_path):
    _, folder = teams["planted"]
    make_team("planted", reps=REPS).write(tmp_path / "again")
    make_team("planted", reps=REPS, seed=2).write(tmp_path / "other")
    for path in sorted(folder.rglob("*.*")):
        name = path.relative_to(folder)
        assert path.read_bytes() == (tmp_path / "again" / name).read_bytes()
    assert (folder / "truth.json").read_bytes() != (tmp_path / "other" / "truth.json").read_bytes()


@pytest.mark.parametrize("world", [name for name in WORLDS if name.startswith("nothing")])
def test_where_nothing_does_anything_no_lever_gains(teams, world):
    senders = teams[world][0].truth["senders"]
    assert all(lever[m] == 0 for s in senders for lever in s["levers"].values() for m in ("reply_rate", "bounce_rate"))
    assert all(known["top"] is None for sender in senders for known in sender["metrics"].values())


def test_rates_come_out_as_expected():
    senders = [s for number in range(4) for s in make_team("clumps", number).truth["senders"]]
    for metric, part, less in (("bounce_rate", "bounced", 0), ("reply_rate", "replied", 1)):
        sizes = np.array([s["ended"] - less * s["bounced"] for s in senders])
        expected = sum(size * s["metrics"][metric]["expected"] for size, s in zip(sizes, senders, strict=True))
        assert sum(s[part] for s in senders) == pytest.approx(expected, rel=0.12)


def test_a_rep_alone_with_a_sequence_cannot_be_told_from_it(teams):
    senders = teams["alone"][0].truth["senders"]
    for rep, sender in enumerate(senders):
        sequences = {n: lever["is_identifiable"] for n, lever in sender["levers"].items() if n.startswith("sequence:")}
        assert (len(sequences) == 1 and not any(sequences.values())) == (rep < WORLDS["alone"].alone)


@pytest.mark.parametrize("world", ["missing", "planted", "unplanted"])
def test_the_tables_read_without_a_reject_or_a_contradiction(teams, world, tmp_path):
    team, folder = teams[world]
    report = load(folder / "source", Settings(cache_dir=tmp_path / "cache")).report
    assert report.rejected == 0
    assert report.notes == ()
    assert all(column.how == "exact" for file in report.files for column in file.columns)
    assert {name: report.tables[name] for name in team.tables} == {n: len(t) for n, t in team.tables.items()}
    ended = team.tables["enrollments"].groupby("sender_id")["ended_at"].count()
    assert ended.to_list() == [sender["ended"] for sender in team.truth["senders"]]


def test_planted_problems_stand_in_the_tables_and_not_in_the_clean_twin(teams):
    tables, clean = teams["planted"][0].tables, teams["unplanted"][0].tables
    planted = {problem["rule"]: problem["ids"] for problem in teams["planted"][0].truth["planted"]}
    assert set(planted) == set(RULES)
    assert teams["unplanted"][0].truth["planted"] == []
    for rule in ("TOK-01", "TOK-02", "TOK-07"):
        texts = [t["templates"].set_index(["sequence_id", "step"])["body"] for t in (tables, clean)]
        assert {sequence for sequence, _ in texts[0].index[texts[0] != texts[1]]} >= set(planted[rule])
    active = tables["enrollments"].loc[tables["enrollments"]["outcome"] == "active", "contact_id"]
    assert set(planted["OPT-01"]) <= set(active)
    people = tables["contacts"].set_index("contact_id")
    refused = people["opted_out"] | people["email"].isin(tables["suppressions"]["email"])
    assert set(active[refused[active].to_numpy()]) == set(planted["OPT-01"])
    without = people.loc[planted["OPT-05"][1:]]
    assert len(without) > 0
    assert without["country"].eq("Germany").all()
    assert without["consent_at"].isna().all()
    blocked = tables["events"]["detail"].str.contains("5.7.", regex=False, na=False)
    assert tables["events"].loc[blocked, "sender_id"].unique().tolist() == planted["BNC-04"]
    assert not clean["events"]["detail"].str.contains("5.7.", regex=False, na=False).any()
    of_sender = tables["events"][tables["events"]["sender_id"].isin(planted["BNC-04"])]
    assert blocked[of_sender.index][of_sender["type"] == "bounce"].mean() > 0.3
    assert people["job_title"].isna().any()
    assert not clean["contacts"]["job_title"].isna().any()


def test_the_judge_gives_an_oracle_full_marks_and_counts_what_is_wrong(teams):
    folder = teams["base"][1]
    perfect = judge([folder], METHODS["oracle"])["base"].metrics["reply_rate"]
    known = perfect["senders with a material lever"]
    assert known > 0
    assert perfect["precision@1, first claim"] == Share(known, known)
    assert perfect["first claims: gain claimed / true"].value == pytest.approx(1)
    assert perfect["spoken to, claim"] == Share(known, known)

    def doubled(source):
        rows = METHODS["oracle"](source)
        return [row | {"gain": 2 * row["gain"], "gain_low": 1.5 * row["gain"], "gain_high": None} for row in rows]

    verdict = judge([folder], doubled)
    assert verdict["base"].metrics["reply_rate"]["first claims: gain claimed / true"].value == pytest.approx(2)
    assert verdict["base"].metrics["reply_rate"]["all claims: in their interval (90 %)"].part == 0
    assert "precision@1" in show(verdict)


def test_bounce_gains_may_be_given_as_changes_of_the_rate(teams):
    def falling(source):
        rows = [row for row in METHODS["oracle"](source) if row["metric"] == "bounce_rate"]
        return [row | {k: -row[k] for k in ("gain", "gain_low", "gain_high")} for row in rows]

    figures = judge([teams["base"][1]], falling)["base"].metrics["bounce_rate"]
    assert figures["first claims: gain claimed / true"].value == pytest.approx(1)


def test_a_row_without_a_gain_names_but_promises_nothing(teams):
    def experiments(source):
        return [row | {"gain": None, "gain_low": None, "gain_high": None} for row in METHODS["oracle"](source)]

    figures = judge([teams["base"][1]], experiments)["base"].metrics["reply_rate"]
    assert figures["precision@1, any row"].part == figures["senders with a material lever"]
    assert figures["senders with a claim"].part == 0


def test_planted_rules_are_counted_by_team(teams):
    folders = [teams["planted"][1], teams["unplanted"][1]]

    def recommend(source: Path):
        problems = json.loads((source.parent / "truth.json").read_text())["planted"]
        named = [{"rule": "TOK-01", "subject": problems[0]["ids"][0]}] if problems else []
        return [*named, {"rule": "BNC-02", "subject": "source:vendor-zzz"}]

    verdicts = judge(folders, recommend)
    assert verdicts["planted"].planted["TOK-01"] == (Share(1, 1), Share(1, 1))
    assert verdicts["planted"].planted["BNC-02"] == (Share(0, 1), Share(1, 1))
    assert verdicts["unplanted"].planted["BNC-02"] == (Share(0, 0), Share(1, 1))


def test_subjects_are_read_in_any_case_and_time_slots_in_words():
    levers = {"timing:tue-am": {}, "timing:tue": {}, "industry:Software": {}}
    assert lever_of({"subject": "slot:Tuesday 09-12"}, levers) == "timing:tue-am"
    assert lever_of({"subject": "weekday:tue"}, levers) == "timing:tue"
    assert lever_of({"subject": "segment:software"}, levers) == "industry:Software"
    assert lever_of({"subject": "sequence:seq-99"}, levers) is None


def test_the_own_marginal_overpromises(teams):
    figures = judge([teams["base"][1]], METHODS["own"])["base"].metrics["reply_rate"]
    assert figures["first claims: gain claimed / true"].value > 1.5
    assert pd.notna(figures["first claims: slope of true on claimed"].value)


def test_teams_that_agree_within_and_differ_between_count_as_few():
    flags = [(team, team % 2 == 0) for team in range(10) for _ in range(12)]
    alike, mixed = share_of(flags), share_of([(i % 10, flag) for i, (_, flag) in enumerate(flags)])
    assert alike.part == mixed.part == 60
    assert alike.effective == pytest.approx(9)  # 10 teams of one answer each, one of them spent on the mean
    assert mixed.effective > 100


def test_a_batch_of_the_right_source_is_its_list_and_not_the_lever(teams):
    team, folder = teams["planted"]
    names = {
        s["sender_id"]: [n for n in s["levers"] if n.startswith("import_batch:vendor-a-")]
        for s in team.truth["senders"]
    }
    known = {s["sender_id"]: s["metrics"]["bounce_rate"] for s in team.truth["senders"]}
    tops = {sender for sender, k in known.items() if k["top"] == "source:vendor-a" and k["is_material"]}

    def batches(source):
        row = {"metric": "bounce_rate", "gain": 0.01, "gain_low": 0.0, "gain_high": 0.1}
        return [row | {"sender_id": s, "subject": n[0]} for s, n in names.items() if n and s in tops]

    figures = judge([folder], batches)["planted"].metrics["bounce_rate"]
    assert tops
    assert figures["precision@1, first claim"].part == 0
    assert figures["... or its list (source and batches)"] == Share(len(tops), len(tops))


def test_the_judge_reads_what_a_run_wrote_and_prints_json(teams, tmp_path, monkeypatch, capsys):
    team, _ = teams["nothing"]
    team.write(tmp_path / "team-000")
    (tmp_path / "team-000" / "out").mkdir()
    row = {"rule": "SEQ-01", "sender_id": "rep-01", "subject": "sequence:seq-01", "metric": "reply_rate", "gain": 0.01}
    (tmp_path / "team-000" / "out" / "recommendations.json").write_text(json.dumps({"rows": [row]}))
    monkeypatch.setattr("sys.argv", ["judge", str(tmp_path), "--command", "no-such-command", "--json"])
    main()
    figures = json.loads(capsys.readouterr().out)["nothing"]["metrics"]["reply_rate"]
    assert figures["senders with a claim"]["part"] == 1
    assert figures["senders with a claim"]["whole"] == REPS
    assert figures["first claims: gain claimed / true"]["value"] is None
