"""Rules of the family engagement."""
