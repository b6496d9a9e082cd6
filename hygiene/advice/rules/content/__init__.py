"""Rules of the family content."""
