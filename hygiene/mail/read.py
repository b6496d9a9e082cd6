"""A mail or a line → its rows: whom it is about, what the server said, and what that means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from hygiene.mail.answers import TEXT_LIMIT, answer_in_fields, answer_in_words, is_after_data
from hygiene.mail.bounces.enums import by_enum
from hygiene.mail.bounces.types import MEANINGS, Diagnostic, Reading, Verdict
from hygiene.mail.bounces.verdict import judge
from hygiene.mail.message import read_mail
from hygiene.mail.normalize import fold
from hygiene.mail.recipients import address_in, addresses_in, failed_in
from hygiene.mail.report_text import part_text
from hygiene.mail.triage import (
    HEADING_LIMIT,
    REPLY_CATEGORIES,
    SMTP_ANSWER,
    action_of,
    is_recipient,
    shows,
    system_mail,
    triage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

    from hygiene.mail.bounces.types import Action, Category
    from hygiene.mail.message import Mail


LINE_LIMIT = 20_000
"""Characters of a line that are looked at."""


class _Case(NamedTuple):
    """One row before its words are judged: either a diagnostic, or a verdict that needs none."""

    email: str | None
    diagnostic: Diagnostic | None
    verdict: Verdict | None


def read_mails(mails: Iterable[bytes], contacts: Set[str] = frozenset()) -> Iterator[list[Reading]]:
    """Yield the rows of each mail: one a failed recipient, in the mail's order, and one for what is no bounce.

    Parameters
    ----------
    mails
        The text model reads many at once, so hand in a chunk of some hundred.
    contacts
        Addresses (lower case) that were written to: one of them in a report's text is almost proof.
    """
    cases = [_cases(raw, contacts) for raw in mails]
    verdicts = iter(judge([case.diagnostic for mail in cases for case in mail if case.diagnostic is not None]))
    for mail in cases:
        yield [_reading(case.email, case.verdict or next(verdicts)) for case in mail]


def read_lines(lines: Sequence[str]) -> list[Reading]:
    """Return one row a diagnostic line."""
    cases = [_line_case(line) for line in lines]
    verdicts = iter(judge([case.diagnostic for case in cases if case.diagnostic is not None]))
    return [_reading(case.email, case.verdict or next(verdicts)) for case in cases]


def _reading(email: str | None, verdict: Verdict) -> Reading:
    return Reading(email, verdict.fault != "none" and verdict.signal != "unreadable", verdict)


def plain_verdict(category: Category, signal: str, quote: str = "", action: Action | None = None) -> Verdict:
    """Return the verdict of what needs no judging."""
    meaning = MEANINGS[category]
    sure = 0.0 if category == "unknown" else 0.9
    return Verdict(category, meaning.fault, action or meaning.action, meaning.owner, sure, None, signal, quote)


UNREADABLE = plain_verdict("unknown", "unreadable")


# --- lines ------------------------------------------------------------------------------------------------------------
def _line_case(line: str) -> _Case:
    text = line[:LINE_LIMIT].strip()
    if not text:
        return _Case(None, None, UNREADABLE)
    email = address_in(text)
    if re.match(r"(?:smtp;\s*)?2(?:\d\d[ -]|\.\d\.\d)", text) and not re.search(r"\b[45]\d\d\b|\b[45]\.\d\.\d", text):
        return _Case(email, None, plain_verdict("delivered", "code 2xx"))
    if known := by_enum(text):
        return _Case(None, None, known)
    if away := _absence(text):
        return _Case(email, None, away)
    return _Case(email, Diagnostic(text[:TEXT_LIMIT], None, is_after_data(text)), None)


def _absence(text: str) -> Verdict | None:
    """Return the verdict of an automatic answer that somebody took for a diagnostic; None for what a server says."""
    if SMTP_ANSWER.search(text) or not _AWAY.search(text):
        return None
    from hygiene.mail.replies import read_reply

    kind = read_reply(text).kind
    return plain_verdict(REPLY_CATEGORIES[kind], f"reply {kind}") if kind in ("out_of_office", "left_company") else None


# Words without which nobody is away: few lines need to be read as a reply.
_AWAY = re.compile(
    r"\b(?:out of|away|leave|holiday|vacation|office|absen[tc]|conge|urlaub|abwesen|no longer)", re.IGNORECASE
)


# --- mails ------------------------------------------------------------------------------------------------------------
def _cases(raw: bytes, contacts: Set[str] = frozenset()) -> list[_Case]:
    mail = read_mail(raw)
    if not mail.is_readable:
        return [_Case(None, None, UNREADABLE)]
    parted = part_text(mail.text)
    kind = triage(mail, parted.report)
    original = mail.original or parted.original
    if kind.kind == "bounce" and _is_challenge(mail, parted.report):
        return [_Case(address_in(mail.headers.get("from", "")), None, plain_verdict("challenge", "asks for a click"))]
    if kind.kind == "bounce":
        return _bounce_cases(mail, parted.report, original, contacts) or _last_resort(raw, parted.report)
    if kind.kind == "reply":
        return [_reply_case(mail)]
    return [_Case(_subject_of(mail, parted.report, original, kind.kind), None, plain_verdict(kind.kind, kind.signal))]  # type: ignore[arg-type]


def _subject_of(mail: Mail, report: str, original: Mapping[str, str], kind: str) -> str | None:
    """Return whom a mail that is no bounce is about."""
    if kind == "complaint":
        fields = (mail.feedback or {}).get("original-rcpt-to") or original.get("x-hmxmroriginalrecipient")
        return address_in(fields or original.get("to", ""))
    if kind in ("delayed", "delivered"):
        told = [_recipient_of(group) for group in mail.groups if is_recipient(group)]
        named = failed_in(report, _ours(mail), addresses_in(original.get("to", "")))
        found = [*told, *(name.email for name in named), address_in(original.get("to", ""))]
        return next(filter(None, found), None)
    return address_in(mail.headers.get("from", ""))


def _reply_case(mail: Mail) -> _Case:
    from hygiene.mail.replies import read_reply

    headers = mail.headers
    sender = address_in(headers.get("from", ""))
    if "from" not in headers and "subject" not in headers:
        return _Case(None, None, UNREADABLE)
    reply = read_reply(mail.text, headers.get("subject", ""), headers)
    action: Action | None = "suppress" if reply.kind == "opt_out" else None
    category = REPLY_CATEGORIES[reply.kind]
    system = system_mail(mail) if reply.kind in ("human", "auto_reply") else None
    if system:
        return _Case(sender, None, plain_verdict(system.kind, system.signal))  # type: ignore[arg-type]
    return _Case(sender, None, plain_verdict(category, f"reply {reply.kind}", action=action))


def _is_challenge(mail: Mail, report: str) -> bool:
    """Tell whether a filter asks for a click, in the shape of a bounce: no server refused anything."""
    words = " ".join(fold(report[:HEADING_LIMIT]).split())
    return not mail.groups and not SMTP_ANSWER.search(report) and shows("challenge", "body", words)


def _bounce_cases(mail: Mail, report: str, original: Mapping[str, str], contacts: Set[str]) -> list[_Case]:
    """Return a case a failed recipient; none where no recipient can be told."""
    ours = _ours(mail)
    written_to = [address for name in ("to", "cc") for address in addresses_in(original.get(name, ""))]
    known = (
        [*written_to, *(email for email in addresses_in(report) if email.lower() in contacts)]
        if contacts
        else written_to
    )
    named = failed_in(report, ours, known) or failed_in(mail.text, ours, known)
    words = {found.email.lower(): found.words for found in named}
    cases = []
    for group in mail.groups:
        if is_recipient(group) and action_of(group) == "failed":
            email = _recipient_of(group) or _only(written_to) or (named[0].email if len(named) == 1 else None)
            said = words.get((email or "").lower(), "")
            cases.append(_Case(email, answer_in_fields(group, said, report), None))
    if cases:
        return _merged(cases)
    listed = addresses_in(mail.headers.get("x-failed-recipients", ""))
    found = listed or [name.email for name in named] or written_to[:1] or _fallback(mail.headers)
    alone = report if len(found) == 1 else ""
    return [_Case(email, answer_in_words(words.get(email.lower(), alone), report), None) for email in found]


def _last_resort(raw: bytes, report: str) -> list[_Case]:
    """Ask flufl.bounce, where it is installed (extra `bounces`); it knows odd layouts, and no reasons."""
    from hygiene.mail.flufl import recipients_by_flufl

    found = recipients_by_flufl(raw)
    return [_Case(email, answer_in_words(report, report), None) for email in found or (None,)]


def _ours(mail: Mail) -> frozenset[str]:
    """Return the addresses of the one who gets a report and of the one who sends it."""
    names = ("to", "delivered-to", "envelope-to", "from", "sender")
    return frozenset(found.lower() for name in names for found in addresses_in(mail.headers.get(name, "")))


def _fallback(headers: Mapping[str, str]) -> list[str]:
    """Return the address that a few servers put into headers of their own."""
    for name in ("x-actual-recipient", "x-original-rcpt", "x-bounced-to", "original-recipient", "x-failed-recipient"):
        if email := address_in(headers.get(name, "")):
            return [email]
    return []


def _only(addresses: list[str]) -> str | None:
    return addresses[0] if len(addresses) == 1 else None


def _recipient_of(group: Mapping[str, str]) -> str | None:
    """Return the recipient that the server gave up on; one of a machine's own name gives way to the one written to."""
    names = ("final-recipient", "original-recipient", "x-actual-recipient")
    found = [email for name in names if (email := address_in(group.get(name, "")))]
    public = [
        email for email in found if "." in email.rpartition("@")[2] and not email.lower().endswith(".localdomain")
    ]
    return next(iter(public or found), None)


def _merged(cases: list[_Case]) -> list[_Case]:
    """Keep one row a recipient: the first."""
    kept: dict[str | None, _Case] = {}
    for case in cases:
        kept.setdefault(case.email.lower() if case.email else None, case)
    if len(kept) > 1:
        kept.pop(None, None)
    return list(kept.values())
