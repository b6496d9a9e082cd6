"""Judges recommendations by the truth: python -m benchmarks.causes.judge FOLDER [--command "hygiene"] [--naive NAME].

Each team's folder under FOLDER is judged, worlds apart. Unless `out/recommendations.json` is there already, or with
`--again`, `COMMAND run source -o out` writes it. In a program, faster: `judge(folders, recommend)`, `print(show(…))`.
"""

from __future__ import annotations

import argparse
import json
import math
import shlex
import subprocess
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.causes.intervals import Estimate, Share, share_of
from benchmarks.causes.measure import Case, cases_of, figures
from benchmarks.causes.naive import METHODS
from benchmarks.causes.plants import RULES
from benchmarks.causes.rows import read_rows
from benchmarks.causes.team import TRUTH_FILE
from benchmarks.causes.truth import METRICS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from benchmarks.causes.rows import Row

    Recommend = Callable[[Path], list[Row]]


@dataclass(frozen=True)
class Verdict:
    """How well the teams of one world were advised."""

    teams: int
    metrics: Mapping[str, Mapping[str, Share | Estimate | int]]
    """Figures by metric, see `measure.figures`."""
    planted: Mapping[str, tuple[Share, Share]]
    """By rule: teams in which a row of the rule names what was planted, and in which the rule speaks at all."""


def judge(teams: Iterable[Path], recommend: Recommend, jobs: int = 1) -> dict[str, Verdict]:
    """Return the verdict on each world.

    Parameters
    ----------
    teams
        Folders that `Team.write` wrote.
    recommend
        Given a team's `source` folder, returns rows as `recommendations.json` has them.
    jobs
        Teams at a time, in threads.
    """
    folders = list(teams)
    with ThreadPoolExecutor(jobs) as pool:
        rows = list(pool.map(lambda folder: recommend(folder / "source"), folders))
    cases: dict[str, list[Case]] = defaultdict(list)
    found: dict[str, list[tuple[dict[str, Any], list[Row]]]] = defaultdict(list)
    for number, (folder, given) in enumerate(zip(folders, rows, strict=True)):
        truth = json.loads((folder / TRUTH_FILE).read_text(encoding="utf-8"))
        cases[truth["world"]] += cases_of(truth, given, number)
        found[truth["world"]].append((truth, given))
    return {
        world: Verdict(len(found[world]), {m: figures(cases[world], m) for m in METRICS}, _planted(world, found[world]))
        for world in cases
    }


def _planted(world: str, teams: Sequence[tuple[dict[str, Any], list[Row]]]) -> dict[str, tuple[Share, Share]]:
    """Count the teams in which each rule found what it should, and in which it speaks."""
    if not world.endswith("planted"):
        return {}
    shares = {}
    for rule in RULES:
        named, spoken = [], []
        for number, (truth, rows) in enumerate(teams):
            texts = [json.dumps(row, ensure_ascii=False) for row in rows if str(row.get("rule")).startswith(rule)]
            ids = [name for problem in truth["planted"] if problem["rule"] == rule for name in problem["ids"]]
            spoken.append((number, bool(texts)))
            named += [(number, any(name in text for name in ids for text in texts))] if ids else []
        shares[rule] = share_of(named), share_of(spoken)
    return shares


def show(verdicts: Mapping[str, Verdict]) -> str:
    """Return the verdicts as text; intervals of 90 % know that the senders of a team are alike (`intervals.py`)."""
    lines = []
    for world, verdict in verdicts.items():
        lines.append(f"\n{world}, {verdict.teams} teams{'reply_rate':>45}{'bounce_rate':>32}")
        lines += [
            f"  {name:<40}" + "".join(f"{_word(verdict.metrics[m][name]):>32}" for m in METRICS)
            for name in next(iter(verdict.metrics.values()))
        ]
        lines += [
            f"  {rule}: planted and named {_word(named)}; speaks at all {_word(spoken)}"
            for rule, (named, spoken) in verdict.planted.items()
        ]
    return "\n".join(lines)


def _word(figure: Share | Estimate | int) -> str:
    if isinstance(figure, Share):
        if not figure.whole:
            return "none"
        low, high = figure.interval
        return f"{figure.part / figure.whole:.3f} [{low:.3f}–{high:.3f}] {figure.part}/{figure.whole}"
    if isinstance(figure, int):
        return f"{figure:,}"
    return "none" if math.isnan(figure.value) else f"{figure.value:.3f} [{figure.low:.3f}–{figure.high:.3f}]"


def _plain(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict for a JSON text: shares and estimates as objects, what is not known as null."""

    def plain(figure: Share | Estimate | int) -> Any:
        if isinstance(figure, int):
            return figure
        fields = figure._asdict() | ({"interval": figure.interval} if isinstance(figure, Share) else {})
        return {name: None if isinstance(x, float) and math.isnan(x) else x for name, x in fields.items()}

    metrics = {m: {name: plain(figure) for name, figure in f.items()} for m, f in verdict.metrics.items()}
    planted = {rule: {"named": plain(a), "speaks": plain(b)} for rule, (a, b) in verdict.planted.items()}
    return {"teams": verdict.teams, "metrics": metrics, "planted": planted}


def by_command(command: str, *, again: bool = False) -> Recommend:
    """Return a `recommend` that runs a command line, or reads what it wrote before."""

    def recommend(source: Path) -> list[Row]:
        out = source.parent / "out"
        path = out / "recommendations.json"
        if again or not path.exists():
            words = [*shlex.split(command), "run", str(source), "-o", str(out)]
            done = subprocess.run(words, check=False, capture_output=True, text=True)
            if done.returncode or not path.exists():
                raise SystemExit(
                    f"{shlex.join(words)} left no {path.name} (exit {done.returncode}): {done.stderr[-500:]}"
                )
        return read_rows(path)

    return recommend


def main() -> None:
    """Print the verdicts."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.causes.judge")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--command", default="hygiene", help="such as .venv/bin/hygiene")
    parser.add_argument("--again", action="store_true", help="run the command even where its output is there")
    parser.add_argument("--naive", choices=sorted(METHODS), help="judge a simple method instead of the command")
    parser.add_argument("--jobs", type=int, default=1, help="runs of the command at a time")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    teams = sorted(path.parent for path in options.folder.rglob(TRUTH_FILE))
    recommend = METHODS[options.naive] if options.naive else by_command(options.command, again=options.again)
    verdicts = judge(teams, recommend, options.jobs)
    if options.json:
        print(json.dumps({world: _plain(verdict) for world, verdict in verdicts.items()}))
    else:
        print(show(verdicts))


if __name__ == "__main__":
    main()
