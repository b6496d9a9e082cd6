"""The rules: each contact gets the first flag whose rule speaks, strictest first.

`never` (the contact said no) comes before `remove` (the address is dead), before `pause` (silence), before `keep`.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from hygiene.flags.bounces import OFTEN_FULL
from hygiene.flags.engagement.rules import NEVER_ENGAGED_SENDS, ONCE_ENGAGED_SENDS
from hygiene.flags.types import OPEN_REASONS, REASONS, ContactFlag, Flag, FlagSummary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from hygiene.facts.types import ContactFacts
    from hygiene.flags.engagement.judged import ContactOutlook, Judged

CRM_SIGNAL = "hubspot:"
"""How the signal of a CRM's own reason begins (`hygiene.mail.bounces.crm`)."""


RULES: Mapping[str, Callable[[ContactFacts, ContactOutlook | None], bool]] = {
    "opted_out": lambda c, _: c.opted_out,
    "unsubscribed": lambda c, _: c.unsubscribed_at is not None,
    "asked_out": lambda c, _: c.asked_out_at is not None,
    "complained": lambda c, _: c.complained_at is not None,
    "do_not_contact": lambda c, _: c.do_not_contact,
    "suppressed": lambda c, _: c.suppressed is not None,
    "in_ledger": lambda c, _: c.remembered is not None and c.remembered.is_forever,
    "unknown_user": lambda c, _: _is_dead(c) and (c.last_bounce_signal or "").startswith(CRM_SIGNAL),
    "address_bounced": lambda c, _: _is_dead(c),
    "in_ledger_bounced": lambda c, _: _is_remembered_as_dead(c),
    "mailbox_full_often": lambda c, _: c.full_mailboxes >= OFTEN_FULL and not alive_since_bounce(c),
    "bounce_on_hold": lambda c, _: c.last_bounce_action == "hold" and c.bounced_lately and not alive_since_bounce(c),
    "bounce_to_review": lambda c, _: _is_unexplained(c) and not alive_since_bounce(c),
    "left_company": lambda c, _: c.left_at is not None and not _answered_since(c, c.left_at),
    "out_of_office": lambda c, _: c.is_away and not _answered_since(c, c.away_at),
    "unlikely_to_reply": lambda _, o: o is not None and o.below and not o.is_control,
    "hubspot_11_16_marketing": lambda c, _: not c.sends and _is_tired_of_marketing(c),
    "control_group": lambda _, o: o is not None and o.is_control,
    "none": lambda *_: True,
}
"""One rule a reason, asked in the order of `REASONS`."""


def _is_tired_of_marketing(contact: ContactFacts) -> bool:
    """Tell whether HubSpot's 11/16 rule calls the contact unengaged, by the CRM's own count of marketing mails."""
    sends = contact.marketing_sends_since_engagement
    return sends is not None and sends >= (ONCE_ENGAGED_SENDS if contact.marketing_engaged else NEVER_ENGAGED_SENDS)


def _is_unexplained(contact: ContactFacts) -> bool:
    """Tell whether the last bounce asks somebody to look: so does one that says nothing."""
    if contact.last_bounce_action is None:
        return contact.last_bounce_at is not None
    return contact.last_bounce_action == "review"


def _is_dead(contact: ContactFacts) -> bool:
    return contact.last_bounce_action == "remove" and not alive_since_bounce(contact)


def _is_remembered_as_dead(contact: ContactFacts) -> bool:
    """Tell whether the ledger knows the address as dead or deserted, and nothing later contradicts it.

    A delivery shows that an address works, but only an answer that the person is still there.
    """
    known = contact.remembered
    if known is None or known.is_forever:
        return False
    if known.reason == "left_company":
        return not _answered_since(contact, known.since)
    return contact.alive_at is None or known.since is None or contact.alive_at <= known.since


def alive_since_bounce(contact: ContactFacts) -> bool:
    """Tell whether a delivery or a human sign of life came after the last bounce: the address works."""
    return (
        contact.last_bounce_at is not None
        and contact.alive_at is not None
        and contact.alive_at > contact.last_bounce_at
    )


def _answered_since(contact: ContactFacts, at: datetime | None) -> bool:
    return at is not None and contact.last_reply_at is not None and contact.last_reply_at > at


def decide(contact: ContactFacts, judged: Judged | None = None) -> ContactFlag:
    """Return the flag of one contact.

    Parameters
    ----------
    judged
        What the engagement model says of the contacts; None: there is none.
    """
    outlook = judged.of(contact.contact_key, contact.contact_id) if judged else None
    reason = next(reason for reason in REASONS if RULES[reason](contact, outlook))
    return ContactFlag(contact, REASONS[reason], reason, outlook)


def decide_all(contacts: Iterable[ContactFacts], judged: Judged | None = None) -> Iterator[ContactFlag]:
    """Yield the flag of each contact, in the same order."""
    return (decide(contact, judged) for contact in contacts)


def open_keys(contacts: Iterable[ContactFacts]) -> array[int]:
    """Return the keys of the contacts that no stricter rule than the engagement model's speaks about."""
    return array("q", (contact.contact_key for contact in contacts if decide(contact).reason in OPEN_REASONS))


def summarize(flags: Iterable[ContactFlag]) -> FlagSummary:
    """Count the flags; the rows that are not `keep` are held, the others let go."""
    by_reason: Counter[str] = Counter()
    by_sender: defaultdict[int | None, Counter[Flag]] = defaultdict(Counter)
    flagged: list[ContactFlag] = []
    keys = array("q")
    for row in flags:
        if row.reason in OPEN_REASONS:
            keys.append(row.facts.contact_key)
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
        open_keys=keys,
        flagged=tuple(flagged),
    )
