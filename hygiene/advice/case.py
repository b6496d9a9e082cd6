"""The facts of a run as the rules read them: one object, made once, changed by nobody."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from hygiene.advice.attribution.attribution import Attribution
    from hygiene.advice.follow import Previous
    from hygiene.advice.qa import Quality
    from hygiene.facts.enrolled import Enrolled
    from hygiene.facts.sending import Sending
    from hygiene.facts.types import Facts
    from hygiene.flags.addresses import AddressRow
    from hygiene.flags.engagement.summary import EngagementSummary
    from hygiene.flags.types import FlagSummary
    from hygiene.scores.types import Score, Scores
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport


@dataclass(frozen=True)
class Case:
    """Everything that a rule may look at."""

    settings: Settings
    imported: ImportReport
    facts: Facts
    scores: Scores
    flags: FlagSummary
    addresses: tuple[AddressRow, ...]
    """Contacts whose address is worth a look."""
    engagement: EngagementSummary | None
    enrolled: Enrolled
    sending: Sending
    attribution: Attribution | None
    """None where fewer than two senders have enough to compare."""
    previous: Previous | None = None
    """The last report, where one was named."""

    @property
    def as_of(self) -> datetime | None:
        """The moment up to which all is known, naive UTC."""
        return self.facts.as_of

    @cached_property
    def quality(self) -> Quality:
        """What every template comes to for every enrolled contact; worked out when it is first asked for."""
        from hygiene.advice.qa import judge

        return judge(self.enrolled, self.facts.sequences, self.imported)

    def score(self, sender_key: int) -> Score | None:
        """Return a sender's score."""
        return next((score for score in self.scores.senders if score.sender_key == sender_key), None)
