"""The rules: worked cases, and the vectorised forms against the slow ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.errors import ModelError
from hygiene.flags.pauses.rules import _rule, fires, first_stops, pause_rules
from hygiene.flags.pauses.types import Tier
from tests.flags.pauses.slow import Mail, slow_fires, stream_of

RULES = {rule.name: rule for rule in pause_rules()}


def mails(text: str, a_day: int = 50) -> list[Mail]:
    """`.` is a mail that arrived, `x` one that bounced off its address, `s` one refused through the sender's fault."""
    return [Mail(at // a_day, letter in "xs", letter == "x") for at, letter in enumerate(text)]


def stop(name: str, *senders: list[Mail], overdispersion: float = 0.0) -> list[int]:
    stream = stream_of(*senders)
    found = first_stops(fires(RULES[name], stream, overdispersion), stream)
    return np.where(found >= 0, found - stream.first[:-1], -1).tolist()


def test_each_rule_has_a_source_with_a_date_or_is_ours():
    unsourced = {rule.name for rule in pause_rules() if rule.source is None}
    assert unsourced == {"naive", "beta_95", "beta_99", "ours"}
    assert all(rule.source.says and rule.source.date.year >= 2026 for rule in pause_rules() if rule.source)


@pytest.mark.parametrize(
    ("name", "text", "at"),
    [
        # 4 of a day's 50 are 8 %; the day's total is known from its first mail on.
        ("reply_io", "." * 50 + "xx.x" + "." * 45 + "x", 99),
        ("reply_io", "." * 50 + "xx.x" + "." * 46, -1),
        # The first day bounces twice, the second twice: the count starts anew each day.
        ("reply_io", "xx" + "." * 48 + "xx" + "." * 48, -1),
        ("woodpecker", "x" + "." * 18, -1),
        ("woodpecker", "x" + "." * 19, 19),
        ("woodpecker", "." * 49 + "x", 49),  # 1 of 50 reaches 2 %
        ("woodpecker", "." * 50 + "x", -1),
        ("instantly", "x" + "." * 48, -1),
        ("instantly", "x" + "." * 49, 49),
        ("instantly", "." * 99 + "x" + "." * 98 + "x", 198),  # the 2nd within 100 mails
        ("instantly", "." * 99 + "x" + "." * 99 + "x", -1),
        ("superkabe_warns", "xx" + "." * 57 + "x", 59),
        ("superkabe_warns", "xx" + "." * 58 + "x", -1),
        ("superkabe", "xxxxx", 4),
        ("superkabe", "xxxx" + "." * 96 + "x", -1),
        ("superkabe", "xxxx" + "." * 95 + "x", 99),
        ("warmysender", "xxx" + "." * 47, 49),
        ("warmysender", "." * 57 + "xxx", -1),  # 3 of 60 are 5 %, no more
        ("sequenzy", "x" * 19 + "." * 80, -1),
        ("sequenzy", "x" * 20, 19),
        ("sequenzy", "x" * 11 + "." * 89, 99),
        ("sequenzy", "x" * 10 + "." * 490, -1),
        ("sequenzy", "." * 474 + "x" * 26, 499),
        ("leadorbit", "xxxxxx" + "." * 44, 49),
        ("leadorbit", "." * 45 + "xxxxx", -1),
        ("naive", "." * 19 + "x", -1),
        ("naive", "." * 18 + "x", 18),
        # peers.md 1.2, measured: 6 of 50, 8 of 100, 12 of 200, 23 of 500.
        ("beta_95", "." * 44 + "x" * 6, 49),
        ("beta_95", "." * 45 + "x" * 5, -1),
        ("beta_95", "." * 92 + "x" * 8, 99),
        ("beta_95", "." * 93 + "x" * 7, -1),
        ("beta_95", "." * 188 + "x" * 12, 199),
        ("beta_95", "." * 189 + "x" * 11, -1),
        ("beta_95", "." * 477 + "x" * 23, 499),
        ("beta_95", "." * 478 + "x" * 22, -1),
    ],
)
def test_a_rule_stops_after_the_mail_that_it_says(name, text, at):
    assert stop(name, mails(text)) == [at]


def test_published_rules_count_every_bounce_and_ours_only_those_of_the_address():
    refused = mails("s" * 40)
    assert stop("superkabe", refused) == [4]
    assert stop("beta_95", refused) == stop("ours", refused) == [-1]


def test_a_bounce_older_than_the_window_is_forgotten():
    old = [Mail(0)] * 40 + [Mail(0, 1, 1)] * 5
    new = [Mail(28), Mail(28, 1, 1)]
    assert stop("beta_95", old + new) == stop("ours", old + new) == [-1]
    assert stop("beta_95", old + [mail._replace(day=27) for mail in new]) == [46]


def test_a_bad_list_weighs_less_than_as_many_bad_mails():
    one_list = [Mail(0)] * 92 + [Mail(0, 1, 1)] * 8
    many_lists = [mail._replace(list=at) for at, mail in enumerate(one_list)]
    assert stop("ours", one_list, many_lists, overdispersion=0.02) == [-1, 99]
    assert stop("ours", one_list, many_lists, overdispersion=0.0) == [99, 99]


def test_a_rule_that_lacks_a_number_names_the_file():
    with pytest.raises(ModelError, match=r"rules\.toml"):
        _rule({"name": "x", "owner": "x", "kind": "share", "pause_days": 0, "source": "none"}, {})
    bare = _rule({"name": "x", "owner": "x", "kind": "count", "pause_days": 0}, {})
    with pytest.raises(ModelError, match=r"rules\.toml"):
        fires(bare, stream_of([Mail(0)]))


# --- properties -------------------------------------------------------------------------------------------------------
def _mail(draw_bounce: st.SearchStrategy[tuple[int, int]]) -> st.SearchStrategy[tuple[int, tuple[int, int], int, int]]:
    return st.tuples(
        st.sampled_from([0, 0, 0, 0, 1, 9, 30]), draw_bounce, st.integers(0, 3), st.sampled_from([1, 1, 1, 1, 0])
    )


BOUNCE = st.sampled_from([(0, 0)] * 6 + [(1, 1), (1, 0), (2, 1)])
SENDER = st.lists(_mail(BOUNCE), min_size=1, max_size=140).map(
    lambda steps: [
        Mail(day, bounced, address, clump, sends if bounced else 1)
        for day, (_, (bounced, address), clump, sends) in zip(
            np.cumsum([step[0] for step in steps]).tolist(), steps, strict=True
        )
    ]
)
SMALL = {
    "count of 4": replace(RULES["superkabe"], bounces=2, window_sends=4),
    "share of 9": replace(RULES["instantly"], rate=0.2, min_sends=3, window_sends=9),
    "share of days": replace(RULES["woodpecker"], rate=0.25, min_sends=3),
    "small tiers": replace(
        RULES["sequenzy"], tiers=(Tier(1, bounces=3), Tier(8, rate=0.25), Tier(20, rate=0.125)), window_days=None
    ),
    "quick to doubt": replace(RULES["ours"], certainty=0.8),
}
"""As the published ones, with numbers that short streams reach."""
RULES |= SMALL
NAMES = st.sampled_from(sorted(RULES))
RHO = st.sampled_from([0.0, 0.02, 0.3])


@settings(max_examples=150, deadline=None)
@given(NAMES, st.lists(SENDER, min_size=1, max_size=3), RHO)
def test_the_vectorised_form_says_what_the_slow_one_says(name, senders, rho):
    expected = [fired for sender in senders for fired in slow_fires(RULES[name], sender, rho)]
    assert fires(RULES[name], stream_of(*senders), rho).tolist() == expected


@settings(max_examples=150, deadline=None)
@given(NAMES, SENDER, RHO, st.data())
def test_more_bounces_never_pause_later(name, sender, rho, data):
    more = list(sender)
    for at in data.draw(st.sets(st.integers(0, len(sender) - 1), max_size=5)):
        more[at] = more[at]._replace(bounced=more[at].bounced + 1, address=more[at].address + 1)
    never = len(sender)
    first, then = (
        (found[0] if found[0] >= 0 else never) for found in (stop(name, x, overdispersion=rho) for x in (sender, more))
    )
    assert then <= first


@settings(max_examples=60, deadline=None)
@given(NAMES, st.lists(SENDER, min_size=2, max_size=4), RHO, st.randoms())
def test_the_order_of_senders_is_irrelevant(name, senders, rho, random):
    order = list(range(len(senders)))
    random.shuffle(order)
    alone = stop(name, *senders, overdispersion=rho)
    assert stop(name, *(senders[at] for at in order), overdispersion=rho) == [alone[at] for at in order]


@settings(max_examples=60, deadline=None)
@given(NAMES, SENDER, RHO)
def test_what_comes_later_changes_no_stop_before_it(name, sender, rho):
    half = len(sender) // 2 + 1
    day_ends = [at for at in range(half, len(sender)) if sender[at].day != sender[at - 1].day]
    cut = day_ends[0] if day_ends else len(sender)  # within a day, the day's own total is known
    whole = fires(RULES[name], stream_of(sender), rho)
    assert fires(RULES[name], stream_of(sender[:cut]), rho).tolist() == whole[:cut].tolist()
