"""HubSpot: saved lists as JSON, an opt-out list of one column, and lists by record id."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hygiene.exports.filters.hubspot_lists import condition, dynamic_list, static_list
from hygiene.exports.filters.types import Crm, Row, plain_address
from hygiene.flags.engagement.rules import NEVER_ENGAGED_SENDS, ONCE_ENGAGED_SENDS
from hygiene.gate.cleanup.decide import CRM_CODES
from hygiene.gate.cleanup.types import OPT_OUT_FIRST, UPLOAD
from hygiene.mail.bounces.enums import UNKNOWN_USER

if TYPE_CHECKING:
    from hygiene.gate.cleanup.types import Action, Decision, Held

REASON = "hs_email_hard_bounce_reason_enum"
SENDS = "hs_email_sends_since_last_engagement"
OPT_OUT = "hs_email_optout"
QUARANTINED = "hs_email_quarantined"
_RECORD_ID = re.compile(r"[0-9]{1,19}")

_NOT_OPTED_OUT = [
    condition(OPT_OUT, "BOOL", "IS_NOT_EQUAL_TO", True, or_unset=True),
    condition(QUARANTINED, "BOOL", "IS_NOT_EQUAL_TO", True, or_unset=True),
]

LISTS = {
    "hubspot-hard-bounced.json": dynamic_list(
        "hygiene: hard bounced",
        [condition(REASON, "ALL_PROPERTY", "IS_KNOWN")],
        [condition("hs_email_bad_address", "BOOL", "IS_EQUAL_TO", True)],
    ),
    "hubspot-delete-only.json": dynamic_list(
        "hygiene: hard bounced, the mailbox does not exist (import the opt-out list before you delete)",
        [condition(REASON, "ENUMERATION", "IS_ANY_OF", (UNKNOWN_USER,))],
    ),
    "hubspot-unbounce-and-fix.json": dynamic_list(
        "hygiene: hard bounced, not the contact's fault (mend, then unbounce)",
        [condition(REASON, "ENUMERATION", "IS_ANY_OF", tuple(CRM_CODES)), *_NOT_OPTED_OUT],
    ),
    "hubspot-unengaged-marketing.json": dynamic_list(
        "hygiene: unengaged by HubSpot's marketing rule (11 or 16 marketing emails; knows no sequence emails)",
        [
            condition(SENDS, "NUMBER", "IS_GREATER_THAN_OR_EQUAL_TO", NEVER_ENGAGED_SENDS),
            condition("hs_email_first_open_date", "ALL_PROPERTY", "IS_UNKNOWN"),
            condition("hs_email_first_click_date", "ALL_PROPERTY", "IS_UNKNOWN"),
        ],
        [condition(SENDS, "NUMBER", "IS_GREATER_THAN_OR_EQUAL_TO", ONCE_ENGAGED_SENDS)],
    ),
    "hubspot-opted-out.json": dynamic_list(
        "hygiene: opted out or quarantined",
        [condition(OPT_OUT, "BOOL", "IS_EQUAL_TO", True)],
        [condition(QUARANTINED, "BOOL", "IS_EQUAL_TO", True)],
    ),
    "hubspot-sequence-unengaged.json": static_list(
        "hygiene: unengaged in sequences (static, filled by the import of lists/pause.upload.csv)"
    ),
}
"""By file name. The rule of 11 and 16 is HubSpot's for marketing mail (Knowledge Base, "graymail", 2025-07-02); its
counter knows no sequence mail, so that whom sequences tire stands in a static list of ours."""


def rows(row: Decision) -> list[Row] | Held:
    """Return the lines of a contact: opt-outs by address alone, all else by record id.

    Who is to be deleted stands in an opt-out list too, which is imported first: HubSpot forgets a deleted contact, and
    takes it back as new.
    """
    address, record_id = plain_address(row.flag.facts), row.flag.facts.contact_id
    if "@" not in address:
        return address  # type: ignore[return-value]
    if row.action == "suppress":
        return [Row(UPLOAD, (address,))]
    if not _RECORD_ID.fullmatch(record_id):
        return "no_record_id"
    by_id = Row(UPLOAD, (record_id, address))
    return [Row(OPT_OUT_FIRST, (address,)), by_id] if row.action == "remove" else [by_id]


def columns(action: Action, file: str) -> tuple[str, ...]:
    """Return the header: HubSpot's opt-out import takes one column `Email` (Knowledge Base, 2024-06-10)."""
    return ("Email",) if action == "suppress" or file == OPT_OUT_FIRST else ("Record ID", "Email")


CRM = Crm("hubspot", "HubSpot", rows, columns, LISTS, fields={"opt_out": OPT_OUT, "bounce_reason": REASON})
