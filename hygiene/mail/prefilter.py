"""Of many patterns, those that a text can match at all, told by a few letters of what each needs.

Each pattern needs one of a few literals (`literals`). Of each literal one short piece goes into an index; the pieces of
a text choose the patterns to try: a dozen of some hundreds.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from hygiene.mail.literals import needed_literals

if TYPE_CHECKING:
    from collections.abc import Sequence

PIECES: Final = (7, 4, 3)
"""Letters of a piece: the longest that fits a literal."""
SHORT_PIECE: Final = 2
"""Of writing without spaces between words, where two signs say as much as four letters."""
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


class Prefilter:
    r"""An index over patterns.

    Parameters
    ----------
    patterns
        Regular expressions in the dialect of `literals`, for folded texts.

    Examples
    --------
    >>> Prefilter([r"no such (?:user|person)", r"mailbox (?:is )?full", r"\d+"]).candidates("the mailbox is full")
    [1, 2]
    """

    def __init__(self, patterns: Sequence[str]) -> None:
        needed = [{literal.lower() for literal in needed_literals(pattern)} for pattern in patterns]
        self._always: list[int] = []
        self._pieces: dict[str, list[int]] = {}
        common = Counter(piece for literals in needed for literal in literals for piece in _pieces_of(literal))
        for number, literals in enumerate(needed):
            pieces = {_rarest(literal, common) for literal in literals}
            if not pieces or "" in pieces:
                self._always.append(number)
                continue
            for piece in pieces:
                self._pieces.setdefault(piece, []).append(number)

    def candidates(self, text: str) -> list[int]:
        """Return the numbers of the patterns that a text may match, rising."""
        numbers = set(self._always)
        for piece in self._pieces.keys() & _pieces_of(text):
            numbers.update(self._pieces[piece])
        return sorted(numbers)


def _rarest(literal: str, common: Counter[str]) -> str:
    """Return the piece by which a literal is found: the one that the fewest others have."""
    fitting = (SHORT_PIECE,) if _IDEOGRAPH.search(literal) else PIECES
    size = next((size for size in fitting if size <= len(literal)), len(literal) + 1)
    pieces = [literal[at : at + size] for at in range(len(literal) - size + 1)]
    return min(pieces, key=lambda piece: (common[piece], piece), default="")


def _pieces_of(text: str) -> set[str]:
    pieces = {text[at : at + size] for size in PIECES for at in range(len(text) - size + 1)}
    if not text.isascii() and _IDEOGRAPH.search(text):
        pieces |= {text[at : at + SHORT_PIECE] for at in range(len(text) - SHORT_PIECE + 1)}
    return pieces
