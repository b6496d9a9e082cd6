"""Every code of ours as a sentence: flags, reasons, rejected rows.

The sentences are for people who sell, not for people who count: short, concrete, the verb first where there is
something to do. Each is an English message id written out in a `Message(…)`, from which the translations are checked.
Bounces, the import and the tickets have files of their own: `bounce_words.py`, `import_words.py`, `ticket_words.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.facts.read import FULL_DAYS, HOLD_DAYS
from hygiene.reports.bounce_words import happened, known_by, quoted
from hygiene.reports.ledger_reasons import remembered_sentence
from hygiene.reports.outlook_words import chance_words, outlook_sentence
from hygiene.values import Count, Message, Moment, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygiene.facts.types import ContactFacts
    from hygiene.flags.types import ContactFlag, Flag
    from hygiene.values import Value

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
    "pause": Message(
        "These people must not get the next email yet: too unlikely to reply, away, gone from the company, or with a"
        " mailbox that takes no mail at the moment. Leave them out of the next campaign; nobody is deleted."
    ),
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
    Message("Resume on"),
    Message("Sender"),
    Message("Last email sent"),
    Message("Active enrollments"),
)
"""Headers of the cleanup lists for people."""

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
    "public_domain": Message("Everybody at a public mail provider would be kept out; name the address."),
    "unreadable_opt_out": Message("This is neither yes nor no; to be safe it counts as an opt-out."),
    "unknown_value": Message("This word is none of those that the column takes."),
    "duplicate_id": Message("This id came before with other contents; the first row counts."),
}
"""By code of `sources.rejects.REJECT_CODES`."""

REASON_TITLES: Mapping[str, Message] = {
    "opted_out": Message("Opted out in the CRM"),
    "unsubscribed": Message("Unsubscribed from a sequence"),
    "asked_out": Message("Asked in a reply not to be written to"),
    "complained": Message("Reported an email as spam"),
    "do_not_contact": Message("Marked “do not contact”"),
    "suppressed": Message("On the suppression list"),
    "in_ledger": Message("In the ledger: said no before"),
    "unknown_user": Message("The mailbox does not exist, says the CRM"),
    "address_bounced": Message("The address is dead, says its server"),
    "in_ledger_bounced": Message("In the ledger: dead or deserted address"),
    "mailbox_full_often": Message("The mailbox is full again and again"),
    "bounce_on_hold": Message("The mailbox takes no mail at the moment"),
    "bounce_to_review": Message("An email came back for a reason that is not clear"),
    "left_company": Message("Has left the company"),
    "out_of_office": Message("Out of office"),
    "unlikely_to_reply": Message("A reply has become too unlikely"),
    "hubspot_11_16_marketing": Message("11 or 16 marketing emails without a sign of life"),
    "control_group": Message("Too unlikely to reply, but written to as a control group"),
    "none": Message("Nothing speaks against the next email"),
}
"""What a reason code says about a group of contacts."""

KEPT = Message("Nothing speaks against the next email.")
DATED: Mapping[str, Message] = {
    "opted_out": Message("Opted out on %(day)s: never write again."),
    "unsubscribed": Message("Unsubscribed on %(day)s: never write again."),
    "asked_out": Message("Asked on %(day)s not to be written to: never write again."),
    "complained": Message("Reported an email as spam on %(day)s: never write again."),
    "unknown_user": Message(
        "The mailbox does not exist: an email came back on %(day)s (%(reason)s). Remove the address."
    ),
    "address_bounced": Message("%(what)s: an email came back on %(day)s. Remove the address."),
    "bounce_on_hold": Message("%(what)s: an email came back on %(day)s. Pause until %(until)s, then look again."),
    "bounce_to_review": Message("%(what)s (on %(day)s). Look into it before you write again."),
    "left_company": Message("No longer works there, by a notice of %(day)s: look for the successor."),
    "successor": Message("No longer works there, by a notice of %(day)s: write to %(successor)s instead."),
}
UNDATED: Mapping[str, Message] = {
    "opted_out": Message("Opted out in the CRM: never write again."),
    "unsubscribed": Message("Unsubscribed: never write again."),
    "asked_out": Message("Asked in a reply not to be written to: never write again."),
    "complained": Message("Reported an email as spam: never write again."),
    "unknown_user": Message(
        "The mailbox does not exist: the CRM knows a hard bounce (%(reason)s). Remove the address."
    ),
    "address_bounced": Message("%(what)s: the CRM knows a hard bounce. Remove the address."),
    "bounce_on_hold": Message("%(what)s: wait, then look again."),
    "bounce_to_review": Message("%(what)s. Look into it before you write again."),
    "left_company": Message("No longer works there: look for the successor."),
    "successor": Message("No longer works there: write to %(successor)s instead."),
}
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


def resume_day(flag: ContactFlag) -> datetime | None:
    """Return the day from which a paused contact may be written to again; None where no day is known."""
    if flag.reason == "out_of_office":
        return flag.facts.away_until
    if flag.reason == "bounce_on_hold" and flag.facts.last_bounce_at:
        return flag.facts.last_bounce_at + HOLD_DAYS
    return None


def flag_sentence(flag: ContactFlag, *, quote: bool = True) -> Message:
    """Return the evidence for one contact's flag, as printed in `contacts.csv` and in the coaching report.

    Parameters
    ----------
    flag
        The decision and its facts.
    quote
        Whether the words of a server that refused the mail follow.

    Raises
    ------
    KeyError
        If the reason is not one of `flags.types.REASONS`.
    """
    facts = flag.facts
    match flag.reason:
        case "opted_out" | "unsubscribed" | "asked_out" | "complained":
            return _dated(flag.reason, getattr(facts, f"{flag.reason}_at"))
        case "do_not_contact":
            return Message("Marked “do not contact” in the CRM: never write again.")
        case "suppressed":
            return _suppressed(facts.suppressed)
        case "in_ledger" | "in_ledger_bounced" if facts.remembered:
            return remembered_sentence(facts.remembered)
        case "unknown_user" | "address_bounced" | "mailbox_full_often" | "bounce_on_hold" | "bounce_to_review":
            return _bounced(flag, quote=quote)
        case "left_company" | "out_of_office":
            return _absent(flag)
        case "unlikely_to_reply" | "control_group":
            return outlook_sentence(flag)
        case "hubspot_11_16_marketing":
            return _silent(flag)
        case "none" if flag.outlook and facts.sends:
            return Message("%(first)s %(second)s", {"first": KEPT, "second": chance_words(flag.outlook)})
        case reason:
            return REASON_TITLES[reason]


def _suppressed(reason: str | None) -> Message:
    if reason:
        return Message("On the suppression list (%(reason)s): never write again.", {"reason": Text(reason)})
    return Message("On the suppression list: never write again.")


def _bounced(flag: ContactFlag, *, quote: bool) -> Message:
    facts = flag.facts
    if flag.reason == "unknown_user":
        reason = Text(facts.hard_bounce_reason or "UNKNOWN_USER")
        return _dated(flag.reason, facts.last_bounce_at, {"reason": reason})
    if flag.reason == "mailbox_full_often":
        return Message(
            "%(n)s time full within %(days)s days: pause, and see whether anybody still reads this mailbox.",
            {"days": Count(FULL_DAYS.days)},
            plural="%(n)s times full within %(days)s days: pause, and see whether anybody still reads this mailbox.",
            n=facts.full_mailboxes,
        )
    args: dict[str, Value] = {"what": _what_came_back(facts), "until": Moment(resume_day(flag))}
    sentence = _dated(flag.reason, facts.last_bounce_at, args)
    return quoted(sentence, facts.last_bounce_detail) if quote and facts.last_bounce_detail else sentence


def _what_came_back(facts: ContactFacts) -> Message:
    category = facts.last_bounce_category or "unknown"
    return known_by(happened(category, facts.last_bounce_action), facts.last_bounce_signal)


def _absent(flag: ContactFlag) -> Message:
    facts = flag.facts
    if flag.reason == "out_of_office":
        return Message("Out of office, back on %(day)s: resume then.", {"day": Moment(facts.away_until)})
    if facts.successor:
        return _dated("successor", facts.left_at, {"successor": Text(facts.successor)})
    return _dated("left_company", facts.left_at)


def _dated(reason: str, at: datetime | None, args: Mapping[str, Value] | None = None) -> Message:
    args = args or {}
    return filled(UNDATED[reason], args) if at is None else filled(DATED[reason], {**args, "day": Moment(at)})


def _silent(flag: ContactFlag) -> Message:
    sends = flag.facts.marketing_sends_since_engagement or 0
    return filled(SILENT_MARKETING[bool(flag.facts.marketing_engaged)], {"n": Count(sends)}, n=sends)
