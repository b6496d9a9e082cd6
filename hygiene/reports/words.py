"""Every code of ours as a sentence: flags, reasons, bounces, statuses.

The sentences are for people who sell, not for people who count: short, concrete, the verb first where there is
something to do. Each is an English message id written out in a `Message(…)`, from which the translations are checked;
the codes of the import have their own file, `import_words.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.document import Count, Message, Moment, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygiene.facts.types import BounceFacts
    from hygiene.flags.types import Action, BounceClass, ContactFlag, Flag
    from hygiene.reports.document import Value

CERTAIN = Percent(0.9, 0)
"""The level of every interval (docs/score.md)."""

FLAG_WORDS: Mapping[Flag, Message] = {
    "never": Message("Never write again"),
    "remove": Message("Remove from the lists"),
    "pause": Message("Pause"),
    "keep": Message("Keep"),
}

LIST_INTROS: Mapping[Flag, Message] = {
    "never": Message("These people said no. Take them out of every sequence and import the list as opt-outs."),
    "remove": Message("These addresses are dead. Take them out of your sequences and lists; keep the record."),
    "pause": Message("These people have not reacted for long. Leave them out of the next campaign; nobody is deleted."),
    "keep": Message("Nothing speaks against writing to these people."),
}
"""What to do with the list of a flag."""

LIST_TITLES: Mapping[str, Message] = {"summary": Message("Summary")}
LIST_COLUMNS: tuple[Message, ...] = (
    Message("Contact"),
    Message("Email"),
    Message("What to do"),
    Message("Reason code"),
    Message("Why"),
    Message("Sender"),
    Message("Last email sent"),
    Message("Active enrollments"),
)
"""Headers of the cleanup lists for people."""

BOUNCES: Mapping[Action, Message] = {
    "remove": Message("The mailbox does not exist (%(signal)s): remove the address."),
    "hold": Message("The mailbox takes no mail at the moment (%(signal)s): wait, then look again."),
    "retry": Message("A passing fault (%(signal)s): send again later."),
    "fix_sender": Message(
        "The server refused the sender or the text, not the address (%(signal)s): ask to be let in, mend the cause,"
        " keep the contact."
    ),
    "review": Message("The reason is not clear (%(signal)s): look at it before you write again."),
}

REJECTS: Mapping[str, Message] = {
    "too_few_cells": Message("The row has fewer cells than the header; it was left out."),
    "too_many_cells": Message("The row has more cells than the header; it was left out."),
    "open_quote": Message("A quote is not closed in its row, or text follows a closing quote; the row was left out."),
    "unreadable_line": Message("The line cannot be taken apart; it was left out."),
    "missing_value": Message("The cell is empty and the column is needed; the row was left out."),
    "bad_time": Message("This is no date or time in a known form between 1970 and 2100."),
    "bad_count": Message("This is no whole number from 0 up."),
    "more_than_ended": Message("There are more replies and bounces than ended enrollments; the row was left out."),
    "ambiguous_number": Message("This number can be read in two ways, such as 1.000: one or a thousand."),
    "bad_boolean": Message("This is neither yes nor no."),
    "unreadable_opt_out": Message("This is neither yes nor no; to be safe it counts as an opt-out."),
    "unknown_value": Message("This word is none of those that the column takes."),
    "duplicate_id": Message("This id came before with other contents; the first row counts."),
}
"""By code of `sources.rejects.REJECT_CODES`."""

REASON_TITLES: Mapping[str, Message] = {
    "opted_out": Message("Opted out in the CRM"),
    "unsubscribed": Message("Unsubscribed from a sequence"),
    "complained": Message("Reported an email as spam"),
    "do_not_contact": Message("Marked “do not contact”"),
    "suppressed": Message("On the suppression list"),
    "unknown_user": Message("The mailbox does not exist"),
    "hubspot_11_16": Message("11 or 16 sequence emails without a sign of life"),
    "hubspot_11_16_marketing": Message("11 or 16 marketing emails without a sign of life"),
    "none": Message("Nothing speaks against the next email"),
}
"""What a reason code says about a group of contacts."""

DATED: Mapping[str, Message] = {
    "opted_out": Message("Opted out on %(day)s: never write again."),
    "unsubscribed": Message("Unsubscribed on %(day)s: never write again."),
    "complained": Message("Reported an email as spam on %(day)s: never write again."),
    "unknown_user": Message(
        "The mailbox does not exist: an email came back on %(day)s (%(reason)s). Remove the address."
    ),
}
UNDATED: Mapping[str, Message] = {
    "opted_out": Message("Opted out in the CRM: never write again."),
    "unsubscribed": Message("Unsubscribed: never write again."),
    "complained": Message("Reported an email as spam: never write again."),
    "unknown_user": Message(
        "The mailbox does not exist: the CRM knows a hard bounce (%(reason)s). Remove the address."
    ),
}
SILENT: Mapping[bool, Message] = {
    True: Message(
        "%(n)s sequence email since the last open, click or reply: pause.",
        plural="%(n)s sequence emails since the last open, click or reply: pause.",
    ),
    False: Message(
        "%(n)s sequence email and never an open, click or reply: pause.",
        plural="%(n)s sequence emails and never an open, click or reply: pause.",
    ),
}
"""By whether the contact ever engaged."""
SILENT_MARKETING: Mapping[bool, Message] = {
    True: Message(
        "%(n)s marketing email since the last open or click, by the CRM's own count: pause.",
        plural="%(n)s marketing emails since the last open or click, by the CRM's own count: pause.",
    ),
    False: Message(
        "%(n)s marketing email and never an open or click, by the CRM's own count: pause.",
        plural="%(n)s marketing emails and never an open or click, by the CRM's own count: pause.",
    ),
}


def filled(message: Message, args: Mapping[str, Value] | None = None, n: int | None = None) -> Message:
    """Return a sentence of a table above with its arguments and, where it has a plural, its number."""
    return Message(message.id, args or message.args, message.plural, message.n if n is None else n)


def verbatim(text: str) -> Message:
    """Return a text from the data where a sentence is expected."""
    return Message("%(text)s", {"text": Text(text)})


def reject_sentence(code: str) -> Message:
    """Return why a row or cell was rejected.

    Raises
    ------
    KeyError
        If the code is not one of `sources.rejects.REJECT_CODES`.
    """
    return REJECTS[code]


def flag_word(flag: Flag) -> Message:
    """Return what to do with a contact, in a few words; also the name of a sheet, so at most 31 characters."""
    return FLAG_WORDS[flag]


def list_intro(flag: Flag) -> Message:
    """Return what the list of a flag is for."""
    return LIST_INTROS[flag]


def bounce_sentence(bounce: BounceFacts, meaning: BounceClass) -> Message:
    """Return the evidence for what a bounce means: what decided, and the server's own words where they are known."""
    sentence = filled(BOUNCES[meaning.action], {"signal": Text(meaning.signal)})
    if not bounce.detail:
        return sentence
    return Message("%(sentence)s The server wrote: “%(detail)s”", {"sentence": sentence, "detail": Text(bounce.detail)})


