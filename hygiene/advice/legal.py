"""What the tables of `models/legal` say of countries, legal bases and names of sources. Never legal advice."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, cast

from hygiene.errors import ModelError
from hygiene.mail.addresses.lists import free_mail
from hygiene.mail.normalize import fold
from hygiene.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

Regime: TypeAlias = Literal["opt_in", "opt_out", "casl", "unknown"]
BasisKind: TypeAlias = Literal["refused", "none", "customer", "enquiry", "published", "consent", "interest", "other"]
SourceKind: TypeAlias = Literal["bought", "scraped", "unknown"]
OUTDATED_DAYS = 365
"""Age from which on the table of countries is said to be old (evidence/recommender.md section 7, risk b)."""
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, kw_only=True)
class Country:
    """A row of `models/legal/countries.toml`."""

    code: str
    """ISO 3166-1 alpha-2."""
    aliases: tuple[str, ...]
    tld: str
    """The country's own domain, such as `fr`."""
    regime: Regime
    generic: Literal["free", "opt_in", "unknown"]
    """Of an address of the company itself."""
    conditions: tuple[str, ...]
    """Codes; `gate/consent/words.py` has their sentences."""
    sources: tuple[str, ...]
    """Of the regime and the conditions."""
    conflict: str | None = None
    """What the sources disagree on: a code."""
    existing_customer: bool = False
    """Whether a customer needs no consent, where others do."""
    customer_source: str | None = None
    written_basis: bool = False
    """Whether a basis has to be documented at all."""
    retention_months: int = 0
    """Without any contact from the person; 0: not told."""
    retention_source: str | None = None
    implied_months: tuple[tuple[BasisKind, int], ...] = ()
    """How long an implied consent lasts, by what it rests on."""
    implied_source: str | None = None


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
    return tuple(_country(row) for row in _table("countries")["country"])


def _country(row: dict[str, Any]) -> Country:
    lists = {name: tuple(row[name]) for name in ("aliases", "conditions", "sources")}
    implied = tuple(row.get("implied_months", {}).items())
    return Country(**{"tld": row["code"].lower(), **row, **lists, "implied_months": implied})


@cache
def countries_as_of() -> date:
    """Return the day on which the table of countries was last looked through."""
    found: date = _table("countries")["as_of"]
    return found


def written_basis_source() -> str:
    """Return where `Country.written_basis` is from."""
    return str(_table("countries")["written_basis_source"])


@cache
def by_code() -> Mapping[str, Country]:
    """Return the table of countries by code."""
    return {row.code: row for row in countries()}


@cache
def strictest_retention() -> Country:
    """Return the country with the shortest time without contact: what counts for one that is not known."""
    return min((row for row in countries() if row.retention_months), key=lambda row: row.retention_months)


def country_of_domain(domain: str | None) -> Country | None:
    """Return the country under whose own domain a company has its address: a hint, no more.

    A mailbox of a provider of private mailboxes tells nothing of the company.

    Examples
    --------
    >>> found = map(country_of_domain, ("acme.de", "acme.co.uk", "acme.com", "web.de"))
    >>> [country and country.code for country in found]
    ['DE', 'GB', None, None]
    """
    name = (domain or "").strip().rstrip(".").lower()
    country = _by_tld().get(name.rpartition(".")[2])
    return country if country and name not in free_mail() else None


@cache
def _by_tld() -> Mapping[str, Country]:
    return {row.tld: row for row in countries()}


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
    >>> basis_of("Freely given consent from contact"), basis_of("Consentement retiré"), basis_of("N/A"), basis_of(" ")
    ('consent', 'refused', 'none', None)
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


def is_request(reason: str | None) -> bool:
    """Tell whether a suppression for this reason is, as far as one can see, a request of the person.

    Examples
    --------
    >>> is_request("Demande écrite"), is_request(None), is_request("Hard bounce"), is_request("Concurrent")
    (True, True, False, False)
    """
    return _no_requests().search(plain(reason)) is None


@cache
def _no_requests() -> re.Pattern[str]:
    return _pattern(_table("reasons")["words"]) or re.compile("(?!)")


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


@cache
def _table(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((resource("models") / "legal" / f"{name}.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ModelError(f"models/legal/{name}.toml cannot be read ({error}): reinstall hygiene.") from error
