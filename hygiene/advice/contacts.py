"""What the rules on contacts share: who is in a running enrollment, who may still be written to, and whose they are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from hygiene.advice.types import ContactRow
from hygiene.values import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pandas import DataFrame

    from hygiene.advice.case import Case
    from hygiene.flags.types import ContactFlag, Flag

NOBODY_RUNNING = Message("Nobody is in a running enrollment.")
NOBODY_ENROLLED = Message("Nobody who may still be written to is enrolled.")


def flagged(case: Case, *flags: Flag) -> dict[int, ContactFlag]:
    """Return the contacts with one of the flags, by key."""
    return {row.facts.contact_key: row for row in case.flags.flagged if row.flag in flags}


def running(case: Case) -> DataFrame:
    """Return the rows of `Enrolled.rows` that have not ended."""
    rows = case.enrolled.rows
    return rows[rows["ended_at"].isna()]


def writable(case: Case, rows: DataFrame) -> DataFrame:
    """Return a row a contact, of those whom nothing forbids to write to: neither `never` nor `remove`; in order."""
    stopped = [row.facts.contact_key for row in case.flags.flagged if row.flag in ("never", "remove")]
    return rows[~rows["contact_key"].isin(stopped)].drop_duplicates("contact_key")


def still_running(case: Case, contacts: Mapping[int, ContactFlag]) -> dict[int | None, list[tuple[ContactFlag, int]]]:
    """Return which of some contacts are in running enrollments, each with how many, by the sender of these.

    A contact beyond the rows that are looked at one by one counts for the sender of its latest enrollment.
    """
    rows = running(case)
    here = rows[rows["contact_key"].isin(contacts)]
    counts = Counter(zip(here["contact_key"].tolist(), here["sender_key"].tolist(), strict=True))
    found: dict[int | None, list[tuple[ContactFlag, int]]] = {}
    for (contact_key, sender_key), count in counts.items():
        found.setdefault(sender_key, []).append((contacts[contact_key], count))
    seen = {contact_key for contact_key, _ in counts}
    for key, row in contacts.items():
        if key not in seen and row.facts.active_enrollments:
            found.setdefault(row.facts.sender_key, []).append((row, row.facts.active_enrollments))
    return {key: sorted(found[key], key=lambda pair: pair[0].facts.contact_id) for key in sorted(found, key=_place)}


def by_sender(rows: DataFrame) -> Iterator[tuple[int, DataFrame]]:
    """Yield each sender's rows, by key."""
    for key, here in rows.groupby("sender_key"):
        yield cast("int", key), here


def rows_of(contacts: DataFrame, values: str) -> tuple[ContactRow, ...]:
    """Return the contacts to act on, each with its value in the column `values`, in order."""
    return tuple(
        ContactRow(contact_id, value or "")
        for contact_id, value in zip(contacts["contact_id"], contacts[values], strict=True)
    )


def _place(key: int | None) -> int:
    return -1 if key is None else key
