"""Runs the `.sql` of facts/ on the canonical tables: a protocol, with DuckDB behind it."""
