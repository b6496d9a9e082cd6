"""`domain.from`, `domain.subject` and `domain.headers`: whom a mail says it is from, and in what form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.gate.domain.draft import GIVE_MAIL, draft, faults_listed, listed
from hygiene.mail.addresses import check_address
from hygiene.mail.addresses.lists import free_mail
from hygiene.mail.authentication.message import domain_of
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.gate.domain.evidence import DomainEvidence
    from hygiene.gate.types import Finding, Status
    from hygiene.mail.authentication import MailFacts
    from hygiene.values import Value

FORM = "RFC 5322, section 3.6.2"


def find_from(evidence: DomainEvidence) -> Finding:
    """Judge whom the mail, or the sender's address, says it is from."""
    mail = evidence.mail
    if mail is None:
        return _by_address(evidence)
    count = len(mail.headers.all("from"))
    values: dict[str, Value] = {
        "domain": Text(evidence.domain),
        "author": Text(mail.authors[0] if mail.authors else ""),
        "other": Text(mail.author_domain),
        "headers": Count(count),
        "authors": Count(len(mail.authors)),
    }
    one_author = Message("Let the service that sends write one From header with one address in it.")
    if not mail.author_domain:
        return _draft(mail, "fail", Message("The email has no From address that could be answered."), one_author)
    if count > 1:
        message = Message("The email has %(headers)s From headers, where one is allowed.", values)
        return _draft(mail, "fail", message, one_author)
    if len(mail.authors) > 1:
        domains = {domain_of(author) for author in mail.authors}
        message = Message("The From header names %(authors)s addresses, where one is expected.", values)
        status: Status = "fail" if len(domains) > 1 else "warn"
        return _draft(mail, status, message, one_author, source="RFC 9989, section 5.3.1")
    if mail.author_domain != evidence.domain:
        message = Message(
            "The email is from %(other)s and the sender from %(domain)s, so it shows nothing about them.", values
        )
        return _draft(mail, "warn", message, Message("Give an email of this sender."))
    if _pretends(evidence, mail):
        message = Message(
            "The email says it is from %(domain)s, a private mailbox, but its service did not sign it.", values
        )
        return _draft(mail, "fail", message, Message("Write from a domain of your own."), source="")
    return _by_name(mail, values)


def _by_name(mail: MailFacts, values: Mapping[str, Value]) -> Finding:
    """Judge whether anybody reads the answers."""
    unread = [address for address in (*mail.authors, *mail.reply_to) if check_address(address).role == "system"]
    if unread:
        message = Message("Nobody reads what is answered to %(address)s.", {"address": Text(unread[0])})
        return _draft(mail, "warn", message, Message("Write from the address of a person, and take answers there."))
    return _draft(mail, "pass", Message("The email is from one author, %(author)s.", values), None)


def _pretends(evidence: DomainEvidence, mail: MailFacts) -> bool:
    """Tell whether a mail uses a private mailbox's domain without its provider having signed it."""
    is_private = mail.author_domain in free_mail()
    return is_private and mail.has_travelled and not any(found.is_aligned for found in evidence.aligned_signers)


def _draft(mail: MailFacts, status: Status, message: Message, remedy: Message | None, *, source: str = FORM) -> Finding:
    return draft(
        "from",
        status,
        message,
        remedy,
        source=source,
        author=mail.authors[0][:200] if mail.authors else "",
        authors=len(mail.authors),
        headers=len(mail.headers.all("from")),
        reply_to=listed(address[:200] for address in mail.reply_to),
    )


def _by_address(evidence: DomainEvidence) -> Finding:
    """Judge the sender's address alone."""
    values: dict[str, Value] = {"address": Text(evidence.address), "domain": Text(evidence.domain)}
    if evidence.address and check_address(evidence.address).role == "system":
        message = Message("Nobody reads what is answered to %(address)s.", values)
        return draft(
            "from", "warn", message, Message("Write from the address of a person, and take answers there."), source=FORM
        )
    if evidence.domain in free_mail():
        message = Message("%(domain)s is a private mailbox's domain: its records are not yours to set.", values)
        return draft("from", "warn", message, Message("Write from a domain of your own."))
    return draft("from", "unknown", Message("Only an email shows whom it says it is from."), GIVE_MAIL, source=FORM)


def find_subject(evidence: DomainEvidence) -> Finding | None:
    """Judge whether the subject pretends to be an answer; None: there is no mail."""
    mail = evidence.own_mail
    if mail is None:
        return None
    values: dict[str, Value] = {"subject": Text(mail.subject)}
    source = "15 U.S.C. 7704(a)(2)"
    if mail.is_false_answer:
        message = Message("The subject pretends to answer or to hand on something: %(subject)s", values)
        remedy = Message("Take the sign of an answer off the subject.")
        return draft("subject", "fail", message, remedy, source=source, subject=mail.subject[:200])
    message = Message("The subject does not pretend to be an answer.")
    return draft("subject", "pass", message, source=source, subject=mail.subject[:200])


def find_headers(evidence: DomainEvidence) -> Finding | None:
    """Judge the form of the headers; None: there is no mail."""
    mail = evidence.own_mail
    if mail is None:
        return None
    faults = [fault for fault in mail.headers.faults if fault.detail != "from"]
    if not faults:
        return draft("headers", "pass", Message("The headers are well-formed."), source="RFC 5322, section 3.6")
    return draft(
        "headers",
        "warn",
        Message(
            "The headers break the rules for mail, which some receivers refuse: %(detail)s",
            {"detail": Text(faults_listed(faults))},
        ),
        Message("Show them to the service that sends."),
        source="RFC 5322, section 3.6",
        faults=faults_listed(faults),
    )
