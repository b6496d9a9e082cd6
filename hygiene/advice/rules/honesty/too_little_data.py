"""DAT-01: too few enrollments have ended to read a score from them.

What it checks
    Whether a sender's score is certain enough to be read (one band has at least the probability of the setting
    `certainty`, and ten enrollments have ended), and whether HubSpot would show one, which it does from 100 ended
    enrollments of a sender on. Where it is not, it says how probable each band is and how many more ended enrollments
    would probably be enough, if they went as the ones so far.

Why it matters
    After 60 enrollments, four replies or seven are the same sender on another day: bands read off so few are luck, and
    so is whoever leads the table.

What to do
    Go on, and come back when the number is reached. Until then look at the team's figures.

Limits
    The number that is still missing assumes that the rates stay as they are. A rate that lies right between two bands
    stays uncertain with any number.

Source
    HubSpot, "Understand your sequences sender score" (read 2026-11): a score from 100 ended enrollments on. The
    probabilities: docs/score.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.advice.types import Clear, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import BandMark, Count, Message, Percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.scores.rates import BetaPrior
    from hygiene.scores.types import Score
    from hygiene.values import Value

RULE = Rule(
    id="DAT-01",
    family="honesty",
    scope="sender",
    severity="info",
    title=Message("Every sender has enough ended enrollments for a score"),
    effort_minutes=0,
    needs=("enrollments|events|totals",),
)
TIMES = (1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
"""So many times the enrollments are tried, for how many would be enough; with more the rates will have changed."""


def check(case: Case) -> Outcome:
    """Look for senders whose score cannot be read yet."""
    senders = [score for score in case.scores.senders if score.counts.ended or score.counts.active]
    if not senders:
        return NotApplicable(Message("No enrollment is known, so there is nothing to score."))
    least = case.scores.profile.sender_min_ended
    unsure = [score for score in senders if score.status == "insufficient_evidence"]
    needed = _needed(case, unsure)
    found = [
        _suggestion(score, needed.get(score.sender_key), least)
        for score in senders
        if score.status == "insufficient_evidence" or (score.status == "scored" and score.counts.ended < least)
    ]
    return Fired(tuple(found)) if found else Clear(len(senders))


def _suggestion(score: Score, needed: int | None, least: int) -> Suggestion:
    ended = score.counts.ended
    missing = max(0, least - ended)
    more = missing if score.status == "scored" else (needed - ended if needed is not None else 0)
    likely = max(score.p_bands, key=lambda band: score.p_bands[band])
    values: dict[str, Value] = {
        "ended": Count(ended),
        "band": BandMark(likely),
        "probability": Percent(score.p_bands[likely], 0),
        "least": Count(least),
        **{band: Percent(p, 0) for band, p in score.p_bands.items()},
    }
    return Suggestion(
        rule=RULE,
        subject="score",
        sender_key=score.sender_key,
        evidence={
            "ended": ended,
            "more_ended": more,
            "missing_for_hubspot": missing,
            **{f"p_{band}": p for band, p in score.p_bands.items()},
        },
        advice=_advice(score, more, values),
        steps=(
            Message(
                "The probabilities so far: Low %(low)s, Fair %(fair)s, Good %(good)s, Excellent %(excellent)s.", values
            ),
        ),
    )


def _advice(score: Score, more: int, values: Mapping[str, Value]) -> Message:
    if score.status == "scored":
        return Message(
            "Take your score as a first estimate: %(band)s, with a probability of %(probability)s. HubSpot shows one"
            " from %(least)s ended enrollments on; %(n)s more is missing.",
            values,
            plural="Take your score as a first estimate: %(band)s, with a probability of %(probability)s. HubSpot shows"
            " one from %(least)s ended enrollments on; %(n)s more are missing.",
            n=more,
        )
    if not more:
        return Message(
            "Read nothing into your band yet: after %(ended)s ended enrollments your rates lie between two bands, and"
            " even many more like them would not settle it. Look at the two rates instead.",
            values,
        )
    return Message(
        "Read nothing into your score yet: %(ended)s ended enrollments fit several bands. About %(n)s more would settle"
        " it, if it goes as before.",
        values,
        plural="Read nothing into your score yet: %(ended)s ended enrollments fit several bands. About %(n)s more would"
        " settle it, if they go as before.",
        n=more,
    )


def _needed(case: Case, unsure: list[Score]) -> dict[int | None, int]:
    """Return how many ended enrollments would be enough for each sender at the same rates; missing: not any number."""
    from hygiene.scores.score import MIN_ENDED
    from hygiene.scores.units import fit_priors, tabulate, units_of

    if not unsure:
        return {}
    priors = fit_priors(units_of(tabulate(case.facts), "sender"), case.settings)
    needed = {}
    for score in unsure:
        if not score.counts.ended:
            needed[score.sender_key] = MIN_ENDED
        elif (times := _times(case, score, priors)) is not None:
            needed[score.sender_key] = max(MIN_ENDED, round(times * score.counts.ended))
    return needed


def _times(case: Case, score: Score, priors: tuple[BetaPrior, BetaPrior]) -> float | None:
    import numpy as np

    from hygiene.scores.posterior import score_posterior

    if not score.reply.trials:
        return TIMES[0]
    times = np.array(TIMES)[:, None]
    replies = np.rint(times * [score.reply.successes, score.reply.trials]).astype(np.int64)
    bounces = np.rint(times * [score.bounce.successes, score.bounce.trials]).astype(np.int64)
    sure = score_posterior(replies, bounces, priors, case.scores.profile).p_bands.max(axis=1)
    enough = np.flatnonzero(sure >= case.settings.certainty)
    return TIMES[int(enough[0])] if enough.size else None
