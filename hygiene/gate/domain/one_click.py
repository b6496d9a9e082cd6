"""`domain.one_click`: whether the mail offers to unsubscribe with one click, as bulk senders must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.gate.domain.draft import GIVE_MAIL, SEND_AGAIN, draft, faults_listed
from hygiene.mail.authentication.unsubscribe import BROKEN
from hygiene.values import Message, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.gate.domain.evidence import DomainEvidence
    from hygiene.gate.types import Finding
    from hygiene.values import Value

STANDARD = "RFC 8058, section 3.1"
PASTE = "List-Unsubscribe: <https://example.com/unsubscribe/ID>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click"


def find_one_click(evidence: DomainEvidence, *, is_required: bool) -> Finding:
    """Judge the headers that offer to unsubscribe.

    Parameters
    ----------
    evidence
        With a mail, or without.
    is_required
        Whether a provider's rule demands it; otherwise what is missing is a remark.
    """
    mail = evidence.own_mail
    if mail is None:
        message = Message("Only a received email shows whether it offers one-click unsubscribe.")
        return draft("one_click", "unknown", message, GIVE_MAIL, source=STANDARD)
    found = mail.unsubscribe
    if found.is_one_click:
        message = Message("The email offers one-click unsubscribe, and its signature covers both headers.")
        return draft("one_click", "pass", message, source=STANDARD, address=found.addresses[0][:200])
    if evidence.seen_mail is None:
        message = Message("The email is a copy that was never sent on, so what the service adds to it is not seen.")
        return draft("one_click", "unknown", message, SEND_AGAIN, source=STANDARD)
    fault = found.faults[0]
    values: dict[str, Value] = {"detail": Text(fault.detail)}
    message, remedy = _words(values)[fault.code]
    return draft(
        "one_click",
        "fail" if is_required else "warn",
        message,
        remedy,
        source=BROKEN[fault.code],
        address=found.addresses[0][:200] if found.addresses else "",
        faults=faults_listed(found.faults),
        paste=PASTE if fault.code in ("no_header", "mailto_only", "not_https", "no_post", "wrong_post") else "",
    )


def _words(values: Mapping[str, Value]) -> Mapping[str, tuple[Message, Message]]:
    """Return what is said of each fault, and what to do."""
    switch_on = Message(
        "Switch one-click unsubscribe on in the service that sends: List-Unsubscribe with an https address, and"
        " List-Unsubscribe-Post with List-Unsubscribe=One-Click."
    )
    sign = Message("Have the service sign both headers with DKIM: List-Unsubscribe and List-Unsubscribe-Post.")
    no_https = Message("The email offers no https address to unsubscribe, only %(detail)s", values)
    return {
        "no_header": (Message("The email has no List-Unsubscribe header."), switch_on),
        "twice": (
            Message("The email has the header %(detail)s more than once.", values),
            Message("Let only one service or plug-in add it."),
        ),
        "no_address": (Message("List-Unsubscribe holds no address in angle brackets: %(detail)s", values), switch_on),
        "mailto_only": (no_https, switch_on),
        "not_https": (no_https, switch_on),
        "no_post": (Message("The email has no List-Unsubscribe-Post header."), switch_on),
        "wrong_post": (
            Message("List-Unsubscribe-Post does not say List-Unsubscribe=One-Click: %(detail)s", values),
            switch_on,
        ),
        "not_signed": (Message("No DKIM signature covers the headers for one-click unsubscribe."), sign),
        "not_covered": (Message("The DKIM signature does not cover %(detail)s.", values), sign),
    }
