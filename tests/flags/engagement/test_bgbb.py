"""BG/BB against the published donations, a slow likelihood that writes out every death, and simulated truth."""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import dblquad, quad
from scipy.special import beta as beta_function

from hygiene.flags.engagement.bgbb import BGBB, NO_PRIOR, WEAK_PRIOR, Prior, Terms
from hygiene.flags.engagement.cells import collapse

# Fader, Hardie & Shang 2010, table 1: 11,104 donors of 1995, six opportunities; (x, t_x, donors).
DONORS = (
    *((6, 6, 1203), (5, 6, 728), (4, 6, 512), (3, 6, 357), (2, 6, 234), (1, 6, 129)),
    *((5, 5, 335), (4, 5, 284), (3, 5, 225), (2, 5, 173), (1, 5, 119)),
    *((4, 4, 240), (3, 4, 181), (2, 4, 155), (1, 4, 78)),
    *((3, 3, 322), (2, 3, 255), (1, 3, 129)),
    *((2, 2, 613), (1, 2, 277), (1, 1, 1091), (0, 0, 3464)),
)
X, TX, COUNT = (np.array(column) for column in zip(*DONORS, strict=True))
SIX = np.full(len(X), 6)
TRUE = (0.6, 6.0, 0.4, 2.5)


@cache
def donations() -> BGBB:
    return BGBB(NO_PRIOR).fit(X, TX, SIX, COUNT)


def parameters_of(model: BGBB) -> list[float]:
    return [model.alpha_, model.beta_, model.gamma_, model.delta_]


def model_with(alpha: float, beta: float, gamma: float, delta: float) -> BGBB:
    return BGBB.of([np.log(alpha / beta), np.log(alpha + beta), np.log(gamma / delta), np.log(gamma + delta)])


def summary_of(string: tuple[int, ...]) -> tuple[int, int, int]:
    answered = [number for number, reply in enumerate(string, start=1) if reply]
    return len(answered), max(answered, default=0), len(string)


def test_the_published_parameters_and_likelihood_come_out():
    assert COUNT.sum() == 11_104
    assert parameters_of(donations()) == pytest.approx([1.204, 0.750, 0.657, 2.783], abs=0.002)
    assert donations().log_likelihood_ == pytest.approx(-33_225.58, abs=0.01)


def test_the_published_chances_of_being_alive_come_out():
    alive = donations().p_alive(np.array([0, 2, 6]), np.array([0, 4, 6]), np.array([6, 6, 6]))
    assert alive == pytest.approx([0.11, 0.59, 0.93], abs=0.005)


def test_the_published_sum_of_expected_gifts_comes_out():
    expected = donations().expected_replies(X, TX, SIX, ahead=5)
    assert expected @ COUNT == pytest.approx(12_884.2, abs=1)
    cells = {(x, tx): value for x, tx, value in zip(X.tolist(), TX.tolist(), expected, strict=True)}
    found = [cells[6, 6], cells[5, 6], cells[4, 4], cells[0, 0]]
    assert found == pytest.approx([3.75, 3.23, 0.58, 0.07], abs=0.006)


def test_the_interval_of_the_never_answering_donors_is_the_measured_one():
    drawn = [float(model.p_alive([0], [0], [6])[0]) for model in donations().draws(2_000)]
    assert np.median(drawn) == pytest.approx(0.108, abs=0.003)
    assert np.quantile(drawn, (0.025, 0.975)) == pytest.approx([0.090, 0.127], abs=0.003)


def test_one_row_a_donor_and_one_row_a_cell_have_the_same_likelihood():
    u = np.array([0.3, 0.5, -1.5, 1.2])
    cells, cell_of = collapse(X.repeat(COUNT), TX.repeat(COUNT), SIX.repeat(COUNT))
    assert len(cells.weights) == len(X)
    assert len(cell_of) == COUNT.sum()
    model = BGBB.of(u)
    one_by_one = model.log_likelihoods(X.repeat(COUNT), TX.repeat(COUNT), SIX.repeat(COUNT)).sum()
    assert Terms(cells).log_likelihood(u)[0] == pytest.approx(one_by_one, rel=1e-9)


def test_the_order_of_the_rows_and_a_split_of_the_weights_change_nothing():
    order = np.random.default_rng(3).permutation(2 * len(X))
    x, tx, n, weights = (
        np.concatenate(pair)[order] for pair in ((X, X), (TX, TX), (SIX, SIX), (COUNT * 0.25, COUNT * 0.75))
    )
    other = BGBB(NO_PRIOR).fit(x, tx, n, weights)
    assert other.log_likelihood_ == pytest.approx(donations().log_likelihood_, rel=1e-9)
    assert parameters_of(other) == pytest.approx(parameters_of(donations()), rel=1e-5)


