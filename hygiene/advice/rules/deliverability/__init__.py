"""Rules of the family deliverability."""
