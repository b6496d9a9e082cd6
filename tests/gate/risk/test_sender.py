"""The sender beside its colleagues: a shift of all its contacts' log-odds, none where the senders are alike."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats
from scipy.special import expit

from hygiene.gate.risk import Group, RiskFacts, RiskModel, RiskRow, SenderRow, fit
from hygiene.gate.risk.grids import CHANCES, batch_density, source_density
from hygiene.gate.risk.hierarchy import ALIKE, SENDER_SPREAD, binomial_logs, fit_hierarchy
from tests.canonical import day
from tests.gate.risk.making import learned, learned_of, row

NEW = Group("fair", "new")


def lists(name: str, bounced: int, count: int = 8) -> list[RiskRow]:
    """Return lists of three sources of which all had a hundred first mails."""
    return [row(("fair", "vendor", "web")[place % 3], f"{name}{place}", 100, bounced) for place in range(count)]


def rate(model: RiskModel, group: Group = NEW) -> float:
    return float(model.draws([group]).mean())


def p_alike(model: RiskModel) -> float:
    return float(model.bounces.team.sum(axis=(1, 2, 3))[np.abs(model.bounces.shifts) < 1e-9][0])


def test_a_bad_sender_s_new_list_is_as_bad_as_its_others_whatever_the_source() -> None:
    model = learned_of(lists("own", 8, 4), lists("b", 1, 24))
    assert 0.06 < rate(model) < 0.1
    assert 0.06 < rate(model, Group("web", "new")) < 0.1
    assert p_alike(model) < 0.01


def test_its_colleagues_are_not_blamed_for_it() -> None:
    blamed = learned(*lists("own", 8, 4), *lists("b", 1, 24))
    assert rate(learned_of(lists("b", 1, 24), lists("own", 8, 4))) < 0.8 * rate(blamed)


def test_where_senders_are_alike_the_sender_makes_next_to_no_difference() -> None:
    own, others = lists("own", 1, 4), lists("b", 1, 24)
    model = learned_of(own, others)
    assert p_alike(model) > ALIKE
    assert rate(model) == pytest.approx(rate(learned(*own, *others)), rel=0.1)
    assert rate(learned_of([], others)) == pytest.approx(rate(learned(*others)), rel=0.15)


def test_a_sender_without_colleagues_differs_from_nobody() -> None:
    own = lists("own", 5)
    assert (learned_of(own, []).draws([NEW]) == learned(*own).draws([NEW])).all()


def test_all_rows_of_a_campaign_share_the_sender() -> None:
    """Batches of two sources, of a sender who may be bad or not."""
    unsure = learned_of(lists("own", 5, 1), lists("b", 1, 24))
    assert 0.05 < p_alike(unsure) < 0.95
    groups = [Group("vendor", "new"), Group("web", "new")]
    shared, apart = (
        stats.spearmanr(*model.draws(groups).T).statistic
        for model in (unsure, learned(*lists("own", 5, 1), *lists("b", 1, 24)))
    )
    assert shared > apart + 0.05


def test_whom_a_mail_has_reached_bounces_no_more_often_for_a_bad_sender() -> None:
    good = Group("fair", "own0", is_known_good=True)
    bad = learned_of(lists("own", 8, 4), lists("b", 1, 24))
    assert (bad.draws([good]) == learned(*lists("own", 8, 4), *lists("b", 1, 24)).draws([good])).all()


def test_in_a_list_that_colleagues_found_rotten_a_good_sender_s_rows_are_rotten_too() -> None:
    model = learned_of(lists("own", 1, 6), [*lists("b", 1, 24), row("fair", "rotten", 200, 60)])
    assert rate(model, Group("fair", "rotten")) == pytest.approx(0.3, abs=0.05)


def test_part_of_a_list_is_the_sender_s() -> None:
    """Of one list's mails those that the sender wrote count under its shift, the others' without."""
    shared = row("fair", "shared", 200, 17)
    mine = SenderRow("fair", "shared", "none", 100, 16)
    facts = RiskFacts((shared, *lists("b", 1, 24)), day(100), (mine,))
    assert p_alike(fit(facts)) < p_alike(learned_of([], [shared, *lists("b", 1, 24)])) / 2


def test_the_shift_is_the_posterior_summed_over_every_cell() -> None:
    """Everything enumerated: shift, kind, spread and level of the team, levels of sources, chances of batches."""
    shifts = np.array([-1.0, 0.0, 1.5])
    counts = {("a", "1"): (1, 60), ("a", "2"): (6, 60), ("b", "1"): (5, 40), ("b", "2"): (0, 30)}
    own = {("a", "2"), ("b", "1")}
    logs = {name: binomial_logs(*each, shifts if name in own else 0.0) for name, each in counts.items()}
    fitted = fit_hierarchy(logs, dict.fromkeys(logs, 0.0), 0.03, 1.0, "slow", shifts)
    alone = fit_hierarchy({}, {}, 0.03, 1.0, "prior")
    density, around = batch_density(), source_density()
    by_hand = np.zeros(shifts.size)
    bell = np.exp(-0.5 * np.square(shifts / SENDER_SPREAD))
    prior = (1 - ALIKE) * bell / bell.sum() + ALIKE * (shifts == 0)
    for place, kind in product(range(shifts.size), range(density.shape[0])):
        weight = alone.team[0, kind].copy()
        for source in "ab":
            of_level = np.ones(density.shape[1])
            for name, (back, tried) in counts.items():
                if name[0] == source:
                    chance = expit(CHANCES + (shifts[place] if name in own else 0.0))
                    of_level *= density[kind] @ stats.binom.pmf(back, tried, chance)
            weight *= around @ of_level
        by_hand[place] += prior[place] * weight.sum()
    assert fitted.team.sum(axis=(1, 2, 3)) == pytest.approx(by_hand / by_hand.sum(), rel=1e-6)
