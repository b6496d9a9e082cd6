"""Rules of the family bounce."""
