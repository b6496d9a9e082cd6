"""Why a row is dropped: the codes, in the order in which they are asked, and the check that each belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hygiene.flags.types import REASONS as FLAG_REASONS
from hygiene.values import Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygiene.flags.types import ContactFlag

_NEVER = tuple(reason for reason, flag in FLAG_REASONS.items() if flag == "never")
_REMOVE = tuple(reason for reason, flag in FLAG_REASONS.items() if flag == "remove")
_PAUSE = tuple(reason for reason, flag in FLAG_REASONS.items() if flag == "pause")


@dataclass(frozen=True)
class RowCheck:
    """One question that is asked of every row."""

    id: str
    title: Message
    """What is well where no row is dropped."""
    found: Message
    """What is said of `n` rows that are."""
    reasons: tuple[str, ...]
    """Codes of the rows that it drops."""


ROW_CHECKS: tuple[RowCheck, ...] = (
    RowCheck(
        "rows.opt_out",
        Message("Nobody on the list has said no."),
        Message("%(n)s row is of somebody who has said no.", plural="%(n)s rows are of people who have said no."),
        (*_NEVER, "opted_out_in_list", "do_not_contact_in_list", "objected"),
    ),
    RowCheck(
        "rows.ledger",
        Message("Nobody on the list is in the suppression ledger."),
        Message("%(n)s row is in the suppression ledger.", plural="%(n)s rows are in the suppression ledger."),
        ("in_ledger", "bounced_in_ledger"),
    ),
    RowCheck(
        "rows.bounced",
        Message("No address on the list is known to be dead."),
        Message(
            "%(n)s row has an address that is known to be dead.",
            plural="%(n)s rows have addresses that are known to be dead.",
        ),
        (*_REMOVE, "bounced_in_list"),
    ),
    RowCheck(
        "rows.address",
        Message("Every row has an address that can be written to."),
        Message(
            "%(n)s row has no address that can be written to.",
            plural="%(n)s rows have no address that can be written to.",
        ),
        ("unreadable_row", "no_address", "malformed_address", "verified_invalid"),
    ),
    RowCheck(
        "rows.typo",
        Message("No address has a mistyped domain."),
        Message("%(n)s address looks mistyped.", plural="%(n)s addresses look mistyped."),
        ("typo_domain",),
    ),
    RowCheck(
        "rows.disposable",
        Message("No address is disposable."),
        Message("%(n)s address is disposable.", plural="%(n)s addresses are disposable."),
        ("disposable",),
    ),
    RowCheck(
        "rows.role",
        Message("Every address is a person's."),
        Message(
            "%(n)s address is a shared one, such as info@.", plural="%(n)s addresses are shared ones, such as info@."
        ),
        ("role_system", "role_team"),
    ),
    RowCheck(
        "rows.duplicate",
        Message("Nobody is on the list twice."),
        Message("%(n)s row repeats another one.", plural="%(n)s rows repeat others."),
        ("duplicate",),
    ),
    RowCheck(
        "rows.in_sequence",
        Message("Nobody on the list is in a running sequence."),
        Message(
            "%(n)s row is of somebody in a running sequence.", plural="%(n)s rows are of people in a running sequence."
        ),
        ("in_sequence",),
    ),
    RowCheck(
        "rows.recent",
        Message("Nobody on the list was written to lately."),
        Message(
            "%(n)s row is of somebody who was written to lately.",
            plural="%(n)s rows are of people who were written to lately.",
        ),
        ("contacted_recently", "enrolled_recently"),
    ),
    RowCheck(
        "rows.company",
        Message("No company has too many people on the list."),
        Message("%(n)s row is one too many at its company.", plural="%(n)s rows are too many at their companies."),
        ("company_full",),
    ),
    RowCheck(
        "rows.silent",
        Message("Nobody on the list should be left alone for now."),
        Message(
            "%(n)s row is of somebody who should be left alone for now.",
            plural="%(n)s rows are of people who should be left alone for now.",
        ),
        _PAUSE,
    ),
    RowCheck(
        "rows.consent",
        Message("Every row has the basis that its country asks for."),
        Message(
            "%(n)s row needs a documented basis before anybody writes.",
            plural="%(n)s rows need a documented basis before anybody writes.",
        ),
        ("consent_missing", "consent_expired"),
    ),
    RowCheck(
        "rows.language",
        Message("Everybody reads the language of the email."),
        Message(
            "%(n)s row reads another language than the email's.",
            plural="%(n)s rows read another language than the email's.",
        ),
        ("other_language",),
    ),
    RowCheck(
        "template.mails",
        Message("Every email comes out whole."),
        Message(
            "%(n)s email would come out with a hole in it.", plural="%(n)s emails would come out with holes in them."
        ),
        ("broken_mail",),
    ),
    RowCheck(
        "whole.untested",
        Message("No list source is new."),
        Message(
            "%(n)s row of a new list source waits for the outcome of a test batch.",
            plural="%(n)s rows of new list sources wait for the outcome of a test batch.",
        ),
        ("untested_source",),
    ),
    RowCheck(
        "whole.bounces",
        Message("The bounces to expect fit the domain's budget."),
        Message(
            "%(n)s row is left out so that the bounces to expect fit the domain's budget.",
            plural="%(n)s rows are left out so that the bounces to expect fit the domain's budget.",
        ),
        ("over_budget",),
    ),
)
"""In the order in which they are asked: a row is dropped for the first reason that applies, the gravest first."""

CHECK_OF: Mapping[str, RowCheck] = {reason: check for check in ROW_CHECKS for reason in check.reasons}
"""By reason code."""


class Dropped(NamedTuple):
    """A row of the list that must not be written to."""

    place: int
    """Of the row in the list, from 0; −1: a line that could not be taken apart."""
    line: int
    """In the list's file."""
    reason: str
    """A key of `CHECK_OF`."""
    value: str = ""
    """What gave it away, such as a listed domain or the reason in the ledger: hostile text."""
    at: datetime | None = None
    """When that was, where it is known."""
    flag: ContactFlag | None = None
    """Of the source's contact, where its flag is the reason."""
    said: Message | None = None
    """The whole sentence, where a room before this one words it."""
