"""Whether the domain that answers for a mail is the one that its reader sees.

RFC 9989, sections 4.4 and 4.10.2: in strict mode both are the same, in relaxed mode both have the same organizational
domain. DMARC asks that of a valid DKIM signature or of SPF; that either passes is for the receiver to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from hygiene.mail.addresses.registered import primary_domain
from hygiene.mail.authentication.tree import walk

if TYPE_CHECKING:
    from hygiene.mail.authentication.zone import Zone

Mode = Literal["r", "s"]


class Alignment(NamedTuple):
    """How a domain stands to the author's."""

    domain: str
    is_aligned: bool | None
    """None: it hangs on a DMARC record that nobody told."""
    is_assumed: bool = False
    """By the registered domain alone, since the records that draw the line are not known."""


def align(author: str, domain: str, mode: Mode | None, zone: Zone) -> Alignment:
    """Compare the domain of a signature or of the Return-Path with the author's.

    Parameters
    ----------
    author
        The domain of the one `From` address, in ASCII.
    domain
        `d=` of a signature, or the domain of the Return-Path.
    mode
        `adkim` or `aspf` of the DMARC record that applies; None: not known.
    zone
        What is known of the DNS, for the organizational domains.

    Examples
    --------
    >>> from hygiene.mail.authentication.zone import Zone
    >>> align("example.com", "mail.example.com", "s", Zone()).is_aligned
    False
    >>> align("example.com", "mail.example.com", "r", Zone()), align("example.com", "example.com", None, Zone())[1:]
    (Alignment(domain='mail.example.com', is_aligned=True, is_assumed=True), (True, False))
    """
    if author == domain:
        return Alignment(domain, bool(author))
    if mode == "s" or not author or not domain:
        return Alignment(domain, is_aligned=False)
    # Whatever the records say: who registered another domain is another organization.
    if primary_domain(author) != primary_domain(domain):
        return Alignment(domain, is_aligned=False)
    if mode is None:
        return Alignment(domain, is_aligned=None)
    ours, theirs = walk(author, zone), walk(domain, zone)
    if ours.organizational is None or theirs.organizational is None or ours.applied is None:
        return Alignment(domain, is_aligned=True, is_assumed=True)
    return Alignment(domain, ours.organizational == theirs.organizational)
