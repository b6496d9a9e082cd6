"""`domain.dmarc`: whether a DMARC record applies to the sender's domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.gate.domain.draft import draft, faults_listed, listed, not_known, txt_line
from hygiene.mail.addresses.registered import primary_domain
from hygiene.mail.authentication.dmarc import BROKEN, WEAK
from hygiene.mail.authentication.tree import LABEL
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.gate.domain.evidence import DomainEvidence
    from hygiene.gate.types import Finding, Status
    from hygiene.mail.authentication.dmarc import DmarcRecord
    from hygiene.mail.authentication.tree import Step, Walk
    from hygiene.values import Value

DISCOVERY = "RFC 9989, section 4.10.1"


def find_dmarc(evidence: DomainEvidence) -> Finding:
    """Judge the DMARC record that applies."""
    walk = evidence.dmarc
    several = next((step for step in walk.steps if step.several), None)
    if several:
        return _several(walk, several)
    if walk.state in ("unknown", "failed"):
        name = walk.uncertain[0].domain if walk.uncertain else ""
        return not_known("dmarc", "DMARC", f"{LABEL}.{name}" if name else "", walk.state, evidence, DISCOVERY)
    step = walk.applied
    if step is None or step.record is None:
        return _absent(walk)
    return _judged(walk, step, step.record)


def _paste(domain: str) -> str:
    home = primary_domain(domain) or domain
    return txt_line(f"{LABEL}.{home}", f"v=DMARC1; p=none; rua=mailto:dmarc-reports@{home}")


def _several(walk: Walk, step: Step) -> Finding:
    values: dict[str, Value] = {"name": Text(f"{LABEL}.{step.domain}"), "records": Count(step.several)}
    return draft(
        "dmarc",
        "fail",
        Message("There are %(records)s DMARC records at %(name)s; receivers then pass over all of them.", values),
        Message("Delete all but one."),
        source=BROKEN["several"],
        domain=walk.domain,
        found_at=f"{LABEL}.{step.domain}",
        records=step.several,
    )


def _absent(walk: Walk) -> Finding:
    paste = _paste(walk.domain)
    near = next((step.near for step in walk.steps if step.near), "")
    values = {"domain": Text(walk.domain), "near": Text(near), "paste": Text(paste)}
    if near:
        message = Message("No DMARC record applies to %(domain)s: %(near)s does not begin with v=DMARC1.", values)
    else:
        message = Message("No DMARC record applies to %(domain)s.", values)
    return draft(
        "dmarc",
        "fail",
        message,
        Message(
            "Publish this one, which only asks for reports, and read them before you tighten it: %(paste)s", values
        ),
        source=DISCOVERY,
        domain=walk.domain,
        near=near,
        paste=paste,
    )


def _judged(walk: Walk, step: Step, record: DmarcRecord) -> Finding:
    worst = next((fault for fault in record.faults if fault.code in BROKEN or fault.code in WEAK), None)
    status: Status = "fail" if record.is_broken else "warn" if worst else "pass"
    paste = _paste(walk.domain) if worst and worst.code in ("no_policy", "bad_policy") else ""
    values: dict[str, Value] = {
        "name": Text(f"{LABEL}.{step.domain}"),
        "domain": Text(walk.domain),
        "policy": Text(walk.policy or ""),
        "detail": Text(worst.detail if worst else ""),
        "paste": Text(paste),
        "reports": Text(f"rua=mailto:dmarc-reports@{primary_domain(walk.domain) or walk.domain}"),
    }
    message = Message("The DMARC record at %(name)s applies to %(domain)s, with the policy %(policy)s.", values)
    remedy = None
    if worst:
        message, remedy = _words(values)[worst.code]
    return draft(
        "dmarc",
        status,
        message,
        remedy,
        source={**BROKEN, **WEAK}[worst.code] if worst else DISCOVERY,
        domain=walk.domain,
        found_at=f"{LABEL}.{step.domain}",
        record=record.text[:1_000],
        policy=walk.policy,
        is_testing=int(record.is_testing) or None,
        reports=listed(record.reports),
        organizational_domain=walk.organizational,
        faults=faults_listed(record.faults),
        paste=paste,
    )


def _words(values: Mapping[str, Value]) -> Mapping[str, tuple[Message, Message]]:
    """Return what is said of each fault, and what to do."""
    return {
        "duplicate": (
            Message(
                "The DMARC record at %(name)s has the tag %(detail)s twice, so receivers may pass it over.", values
            ),
            Message("Delete one of the two."),
        ),
        "no_policy": (
            Message("The DMARC record at %(name)s has no policy, so receivers pass it over.", values),
            Message("Replace it with: %(paste)s", values),
        ),
        "bad_policy": (
            Message(
                "The DMARC record at %(name)s has an invalid policy, so receivers pass it over: %(detail)s", values
            ),
            Message("Replace it with: %(paste)s", values),
        ),
        "as_none": (
            Message(
                "The DMARC record at %(name)s has no valid policy; receivers of today take it for none, others pass it"
                " over.",
                values,
            ),
            Message("Let p be none, quarantine or reject, and sp and np too, where they are there."),
        ),
        "syntax": (
            Message("The DMARC record at %(name)s has an invalid part: %(detail)s", values),
            Message("Correct or delete that part."),
        ),
        "bad_value": (
            Message("The DMARC record at %(name)s has a tag with an invalid value: %(detail)s", values),
            Message("Correct or delete that tag."),
        ),
        "no_reports": (
            Message("The DMARC record at %(name)s asks for no reports, so nobody sees who sends in your name.", values),
            Message("Add to it: %(reports)s", values),
        ),
        "bad_report_address": (
            Message("The DMARC record at %(name)s has an invalid address for reports: %(detail)s", values),
            Message("Write the address as %(reports)s", values),
        ),
        "policy_not_second": (
            Message("The DMARC record at %(name)s does not have p right after v, as older receivers want it.", values),
            Message("Put p right after v=DMARC1."),
        ),
    }
