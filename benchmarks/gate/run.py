"""Asks the product, by its command line alone: what it says of a list, and whom it lets be written to."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from benchmarks.gate.recipes import AS_OF
from benchmarks.gate.truth import VERDICTS
from hygiene.cli import exit_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What one check said."""

    exit_code: int
    said: Mapping[str, Any]
    """The JSON of stdout."""
    kept: frozenset[str]
    """`ref` of the rows that it lets be written to: those of `trimmed.csv` and `quarantine.csv`; where the campaign is
    held and neither was written, those that it does not drop."""
    dropped: Mapping[str, str]
    """Check that left a row out, by `ref`."""

    @property
    def verdict(self) -> str:
        """What the JSON calls the verdict."""
        return str(self.said["verdict"])

    @property
    def holds(self) -> list[str]:
        """Checks that hold the campaign."""
        return [finding["check"] for finding in self.said["findings"] if finding["effect"] == "hold"]

    @property
    def is_consistent(self) -> bool:
        """Whether exit code, verdict and files agree."""
        counts, files = self.said["list"], self.said["files"]
        named = sum(files[name]["rows"] for name in ("trimmed.csv", "quarantine.csv") if name in files)
        agree = counts["kept"] == len(self.kept) and counts["dropped"] == len(self.dropped)
        agree &= named == (len(self.kept) if self.verdict in {"GO", "TRIM"} else 0)
        return agree and VERDICTS.get(self.exit_code) == self.verdict and self.said["exit_code"] == self.exit_code


def command(*arguments: str) -> tuple[int, str, str]:
    """Run the command line in this process and return its exit code, stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = exit_code([*arguments])
    return code, out.getvalue(), err.getvalue()


def remember(entries: Sequence[str]) -> None:
    """Put addresses and domains into the suppression ledger of the environment.

    Raises
    ------
    RuntimeError
        If the command fails.
    """
    if entries:
        code, _, error = command("ledger", "add", *entries, "--reason", "opt_out", "--source", "another tool")
        if code:
            raise RuntimeError(f"hygiene ledger add left with {code}: {error}")


def check(source: Path, list_file: Path, template: Path, sender_id: str, out: Path) -> Outcome:
    """Check a list whose rows have a `ref`.

    Raises
    ------
    RuntimeError
        If the command ends with anything but a verdict.
    """
    for old in ("trimmed.csv", "quarantine.csv", "dropped.csv"):
        (out / old).unlink(missing_ok=True)
    words = ("check", str(source), "--list", str(list_file), "--template", str(template), "--sender", sender_id)
    code, said, error = command(*words, "--as-of", AS_OF.isoformat(), "-o", str(out), "--format", "json")
    if code not in VERDICTS:
        raise RuntimeError(f"hygiene {' '.join(words)} left with {code}: {error}")
    answer = json.loads(said)
    refs = read_list(list_file)["ref"].tolist()
    dropped = {refs[row["line"] - 2]: row["check"] for row in answer["dropped"]}
    files = [file for name in ("trimmed.csv", "quarantine.csv") if (file := out / name).exists()]
    kept = [ref for file in files for ref in read_list(file)["ref"]] or [ref for ref in refs if ref not in dropped]
    return Outcome(code, answer, frozenset(kept), dropped)


def read_list(path: Path) -> pd.DataFrame:
    """Read a list as text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
