"""Looking back: what each rule would have done, counted by hand, and held against a slow and obvious version."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, norm
from sklearn.metrics import brier_score_loss, roc_auc_score

from hygiene.flags.engagement import backtest as module
from hygiene.flags.engagement.backtest import FEWEST, LOST_REPLIES, ORIGINS, TENTHS, Backtest, auc, backtest
from hygiene.flags.engagement.features import AHEAD
from hygiene.flags.engagement.histories import histories
from hygiene.flags.engagement.model import EngagementModel, known_at
from hygiene.settings import Settings
from tests.flags.engagement.makers import NEVER, Mail, make_sends, simulated

if TYPE_CHECKING:
    from hygiene.facts.engagement import Sends

AS_OF = 195.0
SPAN = 300.0


# --- thirty contacts, by hand -----------------------------------------------------------------------------------------
def small(contacts: int = 30) -> list[Mail]:
    """Twenty mails to each, ten days apart.

    The past ends at days 95, 123.5 and 152. Contacts 0 to 19 give no sign of life at all, 24 and later click once, on
    the mail of day 80; the others do what is written here.
    """
    answers = {
        20: {100: "reply"},
        21: {130: "reply"},
        22: {20: "click"},
        23: {40: "reply", 160: "reply"},
    }
    mails = []
    for contact in range(contacts):
        did = answers.get(contact, {80: "click"} if contact >= 24 else {})
        for day in range(0, 200, 10):
            kind = did.get(day)
            times = {"reply": {"replied_at": day + 1.0}, "click": {"clicked_at": day + 1.0}, None: {}}[kind]
            mails.append(Mail(contact, float(day), **times))
    return mails


def looked_back(mails: list[Mail] | None = None, as_of: float = AS_OF, contacts: int = 30, **given: Any) -> Backtest:
    return backtest(make_sends(small() if mails is None else mails, contacts), as_of, {}, Settings(**given))


def rules(result: Backtest) -> dict[str, tuple[int, ...]]:
    return {rule.rule: tuple(rule[1:]) for rule in result.rules}


def test_the_past_ends_where_so_many_mails_lie_before() -> None:
    found = looked_back().origins
    assert [origin.moment for origin in found] == pytest.approx([95.0, 123.5, 152.0])
    assert [(origin.judged, origin.replied, origin.is_stacked) for origin in found] == [(30, 1, False)] * 3


def test_the_rules_of_others_counted_by_hand() -> None:
    """Each moment is followed by three mails, 3 · 29 + 1 = 88 up to the one reply.

    HubSpot's rule at day 95: nobody had 11 mails. At 123.5 (12 mails that had their chance): contacts 0–19 and 21, who
    then replies; 22 was silent for 9 mails only. At 152: 0–19.

    No sign of life for 90 days, at 95: 0–21, of whom 20 then replies. At 123.5: 0–19, 21, who replies, and 22. At 152:
    0–19, 22, and 23, who replies.
    """
    found = rules(looked_back())
    assert found["everything"] == (90, 0, 3, 0, 264, 0)
    assert found["hubspot_11_16"] == (90, 0 + 21 + 20, 3, 0 + 1 + 0, 264, 0 + 61 + 60)
    assert found["ninety_days"] == (90, 22 + 22 + 22, 3, 1 + 1 + 1, 264, 64 + 64 + 64)


def test_silence_and_the_common_rate_ranked_by_hand() -> None:
    """The one that replies at 95 ties with 28 and is behind 23; at 123.5 it ties with 27; at 152 it beats 27."""
    found = looked_back().origins
    silence = [next(ranking for ranking in origin.rankings if ranking.score == "silence") for origin in found]
    assert [ranking.auc for ranking in silence] == pytest.approx([14 / 29, 13.5 / 29, 27 / 29])
    assert [ranking.brier for ranking in silence] == [None] * 3
    common = [next(ranking for ranking in origin.rankings if ranking.score == "base_rate") for origin in found]
    chances = [1 - (1 - replies / sends) ** 3 for replies, sends in ((1, 300), (2, 360), (3, 450))]
    assert [ranking.auc for ranking in common] == [0.5] * 3
    assert [ranking.brier for ranking in common] == pytest.approx([(29 * p**2 + (1 - p) ** 2) / 30 for p in chances])


def test_a_mail_that_may_yet_be_answered_says_nothing() -> None:
    """At day 184 the mails of day 180 have not had their five days: the last look sees two mails, not three."""
    found = looked_back(as_of=184.0)
    assert [origin.moment for origin in found.origins] == pytest.approx([90.0, 120.0, 150.0])
    assert found.rules[0][1:] == (90, 0, 3, 0, 88 + 88 + 2 * 29 + 1, 0)
    assert rules(found) == slow_rules(make_sends(small(), 30), 184.0, Settings())


def test_thresholds_at_their_ends() -> None:
    free = rules(looked_back(send_cost=0, complaint_cost=0))
    assert free["ours"] == (90, 0, 3, 0, 264, 0)
    dear = rules(looked_back(send_cost=1e9))
    assert dear["ours"] == (90, 90, 3, 3, 264, 264)
    patient = rules(looked_back(send_cost=1e9, max_lost_replies=1, pause_after=14))
    # Ten and thirteen mails had gone out by the first two moments, sixteen by the third.
    assert patient["ours"] == patient["ours_budget"] == (90, 30, 3, 1, 264, 88)


def test_budgets_at_their_ends_and_in_between() -> None:
    shares = (0.0, 0.02, 0.1, 0.4, 1.0)
    found = {share: backtest(world(), SPAN, {}, Settings(max_lost_replies=share)) for share in shares}
    assert [result.budget for result in found.values()] == list(found)
    paused = [rules(result)["ours_budget"][1] for result in found.values()]
    assert paused == sorted(set(paused))  # more with each
    assert paused[0] == 0
    assert len({rules(result)["ours"] for result in found.values()}) == 1  # the costs do not ask for the budget
    assert of_world().budget == LOST_REPLIES
    assert rules(looked_back(max_lost_replies=1, pause_after=0))["ours_budget"] == (90, 90, 3, 3, 264, 264)


def test_complaints_raise_the_threshold() -> None:
    sends = make_sends(small(), 30, source=[1] * 30)
    settings = Settings(send_cost=0.0, complaint_cost=100.0)
    few, many = (rules(backtest(sends, AS_OF, {1: (600, found)}, settings))["ours"] for found in (0, 400))
    assert few[1] < many[1] == 90


# --- too little -------------------------------------------------------------------------------------------------------
def test_an_empty_history_and_one_that_lies_in_the_future() -> None:
    nothing = Backtest((), (), (), LOST_REPLIES)
    assert backtest(make_sends([], 0), AS_OF, {}, Settings()) == nothing
    assert backtest(make_sends([], 9), AS_OF, {}, Settings()) == nothing
    assert looked_back(as_of=-1.0) == nothing
    assert looked_back([Mail(contact, 5.0) for contact in range(30)]) == nothing  # all at once: nothing comes after


@pytest.mark.parametrize(("contacts", "looks"), [(FEWEST - 1, 0), (FEWEST, 3)])
def test_a_moment_with_too_few_contacts_is_left_out(contacts: int, looks: int) -> None:
    mails = [mail._replace(contact=mail.contact - 4) for mail in small(FEWEST + 4) if mail.contact >= 4]
    mails = [mail for mail in mails if mail.contact >= FEWEST - contacts]
    assert len(looked_back(mails, contacts=FEWEST).origins) == looks


@pytest.mark.parametrize("answered", [False, True])
def test_a_moment_with_only_replies_or_only_silence_is_left_out(answered: bool) -> None:
    mails = [mail._replace(replied_at=mail.sent_at + 1 if answered else NEVER) for mail in small()]
    assert looked_back(mails) == Backtest((), (), (), LOST_REPLIES)


def test_one_such_moment_does_not_take_the_others_along() -> None:
    mails = [mail._replace(replied_at=NEVER) if mail.sent_at == 130 else mail for mail in small()]
    found = looked_back(mails)
    assert [origin.moment for origin in found.origins] == pytest.approx([95.0, 152.0])
    assert found.rules[0].judged == 60
    assert sum(point.mails for point in found.calibration) == found.rules[0].mails == 2 * 88


def test_progress_is_told_before_each_moment() -> None:
    told: list[float] = []
    backtest(make_sends(small(), 30), AS_OF, {}, Settings(), told.append)
    assert told == [0, 1 / 3, 2 / 3]


# --- against a slow and obvious version -------------------------------------------------------------------------------
@cache
def world() -> Sends:
    return simulated(1_500, seed=21, span=SPAN)


@cache
def of_world() -> Backtest:
    return backtest(world(), SPAN, {}, Settings())


def rows_of(sends: Sends, contact: int) -> list[dict[str, float]]:
    names = ("sent_at", "replied_at", "clicked_at", "opened_at")
    return [
        {name: float(getattr(sends, name)[at]) for name in names} for at in np.flatnonzero(sends.contact == contact)
    ]


def slow_look(sends: Sends, moment: float, as_of: float, settings: Settings) -> list[dict[str, Any]]:
    """Return each judged contact with what came and what each rule says, looking at one mail after the other."""
    model = EngagementModel().fit(sends, moment)
    said = model.predict(sends, moment)
    short_of = max(model.stack_.tail, 1.0) if model.stack_ else 1.0
    threshold = AHEAD * (settings.send_cost + 0.001 * settings.complaint_cost) / settings.reply_value
    found = []
    for contact in range(len(sends.keys)):
        mails = rows_of(sends, contact)
        past = [mail for mail in mails if mail["sent_at"] <= moment]
        later = [mail for mail in mails if moment < mail["sent_at"] <= as_of][:AHEAD]
        answers = []
        for mail in later:
            replied = mail["replied_at"] <= as_of
            if mail["sent_at"] <= as_of - model.delay_:
                answers.append(replied)
            if replied:
                break
        if not past or not answers:
            continue
        ripe = [mail for mail in past if mail["sent_at"] <= moment - model.delay_ or mail["replied_at"] <= moment]
        hidden = opens_say_nothing(past, moment)
        kinds = ("replied_at", "clicked_at") if hidden else ("replied_at", "clicked_at", "opened_at")
        signs = [any(mail[kind] <= moment for kind in kinds) for mail in ripe]
        silent = signs[::-1].index(True) if any(signs) else len(signs)
        moments = [mail[kind] for mail in past for kind in kinds if mail[kind] <= moment]
        found.append(
            {
                "contact": contact,
                "answers": answers,
                "replied": any(answers),
                "p": said.p_reply[contact],
                "feared": one_deviation_above(said.p_reply[contact], said.high[contact]) * short_of,
                "past": len(ripe),
                "everything": False,
                "hubspot_11_16": silent >= 16 or (silent >= 11 and not any(signs)),
                "ninety_days": moment - max(moments, default=past[0]["sent_at"]) > 90,
                "ours": said.p_reply[contact] < threshold and len(ripe) >= settings.pause_after,
            }
        )
    return found


def opens_say_nothing(past: list[dict[str, float]], moment: float) -> bool:
    """Tell whether nearly everything is opened: a proxy opens 95 % of the mails, a keen reader 48 % exactly once."""
    ripe = [mail for mail in past if mail["sent_at"] <= moment - 1]
    return sum(0.7 if mail["opened_at"] <= moment else -2.3 for mail in ripe) >= 1


def one_deviation_above(p: float, high: float) -> float:
    """Return the chance one standard deviation above; `high` is the upper limit of a 90 % interval."""
    middle, end = np.log(p / (1 - p)), np.log(high / (1 - high))
    return float(1 / (1 + np.exp(-(middle + (end - middle) / norm.ppf(0.95)))))


def slow_budget(rows: list[dict[str, Any]], share: float, pause_after: int) -> list[dict[str, Any]]:
    """Return whom a share of the replies lets pause: in each band of mails so far, as many as it pays for."""
    paused = []
    for least, most in ((0, 2), (3, 10), (11, 10**9)):
        band = [row for row in rows if max(least, pause_after) <= row["past"] <= most]
        left = share * sum(row["p"] for row in band)
        for row in sorted(band, key=lambda row: row["p"]):
            left -= row["feared"]
            if left < 0:
                # Who has the same chance as the first that cannot be paid for is not told apart from it.
                paused += [other for other in band if other["p"] < row["p"]]
                break
        else:
            paused += band
    return paused


def slow_rules(sends: Sends, as_of: float, settings: Settings) -> dict[str, tuple[int, ...]]:
    known = known_at(sends, as_of)
    share = LOST_REPLIES if settings.max_lost_replies is None else settings.max_lost_replies
    totals: dict[str, np.ndarray] = {}
    for quantile in ORIGINS:
        rows = slow_look(known, float(np.quantile(known.sent_at, quantile)), as_of, settings)
        chosen = {name: [row for row in rows if row[name]] for name in OURS_AND_OTHERS}
        chosen["ours_budget"] = slow_budget(rows, share, settings.pause_after)
        for name, paused in chosen.items():
            counts = (
                len(rows),
                len(paused),
                sum(row["replied"] for row in rows),
                sum(row["replied"] for row in paused),
                sum(len(row["answers"]) for row in rows),
                sum(len(row["answers"]) for row in paused),
            )
            totals[name] = totals.get(name, 0) + np.array(counts)
    return {name: tuple(counts.tolist()) for name, counts in totals.items()}


OURS_AND_OTHERS = ("everything", "hubspot_11_16", "ninety_days", "ours")


@pytest.mark.parametrize(
    "settings",
    [Settings(), Settings(send_cost=5.0, pause_after=6, reply_value=50.0, max_lost_replies=0.15)],
    ids=["a", "b"],
)
def test_every_count_is_that_of_a_slow_and_obvious_version(settings: Settings) -> None:
    found = backtest(world(), SPAN, {}, settings)
    assert len(found.origins) == 3
    assert rules(found) == slow_rules(world(), SPAN, settings)
    counts = {name: rule[1] for name, rule in rules(found).items()}
    assert all(counts[name] > 20 for name in counts if name != "everything")


def test_the_rankings_are_those_of_the_judged_at_each_moment() -> None:
    assert any(origin.is_stacked for origin in of_world().origins)
    for origin in of_world().origins:
        rows = slow_look(world(), origin.moment, SPAN, Settings())
        replied = np.array([row["replied"] for row in rows])
        assert (origin.judged, origin.replied) == (len(rows), replied.sum())
        p = np.array([row["p"] for row in rows])
        model = next(ranking for ranking in origin.rankings if ranking.score == "model")
        assert model.auc == pytest.approx(roc_auc_score(replied, p))
        assert model.brier == pytest.approx(brier_score_loss(replied, p))
        fitted = EngagementModel().fit(world(), origin.moment)
        now = histories(known_at(world(), origin.moment), origin.moment, fitted.delay_)
        alone = fitted.sources_.p_reply(now, world().source, AHEAD)[[row["contact"] for row in rows]]
        bgbb = next(ranking for ranking in origin.rankings if ranking.score == "bgbb")
        assert bgbb.auc == pytest.approx(roc_auc_score(replied, alone))
        assert bgbb.brier == pytest.approx(brier_score_loss(replied, alone))
        assert (model.auc == bgbb.auc) is not origin.is_stacked


# --- calibration ------------------------------------------------------------------------------------------------------
def test_the_tenths_are_equally_large_and_add_up_to_all_mails() -> None:
    points, everything = of_world().calibration, of_world().rules[0]
    assert len(points) == TENTHS
    assert sum(point.mails for point in points) == everything.mails
    assert sum(point.replied for point in points) == everything.replied  # one reply each: the first
    assert max(point.mails for point in points) - min(point.mails for point in points) <= 1
    assert all(before.predicted <= after.predicted for before, after in pairwise(points))


def test_what_is_predicted_of_the_mails_is_the_chance_of_each_given_silence_before() -> None:
    total = 0.0
    for origin in of_world().origins:
        model = EngagementModel().fit(world(), origin.moment)
        past = known_at(world(), origin.moment)
        chances = model.hazards(past, histories(past, origin.moment, model.delay_), origin.moment)
        for row in slow_look(world(), origin.moment, SPAN, Settings()):
            # A mail that may yet be answered comes last: the ones before it are counted from the first.
            total += chances[row["contact"], : len(row["answers"])].sum()
    points = of_world().calibration
    assert sum(point.predicted * point.mails for point in points) == pytest.approx(total)


def test_the_limits_are_those_of_jeffreys() -> None:
    for result in (of_world(), looked_back()):
        for point in result.calibration:
            expected = beta.ppf((0.05, 0.95), point.replied + 0.5, point.mails - point.replied + 0.5)
            assert (point.low, point.high) == pytest.approx(tuple(expected), rel=1e-9)
            assert point.low <= max(point.observed, point.low) <= point.high
            assert point.observed == point.replied / point.mails
    assert {0, 1} <= {point.replied for point in looked_back().calibration}


def test_in_a_world_that_does_not_move_most_limits_hold_what_was_predicted() -> None:
    points = of_world().calibration
    assert sum(point.low <= point.predicted <= point.high for point in points) >= TENTHS / 2
    assert points[-1].observed > 4 * points[0].observed


# --- time -------------------------------------------------------------------------------------------------------------
def test_nothing_after_the_moment_of_the_data_matters() -> None:
    cut = 220.0
    known = known_at(world(), cut)
    assert len(known.sent_at) < len(world().sent_at)
    late = world()._replace(
        replied_at=np.where(world().sent_at > cut - 3, cut + 0.5, world().replied_at),
        clicked_at=np.where(world().sent_at > cut, world().sent_at + 1, world().clicked_at),
    )
    moved = late._replace(replied_at=np.where(known_reply(world(), cut), world().replied_at, late.replied_at))
    expected = backtest(known, cut, {}, Settings())
    assert len(expected.origins) == 3
    assert backtest(world(), cut, {}, Settings()) == expected
    assert backtest(moved, cut, {}, Settings()) == expected


def known_reply(sends: Sends, cut: float) -> np.ndarray:
    return sends.replied_at <= cut


def test_no_rule_looks_at_what_came_after_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ORIGINS", (0.5,))
    sends = world()
    (origin,) = backtest(sends, SPAN, {}, Settings()).origins
    # Everything after the moment turns out the other way round; whom it lets judge stays the same.
    after = sends.sent_at > origin.moment
    replied = np.where(after, np.where(np.isfinite(sends.replied_at), np.inf, sends.sent_at + 0.1), sends.replied_at)
    # An answer to a mail before the moment that came after it is not known then either.
    replied = np.where(~after & (sends.replied_at > origin.moment), origin.moment + 0.2, replied)
    other = sends._replace(
        replied_at=replied,
        clicked_at=np.where(after, sends.sent_at + 0.1, sends.clicked_at),
        opened_at=np.where(after, np.inf, sends.opened_at),
    )
    one, two = (backtest(each, SPAN, {}, Settings()) for each in (sends, other))
    assert [rule.paused for rule in one.rules] == [rule.paused for rule in two.rules]
    assert [rule.lost for rule in one.rules][1:] != [rule.lost for rule in two.rules][1:]


def test_equal_input_gives_equal_output() -> None:
    assert backtest(simulated(1_500, seed=21, span=SPAN), SPAN, {}, Settings()) == of_world()


# --- auc --------------------------------------------------------------------------------------------------------------
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 6).map(lambda score: score / 7), st.booleans()), min_size=2, max_size=60
    ).filter(lambda rows: len({happened for _, happened in rows}) == 2)
)
def test_auc_is_that_of_scikit_learn_with_ties_and_that_of_counting_pairs(rows: list[tuple[float, bool]]) -> None:
    score, happened = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    pairs = [(yes > no) + (yes == no) / 2 for yes in score[happened] for no in score[~happened]]
    assert auc(score, happened) == pytest.approx(np.mean(pairs))
    assert auc(score, happened) == pytest.approx(roc_auc_score(happened, score))


def test_auc_of_all_ties_is_a_coin_and_of_the_perfect_order_one() -> None:
    happened = np.array([True, False, True, False, False])
    assert auc(np.zeros(5), happened) == 0.5
    assert auc(happened.astype(float), happened) == 1.0
    assert auc(-happened.astype(float), happened) == 0.0
