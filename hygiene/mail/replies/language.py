"""Which language a short text is in: by its script, or by the frequent words that it has."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from hygiene.mail.replies.rules import languages

SCRIPTS: Final = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ru", re.compile("[\u0430-\u044f]")),
)
"""Scripts that only one of our languages uses, tried in this order: Japanese also uses Chinese characters."""

SCRIPT: Final = 4
"""Words for which a script of its own counts (assumed: a mail in Japanese may hold three English ones)."""
SPOKEN: Final = 1 / 3
"""Part of the best language's score with which another may be spoken beside it (assumed)."""
UNSURE: Final = 2
"""Words up to which a text may still be in any language (assumed)."""

_SCRIPTED = frozenset(code for code, _ in SCRIPTS)
_WORD = re.compile(r"[a-z][a-z'-]{0,19}")


def language_scores(text: str) -> dict[str, float]:
    """Return how many frequent words of each language a folded text has.

    A word that n languages share counts 1/n for each; a script of its own counts as `SCRIPT` words.

    Examples
    --------
    >>> scores = language_scores("merci pour votre message, nous sommes deja equipes")
    >>> scores["fr"] > 3, scores["de"]
    (True, 0.0)
    """
    scores = dict.fromkeys(languages(), 0.0)
    shares = _shares()
    for word in set(_WORD.findall(text)) & shares.keys():
        codes = shares[word]
        for code in codes:
            scores[code] += 1 / len(codes)
    script = next((code for code, script in SCRIPTS if script.search(text)), None) if not text.isascii() else None
    if script:
        scores[script] += SCRIPT
    if script == "zh":
        scores["ja"] += 1  # a short Japanese line may be without kana
    return scores


@cache
def _shares() -> dict[str, tuple[str, ...]]:
    """Return each frequent word with the languages that have it."""
    known = languages()
    words = {word for language in known.values() for word in language.words}
    return {word: tuple(code for code, language in known.items() if word in language.words) for word in words}


def spoken_languages(scores: dict[str, float]) -> frozenset[str]:
    """Return the languages that a text may be in, by its `language_scores`.

    Few words show nothing, and two languages may stand in one mail; but a Polish mail that happens to hold a Danish
    phrase is not Danish, and Chinese has its signs.

    Examples
    --------
    >>> sorted(spoken_languages({"pl": 6, "da": 0, "en": 2, "zh": 0}))
    ['en', 'pl']
    >>> sorted(spoken_languages({"pl": 1, "da": 0, "zh": 0}))
    ['da', 'pl']
    """
    best = max(scores.values(), default=0)
    least = 0 if best <= UNSURE else best * SPOKEN
    return frozenset(code for code, score in scores.items() if score >= (1 if code in _SCRIPTED else least))


def language_of(scores: dict[str, float], among: tuple[str, ...] = ()) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None where it does not show.

    Parameters
    ----------
    scores : dict of str to int
        The text's `language_scores`.
    among : tuple of str
        Languages whose rules matched: they decide where the words don't.

    Examples
    --------
    >>> language_of(language_scores("merci pour votre message"))
    'fr'
    >>> language_of({}) is None, language_of({}, among=("de",))
    (True, 'de')
    """
    raised = dict(scores)
    for code in among:
        raised[code] = raised.get(code, 0) + 1
    best = max(raised.values(), default=0)
    winners = [code for code, score in raised.items() if score == best > 0]
    return next((code for code in among if code in winners), winners[0] if winners else None)
