"""The commands, by what they are about: parse, call, print. `cli.py` puts them together and chooses the exit code."""