def test_a_row_of_weight_zero_is_no_row():
    other = BGBB(NO_PRIOR).fit([*X, 3], [*TX, 9], [*SIX, 12], [*COUNT, 0])
    assert parameters_of(other) == pytest.approx(parameters_of(donations()), rel=1e-5)


def simulate(contacts: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw contacts that are written to 1 to 24 times."""
    rng = np.random.default_rng(seed)
    alpha, beta, gamma, delta = TRUE
    chance, stop = rng.beta(alpha, beta, contacts), rng.beta(gamma, delta, contacts)
    n = rng.integers(1, 25, contacts)
    answering = rng.geometric(np.maximum(stop, 1e-12)) - 1
    x, tx = np.zeros(contacts, dtype=np.int64), np.zeros(contacts, dtype=np.int64)
    for number in range(1, 25):
        replied = (rng.random(contacts) < chance) & (number <= n) & (number <= answering)
        x += replied
        tx[replied] = number
    return x, tx, n


def test_the_parameters_of_a_simulated_million_are_found_again():
    model = BGBB(NO_PRIOR).fit(*simulate(1_000_000, seed=5))
    assert parameters_of(model) == pytest.approx(TRUE, rel=0.02)


def test_the_weak_prior_holds_what_the_data_leave_open_and_gives_way_to_a_thousand_contacts():
    few = BGBB(WEAK_PRIOR).fit([1, 0], [1, 0], [1, 2])
    assert np.isfinite(few.coordinates_).all()
    assert np.isfinite(few.covariance_).all()
    strong = BGBB(Prior((0.5, 0.7, -1.0, 1.5), (1e-4,) * 4)).fit(X, TX, SIX, COUNT)
    assert strong.coordinates_ == pytest.approx([0.5, 0.7, -1.0, 1.5], abs=1e-3)
    assert parameters_of(BGBB().fit(X, TX, SIX, COUNT)) == pytest.approx(parameters_of(donations()), rel=0.02)


def slow_likelihood(string: tuple[int, ...], alpha: float, beta: float, gamma: float, delta: float) -> float:
    """Every number of mails after which the contact may stop; the integrals over p and θ by quadrature."""
    n, total = len(string), 0.0
    for lived in range(n + 1):
        if any(string[lived:]):
            continue  # it cannot have answered after it stopped
        replies = sum(string[:lived])
        answers, _ = quad(
            lambda p, x=replies, rest=lived - replies: p**x * (1 - p) ** rest, 0, 1, weight="alg",
            wvar=(alpha - 1, beta - 1),
        )  # fmt: skip
        stops = (lambda t, m=lived: t * (1 - t) ** m) if lived < n else (lambda t, m=lived: (1 - t) ** m)
        stopping, _ = quad(stops, 0, 1, weight="alg", wvar=(gamma - 1, delta - 1))
        total += answers / beta_function(alpha, beta) * stopping / beta_function(gamma, delta)
    return total


@pytest.mark.parametrize("string", [(), (0,), (1,), (0, 0, 0, 0), (1, 0, 1, 0, 0), (0, 1, 1), (0, 0, 1, 0, 0, 0)])
@pytest.mark.parametrize("values", [(1.2, 0.75, 0.66, 2.8), (0.6, 6.0, 0.4, 2.5), (3.0, 40.0, 2.0, 11.0)])
def test_the_likelihood_is_that_of_every_death_written_out(string, values):
    x, tx, n = summary_of(string)
    fast = model_with(*values).log_likelihoods(np.array([x]), np.array([tx]), np.array([n]))
    assert np.exp(fast[0]) == pytest.approx(slow_likelihood(string, *values), rel=1e-7)


def test_the_likelihood_is_that_of_the_double_integral():
    alpha, beta, gamma, delta = values = (2.5, 3.0, 1.5, 4.0)

    def density(p, t):  # no, yes, no, no
        dead_after = [(p * (1 - p) ** (lived - 1)) * t * (1 - t) ** lived for lived in (2, 3)]
        chance = sum(dead_after) + p * (1 - p) ** 3 * (1 - t) ** 4
        return chance * p ** (alpha - 1) * (1 - p) ** (beta - 1) * t ** (gamma - 1) * (1 - t) ** (delta - 1)

    slow = dblquad(density, 0, 1, 0, 1)[0] / beta_function(alpha, beta) / beta_function(gamma, delta)
    assert np.exp(model_with(*values).log_likelihoods([1], [2], [4])[0]) == pytest.approx(slow, rel=1e-6)


@pytest.mark.parametrize("n", [1, 4, 7])
def test_the_chances_of_all_strings_of_replies_sum_to_one(n):
    strings = [summary_of(string) for string in itertools.product((0, 1), repeat=n)]
    x, tx, sends = (np.array(column) for column in zip(*strings, strict=True))
    assert np.exp(model_with(*TRUE).log_likelihoods(x, tx, sends)).sum() == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_the_gradient_is_that_of_differences(seed):
    rng = np.random.default_rng(seed)
    u = rng.normal(0, 1.5, 4)
    terms = Terms(collapse(X, TX, SIX + rng.integers(0, 9, len(X)), COUNT.astype(float))[0])
    slow = []
    for column in range(4):
        shift = np.zeros(4)
        shift[column] = 1e-5
        slow.append((terms.log_likelihood(u + shift)[0] - terms.log_likelihood(u - shift)[0]) / 2e-5)
    assert terms.log_likelihood(u)[1] == pytest.approx(slow, rel=1e-5, abs=1e-3)


def test_what_is_expected_of_the_next_mails_is_the_sum_over_all_their_strings():
    model, history, ahead = model_with(*TRUE), (1, 0, 1, 0), 3
    now = np.exp(model.log_likelihoods(*([value] for value in summary_of(history))))[0]
    silent = replies = 0.0
    for future in itertools.product((0, 1), repeat=ahead):
        chance = np.exp(model.log_likelihoods(*([value] for value in summary_of(history + future))))[0] / now
        silent += chance * (not any(future))
        replies += chance * sum(future)
    both = model.predict_proba([2], [3], [4], ahead=ahead)[0]
    assert both == pytest.approx([silent, 1 - silent], rel=1e-9)
    assert model.expected_replies([2], [3], [4], ahead=ahead)[0] == pytest.approx(replies, rel=1e-9)


def test_no_mail_is_the_prior_and_ten_thousand_are_no_trouble():
    model, n = model_with(*TRUE), np.array([0, 10_000, 10_000, 10_000])
    x, tx = np.array([0, 0, 1, 10_000]), np.array([0, 0, 10_000, 10_000])
    for chances in (model.predict_proba(x, tx, n)[:, 1], model.p_alive(x, tx, n)):
        assert np.isfinite(chances).all()
        assert ((chances > 0) & (chances <= 1)).all()
    alpha, beta, gamma, delta = TRUE
    at_once = model.predict_proba([0], [0], [0], ahead=1)[0, 1]
    assert at_once == pytest.approx(alpha / (alpha + beta) * delta / (gamma + delta), rel=1e-9)
    assert model.p_alive([0], [0], [0])[0] == pytest.approx(delta / (gamma + delta), rel=1e-9)


@st.composite
def histories(draw, most=60):
    n = draw(st.integers(0, most))
    tx = draw(st.integers(0, n))
    return (draw(st.integers(1, tx)) if tx else 0), tx, n


SIZES = st.floats(0.05, 50)
MAIL = st.tuples(st.floats(0.05, 2), st.floats(4, 50), st.floats(0.05, 2), st.floats(4, 50))
ROUNDING = 1e-11


@settings(max_examples=200, deadline=None)
@given(history=histories(), values=st.tuples(SIZES, SIZES, SIZES, SIZES), ahead=st.integers(1, 5))
def test_a_reply_more_never_lowers_the_chance_and_silence_never_raises_it(history, values, ahead):
    model, (x, tx, n) = model_with(*values), history
    rows = [x, x + 1, x], [tx, n + 1, tx], [n, n + 1, n + 1]
    for now, answered, silent in (model.predict_proba(*rows, ahead)[:, 1], model.p_alive(*rows)):
        assert 0 <= silent <= now + ROUNDING
        assert now <= answered + ROUNDING
        assert answered <= 1


@settings(max_examples=200, deadline=None)
@given(history=histories(most=30), values=MAIL, ahead=st.integers(1, 5))
def test_in_the_range_of_mail_a_chance_is_strictly_between_never_and_always(history, values, ahead):
    for chance in (model_with(*values).predict_proba(*([each] for each in history), ahead)[0]).tolist():
        assert 0 < chance < 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([2], [1], [5]), "Row 0 is no history: 2 replies"),
        (([0, 1], [0, 6], [5, 5]), "Row 1 is no history"),
        (([0], [3], [5]), "no history"),
        (([-1], [0], [5]), "no history"),
        (([0.5], [1], [5]), "replies must be whole numbers"),
        (([0], [0], [5], [-1.0]), "weights must be numbers"),
        (([0], [0], [5], [np.nan]), "weights must be numbers"),
        (([0], [0], [5], [np.inf]), "weights must be numbers"),
        (([0, 0], [0, 0], [0, 0]), "no mail to learn from"),
        (([0], [0], [5], [0.0]), "no mail to learn from"),
        ((np.zeros(0, int),) * 3, "no mail to learn from"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_a_sentence(arguments, words):
    with pytest.raises(ValueError, match=words):
        BGBB().fit(*arguments)
