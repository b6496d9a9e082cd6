"""Audit → one locale-free document → HTML, terminal, CSV, JSON."""
