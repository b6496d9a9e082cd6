"""Pause rules of the trade and ours, replayed on a history: whom each would have stopped, and whether rightly."""
