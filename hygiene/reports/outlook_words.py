"""What the engagement model says of one contact, in a rep's words: what was sent, a reply's chance, what would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.values import Count, Interval, Message, Percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.facts.types import ContactFacts
    from hygiene.flags.engagement.judged import ContactOutlook, Remedy
    from hygiene.flags.types import ContactFlag

TINY = 0.001
"""Below this a probability is shown as “under 0.1 %”: more digits would claim too much."""

REMEDY_WORDS: Mapping[Remedy, Message] = {
    "open": Message("Would stay after one open or click by a person."),
    "reply": Message("Would stay after one reply."),
    "none": Message("One reply alone would not change that."),
}
CONTROL = Message("Written to all the same, in the control group: it shows what pausing costs.")


def outlook_sentence(flag: ContactFlag) -> Message:
    """Return the evidence of a contact that the engagement model pauses, or that it keeps as a control."""
    outlook = flag.outlook
    assert outlook is not None  # noqa: S101 — only the model gives these reasons
    last = CONTROL if flag.reason == "control_group" else REMEDY_WORDS[outlook.remedy]
    return Message(
        "%(history)s %(chance)s %(change)s",
        {"history": history_words(flag.facts), "chance": chance_words(outlook), "change": last},
    )


def history_words(facts: ContactFacts) -> Message:
    """Return how many mails got how many answers."""
    since, replies = facts.sends_since_reply or 0, facts.replies or 0
    if not replies:
        return Message("%(n)s email, never a reply.", plural="%(n)s emails, never a reply.", n=since)
    return Message(
        "%(since)s since the last reply, %(replies)s.",
        {
            "since": Message("%(n)s email", plural="%(n)s emails", n=since),
            "replies": Message(
                "%(n)s reply in %(sends)s",
                {"sends": Count(facts.sends or 0)},
                plural="%(n)s replies in %(sends)s",
                n=replies,
            ),
        },
    )


def chance_words(outlook: ContactOutlook) -> Message:
    """Return how likely a reply to the next three mails is, with its 90 % interval."""
    if outlook.p_reply < TINY:
        return Message(
            "A reply to the next 3: under %(tiny)s, at most %(high)s.",
            {"tiny": Percent(TINY, 1), "high": Percent(max(outlook.high, TINY), 1)},
        )
    return Message(
        "A reply to the next 3: %(p)s %(interval)s.",
        {"p": Percent(outlook.p_reply), "interval": Interval(outlook.low, outlook.high)},
    )
