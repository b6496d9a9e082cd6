"""What a receiver wrote of its own checks into a mail: `Authentication-Results`.

RFC 8601, section 2.2. Anybody can write such a header, and nobody signs it: it is told on, with the name of who says
so, and never taken for a proof.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hygiene.mail.authentication.headers import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 20_000
MOST_RESULTS = 50
_METHOD = re.compile(r"([a-z][a-z0-9_-]{0,30})(?:\s*/\s*\d{1,5})?\s*=\s*([a-z]{1,20})", re.IGNORECASE)
_PROPERTY = re.compile(r"\b([a-z]{1,20})\.([a-z0-9_-]{1,40})\s*=\s*(\"[^\"]{0,300}\"|[^\s;\"]{1,300})", re.IGNORECASE)


class Result(NamedTuple):
    """One check, as a receiver reports it."""

    server: str
    """Who says so (`authserv-id`)."""
    method: str
    """`spf`, `dkim`, `dmarc`, `arc`, …, in lower case."""
    result: str
    """`pass`, `fail`, `softfail`, `none`, `temperror`, …, in lower case."""
    properties: Mapping[str, str]
    """Such as `smtp.mailfrom` and `header.d`."""


def read_results(value: str) -> tuple[Result, ...]:
    """Return the results in the value of an `Authentication-Results` header; never raises.

    Examples
    --------
    >>> found = read_results("mx.example.net; spf=pass (ok) smtp.mailfrom=a@b.com; dkim=fail header.d=example.com")
    >>> found[1].server, found[1].method, found[1].result, found[1].properties["header.d"]
    ('mx.example.net', 'dkim', 'fail', 'example.com')
    >>> read_results("mx.example.net; none")
    ()
    """
    head, *rest = plain(value[:LONGEST], keeps_quoted=True).split(";")
    server = (head.split() or [""])[0][:255]
    if _METHOD.match(head.strip()):  # some servers leave their name out
        server, rest = "", [head, *rest]
    found = []
    for part in rest[:MOST_RESULTS]:
        method = _METHOD.match(part.strip())
        if method:
            properties = {f"{kind}.{name}".lower(): text.strip('"') for kind, name, text in _PROPERTY.findall(part)}
            found.append(Result(server, method[1].lower(), method[2].lower(), properties))
    return tuple(found)
