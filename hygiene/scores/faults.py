"""Bounces by whose fault they are: HubSpot's rate counts them all, and only some are the sender's."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from hygiene.scores.types import Faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.facts.types import Facts
    from hygiene.scores.types import Level

    Unit = tuple[int | None, int | None]


def faults_of(facts: Facts, level: Level) -> Mapping[Unit, Counter[str]]:
    """Return the known faults of each unit (sender key, sequence key; None where the level sums over it)."""
    by_sender, by_sequence = level in ("sender", "sender_sequence"), level in ("sequence", "sender_sequence")
    counts: defaultdict[Unit, Counter[str]] = defaultdict(Counter)
    for cause in facts.bounce_causes:
        unit = (cause.sender_key if by_sender else None, cause.sequence_key if by_sequence else None)
        counts[unit][cause.fault] += cause.bounced
    return counts


def faults(bounced: int, known: Counter[str] | None) -> Faults:
    """Return a unit's bounces by fault; those that only a total tells of are `unknown`, so that they sum to `bounced`.

    Examples
    --------
    >>> faults(10, Counter(address=4, sender=3))
    Faults(address=4, sender=3, temporary=0, recipient_filter=0, unknown=3)
    """
    known = known or Counter()
    told = {name: known[name] for name in Faults._fields if name != "unknown"}
    return Faults(**told, unknown=max(0, bounced - sum(told.values())))
