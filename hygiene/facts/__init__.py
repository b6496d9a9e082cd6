"""Canonical tables → counts and dates, one question a `.sql` file. No opinion and no threshold lives here."""

from hygiene.facts.read import (
    SCORE_TABLES,
    ContactReader,
    keep_signals,
    read_addresses,
    read_facts,
    read_score_facts,
)

__all__ = ["SCORE_TABLES", "ContactReader", "keep_signals", "read_addresses", "read_facts", "read_score_facts"]
