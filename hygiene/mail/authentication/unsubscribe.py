"""One-click unsubscribe: whether a mail's headers offer what Gmail and Yahoo ask bulk senders for.

RFC 8058: section 3.1 (a `List-Unsubscribe` with an HTTPS address, and `List-Unsubscribe-Post` with the one pair
`List-Unsubscribe=One-Click`), section 4 (a DKIM signature must cover both). RFC 2369, section 2: the addresses stand
in angle brackets. Nothing here opens an address: doing so would unsubscribe somebody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygiene.mail.authentication.types import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygiene.mail.authentication.dkim import Signature
    from hygiene.mail.authentication.headers import Headers

HEADER = "list-unsubscribe"
POST_HEADER = "list-unsubscribe-post"
POST_VALUE = "List-Unsubscribe=One-Click"
MOST_ADDRESSES = 20
BROKEN: Mapping[str, str] = {
    "no_header": "RFC 8058, section 3.1",
    "twice": "RFC 2369, section 3",
    "no_address": "RFC 2369, section 3",
    "mailto_only": "RFC 8058, section 3.1",
    "not_https": "RFC 8058, section 3.1",
    "no_post": "RFC 8058, section 3.1",
    "wrong_post": "RFC 8058, section 3.1",
    "not_signed": "RFC 8058, section 4",
    "not_covered": "RFC 8058, section 4",
}
"""Faults for which no mail program offers the one click."""
_ADDRESS = re.compile(r"<([^<>]{1,4000})>")
_HTTPS = re.compile(r"https://[^\s/?#@]{1,300}(?:[/?#]\S*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Unsubscribe:
    """What the headers offer."""

    addresses: tuple[str, ...]
    """In order, without brackets; from the data."""
    faults: tuple[Fault, ...]
    """Codes of `BROKEN`; none: one click is offered."""

    @property
    def is_one_click(self) -> bool:
        """Whether a mail program may offer it."""
        return not self.faults

    @property
    def is_offered(self) -> bool:
        """Whether there is any way out by header."""
        return bool(self.addresses)


def read_unsubscribe(headers: Headers, signatures: Sequence[Signature]) -> Unsubscribe:
    """Return what a mail's headers offer; never raises.

    Parameters
    ----------
    headers
        Of the mail.
    signatures
        Its DKIM signatures; a broken one covers nothing.
    """
    values, posts = headers.all(HEADER), headers.all(POST_HEADER)
    addresses = tuple(_unfolded(found) for value in values for found in _ADDRESS.findall(value))[:MOST_ADDRESSES]
    faults = [*_address_faults(values, addresses), *_post_faults(posts)]
    if not faults:
        faults = _cover_faults(signatures)
    return Unsubscribe(addresses, tuple(faults))


def _unfolded(text: str) -> str:
    """Return an address without the spaces that folding left: RFC 2369, section 2."""
    return "".join(text.split())


def _address_faults(values: tuple[str, ...], addresses: tuple[str, ...]) -> list[Fault]:
    if not values:
        return [Fault("no_header")]
    if len(values) > 1:
        return [Fault("twice", "List-Unsubscribe")]
    if not addresses:
        return [Fault("no_address", values[0][:80])]
    if any(_HTTPS.fullmatch(address) for address in addresses):
        return []
    is_mail = all(address.lower().startswith("mailto:") for address in addresses)
    return [Fault("mailto_only" if is_mail else "not_https", addresses[0][:80])]


def _post_faults(posts: tuple[str, ...]) -> list[Fault]:
    if not posts:
        return [Fault("no_post")]
    if len(posts) > 1:
        return [Fault("twice", "List-Unsubscribe-Post")]
    # RFC 8058, section 5: fixed text; what is around it is folding.
    return [] if posts[0].strip() == POST_VALUE else [Fault("wrong_post", posts[0][:80])]


def _cover_faults(signatures: Sequence[Signature]) -> list[Fault]:
    whole = [signature for signature in signatures if not signature.is_broken]
    if not whole:
        return [Fault("not_signed")]
    best = max(whole, key=lambda signature: len({HEADER, POST_HEADER} & set(signature.covered)))
    missing = [name for name in (HEADER, POST_HEADER) if name not in best.covered]
    return [Fault("not_covered", name) for name in missing]
