"""What the questions asked of every row come to: one finding each."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from hygiene.gate.reasons import CHECK_OF, ROW_CHECKS
from hygiene.gate.types import Finding
from hygiene.gate.verdict import in_force
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hygiene.gate.campaign import Campaign
    from hygiene.gate.reasons import Dropped, RowCheck


def row_findings(campaign: Campaign, dropped: Sequence[Dropped]) -> list[Finding]:
    """Return a finding for each question of `ROW_CHECKS`."""
    counts = Counter(CHECK_OF[row.reason].id for row in dropped)
    waived = {waiver.check for waiver in in_force(campaign.settings.waivers, campaign.today)}
    return [_finding(campaign, check, counts[check.id], is_waived=check.id in waived) for check in ROW_CHECKS]


def _finding(campaign: Campaign, check: RowCheck, count: int, *, is_waived: bool) -> Finding:
    unknown = _unknown(campaign, check.id)
    if is_waived:
        return Finding(check=check.id, status="unknown", message=Message("Not asked: somebody answers for it."))
    if count:
        message = replace(check.found, args={"n": Count(count)}, n=count)
        if unknown and check.id in _REQUIRED:
            both = Message("%(first)s %(second)s", {"first": unknown, "second": message})
            evidence = {"rows": count}
            return Finding(
                check=check.id, status="unknown", is_required=True, message=both, rows=count, evidence=evidence
            )
        return Finding(
            check=check.id,
            status="fail",
            effect="trim",
            message=message,
            remedy=unknown or _REMEDIES.get(check.id),
            rows=count,
            evidence={"rows": count},
        )
    if unknown:
        return Finding(check=check.id, status="unknown", is_required=check.id in _REQUIRED, message=unknown)
    if check.id == "rows.ledger" and not campaign.remembered.entries:
        message = Message("The suppression ledger is empty: whom it should keep out, nobody told it yet.")
        return Finding(check=check.id, status="not_applicable", message=message)
    if remark := _remark(campaign, check.id):
        return Finding(check=check.id, status="warn", message=remark)
    return Finding(check=check.id, status="pass", message=check.title)


_REQUIRED = frozenset(("rows.opt_out", "rows.ledger", "rows.bounced"))
"""Without these no campaign may start: whom else they name cannot be guessed."""
_REMEDIES = {
    "rows.opt_out": Message("Never write to them again; hygiene clean writes the lists that keep them out."),
    "rows.typo": Message("Correct the address and check again."),
    "rows.consent": Message("Document the basis in the columns legal_basis and consent_at, or leave them out."),
    "rows.language": Message("Send them the email in their language."),
    "template.mails": Message("Fill the field in, or give the token a default."),
}


def _unknown(campaign: Campaign, check: str) -> Message | None:
    """Return why a question cannot be answered for a row that no other source speaks of; None: it can."""
    if check == "rows.opt_out" and campaign.known.unread_opt_outs:
        names = campaign.known.unread_opt_outs
        return Message(
            "The column %(names)s looks like an opt-out and was not read: name it opted_out, or leave it out of the"
            " file.",
            {"names": Text(", ".join(names))},
            plural="The columns %(names)s look like opt-outs and were not read: name them opted_out, or leave them out"
            " of the file.",
            n=len(names),
        )
    if check == "rows.opt_out" and campaign.known.unread_keys:
        return Message(
            "%(n)s suppression of the source is hashed, and the key that reads it is not here: name it with the setting"
            " ledger_key.",
            {"n": Count(campaign.known.unread_keys)},
            plural="%(n)s suppressions of the source are hashed, and the key that reads them is not here: name it with"
            " the setting ledger_key.",
            n=campaign.known.unread_keys,
        )
    if check == "rows.opt_out" and not (campaign.known.opt_outs or campaign.remembered.entries):
        return Message("Neither the source nor the list nor the ledger knows who has said no.")
    if check == "rows.ledger" and campaign.remembered.error:
        return Message("The suppression ledger cannot be read: %(error)s", {"error": Text(campaign.remembered.error)})
    if check == "rows.bounced" and not campaign.known.bounces:
        return Message("The source knows no bounce: it holds no enrollments, no events and no bounce reasons.")
    if check in ("rows.language", "template.mails") and campaign.mails is None:
        return Message("There is no email to compare with.")
    if check == "rows.language" and campaign.mails and campaign.mails.language is None:
        return Message("The language of the email is not known.")
    return None


def _remark(campaign: Campaign, check: str) -> Message | None:
    if check == "rows.recent" and campaign.as_of is None:
        return Message("The source knows no date, so nobody can tell who was written to lately.")
    if check == "rows.consent" and campaign.unknown_countries:
        return Message(
            "Of %(n)s row nobody knows whose law counts: it names no country that the table holds.",
            {"n": Count(campaign.unknown_countries)},
            plural="Of %(n)s rows nobody knows whose law counts: they name no country that the table holds.",
            n=campaign.unknown_countries,
        )
    if check == "rows.opt_out" and campaign.people.ids_differ:
        return Message(
            "The list's ids are not those of the source, so people were found by their address alone.",
        )
    return None
