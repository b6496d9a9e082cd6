"""What the tests of the ledger share."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

from hygiene.gate.ledger import Ledger, open_ledger

ROOT = Path(__file__).parents[3]
DAY = date(2026, 3, 1)


def opened(folder: Path, name: str = "ledger") -> Ledger:
    """Return the ledger of a folder, made if it is not there."""
    return open_ledger(folder / f"{name}.jsonl", folder / f"{name}.key", create=True)


def holding(folder: Path, *people: str) -> Ledger:
    """Return a ledger in which some people have opted out."""
    ledger = opened(folder)
    ledger.add([ledger.entry(who, "opt_out", source="HubSpot") for who in people])
    return ledger


def process(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a Python of its own with the code and its arguments."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
