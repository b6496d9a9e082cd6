"""How the model and the rules of thumb would have done on this history: fit in the past, look at what came after.

At each origin everything is learned from what was known then; the judged contacts are those with a mail before it and
a mail after it that had its chance. A rule's flag is held against what the contact did with its next three mails, which
it did get, whatever the rule says. What a contact without later mails would have done nobody knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import betaincinv

from hygiene.flags.engagement.costs import Costs, break_even, complaint_rates
from hygiene.flags.engagement.features import AHEAD
from hygiene.flags.engagement.frontier import budget_thresholds
from hygiene.flags.engagement.histories import histories
from hygiene.flags.engagement.landmarks import outcomes
from hygiene.flags.engagement.model import EngagementModel, Prediction, known_at
from hygiene.flags.engagement.rules import DORMANT_DAYS, is_unengaged
from hygiene.flags.engagement.summary import tail_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hygiene.facts.engagement import Sends
    from hygiene.flags.engagement.histories import Floats, Histories
    from hygiene.flags.engagement.judged import Bools
    from hygiene.settings import Settings

ORIGINS = (0.5, 0.65, 0.8)
"""Shares of the mails at which the past ends."""
LOST_REPLIES = 0.05
"""Of our rule by budget, where the settings name none."""
TENTHS = 10
FEWEST = 20
"""Judged contacts, with a reply among them and silence, from which an origin says anything."""


class Ranking(NamedTuple):
    """How well a score ranks and how far its probabilities are off, at one origin."""

    score: str
    """`model`, `bgbb`, `silence` (mails since a reply), `base_rate`."""
    auc: float
    """Chance that a contact that replied has the higher score than one that did not."""
    brier: float | None
    """Mean squared distance of the probability from what happened; None for a score that is no probability."""


class Calibration(NamedTuple):
    """A tenth of the mails after the origins, by their predicted chance of an answer."""

    predicted: float
    """Mean predicted chance."""
    replied: int
    mails: int
    low: float
    high: float
    """90 % interval of the observed rate (Jeffreys)."""

    @property
    def observed(self) -> float:
        """Replies a mail."""
        return self.replied / self.mails


class RuleResult(NamedTuple):
    """What a rule would have done, all origins together."""

    rule: str
    """`everything`, `hubspot_11_16`, `ninety_days`, `ours`, `ours_budget`."""
    judged: int
    paused: int
    replied: int
    """Judged contacts that replied to one of their next three mails."""
    lost: int
    """Paused ones among them: each a false pause."""
    mails: int
    """The next three mails (up to the reply) of the judged."""
    saved: int
    """Of these, to the paused."""


class Origin(NamedTuple):
    """One look back."""

    moment: float
    """Days since 1970."""
    judged: int
    replied: int
    is_stacked: bool
    rankings: tuple[Ranking, ...]


class Backtest(NamedTuple):
    """All looks back together."""

    origins: tuple[Origin, ...]
    calibration: tuple[Calibration, ...]
    rules: tuple[RuleResult, ...]
    budget: float


class _Look(NamedTuple):
    """An origin with its arrays, for the judged contacts only."""

    origin: Origin
    flags: dict[str, Bools]
    replied: Bools
    mails: Floats
    chances: Floats
    """Predicted for each mail that followed."""
    answers: Floats


def backtest(
    sends: Sends,
    as_of: float,
    complaints: Mapping[int, tuple[int, int]],
    settings: Settings,
    progress: Callable[[float], None] = lambda _: None,
) -> Backtest:
    """Return how the model and the rules would have done.

    Parameters
    ----------
    complaints
        As `costs.complaint_rates` takes them; their rates are taken from the whole history.
    settings
        The costs, `max_lost_replies` and `pause_after`.
    progress
        Called with the part done.
    """
    known = known_at(sends, as_of)
    budget = LOST_REPLIES if settings.max_lost_replies is None else settings.max_lost_replies
    looks = []
    for number, share in enumerate(ORIGINS):
        progress(number / len(ORIGINS))
        if len(known.sent_at):
            look = _look(known, float(np.quantile(known.sent_at, share)), as_of, complaints, settings, budget)
            looks += [look] if look else []
    return Backtest(
        origins=tuple(look.origin for look in looks),
        calibration=_calibration(looks),
        rules=tuple(_rule_result(rule, looks) for rule in looks[0].flags) if looks else (),
        budget=budget,
    )


def _look(
    sends: Sends,
    moment: float,
    as_of: float,
    complaints: Mapping[int, tuple[int, int]],
    settings: Settings,
    budget: float,
) -> _Look | None:
    model = EngagementModel().fit(sends, moment)
    rows = outcomes(sends, moment, as_of, model.delay_)
    size = len(sends.keys)
    mails = np.bincount(rows.contact, minlength=size).astype(float)
    replied = np.bincount(rows.contact, weights=rows.replied, minlength=size) > 0
    judged = mails > 0
    if judged.sum() < FEWEST or not 0 < replied.sum() < judged.sum():
        return None
    past = known_at(sends, moment)
    now = histories(past, moment, model.delay_)
    outlook = model.judge(past, now, moment)
    p_reply = outlook.p_reply
    bgbb = model.sources_.p_reply(now, sends.source, AHEAD)
    costs = Costs(settings.reply_value, settings.send_cost, settings.complaint_cost)
    threshold = break_even(costs, sends.source, *complaint_rates(complaints))
    flags = _flags(now, outlook, threshold, judged, settings.pause_after, budget, tail_of(model))
    scores = {"model": p_reply, "bgbb": bgbb, "silence": -(now.sends - now.last_reply).astype(float)}
    base = np.full(size, now.replies.sum() / max(now.sends.sum(), 1))
    scores["base_rate"] = 1 - (1 - base) ** AHEAD
    rankings = tuple(
        Ranking(
            name,
            auc(score[judged], replied[judged]),
            None if name == "silence" else float(np.mean((score - replied)[judged] ** 2)),
        )
        for name, score in scores.items()
    )
    origin = Origin(moment, int(judged.sum()), int(replied.sum()), model.stack_ is not None, rankings)
    chances = model.hazards(past, now, moment)[rows.contact, rows.position]
    return _Look(
        origin,
        {rule: flag[judged] for rule, flag in flags.items()},
        replied[judged],
        mails[judged],
        chances,
        rows.replied,
    )


def _flags(
    now: Histories,
    outlook: Prediction,
    threshold: Floats,
    judged: Bools,
    pause_after: int,
    budget: float,
    tail: float,
) -> dict[str, Bools]:
    mails, p_reply = now.sends, outlook.p_reply
    cut = budget_thresholds(p_reply, outlook.high, mails, judged, budget, pause_after, tail)
    return {
        "everything": np.zeros(len(p_reply), dtype=bool),
        "hubspot_11_16": is_unengaged(now.since_signal, now.signals),
        "ninety_days": now.days_since_signal > DORMANT_DAYS,
        "ours": (p_reply < threshold) & (mails >= pause_after),
        "ours_budget": p_reply < cut,
    }


def _rule_result(rule: str, looks: list[_Look]) -> RuleResult:
    def total(count: Callable[[_Look], float]) -> int:
        return int(sum(count(look) for look in looks))

    return RuleResult(
        rule,
        judged=total(lambda look: len(look.replied)),
        paused=total(lambda look: look.flags[rule].sum()),
        replied=total(lambda look: look.replied.sum()),
        lost=total(lambda look: look.replied[look.flags[rule]].sum()),
        mails=total(lambda look: look.mails.sum()),
        saved=total(lambda look: look.mails[look.flags[rule]].sum()),
    )


def _calibration(looks: list[_Look]) -> tuple[Calibration, ...]:
    """Return tenths of equal numbers of mails, least likely first."""
    if not looks:
        return ()
    chances = np.concatenate([look.chances for look in looks])
    answers = np.concatenate([look.answers for look in looks])
    order = np.argsort(chances, kind="stable")
    points = []
    for rows in np.array_split(order, TENTHS):
        if len(rows):
            replied, mails = int(answers[rows].sum()), len(rows)
            low, high = (float(betaincinv(replied + 0.5, mails - replied + 0.5, q)) for q in (0.05, 0.95))
            points.append(Calibration(float(chances[rows].mean()), replied, mails, low, high))
    return tuple(points)


def auc(score: Floats, happened: Bools) -> float:
    """Return the chance that one to whom it happened has the higher score; ties count half.

    Examples
    --------
    >>> auc(np.array([0.1, 0.4, 0.4, 0.9]), np.array([False, False, True, True]))
    0.875
    """
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    positive = int(happened.sum())
    return float((ranks[happened].sum() - positive * (positive + 1) / 2) / (positive * (len(score) - positive)))
