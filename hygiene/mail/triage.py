"""What kind of mail this is: a bounce, a delay, a complaint, an automatic answer, or a person's words.

A bounce is tested for before an automatic answer: half of real bounces carry `Auto-Submitted`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hygiene.mail.normalize import fold
from hygiene.resources import resource

if TYPE_CHECKING:
    from hygiene.mail.bounces.types import Category
    from hygiene.mail.message import Mail

ENOUGH = 3
"""Weights of signs that make a bounce without a machine-readable part."""
HEADING_LIMIT = 3000
"""Characters of a report's text in which its heading stands."""
SMTP_ANSWER = re.compile(
    r"\bsmtp error (?:code )?[45]\d\d\b|\b[45][0-7]\d[ -](?:[45]\.\d{1,3}\.\d{1,3}\b|[a-z\"'<\[#(-])|"
    r"\b[45]\.\d{1,3}\.\d{1,3}\b|\brcpt to\b",
    re.IGNORECASE,
)
_QUOTED_LINE = re.compile(r"(?m)^[ \t]*[>|].*$")
_DAEMON = re.compile(r"mailer-?daemon|mail delivery s|postmaster@|microsoftexchange", re.IGNORECASE)
ANSWERED = re.compile(
    r"^\s*(?:re|aw|sv|antw|rif|res|回复|答复|답장|fwd?|wg|tr|i|vs|rv|enc|转发|전달)\s*(?:\[\d+\])?\s*[:：]",
    re.IGNORECASE,
)
"""Before a subject that answers or hands on."""
_LIST_HEADERS = ("list-id", "list-post", "list-help")


class Sign(NamedTuple):
    """How a report looks: one pattern for one place."""

    kind: str
    where: str
    pattern: re.Pattern[str]


@cache
def signs(kind: str, where: str) -> tuple[Sign, ...]:
    """Return the signs of `models/bounces/reports.toml` of one kind and place."""
    text = (resource("models") / "bounces" / "reports.toml").read_text(encoding="utf-8")
    rows = (row for row in tomllib.loads(text)["sign"] if (row["kind"], row["where"]) == (kind, where))
    return tuple(Sign(kind, where, re.compile(_folded(row["pattern"]))) for row in rows)


def _folded(pattern: str) -> str:
    return "".join(char if char.isascii() else fold(char) for char in pattern)


def shows(kind: str, where: str, text: str) -> bool:
    """Tell whether a folded text shows a sign."""
    return any(sign.pattern.search(text) for sign in signs(kind, where))


class Triage(NamedTuple):
    """The kind of a mail: `bounce`, or the category of what is none; `reply` is for `replies` to read."""

    kind: str
    signal: str


def triage(mail: Mail, report: str) -> Triage:
    """Return the kind of a mail.

    Parameters
    ----------
    mail
        As `message.read_mail` returns it.
    report
        Its text without the returned original.
    """
    if mail.feedback is not None or mail.report_type == "feedback-report":
        kind = (mail.feedback or {}).get("feedback-type", "abuse").strip().lower()
        return Triage("other" if kind in ("not-spam", "auth-failure") else "complaint", "RFC 5965 report")
    if mail.disposition is not None or mail.report_type == "disposition-notification":
        return _receipt(mail, report)
    subject = fold(mail.headers.get("subject", ""))
    heading = " ".join(fold(_QUOTED_LINE.sub("", report[: HEADING_LIMIT * 2]))[:HEADING_LIMIT].split())
    if _is_complaint(mail, subject, heading):
        return Triage("complaint", "complaint in words")
    if reported := _by_groups(mail):
        return reported
    weight = _weight(mail, subject, heading, report)
    if weight >= ENOUGH:
        return _failed_or_not(subject, heading)
    return Triage("reply", "")


def _receipt(mail: Mail, report: str) -> Triage:
    """Return `delivered` for a read receipt, `bounce` for a refusal in its form (RFC 5429, Sieve's reject)."""
    words = f"{mail.headers.get('subject', '')} {report[:HEADING_LIMIT]}"
    if (
        re.search(r"reject|refus|undeliver|abgelehnt|rifiutat|rechazad", fold(words))
        and "mdn-sent-automatically" in (mail.disposition or {}).get("disposition", "").lower()
    ):
        return Triage("bounce", "RFC 8098 refusal")
    return Triage("delivered", "RFC 8098 read receipt")


def _is_complaint(mail: Mail, subject: str, heading: str) -> bool:
    if "x-hmxmroriginalrecipient" in mail.headers or "x-hmxmroriginalrecipient" in mail.original:
        return True
    if ANSWERED.match(subject):
        return False
    return shows("complaint", "body", heading[:600]) or (
        shows("complaint", "subject", subject) and bool(mail.original or "feedback" in heading or "abuse" in heading)
    )


def _by_groups(mail: Mail) -> Triage | None:
    """Judge by the actions of a delivery report (RFC 3464, section 2.3.3); None without one."""
    actions = {action_of(group) for group in mail.groups if is_recipient(group)}
    if not actions:
        return None
    for action, kind in (("failed", "bounce"), ("delayed", "delayed"), ("delivered", "delivered")):
        if action in actions:
            return Triage(kind, f"RFC 3464 action {action}")
    return None


def is_recipient(group: dict[str, str]) -> bool:
    """Tell whether a group of fields is about a recipient."""
    return any(name in group for name in ("final-recipient", "original-recipient", "x-actual-recipient"))


