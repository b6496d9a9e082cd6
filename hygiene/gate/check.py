"""The check before a campaign, on one screen: rows, mail, domain, and the whole; then the verdict."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hygiene.facts.arrays import plain
from hygiene.gate.batch_plan import plan_batch, smallest_plan
from hygiene.gate.groups import as_counts, group_rows, name_of
from hygiene.gate.mail_findings import mail_findings
from hygiene.gate.price import price_of
from hygiene.gate.reasons import CHECK_OF, Dropped
from hygiene.gate.row_findings import row_findings
from hygiene.gate.rows import Question, drop_rows, found_invalid, listed_bounces, listed_noes
from hygiene.gate.template import other_languages
from hygiene.gate.trim import drawn, smallest_trim
from hygiene.gate.types import CheckReport
from hygiene.gate.verdict import in_force, verdict_of, waive
from hygiene.gate.whole import expected_bounces, expected_complaints, whole_findings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hygiene.gate.batch_plan import BatchPlan
    from hygiene.gate.campaign import Campaign
    from hygiene.gate.risk import Group


def check(campaign: Campaign) -> CheckReport:
    """Check a campaign before it starts: rows first, then the whole of those that are left."""
    dropped = list(drop_rows(_question(campaign)))
    groups = group_rows(campaign)
    new, untested = _try_first(campaign, _without(groups, dropped))
    dropped += untested
    over = _over_budget(campaign, _without(groups, dropped))
    dropped += over or ()
    kept = _without(groups, dropped)
    findings = [
        *row_findings(campaign, dropped),
        *mail_findings(campaign.mails, _readers_countries(campaign), campaign.sent),
        *campaign.domain_findings,
        *whole_findings(campaign, kept, dropped, can_fit=over is not None),
    ]
    answered, waivers = waive(findings, campaign.settings.waivers, campaign.today)
    price, avoided = price_of(campaign, groups, dropped)
    return CheckReport(
        verdict=verdict_of(answered, dropped),
        mode=campaign.settings.mode,
        file=campaign.listed.path.name,
        rows=len(campaign.listed.cells) + len(campaign.listed.unreadable),
        kept=tuple(sorted(kept)),
        dropped=tuple(sorted(dropped, key=lambda row: row.line)),
        findings=tuple(answered),
        waivers=waivers,
        as_of=campaign.as_of,
        sender=campaign.sender_label,
        bounces=expected_bounces(campaign, kept),
        room=campaign.budget.room(len(kept)),
        complaints=expected_complaints(campaign.complaints, len(kept)),
        price=price,
        avoided=avoided,
        plans=_plans(campaign, new, kept),
        ledger_entries=campaign.remembered.entries,
    )


def _readers_countries(campaign: Campaign) -> list[str | None]:
    """Return the countries of those who read the mail's language: the others get another mail, and other laws."""
    others = other_languages(campaign.mails, campaign.people) if campaign.mails else {}
    told = plain(campaign.people.values["country"]).tolist()
    return [country for place, country in enumerate(told) if place not in others]


def _question(campaign: Campaign) -> Question:
    waived = {waiver.check for waiver in in_force(campaign.settings.waivers, campaign.today)}
    return Question(
        listed=campaign.listed,
        people=campaign.people,
        as_of=campaign.as_of,
        contacted_days=campaign.settings.contacted_days,
        waived=frozenset(row_check.id for row_check in CHECK_OF.values() if row_check.id in waived),
        suppressed=campaign.suppressed,
        in_ledger=campaign.remembered.matches,
        refused=listed_noes(campaign.listed, campaign.people),
        bounced=listed_bounces(campaign.listed, campaign.people),
        invalid=found_invalid(campaign.people),
        consent=campaign.consent,
        languages=other_languages(campaign.mails, campaign.people) if campaign.mails else {},
        broken=campaign.mails.broken if campaign.mails else {},
        max_per_company=campaign.settings.max_per_company,
    )


def _without(groups: Mapping[int, Group], dropped: Sequence[Dropped]) -> dict[int, Group]:
    gone = {row.place for row in dropped}
    return {place: group for place, group in groups.items() if place not in gone}


def _try_first(campaign: Campaign, left: Mapping[int, Group]) -> tuple[dict[str | None, int], list[Dropped]]:
    """Return the rows of each new source that has more than a test batch, and those that wait for its outcome.

    However good the sources were that are known: that they are alike says little of one that was never tried. Of lists
    of a first source with 12 % bounces a rule that trusted the team's record let 95 % through (docs/check.md).
    """
    if "whole.untested" in {waiver.check for waiver in in_force(campaign.settings.waivers, campaign.today)}:
        return {}, []
    size, _ = smallest_plan()
    counts = Counter(group.source for group in left.values() if not group.is_known_good)
    new, dropped = {}, []
    for source in sorted(counts.keys() - campaign.known.sources, key=lambda name: name or ""):
        if counts[source] <= size:
            continue
        places = [place for place, group in left.items() if group.source == source and not group.is_known_good]
        first = {places[at] for at in drawn([name_of(campaign, place) for place in places], size)}
        new[source] = len(places)
        dropped += [_drop(campaign, place, "untested_source") for place in places if place not in first]
    return new, dropped


def _plans(campaign: Campaign, new: Mapping[str | None, int], kept: Mapping[int, Group]) -> tuple[BatchPlan, ...]:
    """Return the test batch of each new source: those of its rows that the budget has left."""
    first = Counter(group.source for group in kept.values() if not group.is_known_good)
    return tuple(
        plan_batch(source, rows, first[source], campaign.budget) for source, rows in new.items() if first[source]
    )


def _over_budget(campaign: Campaign, left: Mapping[int, Group]) -> list[Dropped] | None:
    """Return the rows too many for the budget; None: whatever is left does not fit."""
    groups, counts = as_counts(left.values())
    if "whole.bounces" in {waiver.check for waiver in in_force(campaign.settings.waivers, campaign.today)}:
        return []
    trim = smallest_trim(campaign.budget, campaign.risk.by_record().draws(groups), counts)
    if trim is None:
        return None
    dropped = []
    for group, number in zip(groups, trim.tolist(), strict=True):
        if number:
            places = [place for place, own in left.items() if own == group]
            chosen = drawn([name_of(campaign, place) for place in places], number)
            dropped += [_drop(campaign, places[at], "over_budget") for at in chosen]
    return dropped


def _drop(campaign: Campaign, place: int, reason: str) -> Dropped:
    source = campaign.people.values["source"][place]
    return Dropped(place, campaign.listed.lines[place], reason, source or "")
