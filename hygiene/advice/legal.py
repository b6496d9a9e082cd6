"""What the tables of `models/legal` say of countries, legal bases and names of sources. Never legal advice."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, cast

from hygiene.mail.normalize import fold
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

Regime: TypeAlias = Literal["opt_in", "opt_out", "casl", "unknown"]
BasisKind: TypeAlias = Literal["none", "customer", "enquiry", "consent", "interest", "other"]
SourceKind: TypeAlias = Literal["bought", "scraped", "unknown"]
OUTDATED_DAYS = 365
"""Age from which on the table of countries is said to be old (evidence/recommender.md section 7, risk b)."""
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Country:
    """A row of `models/legal/countries.toml`."""

    code: str
    """ISO 3166-1 alpha-2."""
    aliases: tuple[str, ...]
    regime: Regime
    generic: Literal["free", "opt_in", "unknown"]
    """Of an address of the company itself."""
    existing_customer: bool
    """Whether a customer needs no consent."""
    retention_months: int
    """Without any contact from the person; 0: not told."""
    conditions: tuple[str, ...]
    sources: tuple[str, ...]
    conflict: str | None = None
    """What the sources disagree on."""


class Words(NamedTuple):
    """A kind of names, by whole names and by the words in them."""

    kind: str
    names: frozenset[str]
    pattern: re.Pattern[str] | None


def plain(text: str | None) -> str:
    """Return a text as names are compared: without case, accents and punctuation.

    Examples
    --------
    >>> plain("  États-Unis "), plain("n/a"), plain("?")
    ('etats unis', 'n a', '?')
    """
    folded = fold(text or "").strip()
    return _NO_LETTER.sub(" ", folded).strip() or folded


@cache
def countries() -> tuple[Country, ...]:
    """Return the table of countries."""
    lists = ("aliases", "conditions", "sources")
    return tuple(
        Country(**{**row, **{name: tuple(row[name]) for name in lists}}) for row in _table("countries")["country"]
    )


@cache
def countries_as_of() -> date:
    """Return the day on which the table of countries was last looked through."""
    found: date = _table("countries")["as_of"]
    return found


def is_outdated(as_of: datetime) -> bool:
    """Tell whether the table of countries is more than a year old."""
    return (as_of.date() - countries_as_of()).days > OUTDATED_DAYS


def country_of(name: str | None) -> Country | None:
    """Return the country that a name or a code stands for; None: not in the table.

    Examples
    --------
    >>> country_of("Allemagne").code, country_of("de").code, country_of("U.K.").code, country_of("Atlantis")
    ('DE', 'DE', 'GB', None)
    """
    return _by_name().get(plain(name).replace(" ", ""))


def basis_of(words: str | None) -> BasisKind | None:
    """Return what the words of a legal basis mean; None: there are none.

    Examples
    --------
    >>> basis_of("Freely given consent from contact"), basis_of("Sans consentement"), basis_of(" ")
    ('consent', 'none', None)
    """
    if not plain(words):
        return None
    return cast("BasisKind", _kind(plain(words), _words("bases")) or "other")


def source_kind(name: str | None) -> SourceKind | None:
    """Return what the name of a list source gives away; None: nothing.

    Examples
    --------
    >>> source_kind("Fichier acheté Ventis"), source_kind("LinkedIn"), source_kind(None), source_kind("vendor-x")
    ('bought', None, 'unknown', None)
    """
    said = plain(name)
    if not said:
        return "unknown"
    if _taken_back().search(said):
        return None
    return cast("SourceKind | None", _kind(said, _words("sources")))


def _kind(said: str, kinds: tuple[Words, ...]) -> str | None:
    for words in kinds:
        if said in words.names or (words.pattern and words.pattern.search(said)):
            return words.kind
    return None


@cache
def _words(table: str) -> tuple[Words, ...]:
    return tuple(
        Words(row["name"], frozenset(plain(name) for name in row.get("names", ())), _pattern(row.get("words", ())))
        for row in _table(table)["kind"]
    )


@cache
def _taken_back() -> re.Pattern[str]:
    return _pattern(_table("sources")["not"]) or re.compile("(?!)")


def _pattern(words: tuple[str, ...] | list[str]) -> re.Pattern[str] | None:
    """Return a pattern that finds any of the words, whole."""
    if not words:
        return None
    return re.compile(rf"\b(?:{'|'.join(re.escape(plain(word)) for word in words)})\b")


@cache
def _by_name() -> Mapping[str, Country]:
    return {plain(name).replace(" ", ""): row for row in countries() for name in (row.code, *row.aliases)}


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((resource("models") / "legal" / f"{name}.toml").read_text(encoding="utf-8"))
