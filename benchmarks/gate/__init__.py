"""Gate worlds: sales teams before a campaign, whose true bounces and refusals are known, to judge `check` and `clean`.

    python -m benchmarks.gate healthy bad-one --teams 20
    python -m benchmarks.gate --all --teams 40 --jobs 2

Everything is invented; what the numbers are stands in `recipes.py`, what is right in `truth.py`. The simulator was
written from the contract alone: it knows nothing of how the gate is built, so that it cannot share its assumptions.
"""

from __future__ import annotations

from benchmarks.gate.recipes import WORLDS
from benchmarks.gate.world import World, make_world

__all__ = ["WORLDS", "World", "make_world"]
