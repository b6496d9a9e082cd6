"""How much lists clump, and what they are then worth."""

from __future__ import annotations

import numpy as np
import pytest

from hygiene.flags.pauses.clumps import USUAL_OVERDISPERSION, effective, effective_in_windows, estimate_overdispersion
from hygiene.flags.pauses.simulate import LIST_SIZE, simulated_stream
from tests.flags.pauses.slow import Mail, stream_of


def test_bounces_of_a_list_vary_as_the_formula_says():
    rng = np.random.default_rng(3)
    stream = simulated_stream(rng, 0.05, 0.05, senders=3_000, sends=LIST_SIZE)
    bounced = np.bincount(stream.sender, weights=stream.bounces)
    variance = LIST_SIZE * 0.05 * 0.95 * (1 + (LIST_SIZE - 1) * 0.05)
    # The variance of a sample's variance, by its fourth moment.
    error = np.sqrt((np.mean((bounced - bounced.mean()) ** 4) - variance**2) / bounced.size)
    assert bounced.var() == pytest.approx(variance, abs=4 * error)
    # And so a list is worth what mails with as much variance a mail would be.
    worth, _ = effective(np.array([LIST_SIZE]), np.array([5]), 0.05)
    assert worth[0] == pytest.approx(LIST_SIZE**2 * 0.05 * 0.95 / variance)


@pytest.mark.parametrize("rho", [0.0, 0.02, 0.05])
def test_the_estimate_finds_the_truth_in_a_large_history(rho):
    stream = simulated_stream(np.random.default_rng(8), 0.03, rho, senders=1_000)
    assert estimate_overdispersion(stream) == pytest.approx(rho, abs=0.003)


@pytest.mark.parametrize("senders", [[], [[Mail(0, 1, 1)]], [[Mail(0)], [Mail(0, list=1)]]])
def test_a_history_that_says_nothing_leaves_what_is_usual(senders):
    stream = stream_of(*senders) if senders else simulated_stream(np.random.default_rng(0), 0.1, 0.0, 0)
    assert estimate_overdispersion(stream) == USUAL_OVERDISPERSION


def test_senders_with_rates_of_their_own_do_not_look_like_clumped_lists():
    rng = np.random.default_rng(5)
    both = []
    for rate in (0.01, 0.1):
        stream = simulated_stream(rng, rate, 0.0, senders=40)
        for sender in range(40):
            own = stream.sender == sender
            both.append(
                [
                    Mail(day, bounced, bounced, clump)
                    for day, bounced, clump in zip(
                        stream.day[own].tolist(), stream.bounces[own].tolist(), stream.clump[own].tolist(), strict=True
                    )
                ]
            )
    assert estimate_overdispersion(stream_of(*both)) < 0.003


def test_without_clumping_the_worth_in_a_window_is_its_counts():
    stream = stream_of([Mail(day, day % 3 == 0, day % 3 == 0, day % 2) for day in range(30)])
    start = np.maximum(np.arange(30) - 6, 0)
    sends, bounces = effective_in_windows(stream, start, 0.0)
    assert sends.tolist() == [min(at + 1, 7) for at in range(30)]
    assert bounces.tolist() == [sum(day % 3 == 0 for day in range(max(at - 6, 0), at + 1)) for at in range(30)]


def test_what_left_the_window_leaves_nothing_behind():
    # With differences summed up, a rounding error below nothing would be read as a bounce count of its own.
    rng = np.random.default_rng(11)
    history = [[Mail(day, bounced, bounced, day % 5) for day, bounced in enumerate(rng.integers(0, 2, 400).tolist())]]
    history[0] += [Mail(400 + day, list=9) for day in range(30)]
    stream = stream_of(*history * 5)
    sends, bounces = effective_in_windows(stream, np.maximum(np.arange(2150) - 28, stream.first_of_own), 0.0371)
    assert bounces.min() == 0.0
    assert bounces[429::430].tolist() == [0.0] * 5
    assert sends.min() > 0.9
