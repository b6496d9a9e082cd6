"""The command line: python -m benchmarks.causes WORLD FOLDER --teams N [--seed S] [--reps R].

Writes FOLDER/team-000/source/ (the input tables) and FOLDER/team-000/truth.json, and so on for each team.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.causes.recipes import WORLDS
from benchmarks.causes.team import make_team


def main() -> None:
    """Make the teams of one world."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.causes")
    parser.add_argument("world", choices=sorted(WORLDS))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--teams", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reps", type=int, default=12, help="of a team, 4 or more")
    options = parser.parse_args()
    enrollments = 0
    for number in range(options.teams):
        team = make_team(options.world, number, options.seed, options.reps)
        team.write(options.folder / f"team-{number:03d}")
        enrollments += len(team.tables["enrollments"])
    print(f"{options.folder}: {options.teams} teams of {options.world}, {enrollments:,} enrollments")


if __name__ == "__main__":
    main()
