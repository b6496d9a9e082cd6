"""What would help most: attribution, token QA, content, rules and their ranking."""
