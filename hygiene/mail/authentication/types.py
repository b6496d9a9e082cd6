"""What the readings of records and mails have in common."""

from __future__ import annotations

from typing import NamedTuple


class Fault(NamedTuple):
    """Something that is wrong or weak; a stable word, no sentence."""

    code: str
    detail: str = ""
    """The part that it was found in: from the data, so it may be hostile."""
