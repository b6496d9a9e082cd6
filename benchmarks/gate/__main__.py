"""The command line: python -m benchmarks.gate [WORLD …] [--teams N] [--seed S] [--jobs J] [--cases FILE].

Makes the teams, asks `hygiene check` about each sender's list and prints how right it was. The cases are kept in a
file, one JSON object a line; `--show` prints the figures of such files without a new run.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.gate.cases import Case, cases_of
from benchmarks.gate.judge import show
from benchmarks.gate.recipes import WORLDS
from benchmarks.gate.world import make_world

if TYPE_CHECKING:
    from collections.abc import Iterable


def one_team(job: tuple[str, int, int, int, int]) -> list[Case]:
    """Run one team in a folder of its own, with a cache and a ledger of its own."""
    name, number, seed, most, tries = job
    with tempfile.TemporaryDirectory(prefix="gate-") as folder:
        os.environ["XDG_CACHE_HOME"] = os.environ["XDG_DATA_HOME"] = folder
        return cases_of(make_world(name, number, seed), number, Path(folder), most, tries)


def read_cases(path: Path) -> Iterable[Case]:
    """Read kept cases."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield Case(**json.loads(line))


def main() -> None:
    """Judge the worlds that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gate")
    parser.add_argument("worlds", nargs="*", metavar="WORLD", help=f"of {', '.join(WORLDS)}; default: all")
    parser.add_argument("--teams", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="number of the first team")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--senders", type=int, default=12, help="of a team that are checked, bad ones first")
    parser.add_argument("--laws", type=int, default=1, help="senders of a team on whom the laws are tried")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--cases", type=Path, help="keep the cases in this file, after those that it holds")
    parser.add_argument("--show", type=Path, nargs="+", help="print the figures of these files; run nothing")
    options = parser.parse_args()
    if options.show:
        print(show([case for path in options.show for case in read_cases(path)]))
        return
    unknown = [name for name in options.worlds if name not in WORLDS]
    if unknown:
        parser.error(f"no such world: {', '.join(unknown)}")
    numbers = range(options.first, options.first + options.teams)
    jobs = [
        (name, number, options.seed, options.senders, options.laws)
        for number in numbers
        for name in options.worlds or WORLDS
    ]
    cases = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for found in pool.map(one_team, jobs):
            cases += found
            if options.cases:
                with options.cases.open("a", encoding="utf-8") as file:
                    file.writelines(json.dumps(asdict(case)) + "\n" for case in found)
    print(show(cases))


if __name__ == "__main__":
    main()
