"""The engagement model's part of a report: how it was made, what it pauses, what that costs, how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hygiene.flags.engagement.costs import Costs, complaint_rates
from hygiene.flags.engagement.frontier import budget_thresholds, cost_of, frontier
from hygiene.flags.engagement.histories import DELAY_DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hygiene.flags.engagement.frontier import Cost
    from hygiene.flags.engagement.judged import Judged
    from hygiene.flags.engagement.model import EngagementModel
    from hygiene.settings import Settings


@dataclass(frozen=True)
class EngagementSummary:
    """Numbers for the report; the judged contacts are those that no stricter rule speaks about."""

    is_given: bool
    """Whether the model came from a file (`--model`), not from this history."""
    is_stacked: bool
    """Whether there was enough to learn more than BG/BB."""
    learned_contacts: int
    learned_replies: int
    delay_days: float
    """After so many days without an answer a mail counts as silence: nine replies in ten come sooner."""
    costs: Costs
    complaint_rate: float
    """Complaints a mail, of all."""
    has_complaints: bool
    """Whether the source records any; else the rate is assumed."""
    budget: float | None
    """The share of the replies that may be lost, where that decides instead of the costs."""
    control_share: float
    pause_after: int
    judged: int
    expected_replies: float
    """To the next three mails to each of the judged."""
    chosen: Cost
    """What is paused, the control group among them."""
    frontier: tuple[Cost, ...]
    """From nobody to everybody."""
    hubspot_rule: Cost
    """What HubSpot's 11/16 rule would cost, on opens and clicks without the machines'."""
    ninety_days: Cost
    tail: float
    """Replies ÷ predicted replies of the least likely contacts, on the latest mails of the history."""
    newly_paused: int
    """Contacts that would be paused too, were half of the human opens and clicks those of machines."""
    no_longer_paused: int
    is_delay_measured: bool = True
    """Whether there were replies enough to measure `delay_days`; else it is assumed."""
    has_replies: bool = True
    """Whether any human reply is known; else nobody is paused for silence, for replies may not be exported."""
    has_signals: bool = True
    """Whether the source records opens or clicks that say anything."""


def with_budget(judged: Judged, open_keys: Iterable[int], model: EngagementModel, settings: Settings) -> Judged:
    """Return the same with the thresholds that keep the lost replies within `max_lost_replies`."""
    thresholds = budget_thresholds(
        judged.p_reply,
        judged.high,
        judged.sends,
        judged.rows_of(open_keys),
        settings.max_lost_replies or 0.0,
        settings.pause_after,
        tail_of(model),
    )
    return replace(judged, threshold=thresholds.astype(judged.threshold.dtype))


def tail_of(model: EngagementModel) -> float:
    """Return the correction of the model's tail; 1 where it was not measured."""
    return model.stack_.tail if model.stack_ else 1.0


def summarize_engagement(
    judged: Judged,
    open_keys: Iterable[int],
    model: EngagementModel,
    complaints: Mapping[int, tuple[int, int]],
    settings: Settings,
    *,
    has_replies: bool = True,
) -> EngagementSummary:
    """Return the figures of one run.

    Parameters
    ----------
    open_keys
        Keys of the contacts that no stricter rule speaks about.
    complaints
        As `costs.complaint_rates` takes them.
    has_replies
        Whether any human reply is known.
    """
    rows = judged.rows_of(open_keys)
    p, below, threshold = judged.p_reply[rows], judged.below[rows], judged.threshold[rows]
    doubted = judged.half_machines[rows] < threshold
    tail = tail_of(model)
    return EngagementSummary(
        is_given=model.is_given_,
        is_stacked=model.stack_ is not None,
        learned_contacts=model.contacts_,
        learned_replies=model.replies_,
        delay_days=model.delay_,
        costs=Costs(settings.reply_value, settings.send_cost, settings.complaint_cost),
        complaint_rate=complaint_rates(complaints)[1],
        has_complaints=any(count for _, count in complaints.values()),
        budget=settings.max_lost_replies,
        control_share=settings.control_share,
        pause_after=settings.pause_after,
        judged=int(rows.sum()),
        expected_replies=float(p.sum(dtype=float)),
        chosen=cost_of(p, below, tail),
        frontier=tuple(frontier(p, threshold, tail)),
        hubspot_rule=cost_of(p, judged.hubspot_rule[rows], tail),
        ninety_days=cost_of(p, judged.ninety_days[rows], tail),
        tail=tail,
        newly_paused=int((doubted & ~below).sum()),
        no_longer_paused=int((below & ~doubted).sum()),
        is_delay_measured=model.delay_ != DELAY_DEFAULT,
        has_replies=has_replies,
        has_signals=bool(judged.after_open.any()),
    )
