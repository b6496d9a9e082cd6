"""Worlds: histories of sales sequences whose truth is known, to develop and to judge an engagement model.

    python -m benchmarks.worlds base .bench/worlds/base
    hygiene run .bench/worlds/base/source -o .bench/worlds/base/out
    python -m benchmarks.worlds.judge .bench/worlds/base/truth.parquet .bench/worlds/base/out/contacts.csv

Everything is invented; what is known of the numbers stands in `recipes.py`.
"""

from __future__ import annotations

from benchmarks.worlds.recipes import WORLDS
from benchmarks.worlds.world import World, make_world

__all__ = ["WORLDS", "World", "make_world"]
