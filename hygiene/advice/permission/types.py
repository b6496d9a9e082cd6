"""The words of the decision on a contact's permission: statuses, and the codes that say why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Status: TypeAlias = Literal[
    "documented", "expires_soon", "unknown_country", "needs_documented_basis", "expired", "objected"
]
STATUSES: tuple[Status, ...] = get_args(Status)
"""From the best to the worst: where two readings of one contact differ, the worse counts."""
SENDABLE: tuple[Status, ...] = ("documented", "expires_soon")
"""With one of these, the table has nothing against the next email."""

Objection: TypeAlias = Literal[
    "opted_out",
    "unsubscribed",
    "asked_out",
    "complained",
    "do_not_contact",
    "suppressed",
    "in_ledger",
    "consent_withdrawn",
]
OBJECTIONS: tuple[Objection, ...] = get_args(Objection)
"""The first that a contact shows is its code; as the reasons of `flags`, and a basis that says it was taken back."""

Code: TypeAlias = Literal[
    Objection,
    "implied_ended",
    "no_sign_of_life",
    "future_date",
    "not_exported",
    "undated",
    "no_consent",
    "no_proof",
    "basis_denied",
    "no_country",
    "not_listed",
    "no_source",
    "consent",
    "implied",
    "customer",
    "company_address",
    "basis",
    "until_objection",
]
CODES: Mapping[Code, Status] = {
    **dict.fromkeys(OBJECTIONS, "objected"),
    "implied_ended": "expired",
    "no_sign_of_life": "expired",
    "future_date": "needs_documented_basis",
    "not_exported": "needs_documented_basis",
    "undated": "needs_documented_basis",
    "no_consent": "needs_documented_basis",
    "no_proof": "needs_documented_basis",
    "basis_denied": "needs_documented_basis",
    "no_country": "unknown_country",
    "not_listed": "unknown_country",
    "no_source": "unknown_country",
    "consent": "documented",
    "implied": "documented",
    "customer": "documented",
    "company_address": "documented",
    "basis": "documented",
    "until_objection": "documented",
}
"""Every code and its status; a documented one becomes `expires_soon` when its last days have begun."""

CountryFrom: TypeAlias = Literal["column", "domain", "both", "none"]
"""Where the country is from: the export's column, the address's domain alone, both at odds, or nowhere."""
EXPIRES_SOON_DAYS = 60
"""From so many days before its end a documented basis is said to run out; assumed."""
FUTURE_DAYS = 31
"""A contact's row may be younger than the last event of the export; a consent dated later than so is a slip of the pen,
or was not yet given at the moment that is asked about. assumed"""
