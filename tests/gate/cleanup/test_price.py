"""The price: against closed forms, and against the slow and obvious count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import betabinom

from hygiene.engine import open_engine
from hygiene.gate.cleanup.price import (
    AGAIN_RATE,
    AGAIN_WEIGHT,
    INTERVAL,
    NINETY,
    SHARED,
    Repeats,
    narrowest,
    price_of,
    read_repeats,
)
from hygiene.gate.risk.history import RiskFacts
from hygiene.gate.risk.model import fit
from hygiene.reports.cleanup_price import LEVEL, price_sentences
from hygiene.reports.translate import Translator
from hygiene.settings import Settings
from tests.canonical import day, make_tables
from tests.gate.cleanup.making import DEAD, UNLIKELY, flag, plan

NOTHING = fit(RiskFacts((), None))


def dead(count, **more):
    return [flag(f"d{number}", **DEAD, **more) for number in range(count)]


def silent(count, p=0.005):
    return [flag(f"s{number}", outlook=UNLIKELY._replace(p_reply=p, low=p / 2, high=p * 2)) for number in range(count)]


@pytest.mark.parametrize("repeats", [Repeats(0, 0), Repeats(40, 36), Repeats(400, 100)])
def test_the_dead_bounce_again_as_a_beta_binomial_says(repeats):
    share = price_of(plan(*dead(200)), NOTHING, repeats).removed
    yes, no = AGAIN_RATE * AGAIN_WEIGHT + repeats.again, (1 - AGAIN_RATE) * AGAIN_WEIGHT + repeats.tried - repeats.again
    exact = betabinom(200, yes, no)
    assert share.contacts == 200
    assert share.bounces.mean == pytest.approx(exact.mean(), rel=0.02)
    low, high = narrowest(exact.pmf(np.arange(201)))
    assert share.bounces.low == pytest.approx(low, abs=1)
    assert share.bounces.high == pytest.approx(high, abs=1)


def test_the_level_of_the_intervals_is_the_one_that_is_told():
    assert INTERVAL == LEVEL


@given(st.lists(st.integers(0, 20), min_size=1, max_size=12).filter(any))
def test_no_shorter_interval_holds_as_much_and_none_as_short_holds_less(weights):
    chances = np.array(weights) / sum(weights)
    low, high = narrowest(chances)
    held = chances[low : high + 1].sum()
    assert held >= INTERVAL - 1e-6
    for first in range(len(weights)):
        for last in range(first, len(weights)):
            other = chances[first : last + 1].sum()
            if other >= INTERVAL - 1e-9:
                assert (last - first, other) >= (high - low, held - 1e-9)


def test_the_silent_cost_the_sum_of_their_chances():
    share = price_of(plan(*silent(400)), NOTHING, Repeats(0, 0)).paused
    assert share.replies.mean == pytest.approx(400 * 0.005)
    assert 0 <= share.replies.low < share.replies.mean < share.replies.high
    doubled = price_of(plan(*silent(400)), NOTHING, Repeats(0, 0), tail=2.0).paused
    assert doubled.replies.mean == pytest.approx(2 * share.replies.mean)
    calmed = price_of(plan(*silent(400)), NOTHING, Repeats(0, 0), tail=0.5).paused
    assert calmed.replies.mean == pytest.approx(share.replies.mean)


def test_the_parts_add_up_and_equal_calls_agree():
    rows = [*dead(50), *silent(300)]
    price = price_of(plan(*rows), NOTHING, Repeats(3, 3))
    assert price.both.contacts == price.removed.contacts + price.paused.contacts == 350
    assert price.both.bounces.mean == pytest.approx(price.removed.bounces.mean + price.paused.bounces.mean)
    assert price.both.unjudged == 50
    assert price == price_of(plan(*rows), NOTHING, Repeats(3, 3))


def test_where_no_reply_is_known_none_is_priced():
    price = price_of(plan(*dead(3), *silent(3)), NOTHING, Repeats(0, 0), knows_replies=False)
    assert price.removed.replies is price.paused.replies is price.both.replies is None
    said = [Translator("en").text(sentence) for sentence in price_sentences(price)]
    assert said[0].startswith("Removes 3 contacts: avoids")
    assert not any("expected" in sentence for sentence in said)
    assert any("No reply is known" in sentence for sentence in said)


def test_nobody_costs_nothing():
    price = price_of(plan(flag("a")), NOTHING, Repeats(0, 0))
    assert price.both.bounces == (0.0, 0.0, 0.0)
    assert price.both.replies == (0.0, 0.0, 0.0)


def test_the_sentences_name_count_interval_and_basis():
    price = price_of(plan(*dead(30), *silent(182)), NOTHING, Repeats(37, 34))
    said = [Translator("en").text(sentence) for sentence in price_sentences(price)]
    assert said[0].startswith("Removes 30 contacts: avoids 27 [")
    assert said[1].startswith("Pauses 182 contacts: avoids 0.9 [")
    assert said[2].startswith("Together 212 contacts: avoids ")
    assert "In brackets: the 80% interval." in said[3]
    assert said[4] == "Of 37 dead addresses that were written to again, 34 bounced again."


# --- the history's own repeated mails ---------------------------------------------------------------------------------
TEXTS = [
    {"bounce_key": 1, "category": "invalid_mailbox", "fault": "address", "action": "remove"},
    {"bounce_key": 2, "category": "reputation", "fault": "sender", "action": "fix_sender"},
    {"bounce_key": 3, "category": "unknown", "fault": "unknown", "action": "review"},
    {"bounce_key": 4, "category": "invalid_mailbox", "fault": "address", "action": "review"},
]
EVENT = st.tuples(st.sampled_from(["sent", "sent", 1, 2, 3, 4]), st.integers(0, 60))


def expected(histories):
    """The slow and obvious form of `repeated_bounces.sql`."""
    tried = again = 0
    latest = max(moment for history in histories for _, moment in history)
    for history in histories:
        first = min((at for kind, at in history if kind == 1), default=None)
        if first is None:
            continue
        back = any(kind in (1, 3, 4) and at > first for kind, at in history)
        sent = any(kind == "sent" and first < at <= latest - 3 for kind, at in history)
        tried += sent or back
        again += back
    return Repeats(tried, again)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(EVENT, min_size=1, max_size=6, unique_by=lambda event: event[1]), min_size=1, max_size=5))
def test_repeated_mails_are_counted_as_the_obvious_form_counts_them(tmp_path_factory, histories):
    events = [
        {
            "contact_key": key,
            "sender_key": 1,
            "type": kind if kind == "sent" else "bounce",
            "bounce_key": None if kind == "sent" else kind,
            "enrollment_key": None,
            "at": day(at),
        }
        for key, history in enumerate(histories, start=1)
        for kind, at in history
    ]
    contacts = [{"contact_key": key, "contact_id": f"c{key}"} for key in range(1, len(histories) + 1)]
    senders = [{"sender_key": 1, "sender_id": "s"}]
    folder = tmp_path_factory.mktemp("tables")
    tables = make_tables(folder, events=events, contacts=contacts, senders=senders, bounce_texts=TEXTS)
    with open_engine() as engine:
        engine.attach(tables)
        assert read_repeats(engine, tables.report, Settings()) == expected(histories)


def test_the_interval_of_the_replies_holds_what_it_promises_where_the_model_is_right():
    """With chances that share their luck as `SHARED` says, four outcomes in five lie within."""
    random = np.random.default_rng(7)
    share = price_of(plan(*silent(1500, p=0.01)), NOTHING, Repeats(0, 0)).paused.replies
    spread = np.sqrt(SHARED) * (logit(0.02) - logit(0.005)) / (2 * NINETY)
    chance = expit(logit(0.01) + spread * random.standard_normal(4000))
    outcomes = random.binomial(1500, chance * 0.01 / chance.mean())
    assert np.mean((outcomes >= share.low) & (outcomes <= share.high)) == pytest.approx(0.8, abs=0.03)
