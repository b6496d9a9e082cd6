"""Rules of the family timing."""
