"""Rules of the family segment."""
