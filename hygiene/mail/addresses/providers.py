"""Whose rules a recipient's mail meets: the provider of a domain, or of the host that answered."""

from __future__ import annotations

import re

from hygiene.mail.addresses.lists import first_listed, free_mail, mail_hosts, relays
from hygiene.mail.addresses.syntax import domain_form

OTHER = "other"
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.){1,10}[a-z]{2,24}")
_LONGEST_TEXT = 4_000
"""Characters of a host or a bounce's text that are looked at."""


def provider_of(domain: str, remote_host: str = "") -> str:
    """Return the provider that takes the mail of a recipient's domain.

    Parameters
    ----------
    domain
        The recipient's domain; a consumer domain (gmail.com, orange.fr) is known by itself.
    remote_host
        The host that answered, as a bounce names it (`Remote-MTA`, or the text): tells where a company's mail lives.
        A filter before the mailboxes is named as itself. The first known host in it counts.

    Returns
    -------
    str
        A name of `models/addresses/*.toml`, or `other`.

    Examples
    --------
    >>> provider_of("Hotmail.fr"), provider_of("acme.com", "dns; acme-com.mail.protection.outlook.com (52.101.0.1)")
    ('microsoft', 'microsoft')
    >>> provider_of("acme.com", "mx07-0001.pphosted.com"), provider_of("acme.com")
    ('proofpoint', 'other')
    """
    domain = domain.strip().rstrip(".").lower()
    name = domain_form(domain).ascii or domain
    if name in free_mail():
        return free_mail()[name]
    if relay := first_listed(name, relays()):
        return relays()[relay[1]]
    for host in _HOST.finditer(remote_host[:_LONGEST_TEXT].lower()):
        if known := first_listed(host[0], mail_hosts()):
            return mail_hosts()[known[1]]
    own = first_listed(name, mail_hosts())
    return mail_hosts()[own[1]] if own else OTHER
