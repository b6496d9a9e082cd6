"""The command line: python -m benchmarks.worlds NAME FOLDER [--contacts N] [--seed S] [--agents].

Writes FOLDER/source/ (the input tables and `as_of.txt`), FOLDER/truth.parquet and FOLDER/machine_truth.parquet.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.worlds.recipes import WORLDS
from benchmarks.worlds.world import make_world


def main() -> None:
    """Make one world."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worlds")
    parser.add_argument("name", choices=sorted(WORLDS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--contacts", type=int, default=60_000, help="how many (tiny: at most 200)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--agents", action="store_true", help="export the user agents of opens and clicks")
    options = parser.parse_args()
    world = make_world(options.name, options.contacts, options.seed, agents=options.agents)
    world.write(options.folder / "source")
    world.write_truth(options.folder / "truth.parquet")
    world.write_machine_truth(options.folder / "machine_truth.parquet")
    counts = ", ".join(f"{len(table):,} {name}" for name, table in world.tables.items())
    print(f"{options.folder}: {counts}")


if __name__ == "__main__":
    main()