def action_of(group: dict[str, str]) -> str:
    """Return `failed`, `delayed` or `delivered` for a recipient's fields.

    Examples
    --------
    >>> action_of({"action": "Failed"}), action_of({"status": "2.0.0"}), action_of({"action": "relayed"})
    ('failed', 'delivered', 'delivered')
    """
    action = re.match(r"[a-z]*", group.get("action", "").strip().lower())
    word = action[0] if action else ""
    if word in ("delayed", "failed"):
        return word
    if word in ("delivered", "relayed", "expanded", "deliverable"):
        return "delivered"
    return "delivered" if group.get("status", "").strip().startswith("2") else "failed"


def _weight(mail: Mail, subject: str, heading: str, report: str) -> int:
    headers = mail.headers
    # Newsletters have a bounce address as return path: only the sender whom a reader sees counts.
    is_daemon = shows("failed", "from", fold(headers.get("from", "")))
    is_answer = bool(ANSWERED.match(subject))
    weight = 2 * is_daemon
    # A mail system that names an address in whatever language is hardly ever about anything else.
    weight += bool(is_daemon and _DAEMON.search(headers.get("from", "")) and "@" in report[:HEADING_LIMIT])
    weight += headers.get("return-path", "").strip() in ("<>", "< >", "<#@[]>")
    weight += 2 * (shows("failed", "subject", subject) and not is_answer)
    weight += 2 * (shows("failed", "body", heading) or shows("delayed", "body", heading))
    weight += bool(SMTP_ANSWER.search(_QUOTED_LINE.sub("", report[:20_000])))
    weight += 3 * any(name in headers for name in ("x-failed-recipients", "x-powermta-bouncecategory"))
    weight += 2 * (mail.report_type == "delivery-status")
    weight -= 2 * is_answer + ("in-reply-to" in headers and not is_daemon)
    weight -= 3 * ("list-unsubscribe" in headers and not _DAEMON.search(headers.get("from", "")))
    # A newsletter or a person may write about undeliverable mail: somebody must also have sent it as a report.
    is_report = weight >= ENOUGH and (
        is_daemon
        or "<>" in headers.get("return-path", "")
        or mail.report_type == "delivery-status"
        or "x-failed-recipients" in headers
        or (shows("failed", "subject", subject) and not is_answer)
    )
    return weight if is_report else 0


def _failed_or_not(subject: str, heading: str) -> Triage:
    failed = shows("failed", "subject", subject)
    if shows("delayed", "body", heading) or (shows("delayed", "subject", subject) and not failed):
        return Triage("delayed", "delay notice")
    if shows("delivered", "body", heading) and not shows("failed", "body", heading) and not failed:
        return Triage("delivered", "delivery notice")
    return Triage("bounce", "report in words")


def is_report(subject: str, text: str) -> bool:
    """Tell whether what a tool took for a reply is a server's report on a failed delivery.

    Examples
    --------
    >>> is_report("Undeliverable: Hello", "Delivery has failed to these recipients"), is_report("Re: Hello", "No")
    (True, False)
    """
    subject = fold(subject)
    if ANSWERED.match(subject):
        return False
    heading = " ".join(fold(_QUOTED_LINE.sub("", text[:HEADING_LIMIT])).split())
    failed = shows("failed", "body", heading)
    return failed and (shows("failed", "subject", subject) or bool(SMTP_ANSWER.search(text[:HEADING_LIMIT])))


def system_mail(mail: Mail) -> Triage | None:
    """Return what a mail is that nobody wrote and that answers nothing (receipt, list, invoice, alert); else None."""
    subject = fold(mail.headers.get("subject", ""))
    heading = fold(mail.text[:600])
    if _RECEIPT.search(subject) and not shows("failed", "body", heading):
        return Triage("delivered", "receipt")
    if _DMARC.search(subject) or "text/calendar" in mail.types:
        return Triage("other", "report or invitation")
    if any(name in mail.headers for name in _LIST_HEADERS) or "list-unsubscribe" in mail.headers:
        return Triage("other", "list")
    if mail.headers.get("precedence", "").strip().lower() in ("list", "bulk"):
        return Triage("other", "bulk mail")
    if mail.headers.get("auto-submitted", "").strip().lower().startswith("auto-generated"):
        return Triage("other", "RFC 3834 auto-generated")
    return Triage("other", "system sender") if _SYSTEM.search(fold(mail.headers.get("from", ""))) else None


_RECEIPT = re.compile(
    r"^(?:delivered|relayed|read|gelesen|zugestellt|lu|remis|leido|entregado|letto|consegnato|lido|gelezen|"
    r"przeczytano)\s?:"
    r"|\breturn receipt\b|\bread receipt\b|\baccuse de (?:reception|lecture)|\blesebestatigung\b|"
    r"\bsuccessful mail delivery"
)
_DMARC = re.compile(r"^(?:\[.{1,20}\] ?)?report domain:.{1,200}submitter:|\bdmarc aggregate report\b")
_SYSTEM = re.compile(
    r"\b(?:no-?_?reply|do-?not-?reply|ne-?pas-?repondre|nepasrepondre|notifications?|alerts?|billing|invoices?|"
    r"mailer)[^@\s]{0,20}@"
)


REPLY_CATEGORIES: dict[str, Category] = {
    "out_of_office": "auto_reply",
    "auto_reply": "auto_reply",
    "challenge": "challenge",
    "left_company": "left_company",
    "human": "human",
    "referral": "human",
    "negative": "human",
    "opt_out": "human",
}
"""The category of a mail by what `replies` reads in it."""
