"""Causes: sales teams whose levers' true effects are known, to judge what a recommender says of them.

    python -m benchmarks.causes base .bench/causes/base --teams 20
    python -m benchmarks.causes.judge .bench/causes/base

Everything is invented; what the numbers are stands in `recipes.py`, what a true gain is in `truth.py`.
"""

from __future__ import annotations

from benchmarks.causes.recipes import WORLDS
from benchmarks.causes.team import Team, make_team

__all__ = ["WORLDS", "Team", "make_team"]
