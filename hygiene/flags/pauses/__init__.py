"""Pause rules of the trade and ours, replayed on a history: when would each have stopped which sender, and rightly?"""
