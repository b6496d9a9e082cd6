"""Why somebody stands in the ledger, in words, and the evidence of a flag that rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.values import Message, Moment, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hygiene.facts.types import Remembered
    from hygiene.values import Value

LEDGER_REASONS: Mapping[str, Message] = {
    "legal": Message("a legal demand"),
    "erasure": Message("asked for erasure"),
    "objection": Message("objected"),
    "complaint": Message("complained"),
    "opt_out": Message("opted out"),
    "do_not_contact": Message("marked “do not contact”"),
    "hard_bounce_address": Message("dead address"),
    "left_company": Message("has left the company"),
}
HOW_WORDS: Mapping[str, Message] = {
    "exact": Message("the address"),
    "variant": Message("another spelling"),
    "domain": Message("the domain"),
}
FOUND_BY: Mapping[str, Message] = {
    "variant": Message("Found by another spelling of the address."),
    "domain": Message("Found by the domain."),
}
"""What follows the evidence where it is not the very address that stands in the ledger."""


def remembered_sentence(known: Remembered) -> Message:
    """Return the evidence for a flag that rests on the ledger: why, who says so, since when, and what to do."""
    why: Message = LEDGER_REASONS[known.reason]
    if known.source:
        why = Message("%(why)s (%(source)s)", {"why": why, "source": Text(known.source)})
    args: dict[str, Value] = {"why": why, "day": Moment(known.since)}
    said = _dated(args, is_forever=known.is_forever) if known.since else _undated(args, is_forever=known.is_forever)
    if known.how not in FOUND_BY:
        return said
    return Message("%(first)s %(second)s", {"first": said, "second": FOUND_BY[known.how]})


def _dated(args: Mapping[str, Value], *, is_forever: bool) -> Message:
    if is_forever:
        return Message("In the ledger since %(day)s: %(why)s. Never write again.", args)
    return Message("In the ledger since %(day)s: %(why)s. Remove the address.", args)


def _undated(args: Mapping[str, Value], *, is_forever: bool) -> Message:
    if is_forever:
        return Message("In the ledger: %(why)s. Never write again.", args)
    return Message("In the ledger: %(why)s. Remove the address.", args)
