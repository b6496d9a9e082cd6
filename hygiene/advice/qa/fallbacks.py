"""Defaults that don't suit the text they stand in: another language's, or one that is no name after a greeting."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hygiene.advice.qa.words import table, words
from hygiene.mail.normalize import fold

if TYPE_CHECKING:
    from hygiene.advice.qa.types import Defect

BEFORE = 40
"""Characters before a token in which its greeting would stand."""


@cache
def _language_of() -> dict[str, frozenset[str]]:
    """Return the languages in which a default is usual."""
    found: dict[str, set[str]] = {}
    for language, listed in table("values")["fallbacks"].items():
        for word in listed:
            found.setdefault(fold(word), set()).add(language)
    return {word: frozenset(languages) for word, languages in found.items()}


def fallback_defect(fallback: str, language: str | None, before: str) -> Defect | None:
    """Return what is wrong with an inline default; None: nothing, or nothing that we know of.

    Parameters
    ----------
    fallback
        As written.
    language
        Of the template.
    before
        The text before the token.

    Examples
    --------
    >>> fallback_defect("there", "fr", "Bonjour "), fallback_defect("your company", "en", "Hi ")
    ('fallback_language', 'fallback_clash')
    >>> fallback_defect("there", "en", "Hi "), fallback_defect("your company", "en", "I saw that ")
    (None, None)
    """
    said = fold(fallback).strip(" .,!;:")
    languages = _language_of().get(said, frozenset())
    if language and languages and language not in languages:
        return "fallback_language"
    greeting = fold(before[-BEFORE:]).replace("\n", " ").rpartition(">")[2].strip()
    first = said.partition(" ")[0]
    # “Bonjour l'équipe” is how one greets a team; “Hi your company” is nobody's way.
    if first in words("greetings", "clashes") and any(
        greeting == word or greeting.endswith(f" {word}") for word in words("greetings", "words")
    ):
        return "fallback_clash"
    return None
