"""How the engagement model decided, in plain words: what counts, what it learned from, how far it can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.blocks import both
from hygiene.settings import Settings
from hygiene.values import Count, Message, Percent, Points, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.flags.engagement.summary import EngagementSummary
    from hygiene.values import Value

    Definition = tuple[Message, Message]

SAME_CONCLUSION = 0.05
"""Share of the paused below which a change of who is paused leaves the conclusion as it is; assumed."""
DIGITS_BELOW = 100.0
"""Figures from here on are shown without decimals."""


def how_decided(summary: EngagementSummary, controls: int) -> Iterator[Definition]:
    """Yield what decided, what it was learned from, and how sure it is: term and meaning.

    Parameters
    ----------
    summary
        Of the run.
    controls
        Contacts in the control group.
    """
    if summary.budget is None:
        yield Message("What decides"), costs_words(summary)
        yield Message("Complaints"), complaints_words(summary)
    else:
        yield Message("What decides"), budget_words(summary.budget)
    yield Message("Control group"), control_words(summary.control_share, controls)
    if summary.pause_after > 1:
        yield Message("Never paused"), _young_words(summary.pause_after)
    yield Message("Learned from"), learned_words(summary)
    yield Message("Silence"), delay_words(summary)
    if summary.is_stacked:
        yield Message("The least likely"), tail_words(summary.tail)
    yield Message("Opens by machines"), machine_words(summary)


def whole_or(value: float, digits: int) -> Value:
    """Return a figure with decimals where they say something: 4.6, but 212 and 200."""
    return Count(round(value)) if value >= DIGITS_BELOW or value.is_integer() else Points(value, digits)


def costs_words(summary: EngagementSummary) -> Message:
    """Return the three costs and the probability at which they meet."""
    import numpy as np

    from hygiene.flags.engagement.costs import break_even

    costs = summary.costs
    (threshold,) = break_even(costs, np.zeros(1, dtype=np.int64), {}, summary.complaint_rate)
    words = Message(
        "what a reply is worth against what three more emails cost. A reply counts %(reply)s, an email %(send)s, a"
        " complaint %(complaint)s, so a contact whose chance of a reply is below about %(threshold)s is paused. Only"
        " the ratios of the three matter (settings %(settings)s).",
        {
            "reply": whole_or(float(costs.reply_value), 2),
            "send": whole_or(float(costs.send_cost), 2),
            "complaint": whole_or(float(costs.complaint_cost), 2),
            "threshold": Percent(float(threshold)),
            "settings": Text("reply_value, send_cost, complaint_cost"),
        },
    )
    default = Settings()
    if tuple(costs) != (default.reply_value, default.send_cost, default.complaint_cost):
        return words
    return both(words, Message("These are our assumptions; yours will differ."))


def budget_words(budget: float) -> Message:
    """Return the share of the replies that may be lost."""
    return Message(
        "the replies that may be lost: at most %(budget)s of those expected (setting %(setting)s). Whoever is least"
        " likely to reply is paused first, separately among contacts with few, some and many emails so far, so that"
        " none of these groups pays for another.",
        {"budget": Percent(budget, _digits(budget)), "setting": Text("max_lost_replies")},
    )


def complaints_words(summary: EngagementSummary) -> Message:
    """Return the complaints an email, and whether the source records them."""
    rate = Percent(summary.complaint_rate, 2)
    if summary.has_complaints:
        return Message(
            "%(rate)s of the emails, from those in this data. Each list source has a rate of its own, drawn towards"
            " that of all where it has few emails.",
            {"rate": rate},
        )
    return Message(
        "the data records none, for most tools do not see them. %(rate)s of the emails is assumed: Google asks senders"
        " to stay below that.",
        {"rate": rate},
    )


def control_words(share: float, controls: int) -> Message:
    """Return who is written to all the same, and why."""
    if not share:
        return Message(
            "none (setting %(setting)s). So it will not be seen whether those paused would have answered.",
            {"setting": Text("control_share")},
        )
    return Message(
        "%(share)s of those too unlikely to reply, at present %(n)s contact, is written to all the same. A contact's"
        " id decides, so it is the same one in every run. Its answers will show what pausing costs.",
        {"share": Percent(share, _digits(share))},
        plural="%(share)s of those too unlikely to reply, at present %(n)s contacts, are written to all the same."
        " A contact's id decides, so they are the same in every run. Their answers will show what pausing costs.",
        n=controls,
    )


def _young_words(pause_after: int) -> Message:
    return Message(
        "contacts with fewer than %(least)s sequence emails, for so little silence says nothing.",
        {"least": Count(pause_after)},
    )


def learned_words(summary: EngagementSummary) -> Message:
    """Return what the model was learned from, and what it lacks where BG/BB stands alone."""
    counts: dict[str, Value] = {
        "contacts": Message("%(n)s contact", plural="%(n)s contacts", n=summary.learned_contacts),
        "replies": Message("%(n)s human reply", plural="%(n)s human replies", n=summary.learned_replies),
    }
    if summary.is_given:
        from_where = Message("a model from a file, which saw %(contacts)s and %(replies)s.", counts)
    else:
        from_where = Message("this history, with %(contacts)s and %(replies)s.", counts)
    if not summary.is_stacked:
        return both(from_where, *_alone_words(summary))
    return both(
        from_where,
        Message(
            "How many emails a contact got, how many it answered and which one last give a first opinion; how long ago"
            " that was, the sender, the company and the opens and clicks of people correct it. Emails that came after"
            " those it learned from set the level."
        ),
    )


def _alone_words(summary: EngagementSummary) -> Iterator[Message]:
    from hygiene.flags.engagement.model import FEWEST_CONTACTS, FEWEST_REPLIES

    yield Message(
        "That is too little for more than a first opinion: how many emails a contact got, how many it answered and"
        " which one last, leaning on what is usual elsewhere and comes with this program. Sender, company, opens and"
        " clicks are not looked at."
    )
    if summary.learned_contacts >= FEWEST_CONTACTS and summary.learned_replies >= FEWEST_REPLIES:
        yield Message("A longer history would end that: there are too few emails after the moments to learn from.")
    else:
        yield Message(
            "From %(contacts)s contacts and %(replies)s human replies on, more is learned.",
            {"contacts": Count(FEWEST_CONTACTS), "replies": Count(FEWEST_REPLIES)},
        )


def delay_words(summary: EngagementSummary) -> Message:
    """Return after how many days an email without an answer counts as silence."""
    days = summary.delay_days
    if not summary.is_delay_measured:
        return Message(
            "an email younger than %(days)s days is not silence yet. The days are assumed: there are too few replies to"
            " measure how late they come.",
            {"days": Points(days, 0)},
        )
    return Message(
        "nine replies in ten come within %(days)s days. A younger email is not silence yet.", {"days": Points(days, 1)}
    )


def tail_words(tail: float) -> Message:
    """Return how many of the replies predicted for the least likely fifth came."""
    if tail == 1.0:
        return Message("not checked: there are too few later emails to the least likely fifth of the contacts.")
    words = Message(
        "on later emails, the least likely fifth of the contacts gave %(share)s of the replies predicted for them.",
        {"share": Percent(tail, 0)},
    )
    if tail < 1.0:
        return both(words, Message("The replies lost are not lowered for that."))
    return both(words, Message("The replies lost are raised by as much."))


def machine_words(summary: EngagementSummary) -> Message:
    """Return what would change, were half of the human opens and clicks those of machines."""
    if not summary.has_signals:
        return Message("there are no opens or clicks of people to lean on: replies alone decide.")
    if not summary.is_stacked:
        return Message("they cannot change anything here: the first opinion rests on replies alone.")
    changed = summary.newly_paused + summary.no_longer_paused
    args: dict[str, Value] = {
        "more": Message("%(n)s contact more", plural="%(n)s contacts more", n=summary.newly_paused),
        "fewer": Count(summary.no_longer_paused),
    }
    if not changed:
        return Message(
            "were half of the opens and clicks that we take for people's those of machines too, the same contacts would"
            " be paused."
        )
    if changed < SAME_CONCLUSION * summary.chosen.contacts:
        return Message(
            "were half of the opens and clicks that we take for people's those of machines too, %(more)s would be"
            " paused and %(fewer)s of the paused would not. The conclusion would not change.",
            args,
        )
    return Message(
        "were half of the opens and clicks that we take for people's those of machines too, %(more)s would be paused"
        " and %(fewer)s of the paused would not. The conclusion would change: it leans on opens and clicks.",
        args,
    )


def _digits(share: float) -> int:
    """Return the decimals that a setting needs: 2 %, but 2.5 %."""
    return 0 if abs(share * 100 - round(share * 100)) < 1e-9 else 1
