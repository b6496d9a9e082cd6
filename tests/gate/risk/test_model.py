"""The risk model: what it predicts, and the laws that its draws obey."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hygiene.gate.risk import Group, RiskModel, RiskRow
from tests.canonical import day
from tests.gate.risk.making import learned, row

TEAM = [row("fair", f"b{place}", 200, 4) for place in range(8)] + [
    row("vendor", f"v{place}", 150, 15) for place in (1, 2)
]
MODEL = learned(*TEAM)
GROUPS = [Group(source, batch) for source in ("fair", "vendor", "new", None) for batch in ("b1", "v1", "other", None)]


def rate(model: RiskModel, group: Group) -> float:
    return float(model.draws([group]).mean())


def test_a_batch_with_a_long_history_has_its_own_rate() -> None:
    model = learned(*TEAM, row("fair", "huge", 20_000, 1_400))
    predicted = model.predict({Group("fair", "huge"): 1_000})
    assert predicted.mean == pytest.approx(70, rel=0.03)
    # With the rate as good as known only the binomial's own luck is left.
    assert predicted.high - predicted.low == pytest.approx(2 * 1.2816 * np.sqrt(1_000 * 0.07 * 0.93), rel=0.15)


def test_a_batch_with_a_short_history_is_drawn_towards_its_source() -> None:
    model = learned(*TEAM, row("fair", "small", 10, 2))
    assert 0.02 < rate(model, Group("fair", "small")) < 0.2
    assert rate(model, Group("fair", "other")) < rate(model, Group("fair", "small"))


def test_a_new_batch_takes_after_its_source_and_a_new_source_after_the_team() -> None:
    fair, vendor, new = (rate(MODEL, Group(source, "other")) for source in ("fair", "vendor", "elsewhere"))
    assert fair < new < vendor


def test_what_a_source_is_like_now_its_newer_batches_tell() -> None:
    def history(sign: int) -> list[RiskRow]:
        return [
            row("fair", f"b{month}", 200, 2 if sign * month < 0 else 24)._replace(first_tried_at=day(40 * month))
            for month in range(-6, 7)
            if month
        ]

    worse, better = (rate(learned(*history(sign)), Group("fair", "new")) for sign in (1, -1))
    assert worse > 1.15 * better


def test_new_lists_are_less_sure_than_known_ones() -> None:
    known, batch, source = (
        MODEL.predict({group: 500}) for group in (Group("fair", "b1"), Group("fair", "x"), Group("elsewhere", "x"))
    )
    widths = [found.high90 - found.low90 for found in (known, batch, source)]
    assert widths == sorted(widths)


def test_that_known_sources_are_good_and_alike_says_little_of_a_new_one() -> None:
    """Where new sources average 4 % and some are far worse, four in five first lists of 65 lie in the interval."""
    model = learned(*(row(f"s{place % 6}", f"b{place}", 100, 1) for place in range(60)))
    counts = {Group("elsewhere", "first"): 65}
    told, by_record = model.predict(counts), model.by_record().predict(counts)
    rng = np.random.default_rng(4)
    true = rng.binomial(65, rng.beta(0.04 * 20, 0.96 * 20, 20_000))
    assert ((true >= told.low) & (true <= told.high)).mean() == pytest.approx(0.8, abs=0.06)
    assert by_record.high < 2 < told.high
    assert told.mean == pytest.approx(true.mean(), rel=0.25)


def test_of_known_sources_the_record_alone_speaks() -> None:
    known = [group for group in GROUPS if group.source in ("fair", "vendor")]
    assert (MODEL.draws(known) == MODEL.by_record().draws(known)).all()


@pytest.mark.parametrize("batches", [0, 1, 3])
def test_with_next_to_no_history_the_interval_is_wide_and_the_figures_finite(batches: int) -> None:
    model = learned(*(row("fair", f"b{place}", 30, 0) for place in range(batches)))
    found = model.predict({Group("fair", "new"): 1_000})
    assert 2 < found.mean < 70  # a tenth of others' lists has more than 12 %
    assert found.high > found.mean
    assert found.low < 10


def test_contacts_whom_a_mail_has_reached_hardly_bounce() -> None:
    later = row("fair", "b1", 2_000, 4, is_known_good=1)
    good = Group("vendor", "v1", is_known_good=True)
    assert rate(MODEL, good) == pytest.approx(0.005, rel=0.1)  # what is assumed
    assert rate(learned(*TEAM, later), good) == pytest.approx(5 / 2_200, rel=0.1)


def test_two_groups_of_one_batch_share_its_draw() -> None:
    model = learned(*TEAM, row("fair", "b1", 50, 0, "valid"), row("vendor", "v1", 50, 4, "valid"))
    draws = model.draws([Group("fair", "b1"), Group("fair", "b1", "valid"), Group("fair", "b2")])
    assert stats.spearmanr(draws[:, 0], draws[:, 1]).statistic == pytest.approx(1)
    assert stats.spearmanr(draws[:, 0], draws[:, 2]).statistic < 0.5


def test_new_batches_of_a_new_source_go_together() -> None:
    draws = MODEL.draws([Group("elsewhere", "1"), Group("elsewhere", "2"), Group("other", "1")])
    together, apart = (stats.spearmanr(draws[:, 0], draws[:, place]).statistic for place in (1, 2))
    assert together > apart + 0.1


@given(st.permutations(GROUPS), st.integers(1, len(GROUPS)))
@settings(max_examples=10, deadline=None)
def test_what_else_is_asked_and_in_which_order_changes_nothing(order: list[Group], kept: int) -> None:
    alone = {group: MODEL.draws([group], 50)[:, 0] for group in GROUPS}
    together = MODEL.draws(order[:kept], 50)
    for place, group in enumerate(order[:kept]):
        assert (together[:, place] == alone[group]).all()


@given(st.lists(st.integers(0, 40), min_size=len(GROUPS), max_size=len(GROUPS)), st.data())
@settings(max_examples=25, deadline=None)
def test_a_smaller_campaign_never_looks_worse(sizes: list[int], data: st.DataObject) -> None:
    full = dict(zip(GROUPS, sizes, strict=True))
    part = {group: data.draw(st.integers(0, size)) for group, size in full.items()}
    some, all_of_them = MODEL.predict(part, 400), MODEL.predict(full, 400)
    assert some.mean <= all_of_them.mean + 1e-9
    assert some.p_above(3) <= all_of_them.p_above(3) + 0.02
    assert some.high90 <= all_of_them.high90 + 0.75


def test_history_in_another_order_gives_the_same() -> None:
    again = learned(*reversed(TEAM))
    assert np.allclose(again.draws(GROUPS), MODEL.draws(GROUPS))


def test_a_prediction_is_the_mixture_of_its_binomials() -> None:
    counts = {Group("fair", "b1"): 120, Group("vendor", "v1"): 40, Group("vendor", is_known_good=True): 300}
    found = MODEL.predict(counts)
    chance, size = MODEL.draws(list(counts)), np.array(list(counts.values()))
    slow = np.random.default_rng(3).binomial(size, chance).sum(axis=1)
    assert found.mean == pytest.approx(slow.mean(), rel=0.05)
    for number in (2, 5, 8, 12):
        assert found.p_above(number) == pytest.approx((slow > number).mean(), abs=0.04)


def test_where_nothing_is_likely_the_interval_begins_at_zero_and_holds_four_in_five() -> None:
    found = MODEL.predict({Group("fair", "b1"): 60})
    assert (found.draws == 0).mean() > 0.1
    assert found.low == 0
    assert ((found.draws >= found.low) & (found.draws <= found.high)).mean() == pytest.approx(0.8, abs=0.15)


def test_no_contacts_bring_nothing() -> None:
    found = MODEL.predict({})
    assert (found.mean, found.low, found.high, found.low90, found.high90) == (0, 0, 0, 0, 0)
    assert MODEL.removal({Group("fair", "b1"): 0}).contacts == 0


def test_a_removal_is_priced_in_replies() -> None:
    rows = [row("fair", f"b{place}", 200, 4, replied=20) for place in range(8)]
    rows += [row("vendor", f"v{place}", 150, 15, replied=1) for place in range(4)]
    model = learned(*rows)
    removal = model.removal({Group("vendor", "v1"): 200})
    assert removal.contacts == 200
    assert removal.bounces.mean == pytest.approx(20, rel=0.25)
    assert removal.replies.mean < 6
    assert removal.replies.low <= removal.replies.mean <= removal.replies.high
    mean, draws = model.reply_rate(Group("fair", "b1"))
    assert mean == draws.mean() == pytest.approx(20 / 196, rel=0.2)


@pytest.mark.parametrize("name", ["", "\ud800", "'; DROP TABLE x", "=cmd|'/C calc'!A0", "naïve\x00"])
def test_any_text_is_a_name(name: str) -> None:
    model = learned(*TEAM, row(name, name, 100, 50))
    assert rate(model, Group(name, name)) > 0.3


def test_two_thousand_batches_are_learned_in_a_third_of_a_second() -> None:
    rng = np.random.default_rng(1)
    sizes = rng.integers(1, 200, 2_000)
    rows = [row(f"s{n % 20}", f"b{n}", int(size), int(rng.binomial(size, 0.03))) for n, size in enumerate(sizes)]
    learned(*rows)  # the grids are worked out once a process
    best = min(_seconds(rows) for _ in range(3))
    assert best < 1.0  # some 0.15 s on a quiet machine


def _seconds(rows: list[object]) -> float:
    begun = perf_counter()
    learned(*rows)  # type: ignore[arg-type]
    return perf_counter() - begun
