"""The logistic hazard on top of BG/BB: fitted at landmarks, averaged, and calibrated on mails that came later."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import expit

from hygiene.flags.engagement.features import AHEAD, FEATURES
from hygiene.flags.engagement.landmarks import outcomes
from hygiene.flags.engagement.logistic import PriorLogistic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygiene.facts.engagement import Sends
    from hygiene.flags.engagement.histories import Floats
    from hygiene.flags.engagement.landmarks import Outcomes

FEWEST_OUTCOMES = 10
"""Answered, and unanswered, mails after a landmark from which it is learned from."""
MOST_ROWS = 60_000
"""Mails after one landmark that are learned from."""
NARROWEST = 0.5
"""Least standard deviation that a feature is scaled by: a prior of 0.3 then is 0.6 in log-odds at most; assumed."""
CONSTANT = 1e-6
"""Standard deviation up to which a feature is constant."""
POSITION_SPREAD = 3.0
"""Of the prior of each position's log-odds around the common rate: hardly an opinion."""
CALIBRATION_SHARE = 0.7
"""Share of the mails after which the calibration looks, and before which the fit that it judges must end."""
CALIBRATION_SPREADS = (0.1, 0.1)
"""Of the priors of shift and slope around 0 and 1; assumed. Looser ones follow every wave of real mail and lose."""
TAIL_SHARE = 0.2
"""The share of the contacts, least likely first, that the tail's check looks at."""
TAIL_STRENGTH = 20.0
"""Expected replies in the tail that the opinion “as predicted” is worth."""


class Stack(NamedTuple):
    """A fitted hazard. The columns are `AHEAD` positions (1 at the mail's position, else 0), then `FEATURES`."""

    coef: Floats
    """Log-odds, in raw units, shape (AHEAD + len(FEATURES),)."""
    covariance: Floats
    """Of the coefficients: what one landmark leaves open, and how far the landmarks disagree."""
    centre: float
    shift: float
    slope: float
    """Calibration: a log-odds z becomes centre + shift + slope · (z − centre)."""
    tail: float
    """Replies to mails to the least likely fifth ÷ predicted, on the later mails; drawn towards 1."""


class Landmark(NamedTuple):
    """A moment in the past and the features as they were then."""

    moment: float
    features: Floats


def fit_stack(sends: Sends, marks: Sequence[Landmark], as_of: float, delay: float) -> Stack | None:
    """Fit, average and calibrate; None where no landmark has enough outcomes.

    Parameters
    ----------
    sends
        What is known at `as_of`.
    marks
        In the order of time.
    delay
        As `landmarks.outcomes` takes it.
    """
    averaged = _averaged(sends, marks, as_of, delay)
    if averaged is None:
        return None
    coef, covariance = averaged
    edge = float(np.quantile(sends.sent_at[sends.sent_at <= as_of], CALIBRATION_SHARE))
    early = _averaged(sends, [mark for mark in marks if mark.moment < edge], edge, delay)
    later = [(mark, outcomes(sends, mark.moment, as_of, delay)) for mark in marks if mark.moment >= edge]
    later = [(mark, rows) for mark, rows in later if len(rows.contact)]
    if early is None or not later:
        return Stack(coef, covariance, 0.0, 0.0, 1.0, 1.0)
    odds = [early[0][rows.position] + mark.features[rows.contact] @ early[0][AHEAD:] for mark, rows in later]
    centre, shift, slope = _calibration(np.concatenate(odds), np.concatenate([r.replied for _, r in later]), len(later))
    tail = _tail([expit(centre + shift + slope * (z - centre)) for z in odds], [rows for _, rows in later])
    return Stack(coef, covariance, centre, shift, slope, tail)


def hazards(stack: Stack, features: Floats, off: Floats | float = 0.0) -> Floats:
    """Return each position's probability of an answer, given none before, shape (n, AHEAD).

    Parameters
    ----------
    off
        Added to the log-odds of each contact: `±1.645 · uncertainty(…)` gives the 90 % limits.
    """
    z = (features @ stack.coef[AHEAD:])[:, None] + stack.coef[:AHEAD] + np.reshape(off, (-1, 1))
    return expit(stack.centre + stack.shift + stack.slope * (z - stack.centre))  # type: ignore[no-any-return]


def uncertainty(stack: Stack, features: Floats) -> Floats:
    """Return the standard deviation of each contact's log-odds (mean over the positions)."""
    columns = np.hstack((np.full((len(features), AHEAD), 1 / AHEAD), features))
    deviation: Floats = np.sqrt(np.maximum(((columns @ stack.covariance) * columns).sum(axis=1), 0.0))
    return deviation


