"""The hazard on top of BG/BB: signs, averages, calibration and intervals."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.special import expit, logit

from hygiene.flags.engagement.features import AHEAD, FEATURES, NAMES
from hygiene.flags.engagement.histories import histories
from hygiene.flags.engagement.landmarks import landmarks, outcomes
from hygiene.flags.engagement.model import EngagementModel
from hygiene.flags.engagement.stack import FEWEST_OUTCOMES, Landmark, Stack, fit_stack, hazards, uncertainty
from tests.flags.engagement.makers import Mail, make_sends, simulated

AS_OF, DELAY = 300.0, 6.0
SIGNS = np.array([feature.sign for feature in FEATURES])


@cache
def world():
    return simulated(3_000, seed=1, span=AS_OF)


@cache
def large():
    return simulated(8_000, seed=3, span=AS_OF)


def marks_with(features, count=4):
    """Landmarks at which the features are what `features(rng, replied_before)` makes them."""
    sends, rng = world(), np.random.default_rng(2)
    found = []
    for moment in landmarks(sends, AS_OF, count):
        known = histories(sends, moment, DELAY)
        found.append(Landmark(float(moment), features(rng, logit((known.replies + 0.5) / (known.sends + 2)))))
    return found


def random_features(rng, rate):
    columns = rng.normal(0, 1, (len(rate), len(FEATURES)))
    columns[:, 0] = rate
    return columns


@pytest.mark.parametrize("turned", range(3))
def test_a_signed_coefficient_never_has_the_wrong_sign(turned):
    def adverse(rng, rate):
        """Every signed feature says the opposite of what it should."""
        columns = random_features(rng, rate)
        columns[:, SIGNS != 0] = (-SIGNS[SIGNS != 0] * (turned + 1)) * rate[:, None] + rng.normal(
            0, 1, (len(rate), (SIGNS != 0).sum())
        )
        return columns

    stack = fit_stack(world(), marks_with(adverse), AS_OF, DELAY)
    assert stack is not None
    assert (stack.coef[AHEAD:] * SIGNS >= 0).all()
    assert stack.slope > 0
    free = stack.coef[AHEAD:][SIGNS == 0]
    assert (np.abs(free) > 0).all()


def test_the_right_sign_is_kept():
    stack = fit_stack(world(), marks_with(random_features), AS_OF, DELAY)
    assert stack is not None
    assert stack.coef[AHEAD] > 0.3


def test_a_feature_that_is_constant_everywhere_says_nothing():
    def constant(rng, rate):
        columns = random_features(rng, rate)
        columns[:, 3], columns[:, 7] = 4.2, 0.0
        return columns

    stack = fit_stack(world(), marks_with(constant), AS_OF, DELAY)
    assert stack is not None
    assert stack.coef[AHEAD + 3] == stack.coef[AHEAD + 7] == 0
    assert np.isfinite(stack.coef).all()
    assert np.isfinite(stack.covariance).all()
    changed = constant(np.random.default_rng(3), np.zeros(50))
    same = hazards(stack, changed)
    changed[:, 3] = 99.0
    assert hazards(stack, changed) == pytest.approx(same)


def test_a_feature_that_is_constant_at_one_landmark_gets_no_huge_coefficient_there():
    marks = marks_with(random_features)
    marks[0].features[:, 5] = 1.0
    marks[0].features[::40, 5] += 1e-3
    stack = fit_stack(world(), marks, AS_OF, DELAY)
    assert stack is not None
    assert abs(stack.coef[AHEAD + 5]) < 0.2


def test_one_landmark_is_enough_and_is_not_calibrated():
    (mark,) = marks_with(random_features, count=1)
    stack = fit_stack(world(), [mark], AS_OF, DELAY)
    assert stack is not None
    assert (stack.centre, stack.shift, stack.slope, stack.tail) == (0, 0, 1, 1)
    assert np.isfinite(stack.covariance).all()
    assert (np.linalg.eigvalsh(stack.covariance) > -1e-9).all()


def test_without_outcomes_there_is_no_hazard():
    assert fit_stack(world(), [], AS_OF, DELAY) is None
    mails = [Mail(contact, at) for contact in range(20) for at in (10.0, 20.0, 30.0)]
    sends = make_sends(mails, 20)
    marks = [Landmark(15.0, np.random.default_rng(1).normal(size=(20, len(FEATURES))))]
    assert fit_stack(sends, marks, 100.0, DELAY) is None  # nobody replied
    replied = [mail._replace(replied_at=mail.sent_at + 1) if mail.contact < 9 else mail for mail in mails]
    assert FEWEST_OUTCOMES == 10
    assert fit_stack(make_sends(replied, 20), marks, 100.0, DELAY) is None
    replied[29] = replied[29]._replace(replied_at=31.0)
    assert fit_stack(make_sends(replied, 20), marks, 100.0, DELAY) is not None


def test_in_a_world_that_does_not_move_the_calibration_changes_next_to_nothing():
    stack = EngagementModel().fit(large(), AS_OF).stack_
    assert stack is not None
    assert stack.shift == pytest.approx(0, abs=0.1)
    assert stack.slope == pytest.approx(1, abs=0.1)
    assert stack.tail == pytest.approx(1, abs=0.25)


def test_a_world_whose_replies_dry_up_is_calibrated_down():
    sends = world()
    late = sends.sent_at > np.quantile(sends.sent_at, 0.65)
    dropped = late & (np.random.default_rng(4).random(len(late)) < 0.7)
    drier = sends._replace(replied_at=np.where(dropped, np.inf, sends.replied_at))
    before, after = (EngagementModel().fit(each, AS_OF).stack_ for each in (sends, drier))
    assert before is not None
    assert after is not None
    assert after.shift < before.shift - 0.1


def test_the_chance_at_a_position_is_the_calibrated_sum():
    rng = np.random.default_rng(5)
    coef, features = rng.normal(0, 0.3, AHEAD + len(FEATURES)), rng.normal(0, 1, (7, len(FEATURES)))
    stack = Stack(coef, np.eye(len(coef)), -1.0, 0.2, 0.8, 1.0)
    found = hazards(stack, features, off=np.full(7, 0.5))
    for contact in range(7):
        for position in range(AHEAD):
            z = coef[position] + sum(coef[AHEAD + k] * features[contact, k] for k in range(len(FEATURES))) + 0.5
            assert found[contact, position] == pytest.approx(expit(-1.0 + 0.2 + 0.8 * (z + 1.0)))


def test_the_uncertainty_is_the_spread_of_the_log_odds_over_drawn_coefficients():
    rng = np.random.default_rng(6)
    size = AHEAD + len(FEATURES)
    root = rng.normal(0, 0.2, (size, size))
    covariance, features = root @ root.T, rng.normal(0, 1, (3, len(FEATURES)))
    drawn = rng.multivariate_normal(np.zeros(size), covariance, 100_000)
    odds = drawn[:, :AHEAD].mean(axis=1)[:, None] + drawn[:, AHEAD:] @ features.T
    stack = Stack(np.zeros(size), covariance, 0.0, 0.0, 1.0, 1.0)
    assert uncertainty(stack, features) == pytest.approx(odds.std(axis=0), rel=0.02)


def test_landmarks_that_disagree_are_less_sure():
    column = NAMES.index("log_step")

    def noise_but_one(rng, rate):
        columns = rng.normal(0, 1, (len(rate), len(FEATURES)))
        columns[:, column] += 2 * rate
        return columns

    agreeing = marks_with(noise_but_one)
    turned = [
        Landmark(mark.moment, np.where(np.arange(len(FEATURES)) == column, way, 1) * mark.features)
        for mark, way in zip(agreeing, (1, -1, 1, -1), strict=True)
    ]
    sure, unsure = (fit_stack(world(), marks, AS_OF, DELAY) for marks in (agreeing, turned))
    assert sure is not None
    assert unsure is not None
    at = AHEAD + column
    assert sure.coef[at] > 3 * np.sqrt(sure.covariance[at, at])
    assert abs(unsure.coef[at]) < np.sqrt(unsure.covariance[at, at])
    assert unsure.covariance[at, at] > 2 * sure.covariance[at, at]


def test_what_was_predicted_came_true_in_each_fifth():
    sends, cut, ahead = large(), 220.0, AHEAD
    p = EngagementModel().fit(sends, cut).predict(sends, cut).p_reply
    rows = outcomes(sends, cut, AS_OF, DELAY)  # a world that writes on after a reply: how many follow says nothing
    after = np.bincount(sends.contact[(sends.sent_at > cut) & (sends.sent_at <= AS_OF - DELAY)], minlength=len(p))
    judged = (after >= ahead) & (np.bincount(rows.contact, minlength=len(p)) > 0)
    answered = np.bincount(rows.contact, rows.replied, len(p))[judged]
    fifths = np.array_split(np.argsort(p[judged]), 5)
    predicted, observed = (np.array([values[fifth].mean() for fifth in fifths]) for values in (p[judged], answered))
    assert judged.sum() > 1_000
    assert observed[-1] > 5 * observed[0]
    assert predicted == pytest.approx(observed, abs=3 * np.sqrt(0.25 / (judged.sum() / 5)))
    assert predicted.mean() == pytest.approx(observed.mean(), rel=0.15)
