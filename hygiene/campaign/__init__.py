"""Before a campaign, a file a command: from a source, and perhaps a list, to what may be sent, cleaned or shown.

The way is that of `pipeline.py`: sources → engine → facts → flags → gate → exports. The questions are asked in `gate`.
"""
