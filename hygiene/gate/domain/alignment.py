"""`domain.alignment`: whether who signs the mail, or takes its bounces, is the domain that its reader sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.gate.domain.draft import GIVE_MAIL, SEND_AGAIN, draft, listed
from hygiene.values import Message, Text

if TYPE_CHECKING:
    from hygiene.gate.domain.evidence import DomainEvidence
    from hygiene.gate.types import Finding, Status
    from hygiene.values import Value

STANDARD = "RFC 9989, section 4.4"


def find_alignment(evidence: DomainEvidence) -> Finding:
    """Compare the domains of the signatures and of the Return-Path with the sender's."""
    by_dkim, path = evidence.aligned_signers, evidence.aligned_path
    signed = [found for found in by_dkim if found.is_aligned]
    values: dict[str, Value] = {
        "domain": Text(evidence.domain),
        "signer": Text(signed[0].domain if signed else ""),
        "path": Text(path.domain if path else ""),
        "others": Text(listed([*(found.domain for found in by_dkim), path.domain if path else ""])),
    }
    if signed:
        message = Message(
            "The email is signed by %(signer)s, which counts for its sender's domain, %(domain)s.", values
        )
        return _draft(evidence, "pass", message, None, is_assumed=signed[0].is_assumed)
    switch_on = Message("Switch DKIM on for %(domain)s itself in the service that sends.", values)
    if path and path.is_aligned:
        message = Message("Only SPF counts for %(domain)s, by %(path)s, and a forwarded email loses it.", values)
        return _draft(evidence, "warn", message, switch_on, is_assumed=path.is_assumed)
    if any(found.is_aligned is None for found in (*by_dkim, *([path] if path else []))):
        message = Message(
            "Whether %(others)s counts for %(domain)s depends on its DMARC record, which is not known.", values
        )
        return _draft(
            evidence, "unknown", message, Message("Run it with --dns, or add that record to the file of records.")
        )
    if evidence.seen_mail is None:
        return _not_seen(evidence)
    if not evidence.seen_mail.return_path:
        message = Message("No signature counts for %(domain)s, and the email shows no Return-Path.", values)
        return _draft(evidence, "unknown", message, SEND_AGAIN)
    message = Message("Neither DKIM nor SPF counts for %(domain)s, the domain that the reader sees.", values)
    return _draft(evidence, "fail", message, switch_on)


def _not_seen(evidence: DomainEvidence) -> Finding:
    """Say that no mail of the domain was seen on its way."""
    if evidence.own_mail is None:
        message = Message("Only a received email shows who signs it and where its bounces go.")
        return _draft(evidence, "unknown", message, GIVE_MAIL)
    message = Message("The email is a copy that was never sent on, so who signs it is not seen.")
    return _draft(evidence, "unknown", message, SEND_AGAIN)


def _draft(
    evidence: DomainEvidence, status: Status, message: Message, remedy: Message | None, *, is_assumed: bool = False
) -> Finding:
    step = evidence.dmarc.applied
    return draft(
        "alignment",
        status,
        message,
        remedy,
        source=STANDARD,
        domain=evidence.domain,
        signers=listed(found.domain for found in evidence.aligned_signers),
        return_path=evidence.seen_mail.return_path if evidence.seen_mail else "",
        dkim_mode=step.record.dkim_mode if step and step.record else "",
        spf_mode=step.record.spf_mode if step and step.record else "",
        by_registered_domain=int(is_assumed) or None,
    )
