"""Rules of the family opt_out."""
