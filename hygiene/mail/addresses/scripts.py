"""Look-alike names: letters of two scripts in one word, or a word of Cyrillic letters that all look Latin.

After UTS 39 (Unicode Security Mechanisms) section 5.2, "highly restrictive": one script, or Latin beside the scripts
that Chinese, Japanese and Korean are written in.
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+")
_TOGETHER = (
    {"LATIN", "CJK", "HIRAGANA", "KATAKANA"},
    {"LATIN", "CJK", "BOPOMOFO"},
    {"LATIN", "CJK", "HANGUL"},
)
_LATIN_LOOKING_CYRILLIC = frozenset("аеорсухіјѕһԁԛԝӏ")


def script(letter: str) -> str:
    """Return the script of a letter: the first word of its Unicode name.

    Examples
    --------
    >>> script("a"), script("а"), script("ü")
    ('LATIN', 'CYRILLIC', 'LATIN')
    """
    return unicodedata.name(letter, "UNKNOWN").split()[0].partition("-")[0].removesuffix("S")


def is_confusable(text: str) -> bool:
    """Tell whether a name can be taken for another by its look.

    Examples
    --------
    >>> is_confusable("münchen.de"), is_confusable("pаypal.com"), is_confusable("почта.рф"), is_confusable("сосо.com")
    (False, True, False, True)
    """
    for word in _WORD.findall(text):
        scripts = {script(letter) for letter in word}
        if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
            return True
        # A Latin name beside it (its top-level domain, mostly) makes the whole look Latin.
        if set(word) <= _LATIN_LOOKING_CYRILLIC and re.search(r"[a-z]", text):
            return True
    return False
