"""The first rules: each contact gets the first flag whose rule speaks, strictest first.

`never` (the contact said no) comes before `remove` (the address is dead), before `pause` (silence), before `keep`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from hygiene.flags.bounces import OFTEN_FULL
from hygiene.flags.types import REASONS, ContactFlag, Flag, FlagSummary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from hygiene.facts.types import ContactFacts

# HubSpot Knowledge Base, "graymail": unengaged are contacts that never engaged and did not with the last 11 mails, and
# contacts that engaged before and did not with the last 16 (page of 2025-07-02; it speaks of marketing mail).
NEVER_ENGAGED_SENDS = 11
ONCE_ENGAGED_SENDS = 16
CRM_SIGNAL = "hubspot:"
"""How the signal of a CRM's own reason begins (`hygiene.mail.bounces.crm`)."""


def is_unengaged(sends_since: int | None, *, ever_engaged: bool) -> bool:
    """Tell whether HubSpot's 11/16 rule calls a contact unengaged.

    Parameters
    ----------
    sends_since
        Mails since the last human open, click or reply (all mails, where there was none); None: not known.
    ever_engaged
        Whether there was any.

    Examples
    --------
    >>> is_unengaged(11, ever_engaged=False), is_unengaged(11, ever_engaged=True), is_unengaged(16, ever_engaged=True)
    (True, False, True)
    """
    if sends_since is None:
        return False
    return sends_since >= (ONCE_ENGAGED_SENDS if ever_engaged else NEVER_ENGAGED_SENDS)


RULES: Mapping[str, Callable[[ContactFacts], bool]] = {
    "opted_out": lambda c: c.opted_out,
    "unsubscribed": lambda c: c.unsubscribed_at is not None,
    "asked_out": lambda c: c.asked_out_at is not None,
    "complained": lambda c: c.complained_at is not None,
    "do_not_contact": lambda c: c.do_not_contact,
    "suppressed": lambda c: c.suppressed is not None,
    "unknown_user": lambda c: _is_dead(c) and (c.last_bounce_signal or "").startswith(CRM_SIGNAL),
    "address_bounced": lambda c: _is_dead(c),
    "mailbox_full_often": lambda c: c.full_mailboxes >= OFTEN_FULL and not _alive_since_bounce(c),
    "bounce_on_hold": lambda c: c.last_bounce_action == "hold" and c.bounced_lately and not _alive_since_bounce(c),
    "bounce_to_review": lambda c: _is_unexplained(c) and not _alive_since_bounce(c),
    "left_company": lambda c: c.left_at is not None and not _answered_since(c, c.left_at),
    "out_of_office": lambda c: c.is_away and not _answered_since(c, c.away_at),
    "hubspot_11_16": lambda c: is_unengaged(c.sends_since_engagement, ever_engaged=bool(c.engagements)),
    "hubspot_11_16_marketing": lambda c: is_unengaged(
        c.marketing_sends_since_engagement, ever_engaged=bool(c.marketing_engaged)
    ),
    "none": lambda _: True,
}
"""One rule a reason, asked in the order of `REASONS`."""


def _is_unexplained(contact: ContactFacts) -> bool:
    """Tell whether the last bounce asks somebody to look: so does one that says nothing."""
    if contact.last_bounce_action is None:
        return contact.last_bounce_at is not None
    return contact.last_bounce_action == "review"


def _is_dead(contact: ContactFacts) -> bool:
    return contact.last_bounce_action == "remove" and not _alive_since_bounce(contact)


def _alive_since_bounce(contact: ContactFacts) -> bool:
    """Tell whether a delivery or a human sign of life came after the last bounce: the address works."""
    return (
        contact.last_bounce_at is not None
        and contact.alive_at is not None
        and contact.alive_at > contact.last_bounce_at
    )


def _answered_since(contact: ContactFacts, at: datetime | None) -> bool:
    return at is not None and contact.last_reply_at is not None and contact.last_reply_at > at


def decide(contact: ContactFacts) -> ContactFlag:
    """Return the flag of one contact."""
    reason = next(reason for reason in REASONS if RULES[reason](contact))
    return ContactFlag(contact, REASONS[reason], reason)


def decide_all(contacts: Iterable[ContactFacts]) -> Iterator[ContactFlag]:
    """Yield the flag of each contact, in the same order."""
    return map(decide, contacts)


def summarize(flags: Iterable[ContactFlag]) -> FlagSummary:
    """Count the flags; the rows that are not `keep` are held, the others let go."""
    by_reason: Counter[str] = Counter()
    by_sender: defaultdict[int | None, Counter[Flag]] = defaultdict(Counter)
    flagged: list[ContactFlag] = []
    for row in flags:
        by_reason[row.reason] += 1
        by_sender[row.facts.sender_key][row.flag] += 1
        if row.flag != "keep":
            flagged.append(row)
    by_flag: Counter[Flag] = Counter()
    for reason, count in by_reason.items():
        by_flag[REASONS[reason]] += count
    return FlagSummary(
        by_flag=dict(by_flag),
        by_reason={reason: by_reason[reason] for reason in REASONS if by_reason[reason]},
        by_sender={key: dict(counts) for key, counts in by_sender.items()},
        still_active=sum(1 for row in flagged if row.flag != "pause" and row.facts.active_enrollments),
        flagged=tuple(flagged),
    )
