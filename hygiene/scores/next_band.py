"""What would have reached the next band: the fewest further replies and the fewest bounces less.

Exact arithmetic on the counts at hand, with the very function that gives the score: every number of spared bounces is
tried, and for each the fewest replies that are then still missing. The three answers are read off that one table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.scores.points import rate_at, score_points
from hygiene.scores.types import BANDS, NextBand
from hygiene.scores.units import rate_counts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.scores.profile import Profile
    from hygiene.settings import Settings

    Integers = NDArray[np.int64]
    Floats = NDArray[np.float64]

_OUT_OF_REACH = np.iinfo(np.int64).max // 4


def next_bands(counts: Integers, scores: Floats, profile: Profile, settings: Settings) -> list[NextBand | None]:
    """Return the way to the next band of each unit.

    Parameters
    ----------
    counts
        Units × the columns of `Counts`.
    scores
        Of the units, 0–100, NaN without one.

    Notes
    -----
    A spared bounce counts as delivered without a reply. A further reply comes from an enrollment that was delivered
    and did not reply, so at most `ended − bounced − replied`. Takes memory for one row a bounced enrollment.
    """
    band = np.searchsorted(profile.edges, scores, side="right")
    open_ = np.flatnonzero(~np.isnan(scores) & (band < len(profile.edges)))
    found: list[NextBand | None] = [None] * len(counts)
    if not open_.size:
        return found
    bounced = counts[open_, 2]
    of = np.repeat(np.arange(open_.size), bounced + 1)
    starts = np.concatenate([[0], np.cumsum(bounced + 1)[:-1]])
    spared = np.arange(of.size) - starts[of]
    changed = counts[open_][of]
    changed[:, 2] -= spared
    spare_replies = counts[open_, 0] - counts[open_, 2] - counts[open_, 1]
    missing = _missing_replies(changed, np.array(profile.edges)[band[open_]][of], spare_replies[of], profile, settings)
    replies_alone = missing[starts]
    bounces_alone = np.minimum.reduceat(np.where(missing == 0, spared, _OUT_OF_REACH), starts)
    together = np.where((spared > 0) & (missing > 0), spared + missing, _OUT_OF_REACH)
    least = np.minimum.reduceat(together, starts)
    for at, unit in enumerate(open_.tolist()):
        alone = min(replies_alone[at], bounces_alone[at])
        both = None
        if least[at] < alone:
            row = starts[at] + int(np.argmax(together[starts[at] : starts[at] + bounced[at] + 1] == least[at]))
            both = (int(missing[row]), int(spared[row]))
        found[unit] = NextBand(BANDS[band[unit] + 1], _reached(replies_alone[at]), _reached(bounces_alone[at]), both)
    return found


def _missing_replies(counts: Integers, edge: Floats, most: Integers, profile: Profile, settings: Settings) -> Integers:
    """Return the fewest further replies that lift each row's score to its edge; `_OUT_OF_REACH` where none does."""
    of = rate_counts(counts, settings)
    replied, trials = of.reply.T
    trials = np.maximum(trials, 1)
    bounce_points = score_points(of.bounce[:, 0] / np.maximum(of.bounce[:, 1], 1), profile.bounce)

    def reaches(more: Integers) -> NDArray[np.bool_]:
        return score_points((replied + more) / trials, profile.reply) + bounce_points >= edge

    # The inverse of the curve gives the number but for the last rounding; the score itself has the last word.
    guess = np.ceil(rate_at(edge - bounce_points, profile.reply) * trials).astype(np.int64) - replied
    missing = np.full(len(counts), _OUT_OF_REACH)
    for more in (guess + 1, guess, guess - 1, np.zeros_like(guess)):
        more = np.maximum(more, 0)
        missing = np.where((more <= most) & reaches(more), np.minimum(more, missing), missing)
    return missing


def _reached(number: np.int64) -> int | None:
    return None if number == _OUT_OF_REACH else int(number)
