"""Judges cleanups by the truth of fresh worlds: python -m benchmarks.worlds.judge_clean [--seeds 3] [--contacts 6000].

Prints a row a world: the share of the removed that are gone for their own fault (an invalid address, or its owner has
left), and whether the price's 80 % intervals held the bounces and replies that the next three mails would have brought.

The worlds' histories end with a bounce. Here some dead addresses are written to again, as some tools do, and how many
of them come back differs from history to history: some servers say for good what is not.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

import numpy as np
import pandas as pd

from benchmarks.worlds.history import GONE_BOUNCE_RATE
from benchmarks.worlds.recipes import AS_OF, NEXT_SENDS, WORLDS
from benchmarks.worlds.world import World, make_world
from hygiene.campaign import clean as campaign
from hygiene.settings import Settings

if TYPE_CHECKING:
    from hygiene.gate.cleanup.price import Estimate

AGAIN_RATES = (0.8, 1.0)
"""Share of a history's invalid addresses that bounce again, uniform (assumed, as in benchmarks/gate)."""
AGAIN_SHARE, AGAIN_DAYS = 0.15, 25
"""Of the dead addresses: those that are written to again, and how long after the bounce."""
SETTLED_DAYS = 40
"""Of a bounce's age, from which on it may be."""


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
    random = np.random.default_rng([seed, crc32(name.encode())])
    again = float(random.uniform(*AGAIN_RATES))
    world = written_again(make_world(name, contacts, seed=seed), again, random)
    with TemporaryDirectory() as place:
        folder = Path(place)
        world.write(folder / "source")
        settings = Settings(cache_dir=folder / "cache", ledger=folder / "ledger.jsonl")
        done = campaign.clean(folder / "source", folder / "out", settings, learns=False)
        truth = world.truth.set_index("contact_id")
        removed, paused = (truth.loc[_listed(folder / "out", action)] for action in ("remove", "pause"))
    price = done.cleanup.price
    if price.paused.replies is None:
        raise ValueError(f"{name} with seed {seed} pauses nobody; make it larger.")
    return Judged(
        len(removed),
        int((removed["is_invalid"] | removed["has_left"]).sum()),
        int((random.random(len(removed)) < _chances(removed, again)).sum()),
        price.removed.bounces,
        int(paused["y"].sum()),
        price.paused.replies,
    )


def written_again(world: World, again: float, random: np.random.Generator) -> World:
    """Return a world in which some dead addresses got another mail, and `again` of the invalid ones returned it."""
    truth, events = world.truth.set_index("contact_id"), world.tables["events"].astype({"contact_id": object})
    dead = truth.index[truth["is_invalid"] | truth["has_left"]]
    latest = AS_OF.replace(tzinfo=None) - _days(SETTLED_DAYS)
    returned = events[(events["type"] == "bounce") & events["contact_id"].isin(dead)]
    returned = returned[returned["detail"].str.startswith("5") & (returned["at"] < latest)]
    chosen = returned.drop_duplicates("contact_id")
    chosen = chosen[random.random(len(chosen)) < AGAIN_SHARE]
    is_back = random.random(len(chosen)) < _chances(truth.loc[chosen["contact_id"]], again)
    number = int(world.tables["enrollments"]["enrollment_id"].max()) + 1
    mails = chosen.assign(
        enrollment_id=np.arange(number, number + len(chosen)), step=1, at=chosen["at"] + _days(AGAIN_DAYS), detail=None
    )
    bounces = mails.assign(at=mails["at"] + pd.Timedelta(minutes=1), detail=chosen["detail"])[is_back]
    later = pd.concat([mails.assign(type="sent"), bounces], ignore_index=True)
    later["event_id"] = np.arange(len(later)) + int(events["event_id"].max()) + 1
    begun = mails[["enrollment_id", "contact_id", "sender_id", "sequence_id"]].assign(
        enrolled_at=mails["at"], ended_at=mails["at"] + _days(1), outcome=np.where(is_back, "bounced", "finished")
    )
    added = {"events": later, "enrollments": begun.astype({"sender_id": object, "sequence_id": object})}
    joined = {name: pd.concat([world.tables[name], table], ignore_index=True) for name, table in added.items()}
    return replace(world, tables={**world.tables, **joined})


def _days(number: int) -> pd.Timedelta:
    return pd.Timedelta(days=number)


def _chances(dead: pd.DataFrame, again: float) -> np.ndarray:
    """Return the chance that one of the next mails to each of some dead addresses comes back."""
    gone = 1 - (1 - GONE_BOUNCE_RATE) ** NEXT_SENDS
    return np.where(dead["is_invalid"], again, np.where(dead["has_left"], gone, 0.0))


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