def flag_sentence(flag: ContactFlag) -> Message:
    """Return the evidence for one contact's flag, as printed in `contacts.csv` and in the coaching report.

    Raises
    ------
    KeyError
        If the reason is not one of `flags.types.REASONS`.
    """
    facts = flag.facts
    match flag.reason:
        case "opted_out":
            return _dated(flag.reason, facts.opted_out_at)
        case "unsubscribed":
            return _dated(flag.reason, facts.unsubscribed_at)
        case "complained":
            return _dated(flag.reason, facts.complained_at)
        case "unknown_user":
            return _dated(
                flag.reason, facts.last_bounce_at, {"reason": Text(facts.hard_bounce_reason or "UNKNOWN_USER")}
            )
        case "do_not_contact":
            return Message("Marked “do not contact” in the CRM: never write again.")
        case "suppressed" if facts.suppressed:
            return Message(
                "On the suppression list (%(reason)s): never write again.", {"reason": Text(facts.suppressed)}
            )
        case "suppressed":
            return Message("On the suppression list: never write again.")
        case "hubspot_11_16":
            return _silent(SILENT[bool(facts.engagements)], facts.sends_since_engagement)
        case "hubspot_11_16_marketing":
            return _silent(SILENT_MARKETING[bool(facts.marketing_engaged)], facts.marketing_sends_since_engagement)
        case reason:
            return REASON_TITLES[reason]


def _dated(reason: str, at: datetime | None, args: Mapping[str, Value] | None = None) -> Message:
    args = args or {}
    return filled(UNDATED[reason], args) if at is None else filled(DATED[reason], {**args, "day": Moment(at)})


def _silent(message: Message, sends: int | None) -> Message:
    return filled(message, {"n": Count(sends or 0)}, n=sends or 0)
