"""From the mails in the engine to what is said of every contact: in one range of contacts or in many."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.worlds import make_world
from hygiene.engine import open_engine
from hygiene.facts import keep_signals
from hygiene.facts.engagement import EngagementReader
from hygiene.flags.engagement import model as module
from hygiene.flags.engagement.histories import histories
from hygiene.flags.engagement.judge import judge, learn
from hygiene.flags.engagement.judged import Judged
from hygiene.flags.engagement.outlook import days, outlook
from hygiene.settings import Settings
from hygiene.sources import load
from tests.canonical import day, make_tables
from tests.flags.engagement.makers import simulated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.facts.engagement import Sends

AS_OF = 300.0


class SmallRanges(EngagementReader):
    def ranges(self, at_once: int = 1_000) -> Iterator[Sends]:
        return super().ranges(at_once)


class Mails:
    """Simulated mails in the place of a reader."""

    def __init__(self, sends: Sends, complaints: dict[int, tuple[int, int]] | None = None) -> None:
        self.sends, self._complaints = sends, complaints or {}
        self.replies = int(np.isfinite(sends.replied_at).sum())

    def ranges(self) -> Iterator[Sends]:
        yield self.sends

    def sample(self) -> Sends:
        return self.sends

    def complaints(self) -> dict[int, tuple[int, int]]:
        return self._complaints


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    make_world("base", 1_500).write(folder / "source")
    return load(str(folder / "source"), Settings(cache_dir=folder / "cache"))


def judged_by(reader_class, tables, monkeypatch, fewest_replies: int = 50) -> tuple[Judged, int, bool]:
    monkeypatch.setattr(module, "FEWEST_REPLIES", fewest_replies)
    with open_engine() as engine:
        engine.attach(tables)
        keep_signals(engine, tables.report, Settings())
        reader = reader_class(engine, tables.report, Settings())
        as_of = days(tables.report.data_until)
        model = learn(reader, as_of)
        return judge(reader, model, as_of, Settings()), len(list(reader.ranges())), model.stack_ is not None


def test_ranges_cover_each_contact_once_and_keep_its_mails_together(tables):
    with open_engine() as engine:
        engine.attach(tables)
        keep_signals(engine, tables.report, Settings())
        (whole,) = EngagementReader(engine, tables.report, Settings()).ranges()
        parts = list(SmallRanges(engine, tables.report, Settings()).ranges())
    assert len(parts) > 10
    assert np.concatenate([part.keys for part in parts]).tolist() == whole.keys.tolist()
    assert np.concatenate([part.keys[part.contact] for part in parts]).tolist() == whole.keys[whole.contact].tolist()
    for name in set(whole._fields) - {"contact"}:
        found = np.concatenate([getattr(part, name) for part in parts])
        assert found.tolist() == getattr(whole, name).tolist(), name


@pytest.fixture(scope="module", params=[50, 10**9], ids=["with the hazard", "BG/BB alone"])
def one_and_many(request, tables):
    with pytest.MonkeyPatch.context() as patch:
        one, count_of_one, is_stacked = judged_by(EngagementReader, tables, patch, request.param)
        many, count_of_many, _ = judged_by(SmallRanges, tables, patch, request.param)
    assert (count_of_one, is_stacked) == (1, request.param == 50)
    assert count_of_many > 10
    return one, many


@pytest.mark.parametrize("name", [field.name for field in fields(Judged) if field.name != "control_share"])
def test_many_ranges_of_contacts_give_what_one_gives(one_and_many, name):
    one, many = one_and_many  # sums over all contacts may differ in their last digit
    assert getattr(one, name).tolist() == pytest.approx(getattr(many, name).tolist(), rel=1e-6)


def test_what_is_said_is_sound(one_and_many):
    judged, _ = one_and_many
    assert len(judged.keys) == 1_500
    assert (np.diff(judged.keys) > 0).all()
    assert ((judged.after_open >= 0) & (judged.after_open < 1)).all()
    for name in ("p_reply", "low", "high", "p_engaged", "after_reply", "half_machines"):
        values = getattr(judged, name)
        assert values.dtype == np.float32
        assert ((values > 0) & (values < 1)).all(), name
    assert ((judged.low <= judged.p_reply) & (judged.p_reply <= judged.high)).all()
    assert (judged.after_reply > judged.p_reply).all()
    assert (judged.threshold[judged.sends < Settings().pause_after] == 0).all()
    assert (judged.threshold[judged.sends >= Settings().pause_after] > 0).all()


def judged_from(sends: Sends, settings: Settings = Settings(), complaints=None) -> Judged:  # noqa: B008
    reader = Mails(sends, complaints)
    return judge(reader, learn(reader, AS_OF), AS_OF, settings)


def test_a_source_that_records_no_opens_asks_for_none():
    judged = judged_from(simulated(400, seed=21, span=AS_OF, opens=False))
    assert (judged.after_open == 0).all()
    assert judged.half_machines.tolist() == judged.p_reply.tolist()


def test_who_opens_everything_is_not_asked_for_one_more():
    sends = simulated(400, seed=21, span=AS_OF)
    hidden = histories(sends, AS_OF, 6.0).is_hidden
    assert 5 < hidden.sum() < 200
    assert ((judged_from(sends).after_open == 0) == hidden).all()


def test_the_costs_and_the_complaints_of_its_source_make_a_contacts_threshold():
    sends = simulated(400, seed=22, span=AS_OF)
    settings = Settings(reply_value=100.0, send_cost=2.0, complaint_cost=50.0, pause_after=2)
    judged = judged_from(sends, settings, {1: (2_000, 18), 2: (2_000, 0), 3: (0, 0)})
    rate = (18 + 2) / 6_000  # worth 2,000 mails, of which one in 1,000 complains
    own = {1: (18 + rate * 2_000) / 4_000, 2: rate * 2_000 / 4_000, 3: rate}
    now = histories(sends, AS_OF, learn(Mails(sends), AS_OF).delay_)
    for row in range(400):
        mails = now.sends[row]  # those that may yet be answered are not silence
        expected = 3 * (2 + own[int(sends.source[row])] * 50) / 100 if mails >= 2 else 0
        assert judged.threshold[row] == pytest.approx(expected, rel=1e-6)
    assert (judged.threshold == 0).any()


def test_the_rules_of_thumb_are_told_beside():
    moment = AS_OF - 100.0
    base = simulated(400, seed=23, span=AS_OF)
    others = base.contact > 1
    silent, young = np.full(16, moment), np.array([AS_OF - 20.0])

    def put(name, first, second):
        return np.concatenate((first, second, getattr(base, name)[others]))

    never = np.full(16, np.inf)
    sends = base._replace(
        contact=put("contact", np.zeros(16, int), np.ones(1, int)),
        sender=put("sender", np.ones(16, int), np.ones(1, int)),
        step=put("step", np.ones(16, int), np.ones(1, int)),
        sent_at=put("sent_at", silent, young),
        **{name: put(name, never, never[:1]) for name in ("replied_at", "clicked_at", "opened_at")},
    )
    judged = judged_from(sends)
    assert judged.hubspot_rule[:2].tolist() == [True, False]
    assert judged.ninety_days[:2].tolist() == [True, False]
    assert judged.sends[:2].tolist() == [16, 1]


def lone_sender() -> Sends:
    """Senders who differ much, and one who wrote to a single contact, four times and in vain."""
    sends = simulated(2_000, seed=24, span=AS_OF)
    replies = np.bincount(sends.contact, np.isfinite(sends.replied_at), 2_000)
    sender = np.where(np.random.default_rng(1).random(2_000) < 0.8, np.where(replies > 0, 1, 2), 3)
    sender[0] = 9
    others = sends.contact > 0
    never = np.full(4, np.inf)
    answers = {
        name: np.concatenate((never, getattr(sends, name)[others]))
        for name in ("replied_at", "clicked_at", "opened_at")
    }
    return sends._replace(
        contact=np.concatenate((np.zeros(4, int), sends.contact[others])),
        sender=np.concatenate((np.full(4, 9), sender[sends.contact[others]])),
        step=np.concatenate((np.arange(1, 5), sends.step[others])),
        sent_at=np.concatenate((AS_OF - np.array([80.0, 60, 40, 20]), sends.sent_at[others])),
        **answers,
    )


def test_one_reply_more_raises_the_chance_also_where_a_sender_wrote_to_one_contact_only():
    judged = judged_from(lone_sender())
    assert np.isfinite(judged.after_reply).all()
    assert (judged.after_reply > judged.p_reply).all()


def test_an_answer_would_lift_a_contact_that_is_below():
    sends = simulated(2_000, seed=25, span=AS_OF, reply=30.0)
    judged = judged_from(sends)
    assert 0 < judged.below.sum() < 2_000
    lifted = [judged.of(key, "x").remedy for key in judged.keys[judged.below].tolist()]
    assert "reply" in lifted or "open" in lifted


def test_the_budget_of_the_settings_decides_among_the_open_contacts_and_only_then_they_are_asked_for():
    sends = simulated(2_000, seed=26, span=AS_OF)
    asked = []

    def open_keys():
        asked.append(1)
        return sends.keys[:1_500].tolist()

    when = day(0).replace(year=1970) + (day(300) - day(0))
    by_cost = outlook(Mails(sends), when, Settings(), open_keys)
    assert not asked
    by_budget = outlook(Mails(sends), when, Settings(max_lost_replies=0.05), open_keys)
    assert asked == [1]
    rows = by_budget.judged.rows_of(open_keys())
    p, below = by_budget.judged.p_reply[rows].astype(float), by_budget.judged.below[rows]
    assert 0.01 < p[below].sum() / p.sum() <= 0.05
    assert by_cost.judged.p_reply.tolist() == by_budget.judged.p_reply.tolist()
    assert by_cost.judged.threshold.tolist() != by_budget.judged.threshold.tolist()


def test_a_source_of_contacts_without_mails_is_judged_and_one_without_contacts_is_no_crash(tmp_path):
    for name, contacts in (("some", 3), ("none", 0)):
        people = [{"contact_key": key, "contact_id": f"c{key}"} for key in range(1, contacts + 1)]
        tables = make_tables(tmp_path / name, contacts=people)
        with open_engine() as engine:
            engine.attach(tables)
            keep_signals(engine, tables.report, Settings())
            reader = EngagementReader(engine, tables.report, Settings())
            judged = judge(reader, learn(reader, AS_OF), AS_OF, Settings())
        assert len(judged.p_reply) == contacts
        assert not judged.below.any()


def test_where_no_reply_is_known_nobody_is_paused_for_silence():
    sends = simulated(400, seed=27, span=AS_OF)
    silent = sends._replace(replied_at=np.full(len(sends.contact), np.inf))
    assert judged_from(sends).below.any()
    assert not judged_from(silent).below.any()
    when = day(0).replace(year=1970) + (day(300) - day(0))
    by_budget = outlook(Mails(silent), when, Settings(max_lost_replies=0.5), silent.keys.tolist)
    assert not by_budget.judged.below.any()
    assert not by_budget.summary(silent.keys.tolist()).has_replies
