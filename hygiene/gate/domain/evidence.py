"""What a caller gives for the check of a sender's domain: a mail, pasted records, answers of the DNS, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from hygiene.mail.addresses.registered import primary_domain
from hygiene.mail.authentication import MailFacts, Zone, load_message
from hygiene.mail.authentication.alignment import align
from hygiene.mail.authentication.dkim import Key, read_key
from hygiene.mail.authentication.lookup import look_up
from hygiene.mail.authentication.message import domain_of
from hygiene.mail.authentication.records import load_records
from hygiene.mail.authentication.spf import Spf, read_spf
from hygiene.mail.authentication.tree import Walk, walk
from hygiene.mail.authentication.zone import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hygiene.mail.addresses.dns import Resolver
    from hygiene.mail.authentication.alignment import Alignment, Mode
    from hygiene.mail.authentication.dkim import Signature
    from hygiene.mail.authentication.lookup import Doubt
    from hygiene.mail.authentication.records import UnreadLine


@dataclass(frozen=True, kw_only=True)
class DomainEvidence:
    """What is known of a sender's domain; nothing at all is a valid case."""

    domain: str = ""
    """Of the sender's address, in lower-case ASCII; empty: the sender is not known."""
    address: str = ""
    """The sender's address; empty: not known."""
    mail: MailFacts | None = None
    """A mail of the sender's, as it arrived."""
    zone: Zone = field(default_factory=Zone)
    """What is known of the DNS."""
    selectors: tuple[str, ...] = ()
    """DKIM selectors that the caller names."""
    unread: tuple[UnreadLine, ...] = ()
    """Lines of the file of records that were not understood."""
    was_asked: bool = False
    """Whether the DNS was asked."""
    doubt: Doubt = ""
    """Why no answer of the DNS counts; empty: they do, or nobody asked."""

    @cached_property
    def own_mail(self) -> MailFacts | None:
        """The mail, if it is from the domain: another domain's shows nothing about this one."""
        return self.mail if self.mail and self.mail.author_domain == self.domain else None

    @cached_property
    def seen_mail(self) -> MailFacts | None:
        """The domain's own mail, if a server handed it on: a copy of sent mail lacks what is added on the way."""
        return self.own_mail if self.own_mail and self.own_mail.has_travelled else None

    @cached_property
    def envelope_domain(self) -> str:
        """The domain whose SPF record counts: of the Return-Path; without a mail, the sender's own (assumed)."""
        return (self.seen_mail.return_path if self.seen_mail else "") or self.domain

    @cached_property
    def spf(self) -> Spf:
        """Its SPF record."""
        return read_spf(self.envelope_domain, self.zone)

    @cached_property
    def dmarc(self) -> Walk:
        """The DMARC records from the domain upwards."""
        return walk(self.domain, self.zone)

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The keys under the selectors that the caller names, and under those that are known to be there."""
        homes = dict.fromkeys((self.domain, primary_domain(self.domain) or self.domain))
        found: dict[str, Key] = {}
        for selector in self.selectors:
            keys = [read_key(name_of(f"{selector}._domainkey.{home}"), self.zone) for home in homes]
            best = next((key for key in keys if key.state == "found"), None)
            # Absent only where it is absent wherever it may lie.
            best = best or next((key for key in keys if key.state in ("unknown", "failed")), keys[0])
            found[best.name] = best
        for home in homes:
            for name in self.zone.names(f"._domainkey.{home}"):
                found.setdefault(name, read_key(name, self.zone))
        return tuple(found.values())

    @cached_property
    def signatures(self) -> tuple[tuple[Signature, Key], ...]:
        """The mail's signatures with their keys."""
        mail = self.own_mail
        return tuple((found, read_key(found.key_name, self.zone)) for found in (mail.signatures if mail else ()))

    @cached_property
    def aligned_signers(self) -> tuple[Alignment, ...]:
        """How the domains of usable signatures stand to the sender's."""
        mode = self._mode("dkim")
        usable = [
            signature.domain
            for signature, key in self.signatures
            if not signature.is_broken and not key.is_broken and key.state != "absent"
        ]
        return tuple(align(self.domain, domain, mode, self.zone) for domain in dict.fromkeys(usable))

    @cached_property
    def aligned_path(self) -> Alignment | None:
        """How the Return-Path stands to the sender's domain; None: there is none, or its SPF record is of no use."""
        path = self.seen_mail.return_path if self.seen_mail else ""
        if not path or self.spf.is_broken or self.spf.state == "absent":
            return None
        return align(self.domain, path, self._mode("spf"), self.zone)

    def _mode(self, kind: str) -> Mode | None:
        """Return the mode of alignment; without any DMARC record, the usual one."""
        step = self.dmarc.applied
        if step is None or step.record is None:
            return "r" if self.dmarc.state == "absent" else None
        return step.record.dkim_mode if kind == "dkim" else step.record.spf_mode


def gather(
    address: str = "",
    *,
    mail: str | Path | None = None,
    records: str | Path | None = None,
    asks_dns: bool = False,
    selectors: Iterable[str] = (),
    resolver: Resolver | None = None,
) -> DomainEvidence:
    """Read what a caller gives about a sender's domain.

    Parameters
    ----------
    address
        Of the sender, or the domain alone; empty: taken from the mail.
    mail
        A file (`.eml`) with a mail of the sender's, as it arrived.
    records
        A text file of pasted DNS records.
    asks_dns
        Whether the DNS is asked; what it answers is believed before the file.
    selectors
        DKIM selectors.
    resolver
        Who is asked; None: the system's name servers.

    Raises
    ------
    SourceError
        If a file cannot be read, or the mail is none.
    MissingExtraError
        If the DNS is to be asked and dnspython is not installed.
    """
    facts = load_message(mail) if mail else None
    domain = domain_of(address) or (facts.author_domain if facts else "")
    named = tuple(dict.fromkeys(selector.strip().lower() for selector in selectors if selector.strip()))
    pasted = load_records(records, domain) if records else None
    zone = pasted.zone if pasted else Zone()
    doubt: Doubt = ""
    if asks_dns and domain:
        own = facts if facts and facts.author_domain == domain else None
        told, doubt, _ = look_up(domain, mail=own, selectors=named, resolver=resolver)
        zone = told.over(zone)
    return DomainEvidence(
        domain=domain,
        address=address if "@" in address else "",
        mail=facts,
        zone=zone,
        selectors=named,
        unread=pasted.unread if pasted else (),
        was_asked=asks_dns,
        doubt=doubt,
    )
