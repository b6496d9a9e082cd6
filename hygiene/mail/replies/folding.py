"""The folded form in which rules read a reply: no case, no accents, one space between words, a line a paragraph."""

from __future__ import annotations

import re
from functools import lru_cache

from hygiene.mail.normalize import fold

# Letters that have no decomposition (“łatwo” is also written “latwo”); invisible signs go away.
_PLAIN = str.maketrans(
    {
        "ł": "l",
        "Ł": "l",
        "ø": "o",
        "Ø": "o",
        "æ": "ae",
        "Æ": "ae",
        "œ": "oe",
        "Œ": "oe",
        "đ": "d",
        "Đ": "d",
        "ı": "i",
        "İ": "i",
        "ё": "е",
        "Ё": "е",
        "–": "-",
        "—": "-",
        "‑": "-",
        "−": "-",
        "〜": "~",
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
    }
)
_CJK = "\u3000-\u30ff\u3400-\u9fff"
_IDEOGRAPH = re.compile(f"[{_CJK}]")
_CJK_GAP = re.compile(f"(?<=[{_CJK}]) (?=[{_CJK}])")
_ESCAPE_OR_TEXT = re.compile(r"\\.|[^\\]+", re.DOTALL)


def folded(text: str) -> str:
    """Return the text without case, accents, typographic dashes and invisible signs.

    Examples
    --------
    >>> folded("Ikke på kontoret – ÅRSAK: Ferie")
    'ikke pa kontoret - arsak: ferie'
    """
    return text.lower() if text.isascii() else fold(text.translate(_PLAIN))


def folded_in_place(text: str) -> str:
    """Return the folded text with each character where it was: what folds to two signs or to none stays as it is.

    Examples
    --------
    >>> folded_in_place("Désolé, Weiß")
    'desole, weiß'
    """
    if text.isascii():
        return text.lower()
    return "".join(map(_folded_sign, text))


@lru_cache(maxsize=4096)
def _folded_sign(sign: str) -> str:
    plain = folded(sign)
    return plain if len(plain) == 1 else sign


def folded_pattern(pattern: str) -> str:
    r"""Return a regular expression folded like the text that it reads; its escapes stay.

    Examples
    --------
    >>> folded_pattern(r"pas intéressée?\b")
    'pas interessee?\\b'
    """
    return _ESCAPE_OR_TEXT.sub(lambda part: part[0] if part[0].startswith("\\") else folded(part[0]), pattern)


def flow(text: str) -> str:
    r"""Return a text folded, with each paragraph on one line: wrapped lines are joined.

    Examples
    --------
    >>> flow("I am out of\r\nthe  Office.\n\n\nJane")
    'i am out of the office.\njane'
    """
    paragraphs: list[list[str]] = [[]]
    for line in folded(text).splitlines():
        words = line.split()
        if words:
            paragraphs[-1] += words
        elif paragraphs[-1]:
            paragraphs.append([])
    joined = "\n".join(" ".join(words) for words in paragraphs if words)
    return _CJK_GAP.sub("", joined) if not joined.isascii() and _IDEOGRAPH.search(joined) else joined
