"""A bounce's words and codes → its category, whose fault it is, and what to do."""
