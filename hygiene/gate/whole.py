"""The campaign as a whole: bounces and complaints to expect, and how its sender and its domain stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaincc
from scipy.stats import betabinom

from hygiene.gate.groups import as_counts
from hygiene.gate.types import Expected, Finding
from hygiene.values import Count, Interval, Message, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygiene.gate.campaign import Campaign, Complaints
    from hygiene.gate.reasons import Dropped
    from hygiene.gate.risk import Group
    from hygiene.gate.standing import Refusals, Standing
    from hygiene.values import Value

STOP = 0.5
"""Probability of a rate above the limit from which a sender or a domain is stopped: more likely above than below.
Before a campaign there is time to look, so less certainty is asked than for pausing one that runs (0.95,
docs/pauses.md). Of the thresholds tried it alone holds 99 % of senders with 8 % and hardly any of those with 1 %
(docs/check.md)."""
LEAST_BOUNCES = 3
"""Without so many nobody is stopped: two of twenty emails put a rate of 1 % above 3 % more likely than not. Of 60
senders with 1 % and 20 ended enrollments it holds 1 instead of 3, of those with 8 % none fewer (docs/check.md)."""
DOUBT = 0.3
"""From which it is remarked on."""
COMPLAINT_PRIOR = (0.5, 999.5)
"""a and b: half a complaint in a thousand emails, what Gmail asks senders to stay under twice over (assumed)."""
COMPLAINT_LIMIT, COMPLAINT_WATCH = 0.003, 0.001
"""Gmail: never reach 0.3 %, stay below 0.1 % (support.google.com/a/answer/81126, read 2026-11)."""
SURE, LIKELY = 0.95, 0.8
HUBSPOT = "HubSpot, sequences sender score: good is below 3 % bounces"
GMAIL = "Google, Email sender guidelines: below 0.1 %, never 0.3 %"


def whole_findings(
    campaign: Campaign, kept: Mapping[int, Group], dropped: Sequence[Dropped], *, can_fit: bool
) -> list[Finding]:
    """Return the findings on what is left of the list, and on who sends it."""
    return [
        *_anybody(kept, dropped),
        *([] if can_fit else [_no_fit(campaign, kept)]),
        *([] if campaign.sender is None else [_standing(campaign, "whole.sender", campaign.sender)]),
        _standing(campaign, "whole.domain", campaign.domain),
        _refused(campaign.refusals, campaign.budget.limit),
        _complaints(campaign.complaints),
    ]


def expected_bounces(campaign: Campaign, kept: Mapping[int, Group]) -> Expected | None:
    """Return the address bounces that the rows kept will bring."""
    if not kept:
        return None
    groups, counts = as_counts(kept.values())
    told = campaign.risk.predict(dict(zip(groups, counts.tolist(), strict=True)))
    return Expected(told.mean, told.low, told.high)


def expected_complaints(complaints: Complaints | None, rows: int) -> Expected | None:
    """Return the complaints that so many rows will bring, at the rate of the domain."""
    if complaints is None or not rows:
        return None
    a, b = _complaint_posterior(complaints)
    low, high = betabinom.ppf((0.1, 0.9), rows, a, b)
    return Expected(rows * a / (a + b), float(low), float(high))


def _anybody(kept: Mapping[int, Group], dropped: Sequence[Dropped]) -> list[Finding]:
    if kept:
        return []
    message = (
        Message("Nobody is left to write to.")
        if dropped
        else Message("The list is empty: there is nobody to write to.")
    )
    return [Finding(check="whole.rows", status="fail", effect="hold", message=message)]


def _no_fit(campaign: Campaign, kept: Mapping[int, Group]) -> Finding:
    groups, counts = as_counts(kept.values())
    draws = campaign.risk.by_record().draws(groups)
    rate = draws @ counts / max(1, counts.sum())
    values: dict[str, Value] = {
        "rate": Percent(float(rate.mean())),
        "limit": Percent(campaign.budget.limit),
        "interval": Interval(float(np.quantile(rate, 0.05)), float(np.quantile(rate, 0.95))),
        "room": Count(campaign.budget.room(int(counts.sum()))),
    }
    return Finding(
        check="whole.bounces",
        status="fail",
        effect="hold",
        message=Message(
            "No part of the list fits: a bounce rate of %(rate)s %(interval)s is to be expected, with a limit of"
            " %(limit)s and room for %(room)s bounces.",
            values,
        ),
        remedy=Message("Verify the addresses first, or write to a list from a better source."),
        evidence={"rate": float(rate.mean()), "rows": int(counts.sum())},
        rows=int(counts.sum()),
        source=HUBSPOT,
    )


def _standing(campaign: Campaign, check: str, record: Standing) -> Finding:
    is_sender = check == "whole.sender"
    evidence = {"tried": record.tried, "bounced": record.bounced, "p_over_limit": record.p_over}
    values: dict[str, Value] = {
        "who": Text(campaign.sender_label or ""),
        "bounced": Count(record.bounced),
        "tried": Count(record.tried),
        "interval": Interval(record.low, record.high),
        "limit": Percent(campaign.budget.limit),
        "p": Percent(record.p_over, 0),
    }
    if not record.tried:
        message = (
            Message("%(who)s has written to nobody yet, so nobody knows how many bounce.", values)
            if is_sender
            else Message("The domain has written to nobody yet, so nobody knows how many bounce.")
        )
        return Finding(check=check, status="unknown", message=message, evidence=evidence)
    message = (
        Message(
            "Of the %(tried)s latest enrollments of %(who)s, %(bounced)s bounced %(interval)s: above %(limit)s with a"
            " probability of %(p)s.",
            values,
        )
        if is_sender
        else Message(
            "Of the %(tried)s latest enrollments of the domain, %(bounced)s bounced %(interval)s: above %(limit)s with"
            " a probability of %(p)s.",
            values,
        )
    )
    is_over = record.p_over >= STOP and record.bounced >= LEAST_BOUNCES
    return Finding(
        check=check,
        status="fail" if is_over else "warn" if record.p_over >= DOUBT else "pass",
        effect="hold" if is_over else "none",
        message=message,
        remedy=Message("Find out which list source the bounces come from before you send to anybody new.")
        if is_over
        else None,
        evidence=evidence,
        source=HUBSPOT,
    )


def _refused(refusals: Refusals | None, limit: float) -> Finding:
    if refusals is None:
        return Finding(
            check="whole.refused",
            status="unknown",
            message=Message("The source does not tell why emails came back: see the bounce messages in a mailbox."),
        )
    values: dict[str, Value] = {
        "refused": Count(refusals.refused),
        "tried": Count(refusals.tried),
        "limit": Percent(limit),
        "p": Percent(refusals.p_over, 0),
    }
    is_over = refusals.refused > 0 and refusals.p_over >= LIKELY
    return Finding(
        check="whole.refused",
        status="fail" if is_over else "warn" if refusals.refused and refusals.p_over >= STOP else "pass",
        effect="hold" if is_over else "none",
        message=Message(
            "Of the %(tried)s enrollments of the last four weeks, %(refused)s came back for how we send: above"
            " %(limit)s with a probability of %(p)s.",
            values,
        ),
        remedy=Message("Mend authentication or reputation first (hygiene run writes tickets); no contact is at fault.")
        if is_over
        else None,
        evidence={"tried": refusals.tried, "refused": refusals.refused, "p_over_limit": refusals.p_over},
    )


def _complaint_posterior(complaints: Complaints) -> tuple[float, float]:
    a, b = COMPLAINT_PRIOR
    return a + complaints.complaints, b + complaints.mails - complaints.complaints


def _complaints(complaints: Complaints | None) -> Finding:
    if complaints is None:
        return Finding(
            check="whole.complaints",
            status="unknown",
            message=Message("The source tells of no complaint; look at the spam rate in Google Postmaster Tools."),
            source=GMAIL,
        )
    a, b = _complaint_posterior(complaints)
    values = {"complaints": Count(complaints.complaints), "mails": Count(complaints.mails)}
    evidence = {"complaints": complaints.complaints, "mails": complaints.mails}
    if betaincc(a, b, COMPLAINT_LIMIT) >= SURE:
        return Finding(
            check="whole.complaints",
            status="fail",
            effect="hold",
            message=Message("%(complaints)s of %(mails)s emails were reported as spam: surely too many.", values),
            remedy=Message("Stop, and write only to people who expect it."),
            evidence=evidence,
            source=GMAIL,
        )
    return Finding(
        check="whole.complaints",
        status="warn" if betaincc(a, b, COMPLAINT_WATCH) >= LIKELY else "pass",
        message=Message("%(complaints)s of %(mails)s emails were reported as spam.", values),
        evidence=evidence,
        source=GMAIL,
    )
