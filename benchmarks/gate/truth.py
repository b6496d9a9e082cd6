"""What is right: what may become of each row of a list, and what the parts of the judge call each other's findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.gate.recipes import WORLDS

if TYPE_CHECKING:
    from collections.abc import Mapping

KEEP, DROP, NEVER, ONE, EITHER = "keep", "drop", "never", "one", "either"
"""What a row expects: to be kept; to be left out; never to be written to, whatever the verdict; to be kept once among
those of its plant on this list (duplicates); nothing (an expert may decide either way)."""
VERDICTS: Mapping[int, str] = {0: "GO", 10: "TRIM", 11: "HOLD", 12: "UNKNOWN"}
"""By exit code (contract, section 3)."""
BY_CHOICE = ("rows.silent", "whole.bounces", "whole.untested", "rows.company")
"""Checks that leave fine rows out on purpose, for the whole's sake: no false drops, counted apart."""
LEVELS = {"GO": 0, "TRIM": 1, "HOLD": 2, "UNKNOWN": 2}
"""How bad a verdict is: one that lets more be written to is better."""


def true_rate(world: str, *, is_bad: bool) -> float:
    """Return the chance that an enrollment of a sender bounces, in the long run of its history."""
    return WORLDS[world].bad_rate if is_bad else WORLDS[world].rate
