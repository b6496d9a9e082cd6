"""The words of values, titles and summaries in the form in which they are compared, and a short text's language."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from typing import Any, Final

from hygiene.errors import ModelError
from hygiene.mail.replies.folding import folded
from hygiene.mail.replies.language import language_scores
from hygiene.resources import resource

LONGEST_TEXT: Final = 4000
"""Signs of a title or summary that are read: what comes after is no summary any more (assumed)."""
LONGEST_PHRASE: Final = 6
"""Words of the longest name that is looked for inside a text (the longest in models/industries/ that matters)."""
CLEAR: Final = 1.5
"""A language's score, in frequent words, from which it may be told (assumed; how often it errs: see the package)."""
CLEARLY: Final = 2.0
"""How many times the next language's score it must have (assumed; how often it errs: see the package)."""

_WORD = re.compile(r"[^\W_]+")
_AND = re.compile("[&+]")


def stem(word: str) -> str:
    """Return a folded word without its plural; French and English words for one thing often become one.

    Examples
    --------
    >>> [stem(word) for word in ("hopitaux", "deliveries", "energies", "energie", "business", "gas")]
    ['hopital', 'delivery', 'energy', 'energy', 'business', 'gas']
    """
    if len(word) > 4 and word.endswith(("ie", "ies")):
        return word[: word.rindex("ie")] + "y"
    if len(word) > 4 and word.endswith("aux") and not word.endswith("eaux"):
        return word[:-3] + "al"
    if len(word) > 3 and word[-1] in "sx" and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=16384)
def stems(text: str) -> tuple[str, ...]:
    """Return the stems of a text's words in their order, without small words.

    Examples
    --------
    >>> stems("L'industrie & les LOGICIELS_METIERS")
    ('industry', 'logiciel', 'metier')
    """
    plain = _AND.sub(" ", folded(text[:LONGEST_TEXT])).replace("_", " ")
    return tuple(stem(word) for word in _WORD.findall(plain) if word not in small_words())


def phrases(words: tuple[str, ...], longest: int = 3) -> list[str]:
    """Return all runs of one to `longest` words, each as one string.

    Examples
    --------
    >>> phrases(("cold", "chain"))
    ['cold', 'chain', 'cold chain']
    """
    return [
        " ".join(words[start : start + size])
        for size in range(1, longest + 1)
        for start in range(len(words) - size + 1)
    ]


@cache
def common() -> dict[str, Any]:
    """Return `models/industries/common.toml`.

    Raises
    ------
    ModelError
        If it is missing or damaged.
    """
    return read_table("common.toml")


def read_table(name: str) -> dict[str, Any]:
    """Return a file of `models/industries/`.

    Raises
    ------
    ModelError
        If it is missing or damaged.
    """
    try:
        return tomllib.loads((resource("models") / "industries" / name).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ModelError(f"models/industries/{name} cannot be read ({error}): reinstall hygiene.") from error


@cache
def small_words() -> frozenset[str]:
    """Return the words that are left out wherever names are compared, folded."""
    return frozenset(folded(word) for word in common()["small"])


@cache
def _formats() -> dict[str, frozenset[str]]:
    """Return the phrases of each language that name kinds of content, in stems."""
    return {
        language: frozenset(" ".join(stems(phrase)) for phrase in listed)
        for language, listed in common()["formats"].items()
    }


def topic(text: str) -> tuple[str, ...]:
    """Return the stems of a title and summary that may say what it is about: kinds of content are left out.

    Examples
    --------
    >>> topic("Case study: how a carrier saves fuel"), topic("La mode, mode d'emploi")
    (('carrier', 'fuel'), ('mode',))
    """
    words, kept, start = stems(text), [], 0
    known = frozenset().union(*_formats().values())
    while start < len(words):
        size = next((n for n in (3, 2, 1) if " ".join(words[start : start + n]) in known), 0)
        if not size:
            kept.append(words[start])
        start += size or 1
    return tuple(kept)


def language_of_text(text: str) -> str | None:
    """Return the ISO 639-1 code of a title and summary, or None where it does not show clearly.

    Examples
    --------
    >>> language_of_text("Guide : réduire les arrêts de ligne"), language_of_text("Guide: less downtime on the line")
    ('fr', 'en')
    >>> language_of_text("Acme Logistics") is None
    True
    """
    text = text[:LONGEST_TEXT]
    scores = language_scores(folded(text))
    said = set(phrases(stems(text)))
    listed = _formats()
    for language, known in listed.items():
        for phrase in said & known:
            scores[language] = scores.get(language, 0.0) + 1 / sum(phrase in others for others in listed.values())
    ranked = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
    (best, score), (_, second) = ranked[0], ranked[1]
    return best if score >= CLEAR and score >= CLEARLY * second else None


@lru_cache(maxsize=1024)
def language_code(text: str | None) -> str | None:
    """Return the ISO 639-1 code of a language as a CRM writes it; None: not a language's code or name.

    Examples
    --------
    >>> [language_code(text) for text in ("fr-FR", "EN_us", "Français", "German", "fra", "?", None)]
    ['fr', 'en', 'fr', 'de', 'fr', None, None]
    """
    words = _WORD.findall(folded((text or "")[:64]).replace("_", " "))
    return next((code for word in words[:1] if (code := _language_names().get(word))), None)


@cache
def _language_names() -> dict[str, str]:
    from babel import Locale
    from babel.core import get_global

    names: dict[str, str] = {}
    codes = [code for code in map(str, Locale("en").languages) if len(code) == 2]
    for code in codes:
        for speaker in ("en", "fr", "de", "es", "it", "nl", "pt"):
            names.setdefault(folded(str(Locale(speaker).languages.get(code, code))), code)
    aliases = get_global("language_aliases")
    names.update({str(alias): str(code) for alias, code in aliases.items() if code in codes})
    names.update({code: code for code in codes})
    return names
