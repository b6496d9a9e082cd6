"""Rules of the family experiment."""
