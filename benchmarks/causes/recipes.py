"""What a world of causes is made of: every number of the simulator, and how the named worlds differ from `base`.

All of them are `assumed`. The structure is deliberately not that of a hierarchical logistic model: effects are zero or
heavy-tailed, the mixes of the factors hang together, and the named worlds break what is left (links, clumps, drift).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

AS_OF = datetime(2026, 6, 30, 18, tzinfo=UTC)
"""The moment of the export."""
FIRST_MONDAY = datetime(2025, 6, 2, tzinfo=UTC)
WEEKS = 50
"""Of enrollments that have ended; the last of them starts six weeks before `AS_OF`, so that none is cut off."""
ACTIVE_MONDAY = datetime(2026, 6, 15, tzinfo=UTC)
"""From here on, two weeks of enrollments that still run."""
ACTIVE_SHARE = 0.05
LEVERS = ("source", "import_batch", "sequence", "industry", "timing")
"""The factors that a rep can do something about; `country` and the rep are none."""
FACTORS = (*LEVERS, "country")
THRESHOLDS: Mapping[str, float] = MappingProxyType({"reply_rate": 0.004, "bounce_rate": 0.003})
"""From which gain on a lever is material (evidence/recommender.md, 5.1)."""
LARGEST_EFFECT = 2.2
"""Of any level, on the scale of log-odds: about nine times the odds."""
PROBIT_SCALE = 0.46
"""Log-odds to probits near 5 %: p(1 − p) ÷ φ(Φ⁻¹(p))."""


class Spike(NamedTuple):
    """Effects that are zero but for a few, and those heavy-tailed."""

    share: float
    """Of levels with any effect."""
    scale: float
    """Of Student's t, in log-odds."""
    freedom: float = 3.0
    """Degrees of freedom of it."""


NONE = Spike(0.0, 0.0)
REP_REPLY, REP_BOUNCE = Spike(1.0, 0.20, 5), Spike(1.0, 0.12, 5)


@dataclass(frozen=True)
class Recipe:
    """One world."""

    name: str = "base"
    reply: Mapping[str, Spike] = field(
        default_factory=lambda: {
            "source": Spike(0.25, 0.25),
            "import_batch": NONE,
            "sequence": Spike(0.45, 0.50, 4),
            "industry": Spike(0.40, 0.45, 4),
            "timing": Spike(0.20, 0.15, 5),
            "country": Spike(0.30, 0.15, 5),
        }
    )
    """What each factor does to replies."""
    bounce: Mapping[str, Spike] = field(
        default_factory=lambda: {
            "source": Spike(0.45, 1.00),
            "import_batch": Spike(0.20, 0.80),
            "sequence": NONE,
            "industry": NONE,
            "timing": NONE,
            "country": Spike(0.30, 0.15, 5),
        }
    )
    """What each factor does to bounces."""
    rep_reply: Spike = REP_REPLY
    rep_bounce: Spike = REP_BOUNCE
    cells: Spike = NONE
    """Of sequence × industry, on replies, on top of both."""
    ended_range: tuple[int, int] = (60, 1500)
    """Ended enrollments of a rep, log-uniform."""
    reply_range: tuple[float, float] = (0.03, 0.10)
    """Mean reply rate of a team, uniform."""
    bounce_range: tuple[float, float] = (0.01, 0.05)
    quality_deviation: float = 0.0
    """Of what nobody sees of a prospect, in log-odds of a reply."""
    quality_tilt: float = 0.0
    """By how much the log-weight of a sequence rises a deviation of quality, a deviation of the rep's belief in it."""
    drift_range: tuple[float, float] = (0.0, 0.0)
    """What the whole span adds to the log-odds of a reply, uniform."""
    mix_drift: float = 0.0
    """Deviation of the log-weight that a source or a sequence gains over the span."""
    clump: float = 0.0
    """Correlation of the luck of two contacts of one batch in one week (tetrachoric)."""
    missing: Mapping[str, float] = field(default_factory=dict)
    """Share of contacts without a value, on average over reps."""
    alone: int = 0
    """Reps who only use a sequence of their own."""
    is_probit: bool = False
    """Replies by a probit link, bounces by a multiplicative hazard."""
    is_documented: bool = False
    """Whether templates, events, legal bases and suppressions are exported."""
    is_planted: bool = False
    """Whether the documented tables hold the planted problems."""


_BASE = Recipe()
_STILL = dict.fromkeys(FACTORS, NONE)
_NOTHING = replace(_BASE, name="nothing", reply=_STILL, bounce=_STILL, rep_reply=NONE, rep_bounce=NONE)
_REPS = replace(_NOTHING, name="nothing-reps", rep_reply=Spike(1.0, 0.30, 5), rep_bounce=Spike(1.0, 0.25, 5))
_HIDDEN = replace(_BASE, name="confounded", quality_deviation=0.6, quality_tilt=0.3)
_CLEAN = replace(_BASE, name="unplanted", bounce=_STILL, bounce_range=(0.010, 0.018), is_documented=True)
_WEAKER = {**_BASE.reply, "sequence": Spike(0.30, 0.25, 4), "industry": Spike(0.30, 0.25, 4)}

WORLDS: Mapping[str, Recipe] = MappingProxyType(
    {
        recipe.name: recipe
        for recipe in (
            _BASE,
            replace(_BASE, name="interactions", reply=_WEAKER, cells=Spike(0.30, 0.50, 4)),
            replace(_BASE, name="drift", drift_range=(-0.9, -0.4), mix_drift=1.5),
            replace(_BASE, name="clumps", clump=0.5),
            replace(_BASE, name="missing", missing={"source": 0.30, "industry": 0.20}),
            replace(_BASE, name="alone", alone=3),
            _HIDDEN,
            replace(_HIDDEN, name="confounded-strong", quality_tilt=0.5),
            _NOTHING,
            _REPS,
            replace(_REPS, name="nothing-clumps", clump=0.5),
            replace(_REPS, name="nothing-confounded", quality_deviation=0.6, quality_tilt=0.3),
            replace(_REPS, name="nothing-drift", drift_range=(-0.9, -0.4), mix_drift=1.5),
            replace(_BASE, name="small", ended_range=(20, 150)),
            replace(_BASE, name="probit", is_probit=True),
            replace(_CLEAN, name="planted", is_planted=True),
            _CLEAN,
        )
    }
)
"""The worlds by name; `nothing-…` are those in which no lever does anything."""
