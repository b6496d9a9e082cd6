"""The way back: what each action changes in the CRM, as it stood before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.gate.cleanup.types import Action, Decision

Field = Literal["opt_out", "record", "bounce_reason", "active_enrollments"]


class Change(NamedTuple):
    """One thing that an action changes, in words that a file can hold."""

    field: Field
    before: str
    after: str


CHANGED: Mapping[Action, tuple[Field, ...]] = {
    "suppress": ("opt_out", "active_enrollments"),
    "remove": ("opt_out", "record", "active_enrollments"),
    "hold": ("active_enrollments",),
    "unbounce_and_fix": ("bounce_reason",),
    "review": ("active_enrollments",),
    "resume_on": ("active_enrollments",),
    "pause": ("active_enrollments",),
    "sender_fault": (),
}


def changes(row: Decision) -> list[Change]:
    """Return what following the action changes for a contact; only what is not so already."""
    return [change for name in CHANGED[row.action] if (change := _change(name, row)).before != change.after]


def _change(name: Field, row: Decision) -> Change:
    contact = row.flag.facts
    match name:
        case "opt_out":
            return Change(name, "true" if contact.opted_out else "false", "true")
        case "record":
            return Change(name, "present", "deleted")
        case "bounce_reason":
            return Change(name, contact.hard_bounce_reason or contact.last_bounce_detail or "", "")
        case "active_enrollments":
            return Change(name, str(contact.active_enrollments), "0")
