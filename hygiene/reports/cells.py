"""One cell of a CSV file, made safe for the spreadsheet that may open it."""

from __future__ import annotations

STARTERS = ("=", "+", "-", "@", "\t", "\r", "\0")
"""First characters that make a spreadsheet read a cell as a formula (OWASP ASVS 5.0, requirement 1.2.10)."""


def defuse(text: str) -> str:
    """Return `text` so that no spreadsheet runs it: with a `'` before it where it starts like a formula.

    For files that people open. Never for import screens: there the quote would become part of the value.

    Parameters
    ----------
    text
        A text cell from the data. Numbers of ours are no text: a rate may be negative.

    Examples
    --------
    >>> defuse("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    >>> defuse("Ana = Bo")
    'Ana = Bo'
    """
    return f"'{text}" if text.startswith(STARTERS) else text
