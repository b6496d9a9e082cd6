"""The way of a mail, by its `Received` headers: who handed it to the receiver, from where, and whether encrypted.

RFC 5321, section 4.4, and RFC 3848 (`ESMTPS`: encrypted). Each header is the word of the server that wrote it; those
below the receiver's own can be invented.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import NamedTuple

from hygiene.mail.addresses.registered import primary_domain
from hygiene.mail.authentication.zone import name_of

LONGEST = 8_000
MOST_HOPS = 50
_FROM = re.compile(r"\s*from\s+([^\s;()\[\]]{1,255}|\[[^\]\s]{1,64}\])", re.IGNORECASE)
_BY = re.compile(r"\bby\s+([^\s;()]{1,255})", re.IGNORECASE)
_WITH = re.compile(r"\bwith\s+((?:UTF8)?(?:E?SMTP|LMTP)S?A?)\b", re.IGNORECASE)
_NAMED = re.compile(r"\(\s*([\w.-]{1,255})\s*\[(?:IPv6:)?([0-9a-fA-F.:]{2,45})\]", re.IGNORECASE)
_BARE = re.compile(r"[(\[](?:IPv6:)?([0-9a-fA-F.:]{2,45})[)\]]", re.IGNORECASE)
_ENCRYPTED = re.compile(
    r"\b(?:TLS|SSL)[ _]?v?[0-9]|\busing TLS|\bversion=TLS|\bcipher[ =]|\b(?:E?SMTP|LMTP)SA?\b", re.IGNORECASE
)
_NAMELESS = frozenset(("unknown", "localhost"))


class Hop(NamedTuple):
    """One handing over."""

    sender: str
    """The name that the sending server gave."""
    receiver: str
    """The server that wrote the header."""
    host: str
    """The name that the receiver found for the sender's address (its PTR record); empty: it tells none."""
    has_no_name: bool
    """Whether the receiver says that the address has none."""
    address: str
    """The sender's IP address; empty: not told."""
    is_encrypted: bool | None
    """None: the header says nothing of it."""


def read_hop(value: str) -> Hop:
    """Return what one `Received` header says; never raises.

    Examples
    --------
    >>> hop = read_hop("from a.example.com (a.example.com [192.0.2.1]) by mx.example.net with ESMTPS id 1; date")
    >>> hop.host, hop.address, hop.receiver, hop.is_encrypted
    ('a.example.com', '192.0.2.1', 'mx.example.net', True)
    >>> read_hop("from x (unknown [192.0.2.1]) by mx.example.net with SMTP id 1").is_encrypted
    False
    """
    text = value[:LONGEST]
    sender, receiver, named = _FROM.match(text), _BY.search(text), _NAMED.search(text)
    host = named[1].lower().removesuffix(".") if named else ""
    bare = next((address for found in _BARE.finditer(text) if (address := _address(found[1]))), "")
    protocol = _WITH.search(text)
    encrypted = True if _ENCRYPTED.search(text) else False if protocol else None
    return Hop(
        sender=name_of(sender[1]) if sender else "",
        receiver=name_of(receiver[1]) if receiver else "",
        host="" if host in _NAMELESS else name_of(host),
        has_no_name=host == "unknown",
        address=(_address(named[2]) if named else "") or bare,
        is_encrypted=encrypted,
    )


def _address(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open network."""
    return bool(address) and ip_address(address).is_global


def border(hops: tuple[Hop, ...]) -> Hop | None:
    """Return the hop at which a mail reached its receiver: the uppermost from another organization; None: not seen.

    Examples
    --------
    >>> inner = read_hop("by 2002:a05::1 with SMTP id 2")
    >>> outer = read_hop("from a.example.com (a.example.com [8.8.8.8]) by mx.example.net with ESMTPS id 1")
    >>> border((inner, outer)).address
    '8.8.8.8'
    """
    for hop in hops:
        ours = primary_domain(hop.receiver)
        theirs = primary_domain(hop.host or hop.sender)
        is_outside = not hop.address or is_public(hop.address)
        if ours and theirs and ours != theirs and is_outside and "." in hop.receiver:
            return hop
    return None
