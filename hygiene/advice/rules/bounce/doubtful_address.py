"""BNC-07: an enrolled address is mistyped, malformed, thrown away after use, or nobody's in particular.

What it checks
    Whether contacts in running enrollments have an address that no server could hold, a likely slip of the finger in
    the domain (`gmial.com`), a throw-away domain, or the shared or automatic mailbox of a role (`info@`, `noreply@`).

Why it matters
    A slip bounces, or reaches a stranger; a shared mailbox rarely answers and complains more often than a person.

What to do
    Correct the slips, look for the person behind a shared mailbox, and take the others out.

Limits
    Warnings by form, offline: only a server says that an address is dead. A domain that two contacts use is taken as
    real. A shared mailbox may be the right one at a very small firm.

Source
    `models/addresses` (docs/bounces.md). RFC 2142 for the names of roles; RFC 5321 for the form.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hygiene.advice.contacts import NOBODY_RUNNING, by_sender, running, writable
from hygiene.advice.types import Clear, ContactRow, Fired, NotApplicable, Rule, Suggestion
from hygiene.values import Message

if TYPE_CHECKING:
    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome
    from hygiene.flags.addresses import AddressRow

RULE = Rule(
    id="BNC-07",
    family="bounce",
    scope="list",
    severity="medium",
    title=Message("No enrolled address is mistyped, thrown away or a shared mailbox"),
    effort_minutes=15,
    needs=("contacts.email",),
)
DOUBTFUL = ("malformed", "typo_domain", "disposable", "role_system", "role_team")
"""Codes of `mail.addresses`, the gravest first."""


def check(case: Case) -> Outcome:
    """Look for doubtful addresses in running enrollments, by sender."""
    rows = running(case)
    if rows.empty:
        return NotApplicable(NOBODY_RUNNING)
    doubtful = {row.contact_id: row for row in case.addresses if _code(row)}
    open_keys = writable(case, rows)["contact_key"]
    pairs = rows[rows["contact_key"].isin(open_keys)].drop_duplicates(["contact_key", "sender_key"])
    found = pairs[pairs["contact_id"].isin(doubtful)].sort_values("contact_id")
    if found.empty:
        return Clear(len(open_keys))
    return Fired(
        tuple(
            _suggestion(key, [doubtful[contact_id] for contact_id in here["contact_id"]])
            for key, here in by_sender(found)
        )
    )


def _code(row: AddressRow) -> str | None:
    """Return the gravest finding of those that this rule speaks of."""
    codes = {problem.code for problem in row.problems}
    return next((code for code in DOUBTFUL if code in codes), None)


def _suggestion(key: int, rows: list[AddressRow]) -> Suggestion:
    counts = Counter(str(_code(row)) for row in rows)
    steps = []
    if counts["typo_domain"]:
        steps.append(_corrected(counts["typo_domain"]))
    if counts["role_team"]:
        steps.append(_looked_for(counts["role_team"]))
    useless = counts["malformed"] + counts["disposable"] + counts["role_system"]
    if useless:
        steps.append(_unenrolled(useless))
    return Suggestion(
        rule=RULE,
        subject="contact-list:doubtful-addresses",
        sender_key=key,
        advice=Message(
            "Look at %(n)s address in your running enrollments before the next step: it is mistyped, malformed, thrown"
            " away after use, or a shared mailbox.",
            plural="Look at %(n)s addresses in your running enrollments before the next step: they are mistyped,"
            " malformed, thrown away after use, or shared mailboxes.",
            n=len(rows),
        ),
        steps=tuple(steps),
        evidence={"contacts": len(rows), **counts},
        rows=tuple(ContactRow(row.contact_id, _value(row)) for row in rows),
    )


def _corrected(n: int) -> Message:
    return Message(
        "Correct the slip as suggested, after a look at the person's site.",
        plural="Correct the slips as suggested, after a look at the person's site.",
        n=n,
    )


def _looked_for(n: int) -> Message:
    return Message(
        "Look for the person behind the shared mailbox.",
        plural="Look for the person behind each shared mailbox.",
        n=n,
    )


def _unenrolled(n: int) -> Message:
    return Message(
        "Unenroll the malformed, throw-away or automatic one and ask for another address.",
        plural="Unenroll the malformed, throw-away and automatic ones and ask for another address.",
        n=n,
    )


def _value(row: AddressRow) -> str:
    """Return the corrected address of a slip, else what was found."""
    code = str(_code(row))
    local = row.email.strip().rpartition("@")[0]
    return f"{local}@{row.suggestion}" if row.suggestion and local and code == "typo_domain" else code
