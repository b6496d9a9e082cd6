"""Whether counts reconcile: enrollments that never end, those taken out early, bounces that nobody sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hygiene.advice.types import ContactRow
from hygiene.flags.engagement.histories import DELAY_DEFAULT

if TYPE_CHECKING:
    from pandas import DataFrame

    from hygiene.advice.case import Case

STALE_DAYS = 60
"""Beyond the time that an enrollment takes, from which on it does not end any more (evidence/recommender.md, 6)."""
USUAL = 0.95
"""Of the ended enrollments, the share that took no longer: the time that an enrollment takes."""
LEAST_STALE = 0.02
"""Of all enrollments, from which share on those that never end are spoken of; assumed."""
LEAST_EARLY = 0.05
"""Of the ended enrollments, from which share on those taken out early are spoken of; assumed."""
LEAST_ROWS = 10
LUCK = 0.1
"""Probability of no bounce by chance, under which one asks whether bounces are seen; assumed."""
USUAL_BOUNCE_RATE = 0.03
"""Where nobody else's is known: HubSpot calls bounces under 3 % good."""
LEAST_KNOWN = 100
"""Ended enrollments of the others that tell how often bounces come."""


class Reckoned(NamedTuple):
    """Enrollments that the rates miss or should not hold, and the team's reply rate without that."""

    rows: tuple[ContactRow, ...]
    share: float
    days: float
    rate_before: float
    rate_after: float


class Unseen(NamedTuple):
    """A sender without a bounce; None: the team."""

    sender_key: int | None
    ended: int
    rate: float
    """At which bounces would usually come."""
    luck: float
    """Probability of none at that rate."""


def never_ended(case: Case) -> Reckoned | None:
    """Return the enrollments that should long have ended; None where they are few."""
    import pandas as pd

    rows, as_of = case.enrolled.rows, case.as_of
    if as_of is None or rows.empty:
        return None
    running = rows[rows["ended_at"].isna()]
    took = (pd.to_datetime(rows["ended_at"]) - pd.to_datetime(rows["enrolled_at"])).dt.total_seconds() / 86_400
    usual = took.groupby(rows["sequence_key"]).quantile(USUAL)
    everywhere = float(took.quantile(USUAL)) if took.notna().any() else 0.0
    limit = running["sequence_key"].map(usual).fillna(everywhere) + STALE_DAYS
    age = (pd.Timestamp(as_of) - pd.to_datetime(running["enrolled_at"])).dt.total_seconds() / 86_400
    stale = running[age > limit]
    counts = case.scores.team.counts
    share = len(stale) / max(counts.ended + counts.active, 1)
    if len(stale) < LEAST_ROWS or share < LEAST_STALE:
        return None
    trials = case.scores.team.reply.trials
    after = counts.replied / max(trials + len(stale), 1)
    days = int(limit[age > limit].min())
    return Reckoned(_named(stale, "enrolled_at"), share, days, counts.replied / max(trials, 1), after)


def ended_early(case: Case) -> Reckoned | None:
    """Return the enrollments taken out by hand before nine answers in ten come; None where they are few."""
    import pandas as pd

    rows = case.enrolled.rows
    days = case.engagement.delay_days if case.engagement else DELAY_DEFAULT
    if rows.empty:
        return None
    took = (pd.to_datetime(rows["ended_at"]) - pd.to_datetime(rows["enrolled_at"])).dt.total_seconds() / 86_400
    silent = (rows["is_replied"] == 0) & (rows["is_bounced"] == 0)
    early = rows[(rows["outcome"] == "unenrolled") & silent & (took < days)]
    share = len(early) / max(int(rows["ended_at"].notna().sum()), 1)
    if len(early) < LEAST_ROWS or share < LEAST_EARLY:
        return None
    replied, trials = case.scores.team.reply.successes, case.scores.team.reply.trials
    after = replied / max(trials - len(early), 1)
    return Reckoned(_named(early, "ended_at"), share, days, replied / max(trials, 1), after)


def _named(rows: DataFrame, time: str) -> tuple[ContactRow, ...]:
    days = rows[time].dt.strftime("%Y-%m-%d")
    return tuple(ContactRow(str(contact), str(day)) for contact, day in zip(rows["contact_id"], days, strict=True))


def unseen_bounces(case: Case) -> tuple[Unseen, ...]:
    """Return the senders whose spotless record is hardly luck; the team alone where nobody has a bounce."""
    suspects = [score for score in case.scores.senders if score.status == "bounce_tracking_suspect"]
    team = case.scores.team.counts
    if not suspects:
        return ()
    if not team.bounced:
        luck = (1 - USUAL_BOUNCE_RATE) ** team.ended
        return (Unseen(None, team.ended, USUAL_BOUNCE_RATE, luck),) if luck < LUCK else ()
    hidden = {score.sender_key for score in suspects}
    seen = [score.counts for score in case.scores.senders if score.sender_key not in hidden]
    ended, bounced = sum(counts.ended for counts in seen), sum(counts.bounced for counts in seen)
    rate = bounced / ended if ended >= LEAST_KNOWN else USUAL_BOUNCE_RATE
    found = (Unseen(score.sender_key, score.counts.ended, rate, (1 - rate) ** score.counts.ended) for score in suspects)
    return tuple(unseen for unseen in found if unseen.luck < LUCK)
