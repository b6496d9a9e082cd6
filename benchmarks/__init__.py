"""Measures hygiene against the bare engine, the script a user would write, and the goals. Run it with `make bench`."""
