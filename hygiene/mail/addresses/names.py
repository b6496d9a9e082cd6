"""One spelling for each address and domain, so that one name stands for it however it is written.

An address: without what the eye does not see, in Unicode's compatibility form (NFKC) and case-folded, its domain in
lower-case ASCII. What is no address by the book but has an @ with something on both sides still has a spelling, for an
opt-out is never lost over a comma. `named_in` is the one place where a cell becomes the people that it names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category, normalize

from hygiene.mail.addresses.lists import free_mail, parents, relays
from hygiene.mail.addresses.syntax import DOMAINS_REMEMBERED, domain_form

LONGEST = 320
"""Characters: 64 for the local part, an @ and 255 for the domain (RFC 5321, section 4.5.3.1)."""
GMAIL = frozenset(("gmail.com", "googlemail.com"))
"""One provider, where dots in the local part don't count (Gmail Help, "Dots don't matter in Gmail addresses")."""
PLAIN_CELL = r"[a-z0-9!#$%&+/=?^_{|}~-][a-z0-9!#$%&'+/=?^_{|}~.-]*@[a-z0-9_-]+(?:\.[a-z0-9_-]+)+"
"""A cell in lower case, of at most `LONGEST` characters, that names one address as it stands; RE2 reads it, too."""
_LONGEST_CELL = 2000
"""Characters of a cell with a name beside the address; what is longer is some other text."""
_PLAIN = re.compile(r"([^\s@<>\"(),:;\[\]\\'`\x00-\x1f\x7f]+)@([a-z0-9_-]+(?:\.[a-z0-9_-]+)+)")
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]+)>")
_DOMAIN = re.compile(r"[*@.]*([^\s@<>\"(),:;/|\[\]\\*]+\.[^\s@<>\"(),:;/|\[\]\\*.]+)\.?")
_LINK = re.compile(r"https?://([^/?#:@]+)(?::\d+)?(?:[/?#][^@]*)?", re.IGNORECASE)
_LOCAL_IN_QUOTES = re.compile(r'"((?:[^"\\]|\\.)*)"')
_NEEDS_QUOTES = re.compile(r"[\s@<>\"(),:;\[\]\\]")  # RFC 5322, section 3.2.3: what no atom may hold
_COMMENT = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(r"[\s,;|]+")
_ENDS = re.compile(r"[;\r\n]+")
_EDGES = " \t\r\n,;<>'`"
"""Left around an address by spreadsheets (the apostrophe), by lists cut in pieces, and by copying."""
# Default_Ignorable_Code_Point (DerivedCoreProperties.txt, Unicode 15.1) that are no format signs (Cf), after NFKC.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\ufff0-\ufff8\U000e0000-\U000e0fff]")


class Address(NamedTuple):
    """An address in its one spelling."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def named_in(cell: str) -> tuple[str, ...]:
    """Return everybody that a cell names, each once and in its one spelling: addresses, and domains as `@acme.com`.

    Several stand between blanks, commas, semicolons, bars or, where that leaves two, slashes.

    Examples
    --------
    >>> named_in("Ann@ACME.com; Bob <bob@acme.com>"), named_in("*@acme.com"), named_in("https://www.acme.com/")
    (('ann@acme.com', 'bob@acme.com'), ('@acme.com',), ('@acme.com',))
    >>> named_in("a b@acme.com"), named_in("acme.com, ask Ann")
    ((), ())
    """
    cell = _without_unseen(cell)
    if cell.count("@") > 1:  # beside the addresses, the names of their owners may stand there
        parts = [piece for part in _BETWEEN.split(cell) if "@" in part for piece in _pieces(part)]
        return tuple(dict.fromkeys(filter(None, map(_named, parts))))
    return tuple(dict.fromkeys(name for part in _ENDS.split(cell) for name in _names_of_part(part)))


def _names_of_part(part: str) -> list[str]:
    """Return the address, or the domains, of what stands between semicolons; beside words, nobody is named."""
    if one := _named(part):
        return [one]
    found = [_named(word) for word in _BETWEEN.split(part) if word]
    return [name for name in found if name] if all(found) else []


def _pieces(part: str) -> list[str]:
    return part.split("/") if part.count("@") > 1 else [part]


def _named(text: str) -> str | None:
    if domain := domain_of(text):  # first, for `*@acme.com` means everybody there
        return f"@{domain}"
    address = address_of(text)
    return str(address) if address else None


def address_of(text: str) -> Address | None:
    """Return the one spelling of an address; None where the text is none, or several.

    Examples
    --------
    >>> str(address_of(" Ann.Lee@ACME.com ")), str(address_of("Ann <ann@MÜNCHEN.example.de>"))
    ('ann.lee@acme.com', 'ann@xn--mnchen-3ya.example.de')
    >>> str(address_of("'ann@acme.com;")), str(address_of('"ann"@acme.com')), str(address_of("ann(work)@acme.com"))
    ('ann@acme.com', 'ann@acme.com', 'ann@acme.com')
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
    text = _without_unseen(text).strip()
    if bracketed := _IN_BRACKETS.fullmatch(text):
        text = bracketed[1]
    text = _without_edges(text)
    text = text[len("mailto:") :] if text[:7].lower() == "mailto:" else text
    local, _, domain = text.rpartition("@")
    local, domain = _local(local), _COMMENT.sub("", domain).strip().rstrip(".")
    if not local or not domain or len(text) > LONGEST or any(map(_is_gap, local + domain)):
        return None
    is_two = "@" in local and not _LOCAL_IN_QUOTES.fullmatch(local)
    return None if is_two else Address(_folded(local), _ascii(domain))


