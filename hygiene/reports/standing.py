"""Where a sender stands: clearly below good, beyond what chance allows, or within chance.

Two questions are kept apart. *Is the score low?* is answered by its 90 % interval: the sender is clearly below good
only if the whole interval is. *Does the sender differ from the team?* is answered by the 99.8 % limits of the funnel
plots, so that nobody is told that noise is a fault.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hygiene.values import Message, Percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.reports.index import Index
    from hygiene.scores.types import Score

Standing = Literal["below_good", "worse_replies", "worse_bounces", "within_chance", "better"]
ORDER: tuple[Standing, ...] = ("below_good", "worse_replies", "worse_bounces", "within_chance", "better")
NEEDS_ACTION: frozenset[Standing] = frozenset({"below_good", "worse_replies", "worse_bounces"})
WARNING_LIMIT = Percent(0.95, 0)
LIMIT = Percent(0.998, 1)
"""The limits beyond which a difference is called more than chance (as in `scores.types.Funnel`)."""

WORDS: Mapping[Standing, Message] = {
    "below_good": Message("clearly below Good"),
    "worse_replies": Message("fewer replies than chance explains"),
    "worse_bounces": Message("more bounces than chance explains"),
    "within_chance": Message("within chance"),
    "better": Message("better than chance explains"),
}


def standing(index: Index, score: Score) -> Standing:
    """Return where a sender stands; the first that holds of `ORDER`."""
    if score.sender_key is None:
        raise ValueError("only a sender's score has a standing")
    if score.status == "scored" and score.high < index.good_edge:
        return "below_good"
    sides = {metric: _side(index, metric, score.sender_key) for metric in ("reply_rate", "bounce_rate")}
    if sides["reply_rate"] == "low":
        return "worse_replies"
    if sides["bounce_rate"] == "high":
        return "worse_bounces"
    return "better" if "high" in sides.values() or "low" in sides.values() else "within_chance"


def _side(index: Index, metric: str, sender_key: int) -> Literal["low", "high", "none"]:
    point = index.funnel_points.get((metric, sender_key))
    return point.side if point is not None and point.outside == "99.8" else "none"


@dataclass(frozen=True)
class Standings:
    """The senders of a team by how they stand."""

    of: Mapping[int, Standing]
    """By sender, of the senders with a score."""
    below_good: int
    """Senders whose whole interval lies below Good."""
    others: int
    worse: int
    """Of the others, those beyond the 99.8 % limits on the bad side of a rate."""
    better: int
    """Of the others, those beyond them on the good side only."""

    @property
    def scored(self) -> int:
        """Senders with a score."""
        return len(self.of)


def standings(index: Index) -> Standings:
    """Return how the senders with a score stand."""
    of = {key: standing(index, score) for key, score in index.senders.items() if score.status == "scored"}
    counted = Counter(of.values())
    below = counted["below_good"]
    worse = counted["worse_replies"] + counted["worse_bounces"]
    return Standings(of, below, len(of) - below, worse, counted["better"])
