"""What is wrong with the URL of a piece, without asking the network.

RFC 3986 names the parts of a URL, RFC 1123 section 2.1 the signs of a host. A link in a sales mail must be `http` or
`https`, and its host must be one that the prospect can reach and see.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from hygiene.advice.content.types import UrlProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygiene.advice.content.types import Piece, UrlKind

SCHEMES: Final = frozenset({"http", "https"})
LONGEST_URL: Final = 2048
"""Signs (assumed: what browsers and mail gateways pass on without cutting it)."""
SHORTENERS: Final = frozenset(
    {
        "bit.ly", "bitly.com", "buff.ly", "cutt.ly", "dlvr.it", "fb.me", "goo.gl", "hubs.la",
        "hubs.li", "hubs.ly", "is.gd", "j.mp", "lc.cx", "lnkd.in", "ow.ly", "rb.gy",
        "rebrand.ly", "rebrandly.com", "s.id", "short.io", "shorturl.at", "smarturl.it", "snip.ly", "soo.gd",
        "t.co", "t.ly", "t2m.io", "tiny.cc", "tinyurl.com", "trib.al", "urlz.fr", "v.gd",
        "vu.fr", "wp.me",
    }
)  # fmt: skip
"""Hosts that hide where a link leads. Source: the services' own pages, as generally known; not those that
lead only to their owner's own pages (youtu.be, aka.ms)."""
TRACKING: Final = re.compile(
    r"utm_\w+|gclid|fbclid|msclkid|dclid|mc_[ce]id|_hs(?:enc|mi|fp)|__hs\w+|hsctatracking|mkt_tok|li_fat_id"
)
"""Parameters that tell where a click came from, and change nothing of the page (their vendors' documents)."""

_BROKEN = re.compile(r"[\s\x00-\x1f\x7f\\<>\"^`{|}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_INSIDE: Final = frozenset({"local", "localhost", "internal", "intranet", "lan", "home", "corp", "test", "invalid"})
"""Top-level names that a prospect cannot reach (RFC 6761, RFC 6762, and ICANN's reserved `internal`)."""
_PORTS: Final = {"http": 80, "https": 443}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def check_url(url: str | None) -> UrlProblem | None:
    """Return what is wrong with a URL; None: nothing that can be seen offline.

    Examples
    --------
    >>> check_url("https://acme.example/cold-chain") is None
    True
    >>> [check_url(url).kind for url in ("javascript:alert(1)", "acme.example/a", "https://a b", "https://intranet/a")]
    ['scheme', 'scheme', 'malformed', 'host']
    >>> check_url("https://bit.ly/3abc")
    UrlProblem(kind='shortener', url='https://bit.ly/3abc', blocks=False, content_id='', other='')
    """
    plain = (url or "").strip(" \t\r\n\u00a0")
    kind = _kind_of(plain)
    return None if kind is None else UrlProblem(kind, plain[:LONGEST_URL], blocks=kind != "shortener")


def _kind_of(url: str) -> UrlKind | None:
    if not url:
        return "empty"
    if len(url) > LONGEST_URL or _BROKEN.search(url):
        scheme = _SCHEME.match(url)
        return "scheme" if scheme and scheme[1].lower() not in SCHEMES else "malformed"
    try:
        parts = urlsplit(url)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError:
        return "malformed"
    if parts.scheme not in SCHEMES:
        return "scheme"
    if port == 0:
        return "malformed"
    if "@" in parts.netloc:
        return "credentials"
    if not _is_public(host):
        return "host"
    return "shortener" if host.removeprefix("www.") in SHORTENERS else None


def _is_public(host: str) -> bool:
    """Tell whether a host has the form of a name in the public DNS; a bare IP address has no name to trust."""
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return False
    labels = ascii_host.split(".")
    return (
        len(labels) > 1
        and len(ascii_host) <= 253
        and all(_LABEL.fullmatch(label) for label in labels)
        and labels[-1] not in _INSIDE
        and not labels[-1].isdigit()
        and not _is_address(ascii_host)
    )


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def page_of(url: str) -> str:
    """Return one form for all URLs of one page: those that differ by tracking, `www`, scheme, or the last slash.

    Examples
    --------
    >>> page_of("http://www.Acme.example/a/?utm_source=x&p=2") == page_of("https://acme.example/a?p=2")
    True
    >>> page_of("https://acme.example/a?p=2") == page_of("https://acme.example/a?p=3")
    False
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host = _host(parts)
    except ValueError:
        return url
    asked = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if not TRACKING.fullmatch(key.lower())
    ]
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{host}{parts.path.rstrip('/')}?{urlencode(sorted(asked))}{fragment}"


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    return host if parts.port in (None, _PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


def url_problems(pieces: Iterable[Piece]) -> tuple[UrlProblem, ...]:
    """Return the problems of all pieces, by `content_id`; of a page that stands twice, the later ids are duplicates.

    A page may stand once a language and once an industry: it is told, not refused.
    """
    found, seen = [], dict[str, str]()
    for piece in sorted(pieces, key=lambda piece: (piece.content_id, piece.url, piece.title)):
        problem = check_url(piece.url)
        if problem is not None:
            found.append(UrlProblem(problem.kind, problem.url, problem.blocks, piece.content_id))
            if problem.blocks:
                continue
        first = seen.setdefault(page_of(piece.url), piece.content_id)
        if first != piece.content_id:
            found.append(
                UrlProblem("duplicate", piece.url.strip(), blocks=False, content_id=piece.content_id, other=first)
            )
    return tuple(found)
