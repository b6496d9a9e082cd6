"""Sentences of the coaching page: what the score rests on, what would have lifted it, what is chance, what to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hygiene.reports.blocks import interval
from hygiene.reports.document import Note
from hygiene.reports.index import is_suspect
from hygiene.reports.standing import LIMIT, WARNING_LIMIT
from hygiene.reports.words import filled
from hygiene.values import BandMark, Count, Message, Percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygiene.reports.index import Index
    from hygiene.scores.types import Funnel, FunnelPoint, Score
    from hygiene.values import Value

BOTH_INSIDE = Message(
    "Your rates differ from the team's (replies %(reply_rate)s, bounces %(bounce_rate)s) by no more than chance allows:"
    " nothing here needs an explanation."
)
DIFFERENCES: Mapping[tuple[str, str], Message] = {
    ("reply_rate", "inside"): Message(
        "Your reply rate and the team's %(target)s differ by no more than chance allows: nothing here needs an"
        " explanation."
    ),
    ("bounce_rate", "inside"): Message(
        "Your bounce rate and the team's %(target)s differ by no more than chance allows: nothing here needs an"
        " explanation."
    ),
    ("reply_rate", "95"): Message(
        "Your reply rate lies a little outside the %(warning)s limits around the team's %(target)s. One sender in"
        " twenty does by chance alone: wait for more enrollments before you read anything into it."
    ),
    ("bounce_rate", "95"): Message(
        "Your bounce rate lies a little outside the %(warning)s limits around the team's %(target)s. One sender in"
        " twenty does by chance alone: wait for more enrollments before you read anything into it."
    ),
    ("reply_rate", "low"): Message(
        "Your reply rate lies below the %(limit)s limits around the team's %(target)s: more than chance explains."
        " Compare your sequences below, and the lists that fed them."
    ),
    ("reply_rate", "high"): Message(
        "Your reply rate lies above the %(limit)s limits around the team's %(target)s: more than chance explains."
        " Tell the team what you do."
    ),
    ("bounce_rate", "high"): Message(
        "Your bounce rate lies above the %(limit)s limits around the team's %(target)s: more than chance explains."
        " Check the lists you were given before the next campaign."
    ),
    ("bounce_rate", "high_ours"): Message(
        "Your bounce rate lies above the %(limit)s limits around the team's %(target)s: more than chance explains. Most"
        " of these bounces came from how we send, not from your lists: see below why your emails came back."
    ),
    ("bounce_rate", "low"): Message(
        "Your bounce rate lies below the %(limit)s limits around the team's %(target)s: more than chance explains. Tell"
        " the team where your addresses come from."
    ),
}
"""By metric and by how far outside the funnel; beyond the 99.8 % limits by side, and for bounces by their cause."""


def count_sentence(score: Score) -> Message:
    """Return the counts that both rates rest on, with their intervals."""
    return Message(
        "%(replied)s of %(reply_trials)s enrollments got a reply: %(reply)s %(reply_interval)s. %(bounced)s of"
        " %(bounce_trials)s bounced: %(bounce)s %(bounce_interval)s.",
        {
            "replied": Count(score.reply.successes),
            "reply_trials": Count(score.reply.trials),
            "reply": Percent(score.reply.value),
            "reply_interval": interval(score.reply),
            "bounced": Count(score.bounce.successes),
            "bounce_trials": Count(score.bounce.trials),
            "bounce": Percent(score.bounce.value),
            "bounce_interval": interval(score.bounce),
        },
    )


def next_band_sentence(score: Score) -> Message | None:
    """Return what would have reached the next band; None without a score, or where nothing reaches it.

    The counts are exact arithmetic on what has happened, and the sentence says that they are no forecast.
    """
    step = score.next_band
    if score.status != "scored" or step is None:
        return None
    ways: list[Message] = []
    if step.extra_replies is not None:
        ways.append(_more_replies(step.extra_replies))
    if step.fewer_bounces is not None:
        ways.append(_fewer_bounces(step.fewer_bounces))
    if step.both is not None:
        both: dict[str, Value] = {"replies": _more_replies(step.both[0]), "bounces": _fewer_bounces(step.both[1])}
        ways.append(Message("%(replies)s together with %(bounces)s", both))
    if not ways:
        return None
    listed = ways[0]
    for way in ways[1:]:
        listed = Message("%(before)s, or %(way)s", {"before": listed, "way": way})
    return Message(
        "To reach %(band)s it would have taken %(ways)s. That is arithmetic on these %(ended)s enrollments, not a"
        " forecast.",
        {"ways": listed, "band": BandMark(step.band), "ended": Count(score.counts.ended)},
    )


def _more_replies(n: int) -> Message:
    return Message("%(n)s more reply", plural="%(n)s more replies", n=n)


def _fewer_bounces(n: int) -> Message:
    return Message("%(n)s fewer bounce", plural="%(n)s fewer bounces", n=n)


def difference_notes(index: Index, score: Score) -> Iterator[Note]:
    """Yield how the sender's two rates stand to the team's, given what chance alone would do."""
    found = [
        (funnel, index.funnel_points[funnel.metric, key])
        for funnel in index.audit.scores.funnels
        if (key := score.sender_key) is not None and (funnel.metric, key) in index.funnel_points
        if not (funnel.metric == "bounce_rate" and is_suspect(score))
    ]
    if len(found) == 2 and all(point.outside == "inside" for _, point in found):
        args: dict[str, Value] = {funnel.metric: Percent(funnel.target) for funnel, _ in found}
        yield Note(filled(BOTH_INSIDE, args))
        return
    for funnel, point in found:
        limits: dict[str, Value] = {"target": Percent(funnel.target), "limit": LIMIT, "warning": WARNING_LIMIT}
        sentence = DIFFERENCES[funnel.metric, _place(funnel, point, score)]
        yield Note(filled(sentence, limits), _tone(funnel.metric, point))


def _place(funnel: Funnel, point: FunnelPoint, score: Score) -> str:
    if point.outside != "99.8":
        return point.outside
    mostly_ours = 2 * score.faults.sender > score.counts.bounced
    return "high_ours" if funnel.metric == "bounce_rate" and point.side == "high" and mostly_ours else point.side


def _tone(metric: str, point: FunnelPoint) -> Literal["info", "warn", "good"]:
    if point.outside != "99.8":
        return "info"
    return "good" if (metric == "reply_rate") == (point.side == "high") else "warn"


def keep_notes(index: Index, score: Score) -> Iterator[Note]:
    """Yield what to keep doing, where the whole interval is good: never a compliment on noise."""
    _, most_bounces = index.bounce_target
    fewest_replies, _ = index.reply_target
    if score.bounce.value is not None and score.bounce.high < most_bounces and not is_suspect(score):
        yield Note(
            Message(
                "Keep choosing your addresses as you do: even at the upper end of its interval your bounce rate"
                " stays under %(target)s.",
                {"target": Percent(most_bounces, 0)},
            ),
            "good",
        )
    if score.reply.value is not None and score.reply.low >= fewest_replies:
        yield Note(
            Message(
                "Keep writing as you do: even at the lower end of its interval your reply rate reaches %(target)s.",
                {"target": Percent(fewest_replies, 0)},
            ),
            "good",
        )


def hubspot_sentence(score: Score) -> Message:
    """Return how far the sender is from HubSpot's own score."""
    needed = score.counts.ended + score.missing_for_hubspot
    if score.missing_for_hubspot:
        return Message(
            "HubSpot shows a score from %(needed)s ended enrollments: you have %(ended)s of %(needed)s.",
            {"ended": Count(score.counts.ended), "needed": Count(needed)},
        )
    if score.hubspot_eligible:
        return Message("You have enough ended enrollments for HubSpot to show its own score too.")
    return Message("HubSpot shows no score for you, although enough enrollments have ended: it wants an assigned seat.")
