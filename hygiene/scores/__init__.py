"""Facts → rates, scores and bands with their uncertainty.

scipy takes longer to import than the engine takes to count a million events, so it is imported when the first score is
asked for, or beside the engine by `preload`.
"""

from __future__ import annotations

import threading
from importlib import import_module
from typing import TYPE_CHECKING

from hygiene.scores.profile import load_profile

if TYPE_CHECKING:
    from hygiene.facts.types import Facts
    from hygiene.scores.profile import Profile
    from hygiene.scores.types import Level, Score, Scores
    from hygiene.settings import Settings

__all__ = ["load_profile", "preload", "score_all", "score_level"]


def preload() -> None:
    """Begin to import what scoring needs, in a thread of its own."""
    threading.Thread(target=import_module, args=("hygiene.scores.score",), daemon=True).start()


def score_all(facts: Facts, profile: Profile, settings: Settings) -> Scores:
    """Return every score, trend and funnel of a run; see `hygiene.scores.score`."""
    from hygiene.scores import score

    return score.score_all(facts, profile, settings)


def score_level(facts: Facts, level: Level, profile: Profile, settings: Settings) -> tuple[Score, ...]:
    """Return the scores of one level, ordered by key; see `hygiene.scores.score`."""
    from hygiene.scores import score

    return score.score_level(facts, level, profile, settings)
