"""The rows of a list whose legal basis does not do, by the one decision that rules and the consent ledger share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hygiene.facts.arrays import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hygiene.gate.people import People
    from hygiene.sources.lists import Listed
    from hygiene.values import Message

REASON_OF: Mapping[str, str] = {
    "needs_documented_basis": "consent_missing",
    "expired": "consent_expired",
    "objected": "objected",
}
"""By status: the reason for which a row is dropped."""
RULINGS = frozenset(REASON_OF.values())


class Ruling(NamedTuple):
    """Why a row may not be written to by its country's rule. Never legal advice."""

    reason: str
    country: str
    """ISO code; empty: not known."""
    why: Message


def rule_on_rows(
    listed: Listed, people: People, as_of: datetime, *, bases_known: bool
) -> tuple[dict[int, Ruling], Mapping[str, int]]:
    """Return the rows that their country's rule speaks against, and how many rows have each status.

    Parameters
    ----------
    listed, people
        The list, and what the source knows of its rows.
    as_of
        The moment that is asked about, naive UTC.
    bases_known
        Whether the list or the source has any column on legal bases.
    """
    import pandas as pd

    from hygiene.gate.consent import consent_of_rows

    columns = {name: pd.Series(values, dtype=values.dtype) for name, values in people.values.items()}
    frame = pd.DataFrame(columns, index=range(len(listed.cells)))
    for name in ("opted_out", "do_not_contact"):
        frame[name] = plain(listed.values[name])
    frame["last_own_contact_at"] = _own_contacts(people)
    judged = consent_of_rows(frame, as_of, bases_known=bases_known)
    told = zip(judged["status"].tolist(), judged["judged_by"].tolist(), judged["why"].tolist(), strict=True)
    found = {
        place: Ruling(REASON_OF[status], country if isinstance(country, str) else "", why)
        for place, (status, country, why) in enumerate(told)
        if status in REASON_OF
    }
    return found, Counter(judged["status"].tolist())


def _own_contacts(people: People) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    """Return when each person last answered, as the source knows it."""
    latest = [
        max((contact.facts.last_reply_at for contact in known if contact.facts.last_reply_at), default=None)
        for known in people.known
    ]
    return np.array([np.datetime64(at, "us") if at else np.datetime64("NaT", "us") for at in latest], "datetime64[us]")
