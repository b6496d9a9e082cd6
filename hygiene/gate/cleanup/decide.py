"""The rules: one action a contact, the strictest that applies, by its own record.

Most of it follows from the flags (`hygiene.flags`). What is added here: a CRM's reason that is not the contact's fault
asks for an unbounce, and a refusal for how we send touches no contact. `plan.py` adds that who said no under one record
says no under all of them, that a dead address is dead in each record unless one shows it alive, and what the ledger
remembers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.facts.read import HOLD_DAYS
from hygiene.flags.contacts import CRM_SIGNAL, alive_since_bounce
from hygiene.gate.cleanup.types import CODES, Decision

if TYPE_CHECKING:
    from datetime import datetime

    from hygiene.facts.types import ContactFacts
    from hygiene.flags.types import ContactFlag

CRM_CODES = {
    "CONTENT": "crm_content",
    "SPAM": "crm_spam",
    "POLICY": "crm_policy",
    "OTHER": "crm_other",
}
"""HubSpot's hard bounce reasons that are not the contact's fault: it asks to have the recipient allow-list us, then to
unbounce (Knowledge Base, "email bounce types", 2025-09-03)."""

BEFORE_CRM = frozenset(("bounce_on_hold", "mailbox_full_often", "left_company"))
"""Reasons of the flags that are asked before the CRM's: there is nobody to unbounce yet."""


def decide(row: ContactFlag, as_of: datetime | None) -> Decision:
    """Return the action for one contact, by its own record alone.

    Parameters
    ----------
    row
        The facts and the flag.
    as_of
        The moment of the data, from which a hold without a date counts.
    """
    code = _code(row)
    return Decision(row, CODES[code], code, _until(row.facts, code, as_of))


def _code(row: ContactFlag) -> str:
    if row.flag in ("never", "remove") or row.reason in BEFORE_CRM:
        return row.reason
    if crm_code := _crm_code(row.facts):
        return crm_code
    if row.flag == "keep" and row.facts.last_bounce_action == "fix_sender" and not alive_since_bounce(row.facts):
        return "sender_refused"
    return row.reason


def _crm_code(contact: ContactFacts) -> str | None:
    """Return the code of a CRM's reason that is not the contact's fault; None where it names none.

    A later sign of life cancels nothing: the CRM holds the contact back until somebody lifts it.
    """
    reason = (contact.hard_bounce_reason or "").strip().upper()
    signal = contact.last_bounce_signal or ""
    named = reason if reason in CRM_CODES else signal.removeprefix(CRM_SIGNAL) if signal.startswith(CRM_SIGNAL) else ""
    return CRM_CODES.get(named)


def _until(contact: ContactFacts, code: str, as_of: datetime | None) -> datetime | None:
    if code == "out_of_office":
        return contact.away_until
    if code != "bounce_on_hold":
        return None
    since = contact.last_bounce_at or as_of
    return since + HOLD_DAYS if since else None
