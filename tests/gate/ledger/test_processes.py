"""Real processes: ten at once lose nothing, and one that is killed loses nothing that it acknowledged."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from hygiene.gate.ledger import open_ledger
from tests.gate.ledger.stock import DAY, process

if TYPE_CHECKING:
    from pathlib import Path

ADDER = """
import sys
from pathlib import Path
from hygiene.gate.ledger import open_ledger
folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
for number in range(count):
    ledger = open_ledger(folder / "ledger.jsonl", folder / "ledger.key", create=True)
    who = f"{name}-{number}@acme.com"
    ledger.add([ledger.entry(who, "opt_out", source=name)])
    print(who, flush=True)
"""
"""Adds people one by one, and says each when it is acknowledged."""
DIES_WRITING = """
import os, sys
from pathlib import Path
from hygiene.gate.ledger import disk, open_ledger
folder = Path(sys.argv[1])
ledger = open_ledger(folder / "ledger.jsonl", folder / "ledger.key", create=True)
write = os.write
def half(descriptor, content):
    write(descriptor, bytes(content)[:len(content) // 2 + 40])
    os.kill(os.getpid(), 9)
disk.os.write = half
ledger.add([ledger.entry(f"p{number}@acme.com", "opt_out") for number in range(int(sys.argv[2]))])
"""
"""Is killed after half of what it writes, in the middle of a line."""


def everybody(folder: Path) -> set[str]:
    """Return the sources that the ledger names, after a check of every line."""
    return {entry.source for entry in open_ledger(folder / "ledger.jsonl", folder / "ledger.key").entries()}


def test_ten_processes_at_once_agree_on_a_key_and_lose_nothing(tmp_path: Path) -> None:
    running = [process(ADDER, tmp_path, f"adder{number}", 12) for number in range(10)]
    acknowledged = []
    for one in running:
        out, err = one.communicate(timeout=120)
        assert (one.returncode, err) == (0, "")
        acknowledged += out.split()
    assert len(set(acknowledged)) == 120
    ledger = open_ledger(tmp_path / "ledger.jsonl", tmp_path / "ledger.key")
    assert set(ledger.find(acknowledged, DAY)) == set(range(120))
    assert len(ledger) == 120
    assert everybody(tmp_path) == {f"adder{number}" for number in range(10)}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ledger.jsonl", "ledger.jsonl.lock", "ledger.key"]


@pytest.mark.parametrize("acknowledgments", [1, 13, 29, 50, 83, 140])
def test_a_process_killed_amid_200_writes_loses_nothing_that_it_acknowledged(
    tmp_path: Path, acknowledgments: int
) -> None:
    victim = process(ADDER, tmp_path, "victim", 200)
    assert victim.stdout is not None
    said = [victim.stdout.readline() for _ in range(acknowledgments)]
    time.sleep(acknowledgments % 7 / 1000)  # at another moment of its next write each time
    victim.kill()
    acknowledged = ("".join(said) + victim.stdout.read()).split()
    victim.communicate(timeout=60)
    assert victim.returncode == -9
    assert 0 < len(acknowledged) < 200
    after = open_ledger(tmp_path / "ledger.jsonl", tmp_path / "ledger.key")
    assert set(after.find(acknowledged, DAY)) == set(range(len(acknowledged)))
    assert len(after) - len(acknowledged) in (0, 1)
    after.add([after.entry("next@acme.com", "opt_out")])
    assert set(after.find([*acknowledged, "next@acme.com"], DAY)) == set(range(len(acknowledged) + 1))


@pytest.mark.parametrize("people", [1, 2, 500])
def test_a_process_killed_while_it_writes_leaves_whole_lines_and_a_torn_one(tmp_path: Path, people: int) -> None:
    before = open_ledger(tmp_path / "ledger.jsonl", tmp_path / "ledger.key", create=True)
    before.add([before.entry("first@acme.com", "opt_out", source="first")])
    victim = process(DIES_WRITING, tmp_path, people)
    victim.communicate(timeout=60)
    assert victim.returncode == -9
    assert not before.path.read_bytes().endswith(b"\n")
    after = open_ledger(before.path, before.key_path)
    assert len(after) == 1 + people // 2
    assert everybody(tmp_path) <= {"first", ""}
    after.add([after.entry(f"p{number}@acme.com", "opt_out") for number in range(people)])
    assert set(after.find([f"p{number}@acme.com" for number in range(people)], DAY)) == set(range(people))
    assert len(after) == 1 + people
    assert (tmp_path / "ledger.jsonl.torn").exists()


def test_a_lock_goes_with_the_process_that_held_it(tmp_path: Path) -> None:
    code = """
import sys, time
from pathlib import Path
from hygiene.gate.ledger.disk import locked
with locked(Path(sys.argv[1]) / "ledger.jsonl"):
    print("held", flush=True)
    time.sleep(60)
"""
    holder = process(code, tmp_path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.communicate()
    ledger = open_ledger(tmp_path / "ledger.jsonl", tmp_path / "ledger.key", create=True)
    assert ledger.is_there
