"""`domain.tls`, `domain.ptr`, `domain.arc` and `domain.results`: what a mail's way shows, as its servers tell it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from hygiene.gate.domain.draft import GIVE_MAIL, SEND_AGAIN, draft, listed
from hygiene.mail.addresses.providers import OTHER, provider_of
from hygiene.values import Message, Text

if TYPE_CHECKING:
    from hygiene.gate.domain.evidence import DomainEvidence
    from hygiene.gate.types import Finding
    from hygiene.mail.authentication.trace import Hop
    from hygiene.values import Value

ENCRYPTION = "RFC 3848"
REVERSE = "RFC 8601, section 2.7.3"
HANDED_ON = "RFC 8617, section 4.2"
BAD_RESULTS = frozenset(
    ("fail", "softfail", "permerror", "temperror", "none", "neutral", "policy", "hardfail", "bestguesspass")
)
"""What a receiver writes where a check did not pass: RFC 8601, section 2.7; the last two are Google's, Microsoft's."""


def find_tls(evidence: DomainEvidence) -> Finding:
    """Judge whether the mail reached its receiver encrypted."""
    hop, values = _hop(evidence)
    if hop is None:
        return _no_hop("tls", evidence, ENCRYPTION)
    if hop.is_encrypted is None:
        message = Message("%(receiver)s does not say whether the email came encrypted.", values)
        return draft("tls", "unknown", message, source=ENCRYPTION, **_told(hop))
    if hop.is_encrypted:
        message = Message("The email reached %(receiver)s encrypted, as that server says.", values)
        return draft("tls", "pass", message, source=ENCRYPTION, **_told(hop))
    message = Message("The email reached %(receiver)s without encryption, as that server says.", values)
    remedy = Message("Switch STARTTLS on for outgoing mail.")
    return draft("tls", "warn", message, remedy, source=ENCRYPTION, **_told(hop))


def find_ptr(evidence: DomainEvidence) -> Finding:
    """Judge whether the sending server's address has a name that leads back to it."""
    hop, values = _hop(evidence)
    if hop is None:
        return _no_hop("ptr", evidence, REVERSE)
    if provider_of(hop.host or hop.sender) != OTHER:
        message = Message("The server belongs to a mail service (%(host)s), which sees to its name.", values)
        return draft("ptr", "not_applicable", message, source=REVERSE, **_told(hop))
    has_name = _has_name(hop, evidence)
    if has_name is None:
        message = Message("Whether the address of the sending server has a name is not seen.", values)
        return draft("ptr", "unknown", message, source=REVERSE, **_told(hop))
    if has_name:
        message = Message("The address of the sending server has a name, %(host)s.", values)
        return draft("ptr", "pass", message, source=REVERSE, **_told(hop))
    message = Message("The address of the sending server, %(address)s, has no name that leads back to it.", values)
    remedy = Message("Ask its hoster for a PTR record, and publish an A or AAAA record of the same name.")
    return draft("ptr", "warn", message, remedy, source=REVERSE, **_told(hop))


def _has_name(hop: Hop, evidence: DomainEvidence) -> bool | None:
    """Tell whether the address has a name that leads back to it; None: not known."""
    if hop.address:
        names = evidence.zone.ask(ip_address(hop.address).reverse_pointer, "PTR")
        if names.state == "absent":
            return False
        answers = [evidence.zone.ask(name, "AAAA" if ":" in hop.address else "A") for name in names.texts]
        if any(hop.address in answer.texts for answer in answers):
            return True
        if answers and all(answer.is_complete for answer in answers):
            return False
    if hop.has_no_name:
        return False
    return True if hop.host else None


def _hop(evidence: DomainEvidence) -> tuple[Hop | None, dict[str, Value]]:
    hop = evidence.seen_mail.border if evidence.seen_mail else None
    if hop is None:
        return None, {}
    host = hop.host or hop.sender
    return hop, {"receiver": Text(hop.receiver), "host": Text(host), "address": Text(hop.address or host)}


def _told(hop: Hop) -> dict[str, Any]:
    return {"server": hop.host or hop.sender, "address": hop.address, "told_by": hop.receiver}


def _no_hop(check: str, evidence: DomainEvidence, source: str) -> Finding:
    remedy = SEND_AGAIN if evidence.own_mail else GIVE_MAIL
    message = Message("No received email shows how this sender's mail travels.")
    return draft(check, "unknown", message, remedy, source=source)


def find_arc(evidence: DomainEvidence) -> Finding | None:
    """Judge whether a mail that was handed on says by whom; None: there is no mail."""
    mail = evidence.own_mail
    if mail is None:
        return None
    numbers = mail.arc_instances
    is_whole = bool(numbers) and numbers == tuple(range(1, len(numbers) + 1))
    if not mail.is_forwarded:
        return draft("arc", "not_applicable", Message("The email was not handed on."), source=HANDED_ON)
    if is_whole:
        message = Message("The email was handed on, and its ARC headers say by whom.")
        return draft("arc", "pass", message, source=HANDED_ON, sets=len(numbers))
    message = Message("The email was handed on without a whole set of ARC headers, so SPF no longer holds.")
    return draft(
        "arc", "warn", message, Message("Save an email that was not handed on."), source=HANDED_ON, sets=len(numbers)
    )


def find_results(evidence: DomainEvidence) -> Finding | None:
    """Tell what the receiver says of its own checks; None: there is nothing."""
    mail = evidence.own_mail
    if mail is None or not mail.results:
        return None
    first = mail.results[0].server
    told = [found for found in mail.results if found.server == first and found.method in ("spf", "dkim", "dmarc")]
    if not told:
        return None
    bad = [found for found in told if found.result in BAD_RESULTS]
    values: dict[str, Value] = {
        "server": Text(first or "?"),
        "results": Text(listed(f"{found.method}={found.result}" for found in (bad or told))),
    }
    source = "RFC 8601, section 2.7"
    if bad:
        message = Message("%(server)s says of this email: %(results)s. Anybody can write such a header.", values)
        remedy = Message("Compare it with the findings on SPF, DKIM and alignment.")
        return draft("results", "warn", message, remedy, source=source, told_by=first)
    message = Message("%(server)s says that this email passed: %(results)s. Nobody checked that here.", values)
    return draft("results", "pass", message, source=source, told_by=first)
