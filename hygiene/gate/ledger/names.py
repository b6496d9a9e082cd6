"""One spelling for each address and domain, so that one hash stands for it however it is written.

An address: trimmed, NFC, case-folded, its domain in lower-case ASCII. What is no address by the book but has an @ with
something on both sides still has a spelling, for an opt-out is never lost over a comma.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category, normalize

from hygiene.mail.addresses.lists import parents
from hygiene.mail.addresses.syntax import DOMAINS_REMEMBERED, domain_form

LONGEST = 320
"""Characters: 64 for the local part, an @ and 255 for the domain (RFC 5321, section 4.5.3.1)."""
GMAIL = frozenset(("gmail.com", "googlemail.com"))
"""One provider, where dots in the local part don't count (Gmail Help, "Dots don't matter in Gmail addresses")."""
_LONGEST_CELL = 2000
"""Characters of a cell with a name beside the address; what is longer is some other text."""
_PLAIN = re.compile(r"([^\s@<>\"(),:;\[\]\\\x00-\x1f\x7f]+)@([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)")
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]+)>")
_DOMAIN = re.compile(r"[*@.]*([^\s@<>\"(),:;\[\]\\*]+\.[^\s@<>\"(),:;\[\]\\*.]+)\.?")


class Address(NamedTuple):
    """An address in its one spelling."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def address_of(text: str) -> Address | None:
    """Return the one spelling of an address; None where the text is none.

    Examples
    --------
    >>> str(address_of(" Ann.Lee@ACME.com ")), str(address_of("Ann <ann@MÜNCHEN.example.de>"))
    ('ann.lee@acme.com', 'ann@xn--mnchen-3ya.example.de')
    >>> address_of("acme.com"), address_of("a b@acme.com")
    (None, None)
    """
    if text.isascii():
        plain = _PLAIN.fullmatch(text.strip().lower())
        if plain and len(text) <= LONGEST:
            return Address(plain[1], plain[2])
    return _odd_address(text)


def _odd_address(text: str) -> Address | None:
    if len(text) > _LONGEST_CELL:
        return None
    text = _trimmed(text)
    if bracketed := _IN_BRACKETS.fullmatch(text):
        text = _trimmed(bracketed[1])
    text = text[len("mailto:") :] if text[:7].lower() == "mailto:" else text
    local, _, domain = text.rpartition("@")
    domain = domain.rstrip(".")
    is_two = "@" in local and not local.startswith('"')
    if not local or not domain or is_two or len(text) > LONGEST or any(map(_is_gap, text)):
        return None
    return Address(_folded(local), _ascii(domain))


def domain_of(text: str) -> str | None:
    """Return the one spelling of a domain, written as `acme.com`, `@acme.com`, `*@acme.com` or `*.acme.com`.

    None where the text is none. A single label (`com`) is none: it would silence a whole country.

    Examples
    --------
    >>> domain_of("@ACME.com"), domain_of("*.acme.com."), domain_of("ann@acme.com"), domain_of("com")
    ('acme.com', 'acme.com', None, None)
    """
    found = _DOMAIN.fullmatch(_trimmed(text)) if len(text) <= LONGEST else None
    if found is None or ".." in found[1] or any(map(_is_gap, found[1])):
        return None
    return _ascii(found[1])


def variant_of(address: Address) -> Address:
    """Return the address of the same mailbox without plus tag and, at Gmail, without dots; itself where it has none.

    Examples
    --------
    >>> str(variant_of(Address("ann.lee+news", "googlemail.com"))), str(variant_of(Address("ann.lee+news", "acme.com")))
    ('annlee@gmail.com', 'ann.lee@acme.com')
    """
    local, domain = address
    if "+" in local:
        local = local.partition("+")[0] or local
    elif domain not in GMAIL:
        return address
    return Address(local.replace(".", "") or local, "gmail.com") if domain in GMAIL else Address(local, domain)


def covering(domain: str) -> list[str]:
    """Return a domain and those above it that may stand in the ledger.

    Examples
    --------
    >>> covering("mail.acme.co.uk"), covering("localhost")
    (['mail.acme.co.uk', 'acme.co.uk', 'co.uk'], ['localhost'])
    """
    return list(parents(domain)) or [domain]


@lru_cache(maxsize=DOMAINS_REMEMBERED)
def _ascii(domain: str) -> str:
    """Return a domain as DNS writes it; one that DNS could not hold in its folded form."""
    if domain.isascii():
        return domain.lower()
    return domain_form(normalize("NFC", domain)).ascii or domain_form(_folded(domain)).ascii or _folded(domain)


def _folded(text: str) -> str:
    """Return a text without case, as Unicode compares (The Unicode Standard, section 3.13, D145), in NFC."""
    return normalize("NFC", normalize("NFD", text).casefold())


def _trimmed(text: str) -> str:
    """Return a text without spaces around it, and without the invisible signs that come along from web pages."""
    if not text.isascii():
        text = "".join(letter for letter in text if category(letter) != "Cf")
    return text.strip()


def _is_gap(letter: str) -> bool:
    return letter.isspace() or category(letter) == "Cc"
