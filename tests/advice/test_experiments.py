"""Split tests: published sample sizes, and arms that anybody finds again."""

from __future__ import annotations

import pytest

from hygiene.advice.experiments import arm_of, contacts_per_arm


@pytest.mark.parametrize(
    ("rate_a", "rate_b", "contacts"),
    [
        # statsmodels 0.15: NormalIndPower().solve_power(proportion_effectsize(b, a), alpha=.05, power=.8), rounded up.
        (0.05, 0.07, 2199),
        (0.03, 0.04, 5276),
        (0.05, 0.10, 424),
    ],
)
def test_the_contacts_an_arm_are_those_of_statsmodels(rate_a: float, rate_b: float, contacts: int) -> None:
    assert abs(contacts_per_arm(rate_a, rate_b) - contacts) <= 1
    assert contacts_per_arm(rate_a, rate_b) == contacts_per_arm(rate_b, rate_a)


def test_arms_are_halves_and_independent_between_experiments() -> None:
    contacts = [f"c{number}" for number in range(4_000)]
    first = [arm_of("EXP-01-aaaa", contact) for contact in contacts]
    second = [arm_of("EXP-01-bbbb", contact) for contact in contacts]
    assert 1_850 < first.count("a") < 2_150
    both = sum(one == "a" == other for one, other in zip(first, second, strict=True))
    assert 900 < both < 1_100
    assert first == [arm_of("EXP-01-aaaa", contact) for contact in contacts]
