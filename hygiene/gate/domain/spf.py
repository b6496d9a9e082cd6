"""`domain.spf`: whether the SPF record of the sender's domain, or of the Return-Path, can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.gate.domain.draft import draft, faults_listed, listed, not_known, txt_line
from hygiene.mail.addresses.providers import provider_of
from hygiene.mail.authentication.spf import BROKEN, MOST_LOOK_UPS, MOST_VOIDS, WEAK, merged
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.gate.domain.evidence import DomainEvidence
    from hygiene.gate.types import Finding, Status
    from hygiene.mail.authentication.spf import Spf
    from hygiene.mail.authentication.types import Fault
    from hygiene.values import Value

STANDARD = "RFC 7208"
INCLUDES = {"google": "_spf.google.com", "microsoft": "spf.protection.outlook.com"}
"""The record that a mailbox service tells its customers to include, as in its set-up pages."""
LONGEST_RECORD = 1_000
"""Characters of records in the evidence."""
OTHER_INCLUDE = "_spf.sending-service.example"


def find_spf(evidence: DomainEvidence) -> Finding:
    """Judge the SPF record."""
    spf = evidence.spf
    if spf.state in ("unknown", "failed"):
        return not_known("spf", "SPF", evidence.envelope_domain, spf.state, evidence, STANDARD)
    if spf.state == "absent":
        return _absent(spf, evidence)
    values: dict[str, Value] = {
        "domain": Text(spf.domain),
        "look_ups": Count(spf.look_ups),
        "most": Count(MOST_LOOK_UPS),
        "names": Text(listed([*spf.failed, *spf.not_given])),
    }
    if spf.is_broken:
        return _faulty(spf, spf.faults[0], "fail", BROKEN)
    if spf.failed:
        message = Message(
            "The SPF record of %(domain)s takes at least %(look_ups)s of %(most)s look-ups; the name server gave no"
            " answer for what it includes (%(names)s).",
            values,
        )
        return _found(spf, "unknown", message, Message("Try again later."), "4.6.4")
    if spf.faults:
        return _faulty(spf, spf.faults[0], "warn", WEAK)
    if spf.not_given:
        message = Message(
            "The SPF record of %(domain)s takes at least %(look_ups)s of %(most)s look-ups; what it includes was not"
            " given (%(names)s), so the true number may be higher.",
            values,
        )
        remedy = Message("Run it with --dns, or add the TXT records of %(names)s to the file of records.", values)
        return _found(spf, "warn", message, remedy, "4.6.4")
    message = Message("%(domain)s has one SPF record, which takes %(look_ups)s of %(most)s look-ups.", values)
    return _found(spf, "pass", message, None, "4.6.4")


def _found(
    spf: Spf, status: Status, message: Message, remedy: Message | None, section: str, paste: str = ""
) -> Finding:
    return draft(
        "spf",
        status,
        message,
        remedy,
        source=f"{STANDARD}, section {section}",
        domain=spf.domain,
        record=" | ".join(spf.records)[:LONGEST_RECORD],
        look_ups=spf.look_ups,
        is_lower_bound=int(spf.is_lower_bound) or None,
        not_given=listed(spf.not_given),
        no_answer=listed(spf.failed),
        faults=faults_listed(spf.faults),
        paste=paste,
    )


def _absent(spf: Spf, evidence: DomainEvidence) -> Finding:
    include = _include(evidence)
    paste = txt_line(spf.domain, f"v=spf1 include:{include} ~all")
    values = {"domain": Text(spf.domain), "near": Text(spf.near), "paste": Text(paste), "include": Text(include)}
    if spf.near:
        message = Message("%(domain)s has no valid SPF record: %(near)s does not begin with v=spf1.", values)
    else:
        message = Message("%(domain)s has no SPF record.", values)
    remedy = Message("Publish one that names every service that sends for you, such as: %(paste)s", values)
    return _found(spf, "fail", message, remedy, "4.5", paste)


def _include(evidence: DomainEvidence) -> str:
    """Return what to include: of the service whose server sent the mail, where that is seen."""
    hop = evidence.seen_mail.border if evidence.seen_mail else None
    return INCLUDES.get(provider_of(hop.host or hop.sender) if hop else "", OTHER_INCLUDE)


def _faulty(spf: Spf, fault: Fault, status: Status, sections: Mapping[str, str]) -> Finding:
    paste = txt_line(spf.domain, merged(spf.records)) if fault.code == "several" else ""
    values: dict[str, Value] = {
        "domain": Text(spf.domain),
        "detail": Text(fault.detail),
        "look_ups": Count(spf.look_ups),
        "voids": Count(spf.voids),
        "most": Count(MOST_VOIDS if fault.code == "voids" else MOST_LOOK_UPS),
        "records": Count(len(spf.records)),
        "paste": Text(paste),
    }
    message, remedy = _words(values, is_lower_bound=spf.is_lower_bound)[fault.code]
    return _found(spf, status, message, remedy, sections[fault.code], paste)


def _words(values: Mapping[str, Value], *, is_lower_bound: bool) -> Mapping[str, tuple[Message, Message]]:
    """Return what is said of each fault, and what to do."""
    too_many = Message(
        "The SPF record of %(domain)s takes %(look_ups)s look-ups; receivers stop after %(most)s.", values
    )
    if is_lower_bound:
        too_many = Message(
            "The SPF record of %(domain)s takes at least %(look_ups)s look-ups; receivers stop after %(most)s.", values
        )
    return {
        "several": (
            Message("%(domain)s has %(records)s SPF records; receivers then take all of them for broken.", values),
            Message("Delete all but one, and let that one say: %(paste)s", values),
        ),
        "syntax": (
            Message(
                "The SPF record of %(domain)s has an invalid term, so receivers take all of it for broken: %(detail)s",
                values,
            ),
            Message("Correct or delete that term.", values),
        ),
        "too_many": (
            too_many,
            Message("Delete services that you no longer use, or send through a sub-domain with a record of its own."),
        ),
        "voids": (
            Message(
                "The SPF record of %(domain)s names %(voids)s hosts that do not exist; receivers stop after %(most)s.",
                values,
            ),
            Message("Delete the a, mx and exists terms whose hosts are gone."),
        ),
        "not_there": (
            Message(
                "The SPF record of %(domain)s includes %(detail)s, which has no SPF record: receivers take the whole"
                " for broken.",
                values,
            ),
            Message("Delete that include, or ask the service for the name that is right today."),
        ),
        "included_several": (
            Message(
                "The SPF record of %(domain)s includes %(detail)s, which has several: receivers take the whole for"
                " broken.",
                values,
            ),
            Message("Delete that include, or have the service mend its record."),
        ),
        "loop": (
            Message("The SPF record of %(domain)s includes itself by way of %(detail)s.", values),
            Message("Delete that include."),
        ),
        "passes_all": (
            Message("The SPF record of %(domain)s lets everybody send in its name: %(detail)s", values),
            Message("End it with ~all, once every service that sends for you is named in it."),
        ),
        "no_end": (
            Message("The SPF record of %(domain)s says nothing about other servers: it does not end with all.", values),
            Message("End it with ~all, once every service that sends for you is named in it."),
        ),
        "neutral": (
            Message(
                "The SPF record of %(domain)s leaves it open whether other servers may send for it: it ends with"
                " %(detail)s",
                values,
            ),
            Message("End it with ~all, once every service that sends for you is named in it."),
        ),
        "ptr": (
            Message("The SPF record of %(domain)s uses ptr, which some receivers ignore: %(detail)s", values),
            Message("Name the servers with ip4, ip6 or include instead."),
        ),
    }
