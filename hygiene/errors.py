"""The error tree: one root, so that one `except` in `cli.py` turns each into a sentence and an exit code.

An error says the thing, the place and the remedy, in the reader's words. Too little data is not an error: it is an
outcome (`insufficient_evidence`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

EXIT_OK = 0
EXIT_BUG = 1
EXIT_USAGE = 2
EXIT_UNUSABLE = 3
EXIT_TRIM = 10
"""`check`: rows must be left out first."""
EXIT_HOLD = 11
"""`check`: no trim helps."""
EXIT_UNKNOWN = 12
"""`check`: a check that is required could not run."""
EXIT_INTERRUPTED = 130


class HygieneError(Exception):
    """Something the user can mend: input, settings or a model that cannot be used. Exit code 3."""

    exit_code = EXIT_UNUSABLE


class SourceError(HygieneError):
    """A file, table or column that cannot be understood at all."""


class SettingsError(HygieneError):
    """A setting with an unknown name or a value out of its range."""


class ModelError(HygieneError):
    """A model or profile file that is missing, damaged or of another version."""


class LedgerError(HygieneError):
    """The suppression ledger or its key is missing, damaged or another's."""


class OutputError(HygieneError):
    """A folder or file that cannot be written."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean "x"?)` for the nearest known name, or nothing.

    Examples
    --------
    >>> did_you_mean("sendr_id", ["sender_id", "contact_id"])
    ' (did you mean "sender_id"?)'
    >>> did_you_mean("zzz", ["sender_id"])
    ''
    """
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f' (did you mean "{near[0]}"?)' if near else ""
