"""Whether a mail shows a way to say no, and a postal address (models/legal/opt_out_phrases.toml)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, Any

from hygiene.errors import ModelError
from hygiene.mail.normalize import fold
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygiene.advice.qa import StepQuality

SIGNS = re.compile(r"[\s\u00a0\u202f]+")
LETTERS = re.compile(r"[\W_]+")


@cache
def phrases() -> Mapping[str, Any]:
    """Return the table.

    Raises
    ------
    ModelError
        If it is missing or damaged.
    """
    try:
        return tomllib.loads((resource("models") / "legal" / "opt_out_phrases.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ModelError(f"models/legal/opt_out_phrases.toml cannot be read ({error}): reinstall hygiene.") from error


def _plain(text: str) -> str:
    """Return a text folded, on one line and without quotation marks: who writes “STOP” means it."""
    return SIGNS.sub(" ", fold(text).replace('"', " "))


@cache
def _said() -> re.Pattern[str]:
    listed = sorted({_plain(phrase) for of in phrases()["phrases"].values() for phrase in of}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, listed))})(?!\w)")


@cache
def _pattern(table: str) -> re.Pattern[str]:
    return re.compile(phrases()[table]["tokens"], re.IGNORECASE)


@cache
def _addresses() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in phrases()["postal"]["patterns"]))


def has_way_out(step: StepQuality) -> bool:
    """Say whether a step shows its reader how to say no: a link, a token, or a sentence."""
    return (
        any(_pattern("links").fullmatch(token.path) for token in step.tokens if token.is_printed)
        or links_out(step.links)
        or says_way_out(step.shown_text)
    )


def links_out(links: Iterable[str]) -> bool:
    """Say whether one of some links is a way to say no.

    Examples
    --------
    >>> links_out(["https://example.com/unsubscribe?u=1"]), links_out(["https://example.com/offer"])
    (True, False)
    """
    parts = phrases()["links"]["addresses"]
    return any(part in link.lower() for link in links for part in parts)


def says_way_out(text: str) -> bool:
    """Say whether a text tells its reader how to say no.

    Examples
    --------
    >>> [says_way_out(text) for text in ("Répondez « STOP », c’est tout.", "Just reply “STOP”.", "Stop by!")]
    [True, True, False]
    """
    return _said().search(_plain(text)) is not None


def has_postal_address(step: StepQuality) -> bool:
    """Say whether a step shows a postal address, or a token for one."""
    return any(_pattern("postal").fullmatch(token.path) for token in step.tokens if token.is_printed) or shows_address(
        step.shown_text
    )


def shows_address(text: str) -> bool:
    """Say whether a text shows something that looks like a postal address.

    Examples
    --------
    >>> [shows_address(text) for text in ("Seller Ltd, 1 High Street, London", "12 bis, rue de la Paix", "in 12 weeks")]
    [True, True, False]
    """
    return _addresses().search(_plain(text)) is not None


@cache
def _postal_countries() -> frozenset[str]:
    return frozenset(LETTERS.sub("", fold(name)) for name in phrases()["postal"]["countries"])


def asks_for_address(countries: Iterable[str | None]) -> frozenset[str]:
    """Return those of some countries, as written, whose law asks for a postal address.

    Examples
    --------
    >>> sorted(asks_for_address(["U.S.", "France", "Canada", None, "États-Unis"]))
    ['Canada', 'U.S.', 'États-Unis']
    """
    return frozenset(name for name in countries if name and LETTERS.sub("", fold(name)) in _postal_countries())


def paste_for(language: str | None) -> tuple[str, str]:
    """Return the sentence to paste in a language, English where we have none, and its code."""
    known: Mapping[str, str] = phrases()["paste"]
    code = language if language and language in known else "en"
    return known[code], code
