"""Canonical tables → counts and dates, one question a `.sql` file. No opinion, no threshold."""
