"""One cell of a CSV file, made safe for the spreadsheet or the terminal that may show it."""

from __future__ import annotations

import re

STARTERS = ("=", "+", "-", "@", "\t", "\r", "\0")
"""First characters that make a spreadsheet read a cell as a formula (OWASP ASVS 5.0, requirement 1.2.10)."""

# A spreadsheet whose list separator is another than ours splits cells there, and each part starts anew.
_INNER_START = re.compile(r"([;,\t\n\r]\s*)(?=[=+@-])")
# Direction overrides are as bad: they make a reader see another text than is there (Unicode TR36, section 3.2).
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def defuse(text: str) -> str:
    """Return `text` so that no spreadsheet runs it: with a `'` before whatever starts like a formula.

    Control characters, which would act on a terminal or turn the text around, become `�`. For files that people open.
    Never for import screens: there the quote would become part of the value.

    Parameters
    ----------
    text
        A text cell from the data. Numbers of ours are no text: a rate may be negative.

    Examples
    --------
    >>> defuse("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    >>> defuse("ok;=1+1"), defuse("Ana = Bo")
    ("ok;'=1+1", 'Ana = Bo')
    """
    text = _INNER_START.sub(r"\1'", text)
    return _CONTROLS.sub("�", f"'{text}" if text.startswith(STARTERS) else text)


def is_live(text: str) -> bool:
    """Tell whether a spreadsheet might run a text, or a terminal act on it.

    Examples
    --------
    >>> is_live("@SUM(A1)"), is_live("ana@example.org")
    (True, False)
    """
    return defuse(text) != text


_HARMLESS = re.compile(r"[+-]?[\d\s()./,-]*|@[\w.]+|-+")


def is_formula(text: str) -> bool:
    """Tell whether a live text is more than a phone number, a number, a dash or a name such as `@acme`.

    These look like the start of a formula and do nothing; an import screen needs them as they are.

    Examples
    --------
    >>> [is_formula(text) for text in ("+33 6 12 34 56 78", "-", "@acme", "@SUM(A1)", "-2+cmd|' /C calc'!A0", "=1")]
    [False, False, False, True, True, True]
    """
    return is_live(text) and _HARMLESS.fullmatch(text) is None
