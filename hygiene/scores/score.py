"""Scores of a level, and of a whole run (docs/score.md)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hygiene.facts.types import Counts
from hygiene.scores.faults import faults, faults_of
from hygiene.scores.funnel import funnels_of
from hygiene.scores.next_band import next_bands
from hygiene.scores.points import band_of, score_points
from hygiene.scores.posterior import score_posterior
from hygiene.scores.rates import JEFFREYS, rates
from hygiene.scores.tracking import senders_unseen
from hygiene.scores.trend import sender_months, team_months
from hygiene.scores.types import BANDS, Score, Scores
from hygiene.scores.units import NONE, Units, fit_priors, rate_counts, tabulate, units_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hygiene.facts.types import Facts
    from hygiene.scores.profile import Knots, Profile
    from hygiene.scores.rates import BetaPrior
    from hygiene.scores.types import Level, Status
    from hygiene.settings import Settings

    Priors = tuple[BetaPrior, BetaPrior]
    Floats = NDArray[np.float64]

MIN_ENDED = 10
"""Fewer ended enrollments are never `scored` (docs/score.md)."""


EXACT_DECIMALS = 9
"""Scores are rounded here, so that a sum that is 60 on paper is not 59.999… and in the band below."""


def score_all(facts: Facts, profile: Profile, settings: Settings) -> Scores:
    """Return every score, trend and funnel of a run.

    The prior of each level is fitted on that level's units; the team, being one, has Jeffreys' prior.
    """
    table = tabulate(facts)
    seated = _seated(facts)

    def scored(level: Level) -> tuple[Score, ...]:
        units = units_of(table, level)
        return _known(score_units(units, fit_priors(units, settings), profile, settings, seated), facts, level)

    team, senders = scored("team")[0], scored("sender")
    return Scores(
        profile=profile,
        team=team,
        senders=senders,
        sequences=scored("sequence"),
        pairs=scored("sender_sequence"),
        team_trend=team_months(table, settings),
        sender_trends=sender_months(table, settings),
        funnels=funnels_of(team, senders),
    )


def score_level(facts: Facts, level: Level, profile: Profile, settings: Settings) -> tuple[Score, ...]:
    """Return the scores of one level, ordered by key; the same as in `score_all`, without the rest."""
    units = units_of(tabulate(facts), level)
    scores = score_units(units, fit_priors(units, settings), profile, settings, _seated(facts))
    return _known(scores, facts, level)


def _known(scores: tuple[Score, ...], facts: Facts, level: Level) -> tuple[Score, ...]:
    """Add what is known of the bounces: whose fault they are, and whether a sender's can be seen at all."""
    known = faults_of(facts, level)
    unseen = senders_unseen(facts) if level in ("sender", "sender_sequence") else frozenset()
    completed = []
    for score in scores:
        found = faults(score.counts.bounced, known.get((score.sender_key, score.sequence_key)))
        score = replace(score, faults=found)
        if score.sender_key in unseen:
            score = replace(score, status="bounce_tracking_suspect", band=None)
        completed.append(score)
    return tuple(completed)


def score_unit(
    counts: Counts, level: Level, profile: Profile, settings: Settings, priors: Priors = (JEFFREYS, JEFFREYS)
) -> Score:
    """Return the score of one unit that stands alone, seats unknown.

    Examples
    --------
    >>> from hygiene.scores.profile import load_profile
    >>> from hygiene.settings import Settings
    >>> score = score_unit(Counts(ended=200, replied=14, bounced=10), "sender", load_profile("default"), Settings())
    >>> round(score.reply.value, 4), score.bounce.value, score.band
    (0.0737, 0.05, 'fair')
    """
    units = Units(level, np.array([NONE]), np.array([NONE]), np.array([counts], dtype=np.int64))
    return score_units(units, priors, profile, settings, lambda _: True)[0]


def score_units(
    units: Units, priors: Priors, profile: Profile, settings: Settings, seated: Callable[[int | None], bool]
) -> tuple[Score, ...]:
    """Return the scores of the units, in their order.

    Parameters
    ----------
    units
        Of one level.
    priors
        Of the reply and of the bounce rate.
    seated
        Whether a sender's key may have a HubSpot score at all, as far as seats are known.
    """
    of = rate_counts(units.counts, settings)
    points = _points(of.reply, profile.reply), _points(of.bounce, profile.bounce)
    totals = np.round(points[0] + points[1], EXACT_DECIMALS)
    posterior = score_posterior(of.reply, of.bounce, priors, profile)
    columns = zip(
        _keys(units.sender),
        _keys(units.sequence),
        [Counts(*row) for row in units.counts.tolist()],
        rates(of.reply[:, 0], of.reply[:, 1], priors[0]),
        rates(of.bounce[:, 0], of.bounce[:, 1], priors[1]),
        *(_optional(column) for column in (*points, totals)),
        posterior.low.tolist(),
        posterior.high.tolist(),
        posterior.p_bands.tolist(),
        next_bands(units.counts, totals, profile, settings),
        strict=True,
    )
    return tuple(
        Score(
            level=units.level,
            sender_key=sender_key,
            sequence_key=sequence_key,
            counts=counts,
            reply=reply,
            bounce=bounce,
            reply_points=reply_points,
            bounce_points=bounce_points,
            score=score,
            low=low,
            high=high,
            band=None if score is None else band_of(score, profile.edges),
            p_bands=dict(zip(BANDS, p_bands, strict=True)),
            status=_status(counts, score, p_bands, settings),
            hubspot_eligible=_eligible(units.level, counts, profile) and seated(sender_key),
            next_band=next_band,
        )
        for (
            sender_key,
            sequence_key,
            counts,
            reply,
            bounce,
            reply_points,
            bounce_points,
            score,
            low,
            high,
            p_bands,
            next_band,
        ) in columns
    )


def _points(of: NDArray[np.int64], knots: Knots) -> Floats:
    """Return the points of successes and trials (units × 2), NaN without trials."""
    return np.where(of[:, 1] > 0, score_points(of[:, 0] / np.maximum(of[:, 1], 1), knots), np.nan)


def _keys(keys: NDArray[np.int64]) -> list[int | None]:
    return [None if key == NONE else key for key in keys.tolist()]


def _optional(values: Floats) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def _status(counts: Counts, score: float | None, p_bands: list[float], settings: Settings) -> Status:
    """Where everything bounced there is no reply rate, so no score and no band that could be certain."""
    certain = score is not None and counts.ended >= MIN_ENDED and max(p_bands) >= settings.certainty
    return "scored" if certain else "insufficient_evidence"


def _eligible(level: Level, counts: Counts, profile: Profile) -> bool:
    """HubSpot shows a score for a user and for a user's sequence; it knows none of a team or a sequence."""
    if level == "sender":
        return counts.ended >= profile.sender_min_ended
    return level == "sender_sequence" and counts.ended >= profile.pair_min_ended


def _seated(facts: Facts) -> Callable[[int | None], bool]:
    """Where the source knows seats, a sender that it does not name as seated has none."""
    if not facts.has_seats:
        return lambda _: True
    with_seat = {key for key, sender in facts.senders.items() if sender.has_seat}
    return lambda key: key in with_seat
