"""The rules, one module each, by family."""
