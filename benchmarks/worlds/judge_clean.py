"""Judges cleanups by the truth of fresh worlds: python -m benchmarks.worlds.judge_clean [--seeds 3] [--contacts 6000].

Prints a row a world: the share of the removed that are gone for their own fault (an invalid address, or its owner has
left), and whether the price's 80 % intervals held the bounces and replies that the next three mails would have brought.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from benchmarks.worlds.history import GONE_BOUNCE_RATE
from benchmarks.worlds.recipes import NEXT_SENDS, WORLDS
from benchmarks.worlds.world import make_world
from hygiene.campaign import clean as campaign
from hygiene.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from hygiene.gate.cleanup.price import Estimate


class Judged(NamedTuple):
    """What one cleanup said and what was true."""

    removed: int
    own_fault: int
    bounces: int
    """That the removed would have brought."""
    said_bounces: Estimate
    replies: int
    """That the paused would have brought."""
    said_replies: Estimate

    @property
    def holds(self) -> tuple[bool, bool]:
        """Whether each interval held the outcome."""
        pairs = ((self.bounces, self.said_bounces), (self.replies, self.said_replies))
        return tuple(said.low <= true <= said.high for true, said in pairs)  # type: ignore[return-value]


def judge_clean(name: str, contacts: int, seed: int) -> Judged:
    """Make a world, clean it up and judge the result."""
    world = make_world(name, contacts, seed=seed)
    with TemporaryDirectory() as place:
        folder = Path(place)
        world.write(folder / "source")
        settings = Settings(cache_dir=folder / "cache", ledger=folder / "ledger.jsonl")
        done = campaign.clean(folder / "source", folder / "out", settings, learns=False)
        truth = world.truth.set_index("contact_id")
        removed, paused = (truth.loc[_listed(folder / "out", action)] for action in ("remove", "pause"))
    price, random = done.cleanup.price, np.random.default_rng(seed)
    if price.paused.replies is None:
        raise ValueError(f"{name} with seed {seed} pauses nobody; make it larger.")
    return Judged(
        len(removed),
        int((removed["is_invalid"] | removed["has_left"]).sum()),
        _bounces(removed, random),
        price.removed.bounces,
        int(paused["y"].sum()),
        price.paused.replies,
    )


def _bounces(removed: pd.DataFrame, random: np.random.Generator) -> int:
    gone = 1 - (1 - GONE_BOUNCE_RATE) ** NEXT_SENDS
    chance = np.where(removed["is_invalid"], 1.0, np.where(removed["has_left"], gone, 0.0))
    return int((random.random(len(removed)) < chance).sum())


def _listed(out: Path, action: str) -> list[str]:
    path = out / f"lists/{action}.people.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[0] for row in list(csv.reader(file))[1:]]


def main() -> None:
    """Judge every world but the tiny one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worlds.judge_clean")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first", type=int, default=9_000, help="first seed; those below 200 were used to develop")
    parser.add_argument("--contacts", type=int, default=6_000)
    options = parser.parse_args()
    found = []
    for seed in range(options.first, options.first + options.seeds):
        for name in sorted(set(WORLDS) - {"tiny"}):
            row = judge_clean(name, options.contacts, seed)
            found.append(row)
            held = ["held" if holds else "missed" for holds in row.holds]
            print(
                f"{name:15} {seed} removed {row.removed:4} own fault {row.own_fault / max(row.removed, 1):.3f}"
                f" | bounces {row.bounces} in [{row.said_bounces.low:.0f}–{row.said_bounces.high:.0f}] {held[0]}"
                f" | replies {row.replies} in [{row.said_replies.low:.0f}–{row.said_replies.high:.0f}] {held[1]}",
                flush=True,
            )
    own = sum(row.own_fault for row in found) / max(sum(row.removed for row in found), 1)
    shares = [float(np.mean([row.holds[part] for row in found])) for part in (0, 1)]
    print(f"all: own fault {own:.4f}, bounces held {shares[0]:.2f}, replies held {shares[1]:.2f}, of {len(found)}")


if __name__ == "__main__":
    main()
