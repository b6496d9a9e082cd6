"""The ledger in words: why somebody stands in it, how that was found, and what became of what was handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.words import filled
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hygiene.gate.ledger.imports import Rejected
    from hygiene.gate.ledger.intake import Intake
    from hygiene.values import Value

SHOWN = 5
"""Rejected rows that are named; of more, the number is said."""
REJECTED: Mapping[str, Message] = {
    "no_address": Message("this is neither an address nor a domain"),
    "public_domain": Message("everybody at this public mail provider would be blocked; add the single addresses"),
    "foreign_key": Message("this hash was made with another key, or nobody knows with which"),
    "too_few_cells": Message("the row has fewer cells than the header"),
    "too_many_cells": Message("the row has more cells than the header"),
    "open_quote": Message("a quote is not closed"),
    "unreadable_line": Message("the line cannot be taken apart"),
    "missing_value": Message("the row names no address"),
    "unknown_value": Message("this is neither an address nor a domain"),
}
"""By code of `gate.ledger.imports.Rejected`."""
SAVE_KEY = Message(
    "A new key was made: %(key)s. Keep a copy of it in a safe place; without it, the ledger knows nobody."
)
NO_LEDGER = Message("There is no ledger at %(path)s yet, so nobody is blocked.")


def added_sentence(intake: Intake) -> Message:
    """Return how many facts were added, known and rejected."""
    counts: dict[str, Value] = {
        "added": Count(intake.added),
        "known": Count(intake.known),
        "rejected": Count(len(intake.rejected)),
    }
    return Message("%(added)s added, %(known)s already known, %(rejected)s rejected.", counts)


def remarks(intake: Intake, key: str) -> Iterator[Message]:
    """Yield what else is to be said of what was handed in: what was passed over and why, the first rejected rows."""
    if intake.silent:
        yield Message(
            "%(n)s row says nothing against writing and was passed over.",
            plural="%(n)s rows say nothing against writing and were passed over.",
            n=intake.silent,
        )
    if intake.bounces:
        yield Message(
            "%(n)s bounce was passed over: nothing says that the address itself is at fault. Look at it with `hygiene"
            " bounces`, or say --reason hard_bounce_address if you know.",
            plural="%(n)s bounces were passed over: nothing says that the address itself is at fault. Look at them with"
            " `hygiene bounces`, or say --reason hard_bounce_address if you know.",
            n=intake.bounces,
        )
    for file, header in intake.overlooked:
        yield Message(
            "%(file)s: the column %(column)s looks like an opt-out and was not read; rename it to opted_out if it is"
            " one.",
            {"file": Text(file), "column": Text(header)},
        )
    yield from map(_rejected, intake.rejected[:SHOWN])
    if len(intake.rejected) > SHOWN:
        yield Message("… and %(n)s more.", plural="… and %(n)s more.", n=len(intake.rejected) - SHOWN)
    if intake.key_is_new:
        yield filled(SAVE_KEY, {"key": Text(key)})


def _rejected(row: Rejected) -> Message:
    from hygiene.gate.ledger.types import masked

    args: dict[str, Value] = {"value": Text(masked(row.value)), "why": REJECTED[row.code]}
    if row.line is not None:
        return Message(
            "%(file)s, line %(line)s, “%(value)s”: %(why)s.",
            {**args, "file": Text(row.file), "line": Text(str(row.line))},
        )
    if row.file:
        return Message("%(file)s, “%(value)s”: %(why)s.", {**args, "file": Text(row.file)})
    return Message("“%(value)s”: %(why)s.", args)
