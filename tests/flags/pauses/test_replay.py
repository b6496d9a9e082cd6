"""The judgement of stops: worked cases, a known onset, and what must change nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from hygiene.flags.pauses.replay import find_crossings, judge, replay, sends_lost
from hygiene.flags.pauses.rules import our_rule, pause_rules
from hygiene.flags.pauses.simulate import SENDS_A_DAY, simulated_stream
from hygiene.flags.pauses.types import Stream
from tests.flags.pauses.slow import Mail, stream_of

RULES = {rule.name: rule for rule in pause_rules()}


def run(day: int, sends: int, bounces: int = 0, **more: int) -> list[Mail]:
    """`sends` mails of one day, the last of which bounce; each of a list of its own unless said."""
    mails = [Mail(day, at >= sends - bounces, at >= sends - bounces, day * 1_000 + at) for at in range(sends)]
    return [mail._replace(**more) for mail in mails]


def replayed(name: str, *senders: list[Mail]):
    return replay(stream_of(*senders), [RULES[name]], overdispersion=0.02).rules[0]


def test_a_stop_before_clean_mails_is_false_and_one_before_bounces_right():
    clean = run(0, 10, 5) + run(1, 100)
    bad = run(0, 10, 5) + run(1, 100, 9)
    found = replayed("superkabe", clean, bad)
    assert (found.stopped, found.right, found.false, found.not_judged) == (2, 1, 1, 0)


def test_a_stop_is_not_judged_where_too_few_mails_follow_or_both_is_possible():
    few = run(0, 10, 5) + run(1, 49)
    unclear = run(0, 10, 5) + run(1, 100, 4)
    found = replayed("superkabe", few, unclear)
    assert (found.stopped, found.right, found.false, found.not_judged) == (2, 0, 0, 2)


def test_fifty_clean_mails_are_enough_to_judge():
    assert replayed("superkabe", run(0, 10, 5) + run(1, 50)).false == 1


def test_the_bounces_that_led_to_a_stop_do_not_judge_it():
    stream = stream_of(run(0, 60, 30) + run(1, 100))
    right, false = judge(stream, np.array([59]), our_rule(), 0.0)
    assert (right.tolist(), false.tolist()) == ([False], [True])


def test_mails_of_later_than_28_days_judge_only_where_fifty_are_missing():
    late_trouble = run(0, 10, 5) + run(1, 60) + run(40, 200, 60)
    assert replayed("superkabe", late_trouble).false == 1
    rare = run(0, 10, 5) + run(1, 10) + run(40, 100, 40)
    assert replayed("superkabe", rare).false == 1  # of day 40 only the 40 mails that were missing, and they are clean
    rare_and_bad = run(0, 10, 5) + run(1, 10) + run(40, 100, 100)
    assert replayed("superkabe", rare_and_bad).right == 1


def test_one_bad_list_after_a_stop_does_not_make_it_right():
    other = [mail._replace(list=1) for mail in run(1, 100, 9)]
    found = replayed("superkabe", run(0, 10, 5) + other)
    assert (found.right, found.not_judged) == (0, 1)


@pytest.mark.parametrize(
    ("name", "lost"), [("reply_io", 5), ("warmysender", 25), ("superkabe", 65), ("instantly", 145)]
)
def test_sends_lost_are_those_of_the_pause_as_published(name, lost):
    mails = run(0, 10, 5) + [mail for day in range(1, 20) for mail in run(day, 20)]
    assert sends_lost(RULES[name], stream_of(mails), np.array([4])).tolist() == [lost]


def test_no_stop_loses_nothing():
    assert sends_lost(RULES["superkabe"], stream_of(run(0, 10)), np.array([-1])).tolist() == [0]


def test_a_crossing_is_dated_back_to_where_the_bad_days_began():
    good = [mail for day in range(10) for mail in run(day, 50)]
    bad = [mail for day in range(10, 16) for mail in run(day, 50, 6)]
    stream = stream_of(good + bad)
    (crossing,) = find_crossings(stream, our_rule(), 0.0)
    assert stream.day[crossing] == 10
    assert stream.address_bounces[crossing] == 1


def test_lateness_runs_from_the_crossing_and_who_never_stops_misses():
    good = [mail for day in range(10) for mail in run(day, 50)]
    bad = [mail for day in range(10, 18) for mail in run(day, 50, 5)]
    found = {rule.rule.name: rule for rule in replay(stream_of(good + bad), pause_rules(), 0.0).rules}
    assert (found["superkabe"].median_days_late, found["superkabe"].missed) == (0, 0)
    # A week from day 10 on: six good days and a bad one, five and two, …; the 28 days say so later.
    week = [beta.sf(0.03, 1 + 5 * (days + 1), 49 + 350 - 5 * (days + 1)) >= 0.95 for days in range(7)]
    month = [beta.sf(0.03, 1 + 5 * (days + 1), 49 + 500 + 45 * (days + 1)) >= 0.95 for days in range(7)]
    sure = [days for days in range(7) if week[days] or month[days]]
    assert found["ours"].median_days_late == found["ours"].most_days_late == sure[0]
    assert (found["leadorbit"].missed, found["leadorbit"].median_days_late) == (1, None)


def test_a_false_alarm_before_the_crossing_does_not_count_as_early():
    alarm = run(0, 10, 5)
    calm = [mail for day in range(40, 60) for mail in run(day, 50)]
    bad = [mail for day in range(60, 70) for mail in run(day, 50, 8)]
    found = replayed("superkabe", alarm + calm + bad)
    assert found.stopped == 1
    assert (found.missed, found.median_days_late) in ((0, 0), (0, 1))


def test_the_date_of_a_crossing_is_near_the_true_one_on_average():
    rng = np.random.default_rng(4)
    senders, sends = 300, 750
    before, after = (simulated_stream(rng, rate, 0.0, senders, sends) for rate in (0.01, 0.08))
    index = np.lexsort((np.repeat([0, 1], senders * sends), np.concatenate([before.sender, after.sender])))
    shift = {"day": sends // SENDS_A_DAY, "clump": int(before.clump.max()) + 1}
    stream = Stream(
        **{
            name: np.concatenate([getattr(before, name), getattr(after, name) + shift.get(name, 0)])[index]
            for name in ("sender", "day", "clump", "sends", "bounces", "address_bounces")
        }
    )
    crossings = find_crossings(stream, our_rule(), 0.0)
    assert (crossings >= 0).mean() > 0.93  # fifteen good days are in the window for long
    late = stream.day[crossings[crossings >= 0]] - sends // SENDS_A_DAY
    assert abs(np.median(late)) <= 1
    assert np.mean(np.abs(late) <= 4) > 0.85


def test_the_order_of_senders_changes_nothing():
    senders = [run(0, 10, 5) + run(1, 100, at) for at in range(8)]
    one, other = (replay(stream_of(*x), pause_rules()) for x in (senders, senders[::-1]))
    assert one == other


def test_a_history_of_nothing_replays_to_nothing():
    empty = simulated_stream(np.random.default_rng(0), 0.1, 0.0, 0)
    result = replay(empty, pause_rules())
    assert (result.senders, result.crossed) == (0, 0)
    assert all(rule.stopped == rule.sends_lost == rule.missed == 0 for rule in result.rules)
