"""Who is written to: people at companies, each with an address that no other has, however it is spelled."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from benchmarks.gate.words import (
    AFTER,
    BEFORE,
    COUNTRIES,
    ENDINGS,
    FIRST_NAMES,
    FREEMAIL,
    LAST_NAMES,
    TITLES,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

FREEMAIL_SHARE = 0.06
PEOPLE_A_COMPANY = 4


@dataclass
class Book:
    """The address book of one team."""

    random: np.random.Generator
    taken: set[str] = field(default_factory=set)
    """Mailboxes that are somebody's."""
    people: int = 0

    def add(self, languages: Sequence[str]) -> pd.DataFrame:
        """Return new people.

        Returns
        -------
        pandas.DataFrame
            One row a person: contact_id, email, first_name, last_name, company, job_title, country, language.
        """
        random, count = self.random, len(languages)
        companies = max(count // PEOPLE_A_COMPANY, 1)
        company = random.integers(0, companies, count)
        rows = []
        for language, number in zip(languages, company, strict=True):
            first, last = _one(FIRST_NAMES[language], random), _one(LAST_NAMES[language], random)
            name, domain = self._company(int(number), language)
            if random.random() < FREEMAIL_SHARE:
                domain = _one(FREEMAIL[language], random)
            rows.append(
                {
                    "contact_id": f"c{self.people:06d}",
                    "email": self._address(first, last, domain),
                    "first_name": first,
                    "last_name": last,
                    "company": name,
                    "job_title": _one(TITLES[language], random),
                    "country": _one(COUNTRIES[language], random),
                    "language": language,
                }
            )
            self.people += 1
        return pd.DataFrame(rows)

    def _company(self, number: int, language: str) -> tuple[str, str]:
        """Return a company's name and domain; the call's first person makes them differ between calls."""
        before, after = BEFORE[number % len(BEFORE)], AFTER[number // len(BEFORE) % len(AFTER)]
        number = number // (len(BEFORE) * len(AFTER))
        ending = ENDINGS[language][number % len(ENDINGS[language])]
        tail = "" if number < len(ENDINGS[language]) else str(number)
        return f"{before} {after}{tail}".title(), f"{before}{after}{tail}.{ending}"

    def _address(self, first: str, last: str, domain: str) -> str:
        first, last = _plain(first), _plain(last)
        form = self.random.integers(0, 4)
        local = (f"{first}.{last}", f"{first[0]}.{last}", f"{first}{last}", f"{first}-{last}")[form]
        tail = ""
        while (key := mailbox(f"{local}{tail}@{domain}")) in self.taken:
            tail = str(int(self.random.integers(2, 10_000)))
        self.taken.add(key)
        return f"{local}{tail}@{domain}"


def mailbox(address: str) -> str:
    """Return one spelling of a mailbox: small letters, no plus tag, no dots where Gmail has none.

    Examples
    --------
    >>> mailbox(" Anna.Weber+sales@GoogleMail.com ")
    'annaweber@gmail.com'
    """
    local, _, domain = address.strip().lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in parts if letter.isascii() and letter.isalpha())


def _one(words: Sequence[str], random: np.random.Generator) -> str:
    return words[int(random.integers(0, len(words)))]
