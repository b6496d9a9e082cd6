"""Rules of the family token."""
