"""What the headers of one mail (`.eml`) say about its authentication; nobody's word is taken for more than it is.

A copy from the folder of sent mail never travelled: it has no `Received`, and mostly no signature either. Then what is
missing says nothing, and `has_travelled` is false.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hygiene.errors import SourceError
from hygiene.mail.authentication.dkim import read_signature
from hygiene.mail.authentication.headers import READ_BYTES, Headers, mailboxes, read_headers
from hygiene.mail.authentication.results import read_results
from hygiene.mail.authentication.trace import MOST_HOPS, border, read_hop
from hygiene.mail.authentication.unsubscribe import read_unsubscribe
from hygiene.mail.authentication.zone import name_of
from hygiene.mail.message import decoded_header
from hygiene.mail.triage import ANSWERED

if TYPE_CHECKING:
    from hygiene.mail.authentication.dkim import Signature
    from hygiene.mail.authentication.results import Result
    from hygiene.mail.authentication.trace import Hop
    from hygiene.mail.authentication.unsubscribe import Unsubscribe

MOST_SIGNATURES = 20
MOST_RESULT_HEADERS = 10
FORWARDED = ("resent-from", "resent-sender", "x-forwarded-to", "x-forwarded-for")
_INSTANCE = re.compile(r"\bi\s*=\s*(\d{1,3})")
_ARC = ("arc-seal", "arc-message-signature", "arc-authentication-results")


@dataclass(frozen=True)
class MailFacts:
    """What a mail's headers say."""

    headers: Headers

    @cached_property
    def authors(self) -> tuple[str, ...]:
        """The addresses of all `From` headers."""
        return tuple(address for value in self.headers.all("from") for address in mailboxes(value))

    @cached_property
    def author_domain(self) -> str:
        """The domain of the first author, in ASCII; empty: none."""
        return next((domain for author in self.authors if (domain := domain_of(author))), "")

    @cached_property
    def reply_to(self) -> tuple[str, ...]:
        """Where answers go, if elsewhere."""
        return tuple(address for value in self.headers.all("reply-to") for address in mailboxes(value))

    @cached_property
    def return_path(self) -> str:
        """The domain whose SPF record counts: of the Return-Path, or of what the receiver says it was; empty: not told.

        RFC 7208, section 2.4. An empty Return-Path (`<>`) has none: then the name of the server counts, which is not
        looked at.
        """
        if self.headers.has("return-path"):
            found = mailboxes(self.headers.first("return-path"))
        else:
            found = tuple(
                result.properties.get("smtp.mailfrom", "") for result in self.results if result.method == "spf"
            )
        return domain_of(found[0]) if found else ""

    @cached_property
    def signatures(self) -> tuple[Signature, ...]:
        """Its DKIM signatures, the uppermost first."""
        return tuple(read_signature(value) for value in self.headers.all("dkim-signature")[:MOST_SIGNATURES])

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """What receivers say of their own checks, the last receiver first."""
        values = self.headers.all("authentication-results")[:MOST_RESULT_HEADERS]
        return tuple(result for value in values for result in read_results(value))

    @cached_property
    def hops(self) -> tuple[Hop, ...]:
        """Its way, the last hop first."""
        return tuple(read_hop(value) for value in self.headers.all("received")[:MOST_HOPS])

    @property
    def has_travelled(self) -> bool:
        """Whether a server has handed it on."""
        return bool(self.hops)

    @cached_property
    def border(self) -> Hop | None:
        """The hop at which it reached its receiver."""
        return border(self.hops)

    @cached_property
    def unsubscribe(self) -> Unsubscribe:
        """What it offers to unsubscribe."""
        return read_unsubscribe(self.headers, self.signatures)

    @cached_property
    def subject(self) -> str:
        """The subject, decoded, on one line."""
        return decoded_header(self.headers.first("subject"))

    @property
    def is_false_answer(self) -> bool:
        """Whether the subject begins like an answer or a forward although there is nothing before."""
        is_after = self.headers.first("in-reply-to").strip() or self.headers.first("references").strip()
        return bool(ANSWERED.match(self.subject)) and not is_after

    @cached_property
    def arc_instances(self) -> tuple[int, ...]:
        """The numbers of the complete ARC sets, RFC 8617, section 4.2."""
        numbers = [self._instances(name) for name in _ARC]
        return tuple(sorted(set.intersection(*numbers)))

    @property
    def has_arc(self) -> bool:
        """Whether any header of ARC is there."""
        return any(self.headers.has(name) for name in _ARC)

    @property
    def is_forwarded(self) -> bool:
        """Whether a header says that it was handed on to somebody else."""
        return any(self.headers.has(name) for name in FORWARDED)

    def _instances(self, name: str) -> set[int]:
        found = (_INSTANCE.search(value[:2000]) for value in self.headers.all(name)[:MOST_HOPS])
        return {int(match[1]) for match in found if match}


def read_message(raw: bytes) -> MailFacts:
    r"""Return what a mail's headers say; never raises.

    Examples
    --------
    >>> mail = read_message(b"From: Ann <ann@Example.com>\nDate: x\nSubject: =?utf-8?q?Re=3A?= offer\n\nText")
    >>> mail.author_domain, mail.is_false_answer, mail.has_travelled
    ('example.com', True, False)
    """
    return MailFacts(read_headers(raw))


def load_message(path: str | Path) -> MailFacts:
    """Return what the mail in a file says.

    Raises
    ------
    SourceError
        If the file cannot be read, or is no mail.
    """
    try:
        with Path(path).open("rb") as file:
            mail = read_message(file.read(READ_BYTES + 1))
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}. Check the name and its rights.") from error
    if not mail.headers.fields or not {"from", "received", "subject", "date"} & {
        name for name, _ in mail.headers.fields
    }:
        raise SourceError(
            f"{path} is no mail: it has no headers. Open the mail, show its source, and save that as .eml."
        )
    return mail


def domain_of(address: str) -> str:
    """Return the domain of an address in lower-case ASCII; empty: it has none.

    Examples
    --------
    >>> domain_of("ann@Example.com"), domain_of("example.com"), domain_of("ann@no good")
    ('example.com', 'example.com', '')
    """
    domain = name_of(address.rpartition("@")[2])
    return domain if "." in domain else ""
