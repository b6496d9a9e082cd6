"""make bench: everything side by side in one run, then the figures and whether each goal is met.

    python -m benchmarks [--events 1000000,10000000] [--rounds 3]

Data, caches and pages go to BENCH_DIR (default .bench/). The clock is the machine's: let it rest meanwhile.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import Job, run, run_in_rounds

ROOT = Path(__file__).parent.parent
BENCH = Path(os.environ.get("BENCH_DIR", ROOT / ".bench")).resolve()
CACHE = BENCH / "cache"
WARM = {"HYGIENE_CACHE_DIR": str(CACHE)}
SENDERS = 2_000
PAGES_EVENTS = 1_000_000
"""For 2,000 senders: some 130 enrollments each, so that most of them have a full page."""
HELP_RUNS = 11
HISTORIES = 10_000_000


@dataclass(frozen=True)
class Goal:
    """One line of the verdict: a figure, its limit (None: no goal, for the record) and its unit."""

    name: str
    figure: float
    unit: str
    limit: float | None = None

    def line(self) -> str:
        """Return the line as it is printed."""
        if self.limit is None:
            return f"      {self.name:<62}{self.figure:>10.2f} {self.unit}"
        verdict = "ok  " if self.figure <= self.limit else "MISS"
        return f"{verdict}  {self.name:<62}{self.figure:>10.2f} {self.unit:<4}  goal ≤ {self.limit:g}"


def hygiene(*arguments: str | Path) -> list[str]:
    """Return a command line of this checkout's hygiene."""
    return [sys.executable, "-m", "hygiene", *map(str, arguments)]


def script(module: str, *arguments: object) -> list[str]:
    """Return a command line of a module of this package."""
    return [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)]


def source_of(events: int, name: str = "events", *options: str) -> Path:
    """Make a source once; the files stay for the next run."""
    folder = BENCH / f"{name}-{events}"
    if not (folder / "events.parquet").exists():
        print(f"making {folder} …", file=sys.stderr)
        run(script("data", folder, events, SENDERS, *options), {})
    return folder


def canonical_events(source: Path) -> Path:
    """Fill the cache and return the events file that the score reads."""
    before = set(CACHE.rglob("events.parquet"))
    run(hygiene("score", source, "--by", "team", "--format", "csv"), WARM)
    made = set(CACHE.rglob("events.parquet")) - before
    if len(made) != 1:
        sys.exit(f"The cache in {CACHE} should hold one new events.parquet for {source}, not {len(made)}.")
    return made.pop()


def score_goals(events: int, rounds: int) -> list[Goal]:
    """Measure scoring one source: cold, warm, the bare scan, and pandas."""
    source, cold = source_of(events), BENCH / "cold"
    events_file = canonical_events(source)
    floor = Job("bare DuckDB scan", script("jobs", "floor", events_file), WARM)
    query = Job("hygiene, the query", script("jobs", "query", source), WARM)
    warm = Job("hygiene score", hygiene("score", source, "--format", "csv"), WARM)
    by_hand = Job("pandas script", script("jobs", "pandas_script", source), {})
    ingest = Job(
        "hygiene score, cold",
        hygiene("score", source, "--format", "csv"),
        {"HYGIENE_CACHE_DIR": str(cold)},
        before=lambda: shutil.rmtree(cold, ignore_errors=True),
    )
    run_in_rounds((floor, query, warm, by_hand, ingest), rounds)
    ours, theirs = query.runs[0].report, by_hand.runs[0].report
    for name in ("ended", "replied", "bounced"):
        if ours[name] != theirs[name]:
            sys.exit(f"hygiene and pandas disagree on {name}: {ours[name]} and {theirs[name]}.")
    label, whole_limit = f"{events / 1e6:g} M events: ", 1.0 if events == 1_000_000 else None
    ratio = query.reported("seconds") / floor.reported("seconds")
    return [
        Goal(label + "bare scan of five columns, the query", floor.reported("seconds"), "s"),
        Goal(label + "bare scan, the whole process", floor.wall, "s"),
        Goal(label + "score, the query", query.reported("seconds"), "s"),
        Goal(label + "score, the query ÷ the bare scan's query", ratio, "×", 3.5 if events >= 10_000_000 else None),
        Goal(label + "score, posteriors and bands of all senders", query.reported("scoring"), "s"),
        Goal(label + "hygiene score, the whole process, warm", warm.wall, "s", whole_limit),
        Goal(label + "hygiene score, peak memory", warm.peak_mib, "MiB", 1.25 * 1024),
        Goal(label + "pandas script (the same counts, no cache)", by_hand.reported("seconds"), "s"),
        Goal(label + "pandas script, peak memory", by_hand.peak_mib, "MiB"),
        Goal(label + "hygiene score, the whole process ÷ the pandas process", warm.wall / by_hand.wall, "×"),
        Goal(label + "hygiene score, cold (reads and checks the files)", ingest.wall, "s"),
        Goal(label + "hygiene score, cold, peak memory", ingest.peak_mib, "MiB", 1.25 * 1024),
    ]


