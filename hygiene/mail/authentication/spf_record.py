"""One SPF record taken apart into its terms, each held against the grammar.

RFC 7208, sections 4.6 (syntax), 5 (mechanisms), 6 (modifiers), 7 (macros) and 12 (the grammar in full).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import NamedTuple

from hygiene.mail.authentication.types import Fault
from hygiene.mail.authentication.zone import LONGEST_NAME

VERSION = "v=spf1"
LOOK_UPS = frozenset(("include", "a", "mx", "ptr", "exists", "redirect"))
"""Terms that ask the DNS: RFC 7208, section 4.6.4."""
LONGEST = 20_000
MOST_TERMS = 1_000
IP4_BITS, IP6_BITS = 32, 128

_TERM = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?![\w.=-])(.*)", re.IGNORECASE | re.DOTALL)
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.IGNORECASE | re.DOTALL)
_MACRO = re.compile(r"%(?:\{[slodiphcrtv]\d{0,3}r?[.+,/_=-]*\}|%|_|-)", re.IGNORECASE)
_VISIBLE = re.compile(r"[\x21-\x7e]*")
_LENGTHS = re.compile(r"(?:/(\d{1,3}))?(?://(\d{1,3}))?")
_TOP_LABEL = re.compile(r"(?=.*[a-z])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)


class Term(NamedTuple):
    """A mechanism or a modifier."""

    name: str
    """In lower case: `all`, `include`, …, `redirect`, `exp`, or an unknown modifier's."""
    qualifier: str = "+"
    """`+` pass, `-` fail, `~` soft fail, `?` neutral (RFC 7208, section 4.6.2)."""
    value: str = ""
    """The name or network that it is about; empty: the domain itself."""
    text: str = ""
    """As it stands in the record."""

    @property
    def has_macro(self) -> bool:
        """Whether the name depends on the mail, so that nobody can look it up beforehand."""
        return "%" in self.value


@dataclass(frozen=True)
class SpfRecord:
    """A record's terms in order, and what breaks its grammar."""

    text: str
    terms: tuple[Term, ...]
    faults: tuple[Fault, ...]
    """`syntax` with the term: receivers answer “permanent error” to the whole record (RFC 7208, section 4.6)."""

    @property
    def mechanisms(self) -> tuple[Term, ...]:
        """The mechanisms up to `all`: what follows it is never looked at (RFC 7208, section 5.1)."""
        found = [term for term in self.terms if term.name not in ("redirect", "exp") and not _is_unknown(term)]
        end = next((place for place, term in enumerate(found) if term.name == "all"), len(found))
        return tuple(found[: end + 1])

    @property
    def all_term(self) -> Term | None:
        """The `all` that ends the record."""
        return next((term for term in self.terms if term.name == "all"), None)

    @property
    def redirect(self) -> Term | None:
        """The record that is read instead; none beside an `all` (RFC 7208, section 6.1)."""
        return next((term for term in self.terms if term.name == "redirect"), None) if not self.all_term else None


def is_spf(text: str) -> bool:
    """Tell whether a TXT record is an SPF record: RFC 7208, section 4.5.

    Examples
    --------
    >>> is_spf("V=spf1 -all"), is_spf("v=spf1"), is_spf("v=spf10 -all"), is_spf(" v=spf1 -all")
    (True, True, False, False)
    """
    return text[: len(VERSION)].lower() == VERSION and text[len(VERSION) : len(VERSION) + 1] in ("", " ")


def read_record(text: str) -> SpfRecord:
    """Return the terms of an SPF record; never raises.

    Examples
    --------
    >>> [term[:3] for term in read_record("v=spf1 include:_spf.google.com ~all").terms]
    [('include', '+', '_spf.google.com'), ('all', '~', '')]
    >>> read_record("v=spf1 ipv4:192.0.2.1 a mx/40 -all").faults
    (Fault(code='syntax', detail='ipv4:192.0.2.1'), Fault(code='syntax', detail='mx/40'))
    """
    terms: list[Term] = []
    faults: list[Fault] = []
    for word in text[:LONGEST].split()[1 : MOST_TERMS + 1]:
        term = _term(word)
        if term is None:
            faults.append(Fault("syntax", word[:80]))
        elif term.name in ("redirect", "exp") and any(known.name == term.name for known in terms):
            faults.append(Fault("syntax", word[:80]))  # RFC 7208, section 6: once each
        else:
            terms.append(term)
    return SpfRecord(text, tuple(terms), tuple(faults))


def _is_unknown(term: Term) -> bool:
    """Tell whether a term is a modifier that RFC 7208 does not know, and which is ignored."""
    return term.text.lower().startswith(f"{term.name}=")


def _term(word: str) -> Term | None:
    if found := _TERM.fullmatch(word):
        return _mechanism(found[1] or "+", found[2].lower(), found[3], word)
    if found := _MODIFIER.fullmatch(word):
        name, value = found[1].lower(), found[2]
        fits = _is_domain(value) if name in ("redirect", "exp") else _is_macro_string(value)
        return Term(name, "+", value, word) if fits else None
    return None


def _mechanism(qualifier: str, name: str, rest: str, word: str) -> Term | None:
    if name == "all":
        return Term(name, qualifier, "", word) if not rest else None
    if name in ("ip4", "ip6"):
        return Term(name, qualifier, rest[1:], word) if rest.startswith(":") and _is_network(name, rest[1:]) else None
    value, lengths = rest, ""
    if name in ("a", "mx"):
        cut = _length_start(rest)
        value, lengths = rest[:cut], rest[cut:]
    if value and not (value.startswith(":") and _is_domain(value[1:])):
        return None
    if not value and name in ("include", "exists"):
        return None
    return Term(name, qualifier, value[1:], word) if _are_lengths(lengths) else None


def _length_start(rest: str) -> int:
    """Return where the prefix lengths begin: at the first slash outside a macro, which may hold one."""
    depth = 0
    for place, letter in enumerate(rest):
        depth += (letter == "{") - (letter == "}")
        if letter == "/" and depth == 0:
            return place
    return len(rest)


def _are_lengths(text: str) -> bool:
    found = _LENGTHS.fullmatch(text)
    return found is not None and int(found[1] or 0) <= IP4_BITS and int(found[2] or 0) <= IP6_BITS


def _is_network(name: str, text: str) -> bool:
    try:
        (IPv4Network if name == "ip4" else IPv6Network)(text, strict=False)
    except ValueError:
        return False
    length = text.partition("/")[2]
    return "%" not in text and ("/" not in text or (length.isascii() and length.isdigit()))


def _is_macro_string(text: str) -> bool:
    return bool(_VISIBLE.fullmatch(text)) and "%" not in _MACRO.sub("", text)


def _is_domain(text: str) -> bool:
    """Tell whether a text is a domain name, perhaps with macros: RFC 7208, section 7.1."""
    if not _is_macro_string(text):
        return False
    if "%" in text:
        end = text.rsplit("}", 1)[-1].removesuffix(".")
        return text.endswith("}") or bool(_TOP_LABEL.fullmatch(end.rpartition(".")[2]))
    labels = text.removesuffix(".").split(".")
    if len(labels) < 2 or len(text) > LONGEST_NAME + 1:
        return False
    return all(_LABEL.fullmatch(label) for label in labels) and bool(_TOP_LABEL.fullmatch(labels[-1]))
