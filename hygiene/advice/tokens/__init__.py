"""Personalization tokens: one grammar a dialect, read without ever running a template (docs/tokens.md)."""
