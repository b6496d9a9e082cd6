"""The flags: who must not get the next email, and why. Numbers and codes; the sentences are made in reports/."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from array import array
    from collections.abc import Mapping

    from hygiene.facts.types import ContactFacts
    from hygiene.flags.engagement.judged import ContactOutlook
    from hygiene.mail.bounces.types import Action, Category, Fault

Flag = Literal["keep", "pause", "remove", "never"]
FLAGS: tuple[Flag, ...] = ("never", "remove", "pause", "keep")

REASONS: dict[str, Flag] = {
    "opted_out": "never",
    "unsubscribed": "never",
    "asked_out": "never",
    "complained": "never",
    "do_not_contact": "never",
    "suppressed": "never",
    "in_ledger": "never",
    "unknown_user": "remove",
    "address_bounced": "remove",
    "in_ledger_bounced": "remove",
    "mailbox_full_often": "pause",
    "bounce_on_hold": "pause",
    "bounce_to_review": "pause",
    "left_company": "pause",
    "out_of_office": "pause",
    "unlikely_to_reply": "pause",
    "hubspot_11_16_marketing": "pause",
    "control_group": "keep",
    "none": "keep",
}
"""Every reason code and the flag it leads to, in the order in which the rules are asked."""
OPEN_REASONS = frozenset(("unlikely_to_reply", "hubspot_11_16_marketing", "control_group", "none"))
"""Of the contacts about whom no stricter rule speaks: those that the engagement model is there for."""


class ContactFlag(NamedTuple):
    """The decision for one contact, with the facts it rests on."""

    facts: ContactFacts
    flag: Flag
    reason: str
    outlook: ContactOutlook | None = None
    """What the engagement model says; None where the source has no sequence mails."""


class BounceClass(NamedTuple):
    """What a bounce means, in the light of the contact's history (docs/bounces.md)."""

    category: Category
    fault: Fault
    action: Action
    confidence: float
    """0–1: how surely the category is right."""
    signal: str
    """What decided: the CRM's enum value, a code or a phrase."""
    history: Literal["", "alive", "often_full"] = ""
    """What softened the action: a later sign of life, or the third full mailbox within 60 days."""


@dataclass(frozen=True)
class FlagSummary:
    """Contacts counted by flag, reason and sender (of the latest enrollment), and the rows that are not kept."""

    by_flag: Mapping[Flag, int]
    by_reason: Mapping[str, int]
    by_sender: Mapping[int | None, Mapping[Flag, int]]
    still_active: int
    """Contacts flagged `never` or `remove` that sit in an active enrollment: unenroll them first."""
    open_keys: array[int]
    """Keys of the contacts that no stricter rule than the engagement model's speaks about."""
    flagged: tuple[ContactFlag, ...]
