"""What a gate world is made of: every number of the simulator, and how the named worlds differ from `healthy`.

All of them are `assumed`, chosen from the ranges of evidence/peers.md (1 % is a healthy sender, 8 % one that must be
stopped). A bounce is a dead address, found out by the first mail, or a mail that was refused for the sender's own
fault. Dead addresses come one by one (`icc` 0) or in clumps: each import batch then has a rate of its own, drawn from
a Beta distribution with the world's mean and the intra-batch correlation `icc`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF = datetime(2026, 6, 30, 18, 0)
"""The moment of the export; a Tuesday."""
FAULT_DAYS = 45
"""For so long before `AS_OF` a sender's own fault has been there."""
ROTTEN_DAYS = 20
"""For so long before `AS_OF` the rotten batch has been in use."""


@dataclass(frozen=True)
class Recipe:
    """One world. Rates are fractions."""

    name: str = "healthy"
    senders: tuple[int, int] = (6, 12)
    """Of a team, both ends included."""
    ended: tuple[int, int] = (150, 1500)
    """Enrollments of a sender, log-uniform; about a tenth of them still run."""
    months: tuple[int, int] = (3, 6)
    rate: float = 0.01
    """Chance that an enrollment of a good sender bounces: dead addresses and, a tenth of it, mails refused."""
    bad_rate: float = 0.08
    """The same of a bad sender."""
    bad: str = "none"
    """Who is bad: `none`, `one` of the team, or `all`."""
    icc: float = 0.0
    """Correlation of two addresses of one batch."""
    campaign: str = "usual"
    """Where the list comes from: `usual`, `new_source` (never used before) or `rotten` (a batch found out lately)."""
    list_rate: float | None = None
    """Rate of the new source or of the rotten batch."""
    list_weight: float | None = None
    """How alike new sources are: their rates are drawn from a Beta distribution with the mean `list_rate` and this sum
    of its shapes; None: all have the same."""
    fault_rate: float = 0.0
    """Of the bad senders: mails refused for the sender's own fault in the last days."""
    dirt: float = 0.03
    """Share of the rows of a list that are planted, in every second list."""
    is_dirty: bool = False
    """Whether every list holds each plant twice."""
    has_history: bool = True
    list_rows: tuple[int, int] = (60, 600)
    """Of a list, log-uniform."""


_HEALTHY = Recipe()
WORLDS: Mapping[str, Recipe] = MappingProxyType(
    {
        recipe.name: recipe
        for recipe in (
            _HEALTHY,
            replace(_HEALTHY, name="healthy-half", rate=0.005),
            replace(_HEALTHY, name="healthy-double", rate=0.02),
            replace(_HEALTHY, name="healthy-clumps-02", icc=0.02),
            replace(_HEALTHY, name="healthy-clumps-05", icc=0.05),
            replace(_HEALTHY, name="bad-one", bad="one"),
            replace(_HEALTHY, name="bad-all", bad="all"),
            replace(_HEALTHY, name="bad-one-clumps-02", bad="one", icc=0.02),
            replace(_HEALTHY, name="bad-one-clumps-05", bad="one", icc=0.05),
            replace(_HEALTHY, name="bad-all-clumps-02", bad="all", icc=0.02),
            replace(_HEALTHY, name="bad-all-clumps-05", bad="all", icc=0.05),
            replace(_HEALTHY, name="new-source-good", campaign="new_source", list_rate=0.01),
            replace(_HEALTHY, name="new-source-bad", campaign="new_source", list_rate=0.12),
            replace(_HEALTHY, name="new-source-mix", campaign="new_source", list_rate=0.04, list_weight=20.0),
            replace(_HEALTHY, name="dirty-list", is_dirty=True, list_rows=(200, 600)),
            replace(_HEALTHY, name="sender-fault", bad="one", bad_rate=0.01, fault_rate=0.08),
            replace(_HEALTHY, name="drift", bad="one", bad_rate=0.01, campaign="rotten", list_rate=0.25),
            replace(_HEALTHY, name="tiny", ended=(20, 20), senders=(1, 1)),
            replace(_HEALTHY, name="no-history", has_history=False),
        )
    }
)
"""The worlds by name."""