def start_goals(rounds: int) -> list[Goal]:
    """Measure --help, and the main job on the example with an empty cache."""
    shown = Job("hygiene --help", hygiene("--help"), {})
    run_in_rounds((shown,), HELP_RUNS)
    cold, out = BENCH / "cold", BENCH / "acme"
    acme = Job(
        "hygiene run examples/acme",
        hygiene("run", ROOT / "examples" / "acme", "-o", out),
        {"HYGIENE_CACHE_DIR": str(cold)},
        before=lambda: shutil.rmtree(cold, ignore_errors=True),
    )
    run_in_rounds((acme,), rounds)
    return [
        Goal(f"hygiene --help (median of {HELP_RUNS})", shown.wall * 1000, "ms", 100),
        Goal("hygiene run examples/acme, empty cache", acme.wall, "s", 5),
        Goal("hygiene run examples/acme, peak memory", acme.peak_mib, "MiB"),
    ]


def page_goals(rounds: int) -> list[Goal]:
    """Measure the pages of 2,000 senders."""
    source, audit_file = source_of(PAGES_EVENTS, "pages", "office"), BENCH / "audit.pickle"
    run(script("jobs", "prepare_pages", source, audit_file), WARM)
    pages = Job("pages", script("jobs", "pages", audit_file, BENCH / "pages"), {})
    run_in_rounds((pages,), rounds)
    done = pages.runs[0].report
    return [
        Goal(f"{done['pages']:,} sender pages and the team page", pages.reported("seconds"), "s", 10),
        Goal("the same, peak memory of the process", pages.peak_mib, "MiB", 200),
        Goal("largest sender page", done["largest_page_bytes"] / 1024, "KiB", 40),
        Goal(f"team page for {done['pages']:,} senders", done["team_bytes"] / 1024, "KiB", 1024),
    ]


def mail_goals(rounds: int) -> list[Goal]:
    """Measure how long a bounced mail takes on one core, beside the parse that any reader needs."""
    mails = Job("mails", script("jobs", "mails", ROOT / "tests" / "mail" / "bounces"), {"OMP_NUM_THREADS": "1"})
    run_in_rounds((mails,), rounds)
    return [
        Goal("a bounced mail, on one core (1 ms: 1,000 a second)", mails.reported("per_mail_ms"), "ms", 1),
        Goal("the same ÷ the standard library's parse alone", mails.reported("seconds") / mails.reported("parse"), "×"),
        Goal("a diagnostic line", mails.reported("per_line_ms"), "ms"),
        Goal("mails, peak memory of the process", mails.peak_mib, "MiB"),
    ]


def ledger_goals(rounds: int) -> list[Goal]:
    """Measure how long 100,000 addresses take to look up among a million facts."""
    folder = BENCH / "ledger"
    if not (folder / "list.txt").exists():
        shutil.rmtree(folder, ignore_errors=True)
        run(script("ledger", "make", folder), {})
    look_up = Job("ledger", script("ledger", "find", folder), {})
    run_in_rounds((look_up,), rounds)
    return [
        Goal("ledger: 100,000 addresses among 1 M facts, the whole process", look_up.wall, "s", 2),
        Goal("the same, its processor time", look_up.median(lambda done: done.cpu), "s"),
        Goal("the same, peak memory of the process", look_up.peak_mib, "MiB"),
    ]


def engagement_goals(rounds: int) -> list[Goal]:
    """Measure the engagement model: BG/BB on ten million histories, and the whole of it on a simulated team."""
    histories, world = BENCH / "histories", BENCH / "world"
    if not (histories / "sends.npy").exists():
        run(script("jobs", "prepare_histories", histories, HISTORIES), {})
    if not (world / "truth.parquet").exists():
        run([sys.executable, "-m", "benchmarks.worlds", "base", str(world), "--contacts", "60000"], {})
    fit = Job("BG/BB", script("jobs", "bgbb", histories), {})
    look = Job("hygiene train", hygiene("train", world / "source", "-o", BENCH / "model"), WARM)
    run_in_rounds((fit, look), rounds)
    return [
        Goal("BG/BB: 10 M contacts fitted and scored", fit.reported("seconds"), "s", 10),
        Goal("the same, peak memory of the process", fit.peak_mib, "MiB", 1024),
        Goal("hygiene train, 60,000 contacts: learned, and looked back on three times", look.wall, "s"),
        Goal("the same, peak memory", look.peak_mib, "MiB", 1.25 * 1024),
    ]


def main() -> None:
    """Measure, print, and leave with 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--events", default="1000000,10000000", help="sizes, separated by commas")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each job; medians are shown")
    options = parser.parse_args()
    BENCH.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(CACHE, ignore_errors=True)
    goals = [*start_goals(options.rounds), *mail_goals(options.rounds), *page_goals(options.rounds)]
    goals += ledger_goals(options.rounds)
    goals += engagement_goals(options.rounds)
    for events in map(int, options.events.split(",")):
        goals += score_goals(events, options.rounds)
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{machine}, medians of {options.rounds} rounds, the largest of the peaks\n")
    print("\n".join(goal.line() for goal in goals))
    missed = [goal for goal in goals if goal.limit is not None and goal.figure > goal.limit]
    print(f"\n{len(missed)} of {sum(goal.limit is not None for goal in goals)} goals missed.")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
