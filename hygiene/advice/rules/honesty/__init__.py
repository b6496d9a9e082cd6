"""Rules of the family honesty."""
