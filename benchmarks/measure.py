"""Runs a command in a fresh process and tells how long it took and how much memory it held."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


@dataclass(frozen=True)
class Run:
    """One run: wall and CPU seconds and peak resident MiB of the process, and what it printed."""

    wall: float
    cpu: float
    peak_mib: float
    output: str

    @property
    def report(self) -> dict[str, Any]:
        """The JSON object that a job of `benchmarks.jobs` prints."""
        return dict(json.loads(self.output.splitlines()[-1]))


def run(command: Sequence[str], environ: Mapping[str, str]) -> Run:
    """Run a command; its peak memory comes from the kernel's account of the ended child."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env={**os.environ, **environ})
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{errors.read()}")
        peak = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
        return Run(wall, usage.ru_utime + usage.ru_stime, peak, output.read())


@dataclass
class Job:
    """A command measured several times; `before` is called ahead of each run, outside the clock."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    before: Callable[[], None] | None = None
    runs: list[Run] = field(default_factory=list)

    def median(self, figure: Callable[[Run], float]) -> float:
        """Return the median of a figure over the runs."""
        return statistics.median(map(figure, self.runs))

    @property
    def wall(self) -> float:
        """Median wall seconds of the whole process."""
        return self.median(lambda done: done.wall)

    @property
    def peak_mib(self) -> float:
        """Largest peak of all runs."""
        return max(done.peak_mib for done in self.runs)

    def reported(self, name: str) -> float:
        """Return the median of a figure that the job prints itself."""
        return self.median(lambda done: float(done.report[name]))


def run_in_rounds(jobs: Sequence[Job], rounds: int) -> None:
    """Run every job once a round, so that a busy moment of the machine meets all of them."""
    for number in range(1, rounds + 1):
        for job in jobs:
            print(f"\rround {number} of {rounds}: {job.name:<40}", end="", file=sys.stderr, flush=True)
            if job.before:
                job.before()
            job.runs.append(run(job.command, job.environ))
    print(f"\r{'':<60}\r", end="", file=sys.stderr)
