from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import beta as beta_function

from hygiene.flags.engagement.groups import STRENGTHS, Tally, rates_without, strength

CONTACTS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 12)).flatmap(
        lambda pair: st.tuples(st.just(pair[0]), st.integers(0, pair[1]), st.just(pair[1]))
    ),
    min_size=1,
    max_size=40,
)


def simulated(rate: float, worth: float, seed: int) -> Tally:
    """Groups of 200 mails whose rates are as alike as `worth` mails make them."""
    rng = np.random.default_rng(seed)
    sends = np.full(400, 200)
    return Tally(
        rng.binomial(sends, rng.beta(rate * worth, (1 - rate) * worth, 400)).astype(float), sends.astype(float)
    )


@given(contacts=CONTACTS)
def test_a_tally_is_a_sum_over_the_contacts_of_each_group(contacts):
    group, replies, sends = (np.array(column) for column in zip(*contacts, strict=True))
    tally = Tally.of(group, replies, sends, 6)
    for number in range(6):
        assert tally.replies[number] == sum(x for g, x, _ in contacts if g == number)
        assert tally.sends[number] == sum(n for g, _, n in contacts if g == number)


def test_two_ranges_of_contacts_add_up_to_one():
    one, two = Tally(np.array([1.0, 2.0]), np.array([10.0, 20.0])), Tally(np.array([3.0, 0.0]), np.array([5.0, 0.0]))
    both = one + two
    assert (both.replies.tolist(), both.sends.tolist()) == ([4.0, 2.0], [15.0, 20.0])


@pytest.mark.parametrize("worth", [16.0, 64.0, 256.0])
def test_the_strength_is_found_again_within_a_factor_of_two(worth):
    assert worth / 2 <= strength(simulated(0.2, worth, seed=8), 0.2) <= worth * 2


def test_equal_groups_are_worth_the_most_and_opposite_ones_the_least():
    sends = np.full(50, 1000.0)
    assert strength(Tally(np.full(50, 200.0), sends), 0.2) == STRENGTHS[-1]
    assert strength(Tally(np.repeat([0.0, 1000.0], (40, 10)), sends), 0.2) == STRENGTHS[0]


def test_the_strength_is_the_likeliest_by_integration_over_the_rates():
    few = Tally(np.array([0.0, 5, 1, 4, 0, 7, 2, 8, 1, 2]), np.array([10.0, 10, 4, 10, 6, 10, 10, 9, 10, 10]))

    def slow(nu: float) -> float:
        a, b = 0.3 * nu, 0.7 * nu
        total = 0.0
        for x, n in zip(few.replies, few.sends, strict=True):
            top, _ = quad(lambda p, x=x, n=n: p**x * (1 - p) ** (n - x), 0, 1, weight="alg", wvar=(a - 1, b - 1))
            total += np.log(top / beta_function(a, b))
        return total

    likeliest = max((nu for nu in STRENGTHS if nu <= 64), key=slow)
    assert 1 < likeliest < 64
    assert strength(few, 0.3) == likeliest


@settings(deadline=None)
@given(contacts=CONTACTS, rate=st.floats(0.01, 0.9))
def test_a_contacts_own_mails_are_not_in_its_groups_rate(contacts, rate):
    group, replies, sends = (np.array(column) for column in zip(*contacts, strict=True))
    tally = Tally.of(group, replies, sends, 5)
    nu = strength(tally, rate)
    found = rates_without(tally, group, replies, sends, rate)
    for row, (g, _, _) in enumerate(contacts):
        others = [(x, n) for other, (h, x, n) in enumerate(contacts) if h == g and other != row]
        x, n = (sum(column) for column in zip(*others, strict=True)) if others else (0, 0)
        assert found[row] == pytest.approx((x + rate * nu) / (n + nu))
    assert ((found > 0) & (found < 1)).all()


def test_a_contact_alone_in_its_group_has_the_common_rate():
    tally = Tally.of(np.array([1]), np.array([3]), np.array([4]), 2)
    assert rates_without(tally, np.array([1]), np.array([3]), np.array([4]), 0.1)[0] == pytest.approx(0.1)