def _without_edges(text: str) -> str:
    text = text.strip(_EDGES)
    is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return text[1:-1].strip(_EDGES) if is_quoted else text


def _local(text: str) -> str:
    """Return a local part without comments, and without quotes that it does not need (RFC 5321, section 4.1.2)."""
    if '"' not in text:
        return _COMMENT.sub("", text).strip()
    quoted = _LOCAL_IN_QUOTES.fullmatch(text)
    bare = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else ""
    return text if not bare or _NEEDS_QUOTES.search(bare) else bare


def domain_of(text: str) -> str | None:
    """Return the one spelling of a domain: `acme.com`, `@acme.com`, `*@acme.com`, `*.acme.com`, `https://www.acme.com/`.

    None where the text is none. A single label (`com`) is none: it would silence a whole country.

    Examples
    --------
    >>> domain_of("@ACME.com"), domain_of("*.acme.com."), domain_of("ann@acme.com"), domain_of("com")
    ('acme.com', 'acme.com', None, None)
    """
    if len(text) > LONGEST:
        return None
    text = _without_edges(_without_unseen(text))
    link = _LINK.fullmatch(text)
    found = _DOMAIN.fullmatch(link[1] if link else text)
    if found is None or ".." in found[1] or any(map(_is_gap, found[1])):
        return None
    domain = _ascii(found[1])
    site = domain.removeprefix("www.")  # the name of a web site, where nobody has a mailbox
    return site if "." in site else domain


def public_domains() -> frozenset[str]:
    """Return the domains of providers at which strangers have mailboxes: no one's no speaks for all of them."""
    return frozenset((*free_mail(), *relays()))


def is_public(name: str) -> bool:
    """Tell whether a name of `named_in` is such a domain.

    Examples
    --------
    >>> is_public("@gmail.com"), is_public("ann@gmail.com"), is_public("@acme.com")
    (True, False, False)
    """
    return name[:1] == "@" and (name[1:] in free_mail() or name[1:] in relays())


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
    """Return a text without case, as Unicode compares (The Unicode Standard, section 3.13, D146), in NFKC."""
    if text.isascii():
        return text.lower()
    before = ""
    while text != before:
        before, text = text, normalize("NFKC", normalize("NFD", text).casefold())
    return text


def _without_unseen(text: str) -> str:
    """Return a text in NFKC (full-width letters are letters), without what nobody sees, such as a soft hyphen."""
    if text.isascii():
        return text
    before = ""
    while text != before:
        before = text
        text = _UNSEEN.sub("", normalize("NFKC", text))
        text = "".join(letter for letter in text if category(letter) != "Cf")
    return text


def _is_gap(letter: str) -> bool:
    return letter.isspace() or category(letter) == "Cc"
