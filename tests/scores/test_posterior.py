from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.scores.posterior import score_posterior
from hygiene.scores.rates import JEFFREYS, BetaPrior
from tests.scores.small_facts import DEFAULT, slow_scores

TEAM = (BetaPrior(6, 74), BetaPrior(3, 97))
CASES = {
    "the worked case": ((14, 190), (10, 200), (JEFFREYS, JEFFREYS)),
    "nothing known": ((0, 0), (0, 0), (JEFFREYS, JEFFREYS)),
    "only the team known": ((0, 0), (0, 0), TEAM),
    "all replied": ((50, 50), (0, 50), (JEFFREYS, JEFFREYS)),
    "all bounced": ((0, 0), (50, 50), TEAM),
    "no reply and no bounce": ((0, 500), (0, 500), (BetaPrior(0.5, 400), BetaPrior(0.5, 400))),
    "far beyond the worst bounce rate": ((120, 1000), (300, 1300), TEAM),
    "ten million, on an edge": ((700_300, 10_000_000), (300_000, 10_000_000), (JEFFREYS, JEFFREYS)),
    "replies far surer than bounces": ((9000, 100_000), (3, 30), (JEFFREYS, JEFFREYS)),
    "bounces far surer than replies": ((9, 100), (1000, 100_000), (JEFFREYS, JEFFREYS)),
}


@pytest.mark.parametrize("case", CASES)
def test_bands_and_interval_agree_with_the_sums_of_all_pairs(case: str) -> None:
    reply, bounce, priors = CASES[case]
    found = score_posterior([reply], [bounce], priors, DEFAULT)
    slow = slow_scores(reply, bounce, priors)
    below = np.searchsorted(slow, [*DEFAULT.edges]) / slow.size
    assert found.p_bands[0] == pytest.approx(np.diff([0, *below, 1]), abs=2e-3)
    assert (found.low[0], found.high[0]) == pytest.approx(tuple(np.quantile(slow, (0.05, 0.95))), abs=0.25)


def test_a_uniform_reply_rate_beside_no_bounce_is_the_closed_form() -> None:
    # Bounce points 50 for sure, so fair ends at 10 reply points (a rate of 7 % / 3) and good at 30 (7 %).
    found = score_posterior([(0, 0)], [(0, 10**9)], (BetaPrior(1, 1), BetaPrior(1, 1)), DEFAULT)
    assert found.p_bands[0] == pytest.approx([0, 0.07 / 3, 0.07 * 2 / 3, 0.93], abs=3e-4)
    assert found.low[0] == pytest.approx(50 + 0.05 / 0.07 * 30, abs=0.2)
    assert found.high[0] == pytest.approx(100, abs=0.2)


def test_each_unit_keeps_its_place_whatever_stands_beside_it() -> None:
    replies, bounces = [(14, 190), (0, 0), (14, 190), (30, 90)], [(10, 200), (0, 0), (10, 200), (2, 92)]
    together = score_posterior(replies, bounces, TEAM, DEFAULT)
    for at in range(4):
        alone = score_posterior([replies[at]], [bounces[at]], TEAM, DEFAULT)
        assert together.p_bands[at].tolist() == alone.p_bands[0].tolist()
        assert (together.low[at], together.high[at]) == (alone.low[0], alone.high[0])


def test_no_unit_gives_no_row() -> None:
    assert score_posterior(np.empty((0, 2)), np.empty((0, 2)), TEAM, DEFAULT).p_bands.shape == (0, 4)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 3000), st.data())
def test_bands_sum_to_one_and_the_interval_holds_the_median(ended: int, data: st.DataObject) -> None:
    bounced = data.draw(st.integers(0, ended))
    replied = data.draw(st.integers(0, ended - bounced))
    reply, bounce = (replied, ended - bounced), (bounced, ended)
    found = score_posterior([reply], [bounce], TEAM, DEFAULT)
    assert found.p_bands.sum() == pytest.approx(1, abs=1e-12)
    assert found.p_bands.min() >= 0
    median = np.median(slow_scores(reply, bounce, TEAM, size=200))
    assert 0 <= found.low[0] <= median + 0.2
    assert median - 0.2 <= found.high[0] <= 100


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 500), st.data())
def test_one_more_reply_never_makes_a_better_band_less_likely(delivered: int, data: st.DataObject) -> None:
    replied = data.draw(st.integers(0, delivered - 1))
    bounced = data.draw(st.integers(0, 40))
    bounce = (bounced, delivered + bounced)
    found = score_posterior([(replied, delivered), (replied + 1, delivered)], [bounce, bounce], TEAM, DEFAULT)
    at_least = np.cumsum(found.p_bands[:, ::-1], axis=1)
    assert (at_least[1] >= at_least[0] - 2e-3).all()
