"""Canonical tables → counts and dates, one question a `.sql` file. No opinion and no threshold lives here."""

from hygiene.facts.read import ContactReader, read_facts, read_score_facts

__all__ = ["ContactReader", "read_facts", "read_score_facts"]
