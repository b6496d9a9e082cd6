"""The suppression ledger: whom never to write to again, as keyed hashes that outlive the contacts (docs/ledger.md)."""

from __future__ import annotations

from hygiene.gate.ledger.ledger import Ledger, key_path, open_ledger
from hygiene.gate.ledger.types import HOW, MAY_EXPIRE, REASONS, Added, Entry, How, Match, Reason, Scope

__all__ = [
    "HOW",
    "MAY_EXPIRE",
    "REASONS",
    "Added",
    "Entry",
    "How",
    "Ledger",
    "Match",
    "Reason",
    "Scope",
    "key_path",
    "open_ledger",
]
