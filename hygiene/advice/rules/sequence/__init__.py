"""Rules of the family sequence."""
