"""One team of a world: its tables, and beside them the truth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from benchmarks.causes.chances import draw, make_laws
from benchmarks.causes.design import make_design
from benchmarks.causes.documents import document
from benchmarks.causes.effects import make_effects, make_levels
from benchmarks.causes.plants import plant
from benchmarks.causes.recipes import AS_OF, THRESHOLDS, WORLDS
from benchmarks.causes.tables import (
    Outcome,
    contact_table,
    enrollment_table,
    sender_id,
    sender_table,
    sequence_table,
)
from benchmarks.causes.truth import sender_truths

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from benchmarks.causes.chances import Laws
    from benchmarks.causes.design import Design
    from benchmarks.causes.effects import Levels

TRUTH_FILE = "truth.json"


@dataclass(frozen=True)
class Team:
    """What `make_team` makes; equal arguments give equal bytes."""

    tables: Mapping[str, pd.DataFrame]
    """The input tables by name, as the contract has them."""
    truth: Mapping[str, Any]
    """Written as `truth.json`: `world`, `seed`, `team`, `as_of`, `thresholds`, `senders` (as `sender_truths` has them,
    with `sender_id`, `ended`, `replied`, `bounced`), `planted` (problems, each with `rule`, `ids`, `what`)."""
    design: Design
    """The enrollments behind it, and the laws by which they came out; not written."""
    laws: Laws
    levels: Levels

    def write(self, folder: Path) -> None:
        """Write `source/` with the tables, and `truth.json`."""
        source = folder / "source"
        source.mkdir(parents=True, exist_ok=True)
        for name, table in self.tables.items():
            table.to_csv(source / f"{name}.csv", index=False, lineterminator="\n")
        text = json.dumps(self.truth, indent=1)
        (folder / TRUTH_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")


def make_team(world: str, number: int = 0, seed: int = 1, reps: int = 12) -> Team:
    """Simulate a team.

    Parameters
    ----------
    world
        One of `WORLDS`.
    number
        Which team of the world.
    seed
        Teams of one seed and number are alike in different worlds as far as the recipes agree.
    reps
        How many, 4 or more.

    Raises
    ------
    KeyError
        If there is no such world.
    """
    recipe = WORLDS[world]
    random = partial(_generator, seed, number)
    levels = make_levels(recipe, random("levels"))
    effects = make_effects(recipe, levels, reps, random("effects"))
    design = make_design(recipe, levels, effects, random("design"))
    laws = make_laws(recipe, effects, design, random("laws"))
    outcome = Outcome(*draw(recipe, laws, design, random("draw")))
    tables = {
        "enrollments": enrollment_table(design, levels, outcome, random("enrollments")),
        "contacts": contact_table(design, levels, random("contacts")),
        "senders": sender_table(reps),
        "sequences": sequence_table(levels),
    }
    planted = []
    if recipe.is_documented:
        document(tables, outcome, random("documents"))
    if recipe.is_planted:
        planted = plant(tables, outcome, random("plants"))
    truth = {
        "world": world,
        "seed": seed,
        "team": number,
        "as_of": AS_OF.isoformat(),
        "thresholds": dict(THRESHOLDS),
        "senders": _senders(laws, design, levels, outcome, reps),
        "planted": planted,
    }
    return Team(tables, truth, design, laws, levels)


def _senders(laws: Laws, design: Design, levels: Levels, outcome: Outcome, reps: int) -> list[dict[str, Any]]:
    """Return the truth on each sender's ended enrollments."""
    ended = np.flatnonzero(~design.is_active)
    truths = sender_truths(laws, design.take(ended), levels.names, reps)
    for truth in truths:
        for name, lever in truth["levers"].items():
            factor, _, level = name.partition(":")
            if factor in {"source", "import_batch"}:
                lever["list"] = _source(levels, factor, level)
    rep = design.rep[ended]
    counts = [
        np.bincount(rep, weights=weights, minlength=reps).astype(int)
        for weights in (np.ones(len(ended)), outcome.replied[ended], outcome.bounced[ended])
    ]
    return [
        {"sender_id": sender_id(i), "ended": int(e), "replied": int(r), "bounced": int(b), **truth}
        for i, (e, r, b, truth) in enumerate(zip(*counts, truths, strict=True))
    ]


def _source(levels: Levels, factor: str, level: str) -> str:
    """Return the source that a source or a batch belongs to."""
    if factor == "source":
        return level
    batch = levels.names["import_batch"].index(level)
    return levels.names["source"][levels.batch_source[batch]]


def _generator(seed: int, number: int, room: str) -> np.random.Generator:
    """Return the random numbers of one room, so that a change in one leaves the others as they are."""
    return np.random.default_rng([seed, number, crc32(room.encode())])
