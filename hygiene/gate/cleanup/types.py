"""What a cleanup decides: one action a contact, with the code of its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from hygiene.flags.types import ContactFlag
    from hygiene.settings import Allowed

Action = Literal[
    "suppress", "remove", "hold", "unbounce_and_fix", "review", "resume_on", "pause", "sender_fault", "keep"
]
ACTIONS: tuple[Action, ...] = (
    "suppress",
    "remove",
    "hold",
    "unbounce_and_fix",
    "review",
    "resume_on",
    "pause",
    "sender_fault",
)
"""Every action that has a list, the strictest first; `keep` has none."""

CODES: Mapping[str, Action] = {
    "opted_out": "suppress",
    "unsubscribed": "suppress",
    "asked_out": "suppress",
    "complained": "suppress",
    "do_not_contact": "suppress",
    "suppressed": "suppress",
    "said_no_elsewhere": "suppress",
    "ledger_no": "suppress",
    "unknown_user": "remove",
    "address_bounced": "remove",
    "dead_elsewhere": "remove",
    "ledger_dead": "remove",
    "bounce_on_hold": "hold",
    "mailbox_full_often": "review",
    "left_company": "review",
    "alive_elsewhere": "review",
    "crm_content": "unbounce_and_fix",
    "crm_spam": "unbounce_and_fix",
    "crm_policy": "unbounce_and_fix",
    "crm_other": "unbounce_and_fix",
    "bounce_to_review": "review",
    "ledger_left": "review",
    "out_of_office": "resume_on",
    "unlikely_to_reply": "pause",
    "hubspot_11_16_marketing": "pause",
    "sender_refused": "sender_fault",
    "allowed": "keep",
    "control_group": "keep",
    "none": "keep",
}
"""Every code and the action it leads to, in the order in which the rules are asked (docs/clean.md)."""

LIFTED: frozenset[Action] = frozenset(("remove", "hold", "review", "resume_on", "pause"))
"""Actions that an exception lifts; never `suppress`: who said no is asked by nobody."""


Held = Literal["no_address", "live_cell", "odd_address", "no_record_id"]
"""Why a contact stands in `quarantine.csv` instead of an upload file."""


UPLOAD = "upload"
"""The upload file of an action, between the action's name and `.csv`."""
OPT_OUT_FIRST = "opt-out.upload"
"""The second file of `remove`: the same contacts, to be remembered by the CRM before they are deleted."""


class Memory(NamedTuple):
    """What the ledger remembers of an address."""

    kind: Literal["no", "dead", "left"]
    """Its owner said no, the address is dead, or its owner has left the company."""
    reason: str
    """In the ledger's own words."""
    since: datetime | None


class Decision(NamedTuple):
    """The action for one contact, with what it rests on."""

    flag: ContactFlag
    """The facts, and what the flags say."""
    action: Action
    code: str
    """A key of `CODES`."""
    until: datetime | None = None
    """Of `hold` and `resume_on`: the day from which to write again."""
    other: str | None = None
    """Of the codes that end in `elsewhere`: the contact with the same address whose rows say so."""
    memory: Memory | None = None
    """Of the `ledger_…` codes."""


class Exempted(NamedTuple):
    """An exception of the settings and what became of it."""

    entry: Allowed
    state: Literal["used", "not_needed", "expired", "said_no", "unknown"]
    """`said_no`: it names a contact that said no, and lifts nothing. `unknown`: it names no contact of the source."""
    lifted: str | None = None
    """The code that it lifted."""


@dataclass(frozen=True)
class Plan:
    """What a cleanup would do."""

    as_of: date | None
    decisions: tuple[Decision, ...]
    """One a contact with an action, ordered by contact id; those to keep are only counted."""
    contacts: int
    """Of the source."""
    exempted: tuple[Exempted, ...]
    """One an entry of the settings, in their order."""

    def of(self, action: Action) -> list[Decision]:
        """Return the decisions of one action."""
        return [row for row in self.decisions if row.action == action]

    @property
    def counts(self) -> dict[Action, int]:
        """Contacts by action, those of `ACTIONS` in their order."""
        return {action: sum(row.action == action for row in self.decisions) for action in ACTIONS}
