"""How a finding about a domain is put together, and what is said where nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.gate.types import Finding
from hygiene.values import Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hygiene.gate.domain.evidence import DomainEvidence
    from hygiene.gate.types import Number, Status
    from hygiene.mail.authentication.types import Fault
    from hygiene.mail.authentication.zone import State

LONGEST_STRING = 255
MOST_NAMED = 5
"""Things of a kind that a finding names; the others are counted."""
GIVE_MAIL = Message(
    "Send one email of this campaign to a mailbox of your own, save it there with all its headers, and give that file"
    " with --eml."
)
SEND_AGAIN = Message(
    "Save the email in the mailbox that received it, not in the folder of sent mail, and give that file with --eml."
)


def draft(
    check: str,
    status: Status,
    message: Message,
    remedy: Message | None = None,
    *,
    source: str = "",
    **evidence: Number | None,
) -> Finding:
    """Return a finding; whether it is required, and what it leads to, is settled in `check.py`.

    Parameters
    ----------
    check
        The second word of its id.
    status, message, remedy, source
        As in `Finding`.
    evidence
        Numbers and texts; what is empty is left out.
    """
    known = {name: value for name, value in evidence.items() if value not in (None, "")}
    return Finding(
        check=f"domain.{check}", status=status, message=message, remedy=remedy, source=source, evidence=known
    )


def listed(values: Iterable[str]) -> str:
    """Return the first few of some texts in one."""
    found = list(dict.fromkeys(value for value in values if value))
    more = [f"+{len(found) - MOST_NAMED}"] if len(found) > MOST_NAMED else []
    return ", ".join([*found[:MOST_NAMED], *more])


def txt_line(name: str, text: str) -> str:
    """Return a TXT record to paste into a zone, in strings of at most 255 characters (RFC 1035, section 3.3).

    Examples
    --------
    >>> txt_line("example.com", "v=spf1 -all")
    'example.com. TXT "v=spf1 -all"'
    """
    strings = [text[start : start + LONGEST_STRING] for start in range(0, len(text), LONGEST_STRING)]
    return f"{name}. TXT " + " ".join(f'"{string}"' for string in strings)


def faults_listed(faults: Iterable[Fault]) -> str:
    """Return faults as evidence: their codes, each with what it was found in."""
    return listed(f"{fault.code} ({fault.detail})" if fault.detail else fault.code for fault in faults)


def not_known(check: str, record: str, name: str, state: State, evidence: DomainEvidence, source: str) -> Finding:
    """Return what is said of a record that nobody told, or that was asked in vain.

    Parameters
    ----------
    check
        The second word of the finding's id.
    record
        What kind of record, such as `SPF`.
    name
        Where it would lie; empty: the sender's domain itself is not known.
    state
        `unknown` or `failed`.
    """
    values = {"record": Text(record), "name": Text(name), "command": Text(f"dig TXT {name}")}
    ask = Message("Run it with --dns, or put what %(command)s prints into a file and give that with --records.", values)
    if not name:
        message = Message("The sender's domain is not known, so neither is its %(record)s record.", values)
        return draft(check, "unknown", message, Message("Name the sender, or give an email of theirs."), source=source)
    if evidence.doubt == "no_resolver":
        message = Message("This machine has no name server to ask for the %(record)s record at %(name)s.", values)
    elif evidence.doubt:
        message = Message(
            "The name server does not even find what surely exists, so none of its answers counts: the %(record)s"
            " record at %(name)s is not known.",
            values,
        )
    elif state == "failed":
        message = Message(
            "The name server gave no answer for the %(record)s record at %(name)s, which says nothing against it.",
            values,
        )
    else:
        message = Message("The %(record)s record at %(name)s was not given.", values)
        return draft(check, "unknown", message, ask, source=source, name=name)
    again = Message(
        "Try again from another network, or put what %(command)s prints there into a file and give that with"
        " --records.",
        values,
    )
    return draft(check, "unknown", message, again, source=source, name=name, doubt=evidence.doubt)
