"""Flags → cleanup lists for people and for import screens."""