def _averaged(sends: Sends, marks: Sequence[Landmark], until: float, delay: float) -> tuple[Floats, Floats] | None:
    """Return the mean of the landmarks' coefficients and their covariance.

    The mean of log-odds that are linear in the same features is linear in them, so the average is one set of
    coefficients. Landmarks share mails: their covariances are averaged, not divided, and what they disagree beyond that
    is added.
    """
    learned = []
    for mark in marks:
        rows = outcomes(sends, mark.moment, until, delay)
        if min(rows.replied.sum(), (1 - rows.replied).sum()) >= FEWEST_OUTCOMES:
            rows = _some(rows)
            learned.append((mark.features[rows.contact], rows))
    if not learned:
        return None
    scale = _scale([features for features, _ in learned])
    fits = [_fitted(features, rows, scale) for features, rows in learned]
    coefs = np.array([coef for coef, _ in fits])
    within, between = np.mean([each for _, each in fits], axis=0), np.cov(coefs.T, bias=True)
    return coefs.mean(axis=0), within + _excess(between, within)


def _some(rows: Outcomes) -> Outcomes:
    """Return the rows of so many contacts, taken evenly, as make `MOST_ROWS`: more change no digit that is shown."""
    every = -(-len(rows.contact) // MOST_ROWS)
    return type(rows)(*(column[rows.contact % every == 0] for column in rows)) if every > 1 else rows


def _excess(between: Floats, within: Floats) -> Floats:
    """Return by how much the landmarks disagree more than chance explains: the positive part of the difference."""
    size = np.sqrt(np.maximum(np.diag(within), 1e-12))
    values, vectors = np.linalg.eigh((between - within) / np.outer(size, size))
    return (vectors * np.maximum(values, 0.0)) @ vectors.T * np.outer(size, size)  # type: ignore[no-any-return]


def _scale(parts: Sequence[Floats]) -> Floats:
    """Return the standard deviation of each feature over all landmarks.

    One for all: a column that hardly varies at one landmark would else get a huge coefficient there. And at least
    `NARROWEST`: else a column that is 1 for five contacts of six thousand might mean anything. 0 = constant.
    """
    counts = np.array([len(part) for part in parts], dtype=float)
    means = np.array([part.mean(axis=0) for part in parts])
    squares = np.array([np.square(part).mean(axis=0) for part in parts])
    share = counts / counts.sum()
    deviation = np.sqrt(np.maximum(share @ squares - np.square(share @ means), 0.0))
    return np.where(deviation > CONSTANT, np.maximum(deviation, NARROWEST), 0.0)


def _fitted(features: Floats, rows: Outcomes, scale: Floats) -> tuple[Floats, Floats]:
    """Return coefficients and covariance in raw units; the fit itself is on standardised features."""
    mean = features.mean(axis=0)
    inverse = np.where(scale > 0, 1 / np.maximum(scale, CONSTANT), 0.0)  # a constant column says nothing
    positions = (rows.position[:, None] == np.arange(AHEAD)).astype(float)
    rate = rows.replied.mean()
    opinion = np.concatenate((np.full(AHEAD, np.log(rate / (1 - rate))), [scale[0]], np.zeros(len(FEATURES) - 1)))
    spread = np.concatenate((np.full(AHEAD, POSITION_SPREAD), [feature.spread for feature in FEATURES]))
    signs = np.concatenate((np.zeros(AHEAD), [feature.sign for feature in FEATURES]))
    start = opinion
    while True:  # ends: each round leaves a column out
        columns = np.hstack((positions, (features - mean) * inverse))
        model = PriorLogistic(opinion, spread).fit(columns, rows.replied, start=start)
        start = model.coef_
        wrong = (model.coef_ * signs < 0)[AHEAD:] & (inverse > 0)
        if not wrong.any():
            break
        inverse = np.where(wrong, 0.0, inverse)
    back = np.zeros((len(opinion), len(opinion)))
    back[:AHEAD, :AHEAD] = np.eye(AHEAD)
    back[:AHEAD, AHEAD:] = -mean * inverse
    back[AHEAD:, AHEAD:] = np.diag(inverse)
    return back @ model.coef_, back @ model.covariance_ @ back.T


def _calibration(odds: Floats, replied: Floats, landmarks: int) -> tuple[float, float, float]:
    """Return centre, shift and slope; a mail that several landmarks see counts once."""
    centre = float(odds.mean())
    columns = np.column_stack((np.ones(len(odds)), odds - centre))
    model = PriorLogistic((centre, 1.0), CALIBRATION_SPREADS)
    coef = model.fit(columns, replied, np.full(len(odds), 1 / landmarks)).coef_
    return centre, float(coef[0]) - centre, float(coef[1])


def _tail(chances: Sequence[Floats], rows: Sequence[Outcomes]) -> float:
    """Return observed ÷ predicted replies of the least likely contacts of each landmark."""
    observed = predicted = 0.0
    for chance, each in zip(chances, rows, strict=True):
        first = each.position == 0
        if not first.any():
            continue
        low = np.zeros(int(each.contact.max()) + 1, dtype=bool)
        low[each.contact[first][chance[first] <= np.quantile(chance[first], TAIL_SHARE)]] = True
        chosen = low[each.contact]
        observed += each.replied[chosen].sum() / len(rows)
        predicted += chance[chosen].sum() / len(rows)
    return float((observed + TAIL_STRENGTH) / (predicted + TAIL_STRENGTH))
