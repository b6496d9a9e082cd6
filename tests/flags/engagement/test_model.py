"""The model as a whole: what it says where there is little, nothing or plenty to learn from."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.flags.engagement import model as module
from hygiene.flags.engagement.bgbb import BGBB
from hygiene.flags.engagement.features import AHEAD
from hygiene.flags.engagement.histories import after_reply, histories
from hygiene.flags.engagement.model import EngagementModel, groups_at, known_at, together
from hygiene.flags.engagement.priors import shipped_prior
from tests.flags.engagement.makers import Mail, mail_lists, make_sends, reordered, simulated

AS_OF = 300.0


@cache
def world():
    return simulated(2_000, seed=11, span=AS_OF)


@cache
def learned():
    model = EngagementModel().fit(world(), AS_OF)
    assert model.stack_ is not None
    return model


def prior_chance(ahead: int = AHEAD) -> float:
    return float(BGBB.of(shipped_prior().centre).predict_proba([0], [0], [0], ahead)[0, 1])


def assert_sound(prediction, size: int) -> None:
    for chances in prediction:
        assert len(chances) == size
        assert np.isfinite(chances).all()
        assert ((chances > 0) & (chances < 1)).all()
    assert (prediction.low <= prediction.p_reply).all()
    assert (prediction.p_reply <= prediction.high).all()


def test_with_little_data_bgbb_stands_alone(monkeypatch):
    few = simulated(200, seed=12, span=AS_OF)
    model = EngagementModel().fit(few, AS_OF)
    assert model.contacts_ <= 200
    assert model.stack_ is None
    prediction = model.predict(few, AS_OF)
    assert_sound(prediction, 200)
    now = histories(few, AS_OF, model.delay_)
    assert prediction.p_reply.tolist() == model.sources_.p_reply(now, few.source, AHEAD).tolist()
    monkeypatch.setattr(module, "FEWEST_REPLIES", 10)
    assert EngagementModel().fit(few, AS_OF).stack_ is None  # still too few contacts
    monkeypatch.setattr(module, "FEWEST_CONTACTS", 100)
    assert EngagementModel().fit(few, AS_OF).stack_ is not None


def test_with_plenty_the_hazard_speaks_and_gains_on_bgbb_alone():
    sends, cut = simulated(6_000, seed=13, span=AS_OF), 200.0
    model = EngagementModel().fit(sends, cut)
    assert model.stack_ is not None
    known = known_at(sends, cut)
    p, alone = (
        model.predict(sends, cut).p_reply,
        model.sources_.p_reply(histories(known, cut, model.delay_), sends.source, AHEAD),
    )
    later = (sends.sent_at > cut) & (sends.sent_at <= cut + 30)
    judged = np.bincount(sends.contact[later], minlength=6_000) >= AHEAD
    judged &= np.bincount(known.contact, minlength=6_000) > 0
    answered = np.bincount(sends.contact[later], np.isfinite(sends.replied_at[later]), 6_000) > 0
    losses = [-np.log(np.where(answered, each, 1 - each)[judged]).mean() for each in (p, alone)]
    assert judged.sum() > 500
    assert losses[0] < losses[1]


@pytest.mark.parametrize("sends", [0, 1, 30])
def test_one_contact_is_enough_not_to_fail(sends):
    mails = [Mail(0, float(at)) for at in range(sends)]
    prediction = EngagementModel().fit(make_sends(mails, 1), AS_OF).predict(make_sends(mails, 1), AS_OF)
    assert_sound(prediction, 1)
    assert prediction.p_reply[0] <= prior_chance() * 1.001


def test_no_contact_at_all_is_no_prediction():
    model = EngagementModel().fit(make_sends([], 0), AS_OF)
    assert [len(column) for column in model.predict(make_sends([], 0), AS_OF)] == [0] * 4
    assert (model.contacts_, model.replies_, model.stack_) == (0, 0, None)


def test_without_a_mail_everybody_has_the_shipped_chance():
    sends = make_sends([], 5)
    prediction = EngagementModel().fit(sends, AS_OF).predict(sends, AS_OF)
    assert_sound(prediction, 5)
    assert prediction.p_reply == pytest.approx(np.full(5, prior_chance()))
    assert (prediction.low < prediction.p_reply).all()


@pytest.mark.parametrize("answered", [False, True])
def test_histories_of_one_kind_only_are_learned_from_without_a_hazard_or_a_crash(answered):
    every = world()
    replied_at = every.sent_at + 0.5 if answered else np.full(len(every.sent_at), np.inf)
    sends = every._replace(replied_at=replied_at)
    model = EngagementModel().fit(sends, AS_OF + 30)
    assert model.stack_ is None
    prediction = model.predict(sends, AS_OF + 30)
    assert_sound(prediction, 2_000)
    # A contact with one mail is the least told by itself.
    assert prediction.p_reply.min() > 0.9 if answered else prediction.p_reply.max() < 0.05


def test_a_contact_never_written_to_gets_its_list_sources_chance():
    many = world()
    sends = many._replace(
        keys=np.append(many.keys, [90_000, 90_010, 90_020]),
        source=np.append(many.source, [1, 3, 0]),
        domain=np.append(many.domain, [0, 0, 0]),
    )
    model = learned()
    prediction = model.predict(sends, AS_OF)
    assert sorted(model.sources_.by_source) == [1, 2, 3]
    expected = [
        float(each.predict_proba([0], [0], [0], AHEAD)[0, 1])
        for each in (model.sources_.by_source[1], model.sources_.by_source[3], model.sources_.pooled)
    ]
    assert prediction.p_reply[-3:] == pytest.approx(expected)
    assert expected[0] < expected[2] < expected[1]
    assert_sound(prediction, 2_003)


def test_a_contact_whose_only_mail_may_yet_be_answered_is_judged_by_the_hazard():
    mails = world()._replace(sent_at=world().sent_at.copy())
    fresh = np.bincount(mails.contact, minlength=2_000) == 1
    (row,) = np.flatnonzero(fresh)[:1]
    mails.sent_at[mails.contact == row] = AS_OF - 0.01
    history = histories(mails, AS_OF, learned().delay_)
    assert (history.sends[row], history.open_sends[row]) == (0, 1)
    p = learned().predict(mails, AS_OF).p_reply[row]
    assert p != learned().sources_.p_reply(history, mails.source, AHEAD)[row]
    assert 0 < p < 1


def test_the_interval_holds_the_middle_and_is_wider_with_less_to_learn_from():
    prediction = learned().predict(world(), AS_OF)
    assert_sound(prediction, 2_000)
    wide = EngagementModel().fit(simulated(500, seed=11, span=AS_OF, reply=1.0), AS_OF)
    assert wide.stack_ is not None
    other = wide.predict(world(), AS_OF)
    odds = [np.log(p.high / (1 - p.high)) - np.log(p.low / (1 - p.low)) for p in (prediction, other)]
    assert np.median(odds[0]) < 0.8 * np.median(odds[1])


def test_equal_input_gives_equal_output():
    again = EngagementModel().fit(simulated(2_000, seed=11, span=AS_OF), AS_OF).predict(world(), AS_OF)
    for one, two in zip(learned().predict(world(), AS_OF), again, strict=True):
        assert one.tolist() == two.tolist()


def test_the_order_of_the_contacts_does_not_matter():
    order = np.random.default_rng(14).permutation(2_000)
    other = reordered(world(), order)
    assert (np.diff(other.contact) >= 0).all()
    prediction = EngagementModel().fit(other, AS_OF).predict(other, AS_OF)
    for one, two in zip(learned().predict(world(), AS_OF), prediction, strict=True):
        assert two == pytest.approx(one[order], rel=1e-4)


def test_what_comes_after_the_moment_changes_no_digit():
    cut = 220.0
    sends = world()
    known = known_at(sends, cut)
    assert len(known.sent_at) < len(sends.sent_at)
    one, two = (EngagementModel().fit(each, cut).predict(each, cut) for each in (sends, known))
    later = sends._replace(
        replied_at=np.where(sends.replied_at > cut, cut + 1e-6, sends.replied_at),
        opened_at=np.where(sends.sent_at > cut, sends.sent_at + 1, sends.opened_at),
    )
    three = EngagementModel().fit(later, cut).predict(later, cut)
    for a, b, c in zip(one, two, three, strict=True):
        assert a.tolist() == b.tolist() == c.tolist()


def test_without_limits_they_are_the_middle_itself():
    now = histories(world(), AS_OF, learned().delay_)
    quick = learned().judge(world(), now, AS_OF, with_limits=False)
    assert quick.p_reply.tolist() == learned().judge(world(), now, AS_OF).p_reply.tolist()
    assert quick.low == pytest.approx(quick.p_reply)
    assert quick.high == pytest.approx(quick.p_reply)


def test_ranges_of_contacts_have_together_the_groups_of_one():
    sends = world()
    whole = groups_at(sends, histories(sends, AS_OF, 6.0), AS_OF)
    parts = []
    for low, high in ((0, 700), (700, 701), (701, 2_000)):
        mails, rows = (sends.contact >= low) & (sends.contact < high), slice(low, high)
        part = sends._replace(
            contact=sends.contact[mails] - low,
            **{name: getattr(sends, name)[mails] for name in ("sender", "step", "sent_at")},
            **{name: getattr(sends, name)[mails] for name in ("replied_at", "clicked_at", "opened_at")},
            **{name: getattr(sends, name)[rows] for name in ("keys", "source", "domain")},
        )
        parts.append(groups_at(part, histories(part, AS_OF, 6.0), AS_OF))
    first, *_ = together(parts)
    assert first.totals == pytest.approx(whole.totals)
    assert np.concatenate([part.sender for part in parts]).tolist() == whole.sender.tolist()
    for one, two in ((first.by_sender, whole.by_sender), (first.by_domain, whole.by_domain)):
        assert (one.replies.tolist(), one.sends.tolist()) == (two.replies.tolist(), two.sends.tolist())


@settings(max_examples=40, deadline=None)
@given(mails=mail_lists(contacts=6, most=60), as_of=st.floats(0, 60))
def test_whatever_a_few_contacts_did_the_chances_are_sound(mails, as_of):
    sends = make_sends(mails, 6)
    assert_sound(EngagementModel().fit(sends, as_of).predict(sends, as_of), 6)


def test_one_reply_more_raises_the_chance_of_everybody():
    now = histories(world(), AS_OF, learned().delay_)
    before, after = (learned().judge(world(), each, AS_OF).p_reply for each in (now, after_reply(now)))
    assert (after > before).all()
