"""The rows of a list beside what a source knows of the same people: gaps are filled, and whoever said no stays out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from hygiene.advice.permission.reading import addresses, shows_bases, text
from hygiene.gate.consent.rows import consent_of_rows

if TYPE_CHECKING:
    from datetime import datetime

    from pandas import DataFrame, Series

FILLED = (
    *("country", "legal_basis", "consent_at", "consent_source", "created_at", "last_own_contact_at", "source"),
    "import_batch",
)
"""Columns in which a list's empty cell is filled by what the source knows of the contact."""


def with_known(rows: DataFrame, known: DataFrame) -> DataFrame:
    """Return the rows of a list, gaps filled by what is known of the contact of the same id, else of the same address.

    Parameters
    ----------
    rows
        Of the list; columns as `consent_of_rows` takes them. Its own values stay.
    known
        A row a contact of the source, with the columns of `FILLED`, `contact_id` and `email`.
    """
    filled = rows.copy()
    for keys, theirs in ((text(rows, "contact_id"), text(known, "contact_id")), (addresses(rows), addresses(known))):
        first = known[theirs.notna() & ~theirs.duplicated()]
        place = pd.Series(range(len(first)), index=theirs[first.index]).reindex(keys.where(keys.notna(), "").to_numpy())
        for name in FILLED:
            filled[name] = _filled(filled, name, first[name].reset_index(drop=True), place)
    return filled


def _filled(rows: DataFrame, name: str, known: Series[Any], place: Series[Any]) -> Series[Any]:
    theirs = known.reindex(place.to_numpy())
    theirs.index = rows.index
    if name not in rows:
        return theirs
    own = rows[name]
    return own.where(own.notna(), theirs) if own.notna().any() else theirs


def consent_of_list(rows: DataFrame, known: DataFrame, as_of: datetime) -> DataFrame:
    """Return `consent_of_rows` of a list: an opt-out that the source knows counts, by the id or by the address.

    Parameters
    ----------
    rows
        As `with_known` returns them.
    known
        The contacts of the source.
    as_of
        The moment that is asked about.
    """
    together = pd.concat([rows.reset_index(drop=True), known.reset_index(drop=True)], ignore_index=True)
    judged = consent_of_rows(together, as_of, bases_known=shows_bases(rows)).iloc[: len(rows)]
    judged.index = rows.index
    return judged
