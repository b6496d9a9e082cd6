"""A million facts in the ledger, a hundred thousand addresses looked up: python -m benchmarks.ledger make|find FOLDER.

`make` writes the ledger (and a list of addresses) once; `find` looks the list up and prints one JSON object: how many
were found, and the seconds from the opened file to the answer. One address in twenty is in the ledger, half of these
under another spelling; one fact in a thousand is about a domain. The whole process, with starting Python and reading
the list, is what the goal is about: `python -m benchmarks` measures it.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import date
from pathlib import Path

ENTRIES = 1_000_000
ADDRESSES = 100_000
EVERY = 20
"""One address in so many is in the ledger."""
BATCH = 100_000
LIST = "list.txt"


def make(folder: Path) -> None:
    """Write the ledger and the list."""
    from hygiene.gate.ledger import open_ledger

    folder.mkdir(parents=True, exist_ok=True)
    ledger = open_ledger(folder / "ledger.jsonl", folder / "ledger.key", create=True)
    for start in range(0, ENTRIES, BATCH):
        people = (
            f"@firm{number}.example" if number % 1000 == 0 else f"person{number}@company{number // 10}.example"
            for number in range(start, start + BATCH)
        )
        ledger.add([ledger.entry(who, "opt_out", source="HubSpot") for who in people])
    addresses = []
    for number in range(ADDRESSES):
        known = number % EVERY == 0
        name = f"Person{number * 7 + 1}{'+news' if number % (2 * EVERY) else ''}" if known else f"stranger{number}"
        addresses.append(f"{name}@company{(number * 7 + 1) // 10}.example")
    (folder / LIST).write_text("\n".join(addresses), encoding="utf-8")


def find(folder: Path) -> dict[str, float]:
    """Look the list up."""
    from hygiene.gate.ledger import open_ledger

    addresses = (folder / LIST).read_text(encoding="utf-8").splitlines()
    start = time.perf_counter()
    ledger = open_ledger(folder / "ledger.jsonl", folder / "ledger.key")
    found = ledger.find(addresses, date(2026, 1, 1))
    return {
        "seconds": time.perf_counter() - start,
        "found": len(found),
        "variants": sum(m.is_variant for m in found.values()),
    }


if __name__ == "__main__":
    job, place = sys.argv[1], Path(sys.argv[2])
    if job == "make":
        make(place)
    else:
        print(json.dumps(find(place)))
