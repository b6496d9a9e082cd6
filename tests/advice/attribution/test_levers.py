"""g-computation against the slow, obvious sum over draws, rows and alternatives."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hygiene.advice.attribution.levers import Choice, alternatives, changes
from hygiene.advice.attribution.senders import CHOSEN_WIDENED, LEAST_GAIN, fit_models, gain_of, levers_of
from hygiene.facts.types import Counts
from hygiene.scores import load_profile
from hygiene.scores.score import score_unit
from hygiene.settings import Settings
from tests.advice.attribution.tables import crossed, table_of

if TYPE_CHECKING:
    from hygiene.facts.factors import FactorTable
    from hygiene.scores.types import Score

EFFECTS = {
    "sender": (0.1, 0.0, -0.1),
    "sequence": (-1.0, 0.4, 0.4),
    "industry": (0.3, 0.0, -0.3),
    "source": (0.0, 0.2),
}


def score_of(table: FactorTable, rows: np.ndarray) -> Score:
    counts = Counts(ended=int(table.ended[rows].sum()), replied=int(table.replied[rows].sum()))
    return score_unit(counts, "sender", load_profile("default"), Settings())


def test_changes_are_the_slow_sum() -> None:
    table = crossed(1, 900, **EFFECTS)
    models = fit_models(table, {})
    fit, effects = models.fits["reply_rate"], models.effects["reply_rate"][:3]
    rows = np.flatnonzero((table.codes["sender"] == 0) & (table.codes["sequence"] == 0))[:20]
    others = models.others["sequence"][0]
    fast = changes(fit, effects, table, rows, table.delivered[rows], Choice("sequence", 0, others))
    design = fit.design
    start = design.spans["sequence"][0]
    for draw, found in zip(effects, fast, strict=True):
        slow = 0.0
        for row in rows:
            eta = draw[-2] + sum(draw[design.columns[group][row]] for group in design.columns)
            rest = eta - draw[start] - draw[design.columns["fit"][row]]
            industry = table.codes["industry"][row]
            for level in (1, 2):
                there = rest + draw[start + level] + draw[design.fit_of[level, industry]]
                slow += others[level] * (1 / (1 + math.exp(-there)))
            slow -= 1 / (1 + math.exp(-eta))
        assert found == pytest.approx(slow)


def test_a_second_lever_gains_less_where_the_first_has_been_pulled_on_the_same_rows() -> None:
    table = crossed(2, 6_000, **EFFECTS)
    models = fit_models(table, {})
    fit, mean = models.fits["reply_rate"], models.fits["reply_rate"].mean[None, :]
    rows = np.flatnonzero(table.codes["industry"] == 2)
    choice = Choice("industry", 2, models.others["industry"][2])
    first = Choice("sequence", 0, models.others["sequence"][0])
    alone = changes(fit, mean, table, rows, table.delivered[rows], choice)
    after = changes(fit, mean, table, rows, table.delivered[rows], choice, [first])
    assert 0 < alone[0] < after[0]  # with more replies to lose, the weak segment loses more


def test_the_planted_lever_is_the_first_and_its_gain_is_near_the_truth() -> None:
    table = crossed(3, 12_000, **EFFECTS)
    own = np.flatnonzero(table.codes["sender"] == 0)
    levers = levers_of(fit_models(table, {}), own, score_of(table, own), load_profile("default"))
    best = levers[0]
    assert (best.factor, best.level, best.metric, best.place) == ("sequence", "sequence-0", "reply_rate", 0)
    truth = _true_gain(table, own)
    assert best.gains["reply_rate"].low < truth < best.gains["reply_rate"].high
    assert best.gains["reply_rate"].p > 0.95
    for metric in ("reply_rate", "bounce_rate"):
        places = sorted(lever.place for lever in levers if lever.metric == metric)
        assert places == list(range(len(places)))
    assert best.here["reply_rate"].trials + best.elsewhere["reply_rate"].trials > own.size


def _true_gain(table: FactorTable, own: np.ndarray) -> float:
    """Return the mean gain of replacing sequence 0 (−1.0) by the others (+0.4 each)."""
    eta = -2.5 + sum(np.array(values)[table.codes[name][own]] for name, values in EFFECTS.items())  # type: ignore[index]
    there = table.codes["sequence"][own] == 0
    p = 1 / (1 + np.exp(-eta))
    better = 1 / (1 + np.exp(-(eta + 1.4)))
    return float(np.where(there, better - p, 0).sum() / own.size)


def test_a_sequence_is_replaced_only_by_those_of_its_language() -> None:
    table = table_of([0] * 6, sequence=[0, 1, 1, 2, 2, 2])
    names = {"sequence-0": "fr", "sequence-1": "fr", "sequence-2": "en"}
    weights = alternatives(table, "sequence", names)
    assert weights[0].tolist() == [0, 1, 0]
    assert weights[2].tolist() == [0, 0, 0]  # the only one in English
    assert alternatives(table, "sequence", {})[0] == pytest.approx([0, 0.4, 0.6])


def test_the_lower_end_of_what_is_chosen_is_widened_more() -> None:
    draws = np.random.default_rng(1).normal(0.02, 0.01, 20_000)
    given, chosen = (gain_of(draws, "reply_rate", factor) for factor in ("source", "sequence"))
    low, high = CHOSEN_WIDENED
    assert low > high > 1
    assert (chosen.value, chosen.p) == (given.value, given.p)
    assert chosen.value - chosen.low == pytest.approx(low * (given.value - given.low))
    assert chosen.high - chosen.value == pytest.approx(high * (given.high - given.value))


def test_of_two_equal_levers_neither_is_surely_the_largest() -> None:
    effects = {"sender": (0.0, 0.0), "sequence": (-1.0, 0.5, 0.5, 0.0), "source": (-1.0, 0.5, 0.5, 0.0)}
    table = crossed(5, 8_000, **effects)
    own = np.flatnonzero(table.codes["sender"] == 0)
    levers = levers_of(fit_models(table, {}), own, score_of(table, own), load_profile("default"))
    first = next(lever for lever in levers if lever.metric == "reply_rate" and lever.place == 0)
    assert first.race is not None
    assert {(first.factor, first.level), first.race.second} == {("sequence", "sequence-0"), ("source", "source-0")}
    assert first.race.p < 0.9
    assert first.race.p_either > 0.99


def test_one_level_may_be_pulled_for_both_rates_and_its_points_are_told_once() -> None:
    random = np.random.default_rng(6)
    source, size = random.integers(0, 4, 6_000), 6_000
    bounced = random.random(size) < np.where(source == 0, 0.12, 0.02)
    replied = ~bounced & (random.random(size) < np.where(source == 0, 0.02, 0.08))
    table = table_of(replied, bounced=bounced, source=source, sender=random.integers(0, 2, size))
    own = np.flatnonzero(table.codes["sender"] == 0)
    levers = levers_of(fit_models(table, {}), own, score_of(table, own), load_profile("default"))
    pulled = {lever.metric: lever for lever in levers if lever.level == "source-0"}
    assert set(pulled) == {"reply_rate", "bounce_rate"}
    assert all(lever.place == 0 for lever in pulled.values())
    for metric, lever in pulled.items():
        assert lever.points * lever.gains[metric].p == pytest.approx(lever.value)


def test_where_nothing_matters_nothing_is_sure() -> None:
    table = crossed(4, 6_000, sender=(0.0,) * 4, sequence=(0.0,) * 4, source=(0.0,) * 4)
    models = fit_models(table, {})
    for sender in range(4):
        own = np.flatnonzero(table.codes["sender"] == sender)
        levers = levers_of(models, own, score_of(table, own), load_profile("default"))
        assert all(gain.p < 0.8 for lever in levers for gain in lever.gains.values())
        assert all(lever.gains["bounce_rate"].value < LEAST_GAIN["bounce_rate"] for lever in levers)
