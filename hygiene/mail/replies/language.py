"""Which language a short text is in: by its script, or by the frequent words that it has."""

from __future__ import annotations

import re
from typing import Final

from hygiene.mail.replies.rules import languages

SCRIPTS: Final = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0430-\u044f]")),
)
"""Scripts that only one of our languages uses, tried in this order: Japanese also uses Chinese characters."""

_WORD = re.compile(r"[a-z']{2,20}")


def language_of(text: str, among: tuple[str, ...] = ()) -> str | None:
    """Return the ISO 639-1 code of a folded text's language, or None where it does not show.

    Parameters
    ----------
    text : str
        Folded text.
    among : tuple of str
        Languages whose rules matched: they decide where the words don't.

    Examples
    --------
    >>> language_of("merci pour votre message, nous sommes deja equipes")
    'fr'
    >>> language_of("ok") is None
    True
    >>> language_of("ok", among=("de",))
    'de'
    """
    if not text.isascii():
        for code, script in SCRIPTS:
            if script.search(text):
                return code
    words = set(_WORD.findall(text))
    scores = {code: len(words & language.words) for code, language in languages().items()}
    for code in among:
        scores[code] = scores.get(code, 0) + 1
    best = max(scores.values(), default=0)
    if best == 0:
        return None
    winners = [code for code, score in scores.items() if score == best]
    return next((code for code in among if code in winners), winners[0])
