"""The form of an address: email-validator decides, and we say why it refused, `malformed` or only `unusual`.

`malformed` can be no address at all. `unusual` is what RFC 5322 or real mailboxes know although email-validator, as
strict as one should be for business mail, refuses it: quoted local parts, address literals, a numeric last label, dots
in a row (docomo gave such addresses away). Only the first of the two may be called invalid.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from hygiene.mail.addresses.scripts import is_confusable

LONGEST_ADDRESS = 254
"""Octets: RFC 3696 erratum 1690, from RFC 5321 section 4.5.3.1.3."""
LONGEST_LOCAL = 64
"""Octets: RFC 5321 section 4.5.3.1.1."""
LONGEST_LINE = 998
"""Characters: RFC 5322 section 2.1.1; what is longer cannot stand in a header, and is not looked into."""
DOMAINS_REMEMBERED = 1 << 16

_ATEXT = r"a-zA-Z0-9!#$%&'*+/=?^_`{|}~\-"  # RFC 5322 section 3.2.3
_PLAIN_LOCAL = re.compile(rf"[{_ATEXT}]+(?:\.[{_ATEXT}]+)*")
_NOT_ATEXT = re.compile(rf"[^{_ATEXT}.\u0080-\U0010ffff]")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_COMMENT = re.compile(r"\([^()\\]*\)")
_LITERAL = re.compile(r"\[[\x21-\x5a\x5e-\x7e]*\]")  # RFC 5321 section 4.1.3
_RESERVED = re.compile(r"(?:^|\.)(?:arpa|invalid|local|localhost|onion|test)$")  # RFC 6761, 6762, 7686
# Roles whose case never mattered, so that they have one spelling: RFC 2142.
_CASELESS = frozenset(
    {"abuse", "ftp", "hostmaster", "info", "marketing", "news", "noc", "postmaster", "sales", "security", "support"}
    | {"usenet", "uucp", "webmaster", "www"}
)


class Domain(NamedTuple):
    """A domain's two forms; `ascii` is None where email-validator refuses it."""

    ascii: str | None
    unicode: str
    """The given form where there is no other."""
    longest: int
    """Octets of its longest form."""
    is_confusable: bool = False


class Form(NamedTuple):
    """What the form of an address says."""

    verdict: Literal["good", "malformed", "unusual"]
    detail: str
    local: str
    """Unquoted and normalized where good; else as given."""
    domain: Domain | None


def _validated(address: str) -> tuple[str, str, str] | None:
    """Return (local part, Unicode domain, ASCII domain) as email-validator normalizes them, or None."""
    import email_validator  # 30 ms: only when the first address is checked

    try:
        found = email_validator.validate_email(address, strict=True, check_deliverability=False)
    except email_validator.EmailNotValidError:
        return None
    return found.local_part, found.domain, found.ascii_domain


@lru_cache(maxsize=DOMAINS_REMEMBERED)
def domain_form(domain: str) -> Domain:
    """Return the forms of a domain; remembered, since an address costs 35 µs and most domains come often.

    Examples
    --------
    >>> domain_form("MÜNCHEN.example.de").ascii, domain_form("gmail").ascii
    ('xn--mnchen-3ya.example.de', None)
    """
    found = _validated(f"a@{domain}") if len(domain) <= LONGEST_ADDRESS and "@" not in domain else None
    if found is None:
        return Domain(None, domain, len(domain))
    _, unicode_form, ascii_form = found
    longest = max(len(form.encode()) for form in (domain, unicode_form, ascii_form))
    return Domain(ascii_form, unicode_form, longest, not unicode_form.isascii() and is_confusable(unicode_form))


def form_of(text: str) -> Form:
    """Return the form of an address.

    Examples
    --------
    >>> form_of("Info@Example.COM")[:3], form_of("no at sign")[:2], form_of('"a b"@example.com')[:2]
    (('good', '', 'info'), ('malformed', 'no_at'), ('unusual', 'quoted'))
    """
    local, _, given = text.rpartition("@")
    if _PLAIN_LOCAL.fullmatch(local) and len(local) <= LONGEST_LOCAL and given:
        domain = domain_form(given.lower() if given.isascii() else given)
        if domain.ascii and len(local) + 1 + domain.longest <= LONGEST_ADDRESS:
            lower = local.lower()
            return Form("good", "", lower if lower in _CASELESS else local, domain)
    if len(text) > LONGEST_LINE:
        return Form("malformed", "too_long", "", None)
    found = _validated(text)
    if found is None:
        return _refused(text)
    domain = domain_form(found[2])
    if not found[0].isascii() and is_confusable(found[0]):
        domain = domain._replace(is_confusable=True)
    return Form("good", "", found[0], domain)


def _refused(text: str) -> Form:
    """Say why email-validator refused an address."""
    quoted = _QUOTED.match(text)
    local, at, given = text[quoted.end() :].rpartition("@") if quoted else text.rpartition("@")
    local = (quoted[0] if quoted else "") + local
    domain = domain_form(given.lower() if given.isascii() else given) if at and given else None
    if detail := _malformed(text, at, local, given):
        # Of two addresses in one cell, neither domain is the one.
        return Form("malformed", detail, local, domain if text.count("@") == 1 else None)
    return Form("unusual", _unusual_domain(given, domain) or _unusual_local(local), local, domain)


def _malformed(text: str, at: str, local: str, given: str) -> str:
    """Return why no grammar of addresses has room for it, or nothing."""
    bare_local = _QUOTED.sub("q", _COMMENT.sub("", local))
    bare_domain = "" if _LITERAL.fullmatch(given) else _COMMENT.sub("", given)
    categories = {unicodedata.category(c) for c in _QUOTED.sub("", _COMMENT.sub("", text))}
    reasons = {
        "no_at": not at,
        "empty_local": not bare_local,
        "empty_domain": not given,
        "space": bool({"Zs", "Zl", "Zp"} & categories) or any(c in text for c in "\t\r\n\v\f"),
        "invisible": bool({"Cc", "Cf", "Cs", "Co", "Cn"} & categories),
        "second_at": "@" in bare_local,
        "character": bool(_NOT_ATEXT.search(bare_local) or _NOT_ATEXT.search(bare_domain)),
        "domain_dots": bool(bare_domain) and not all(bare_domain.split(".")),
    }
    return next((reason for reason, applies in reasons.items() if applies), "")


def _unusual_domain(given: str, domain: Domain | None) -> str:
    if domain is None or domain.ascii:
        return ""
    if _LITERAL.fullmatch(given):
        return "address_literal"
    if "(" in given:
        return "comment"
    if _RESERVED.search(given.lower()):
        return "reserved_domain"
    if "." not in given:
        return "no_dot"
    return "numeric_tld" if given.rpartition(".")[2].isdecimal() else "domain"


def _unusual_local(local: str) -> str:
    if '"' in local:
        return "quoted"
    if "(" in local:
        return "comment"
    if not all(local.split(".")):
        return "dots"
    if len(local) > LONGEST_LOCAL:
        return "long_local"
    return "long_address" if _PLAIN_LOCAL.fullmatch(local) else "local"
