"""What a report is made from: the result of the main path, as numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hygiene.advice.advise import Advice
    from hygiene.facts.types import Facts
    from hygiene.flags.addresses import AddressRow
    from hygiene.flags.engagement.judged import Judged
    from hygiene.flags.engagement.summary import EngagementSummary
    from hygiene.flags.types import FlagSummary
    from hygiene.gate.ledger.memory import Memory
    from hygiene.scores.types import Scores
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport


@dataclass(frozen=True)
class Audit:
    """Everything known about one source under one set of settings."""

    settings: Settings
    imported: ImportReport
    facts: Facts
    scores: Scores
    flags: FlagSummary
    addresses: tuple[AddressRow, ...] = ()
    """Contacts whose address is worth a look; never a reason to remove one."""
    engagement: EngagementSummary | None = None
    """None where the source has no sequence mails to learn from."""
    judged: Judged | None = None
    """What the engagement model says of each contact."""
    memory: Memory | None = None
    """What the suppression ledger says of the contacts."""
    advice: Advice | None = None
    """What the rules suggest; None where nobody asked them."""
