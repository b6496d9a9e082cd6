"""The domain that somebody registered: whose reputation its sub-domains share, and where its owner's records lie."""

from __future__ import annotations

SECOND_LEVEL = frozenset(("ac", "co", "com", "edu", "gob", "gouv", "gov", "gv", "ltd", "ne", "net", "nom", "or", "org"))
"""Labels below which, under a country's own, names are given out (`co.uk`): the common ones; assumed."""
COUNTRY_LENGTH = 2


def primary_domain(domain: str | None) -> str | None:
    """Return the registered domain of a host's or an address's domain; None: not known.

    Examples
    --------
    >>> primary_domain("mail.news.acme.com"), primary_domain("sales.acme.co.uk"), primary_domain("acme.fr")
    ('acme.com', 'acme.co.uk', 'acme.fr')
    """
    labels = (domain or "").strip().rstrip(".").lower().split(".")
    if labels == [""]:
        return None
    has_second = len(labels) > COUNTRY_LENGTH and len(labels[-1]) == COUNTRY_LENGTH and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3:] if has_second else labels[-2:])
