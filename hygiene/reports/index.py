"""An audit with its rows at hand: who has which scores, steps, flags and pages. Built once, shared by all pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote

from hygiene.reports.paths import page_names

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from hygiene.facts.types import BounceCause, Cell, Engagement, Step
    from hygiene.flags.types import ContactFlag
    from hygiene.reports.audit import Audit
    from hygiene.scores.profile import Profile
    from hygiene.scores.types import FunnelPoint, Score, Scores

    Key = TypeVar("Key", bound=Hashable)
    Item = TypeVar("Item")

TEAM_PAGE = "index.html"
NAME_LIMIT = 80
"""Characters of a name that a page shows: more would push the figures off it."""


@dataclass(frozen=True)
class Index:
    """The rows of an audit by key. Pairs and steps stand in the audit's order."""

    audit: Audit
    senders: Mapping[int, Score]
    sequences: Mapping[int, Score]
    pairs_of_sender: Mapping[int, list[Score]]
    pairs_of_sequence: Mapping[int, list[Score]]
    cells_of_sequence: Mapping[int, list[Cell]]
    steps_of_sequence: Mapping[int, list[Step]]
    causes_of_sender: Mapping[int, list[BounceCause]]
    engagements_of_sender: Mapping[int, list[Engagement]]
    flagged_of_sender: Mapping[int | None, list[ContactFlag]]
    funnel_points: Mapping[tuple[str, int], FunnelPoint]
    """By metric and sender."""
    sender_pages: Mapping[int, str]
    """Paths inside the output folder."""
    sequence_pages: Mapping[int, str]

    @classmethod
    def of(cls, audit: Audit) -> Index:
        """Arrange an audit's rows by key."""
        scores, facts = audit.scores, audit.facts
        pairs = _pairs(scores)
        sender_names = page_names(sender.sender_id for sender in facts.senders.values())
        sequence_names = page_names(sequence.sequence_id for sequence in facts.sequences.values())
        return cls(
            audit=audit,
            senders={score.sender_key: score for score in scores.senders if score.sender_key is not None},
            sequences={score.sequence_key: score for score in scores.sequences if score.sequence_key is not None},
            pairs_of_sender=_grouped(pairs, lambda score: score.sender_key),
            pairs_of_sequence=_grouped(pairs, lambda score: score.sequence_key),
            cells_of_sequence=_grouped(facts.cells, lambda cell: cell.sequence_key),
            steps_of_sequence=_grouped(facts.steps, lambda step: step.sequence_key),
            causes_of_sender=_grouped(facts.bounce_causes, lambda cause: cause.sender_key),
            engagements_of_sender=_grouped(facts.engagements, lambda row: row.sender_key),
            flagged_of_sender=_grouped(audit.flags.flagged, lambda flag: flag.facts.sender_key),
            funnel_points={
                (funnel.metric, point.sender_key): point for funnel in scores.funnels for point in funnel.points
            },
            sender_pages={
                key: f"senders/{sender_names[sender.sender_id]}.html" for key, sender in facts.senders.items()
            },
            sequence_pages={
                key: f"sequences/{sequence_names[sequence.sequence_id]}.html"
                for key, sequence in facts.sequences.items()
            },
        )

    @property
    def profile(self) -> Profile:
        """The score profile."""
        return self.audit.scores.profile

    @property
    def good_edge(self) -> float:
        """The score from which a band is Good."""
        return self.profile.edges[1]

    @property
    def reply_target(self) -> tuple[float, float]:
        """The good zone of the reply rate."""
        return self.profile.good_reply

    @property
    def bounce_target(self) -> tuple[float, float]:
        """The good zone of the bounce rate."""
        return (0.0, self.profile.good_bounce_below)

    def sender_href(self, key: int, *, up: bool, anchor: str = "") -> str:
        """Return the link to a sender's page: from another sender's or sequence's page (`up`), or from the team's."""
        return _href(self.sender_pages[key], up, anchor)

    def sequence_href(self, key: int, *, up: bool, anchor: str = "") -> str:
        """Return the link to a sequence's page, as `sender_href`."""
        return _href(self.sequence_pages[key], up, anchor)

    def sender_label(self, key: int) -> str:
        """Return what to call a sender, in at most `NAME_LIMIT` characters."""
        return _short(self.audit.facts.senders[key].label)

    def sequence_label(self, key: int) -> str:
        """Return what to call a sequence, in at most `NAME_LIMIT` characters."""
        return _short(self.audit.facts.sequences[key].label)


def is_suspect(score: Score) -> bool:
    """Tell whether bounces may have happened without being seen, so that no figure is to be trusted."""
    return score.status == "bounce_tracking_suspect"


def _pairs(scores: Scores) -> list[Score]:
    """Return the pairs; bounces that may not be seen of a sender may not be seen in any of its sequences."""
    unseen = {score.sender_key for score in scores.senders if is_suspect(score)}
    return [
        replace(pair, status="bounce_tracking_suspect", band=None) if pair.sender_key in unseen else pair
        for pair in scores.pairs
    ]


def _short(name: str) -> str:
    return name if len(name) <= NAME_LIMIT else name[: NAME_LIMIT - 1] + "…"


def _href(path: str, up: bool, anchor: str) -> str:
    return ("../" if up else "") + quote(path) + (f"#{anchor}" if anchor else "")


def _grouped(rows: Iterable[Item], key: Callable[[Item], Key | None]) -> dict[Key, list[Item]]:
    groups: defaultdict[Key, list[Item]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)  # type: ignore[index]
    return dict(groups)
