"""The rows of contacts as the decision reads them: countries as codes, bases by their kind, who said no, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hygiene.advice.legal import basis_of, countries, country_of, country_of_domain
from hygiene.advice.permission.types import OBJECTIONS
from hygiene.mail.addresses.check import role_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from pandas import DataFrame, Series

BASIS_COLUMNS = ("legal_basis", "consent_at", "consent_source")
OWN_CONTACTS = ("last_own_contact_at", "last_clicked_at", "last_replied_at")
"""A sign of life of the person: an open is none."""
FLAGS = {"opted_out": "opted_out", "do_not_contact": "do_not_contact"}
DATED = {
    "opted_out_at": "opted_out",
    "unsubscribed_at": "unsubscribed",
    "asked_out_at": "asked_out",
    "complained_at": "complained",
}
NOBODY = len(OBJECTIONS)
"""The place, beyond the last, of whoever did not object."""


def read_rows(frame: DataFrame) -> DataFrame:
    """Return what the decision needs of rows of contacts, whichever of the contract's columns they have.

    Parameters
    ----------
    frame
        Columns as `hygiene.gate.consent.consent_of_rows` takes them.

    Returns
    -------
    DataFrame
        With the index of `frame`: `told` (code of the country in the column; None: none of the table's), `is_told` (the
        column says something), `hint` (code by the address's domain), `basis` (kind), `basis_source`, `consent_at`,
        `created_at`, `own_at`, `objection` (a place in `OBJECTIONS`, or `NOBODY`), `is_generic`.
    """
    country, email, basis = text(frame, "country"), addresses(frame), mapped(text(frame, "legal_basis"), basis_of)
    own = pd.concat([moments(frame, name) for name in OWN_CONTACTS], axis=1).max(axis=1)
    domains = pd.Series([(address or "").rpartition("@")[2] or None for address in email], frame.index, dtype=object)
    told, hint = mapped(country, _code_of), mapped(domains, _code_of_domain)
    return pd.DataFrame(
        {
            "told": told,
            "is_told": country.notna(),
            "hint": hint,
            "basis": basis,
            "basis_source": text(frame, "consent_source"),
            "consent_at": moments(frame, "consent_at"),
            "created_at": moments(frame, "created_at"),
            "own_at": own,
            "objection": _shared(_objections(frame, basis), email, text(frame, "contact_id")),
            "is_generic": _generic(email, told.isin(_free()) | hint.isin(_free())),
        },
        index=frame.index,
    )


def shows_bases(frame: DataFrame) -> bool:
    """Tell whether any row says anything of bases and consents at all."""
    return any(name in frame and bool(frame[name].notna().any()) for name in BASIS_COLUMNS)


def addresses(frame: DataFrame) -> Series[Any]:
    """Return the addresses as they are compared; None where there is none."""
    return pd.Series([address and address.lower() for address in text(frame, "email")], frame.index, dtype=object)


def text(frame: DataFrame, name: str) -> Series[Any]:
    """Return a column of texts without spaces around; None for an empty cell, or where there is no such column."""
    if name not in frame:
        return pd.Series(np.full(len(frame), None), frame.index, dtype=object)
    given = frame[name].astype(object)
    cells = [None if missing else str(cell).strip() or None for cell, missing in zip(given, given.isna(), strict=True)]
    return pd.Series(cells, frame.index, dtype=object)


def moments(frame: DataFrame, name: str) -> Series[Any]:
    """Return a column of times as naive UTC; NaT for a cell that is none, or where there is no such column."""
    if name not in frame:
        return pd.Series(pd.NaT, frame.index, dtype="datetime64[us]")
    given = frame[name]
    if given.dtype.kind == "M" and getattr(given.dtype, "tz", None) is None:
        return given.astype("datetime64[us]")
    read = pd.to_datetime(given, errors="coerce", utc=True, format="mixed" if given.dtype == object else None)
    return read.dt.tz_localize(None).astype("datetime64[us]")


def mapped(values: Series[Any], of: Callable[[Any], Any]) -> Series[Any]:
    """Map the distinct values, of which there are few; None stays None."""
    places, distinct = pd.factorize(values)
    found = np.empty(len(distinct) + 1, dtype=object)
    found[:-1] = [of(value) for value in distinct]
    return pd.Series(found[places], values.index, dtype=object)  # -1, for a missing one, is the last


def is_true(frame: DataFrame, name: str) -> NDArray[np.bool_]:
    """Return whether a cell says yes; a cell that says nothing does not."""
    if name not in frame:
        return np.zeros(len(frame), dtype=bool)
    given = frame[name]
    return np.asarray(given.where(given.notna(), other=False).astype(bool), dtype=bool)


def _objections(frame: DataFrame, basis: Series[Any]) -> NDArray[np.int64]:
    places = np.full(len(frame), NOBODY)
    said = {name: is_true(frame, column) for column, name in FLAGS.items()}
    for column, name in DATED.items():
        dated = moments(frame, column).notna().to_numpy()
        said[name] = dated | said[name] if name in said else dated
    for name in ("suppressed", "in_ledger"):  # a reason may be an empty text: it is there all the same
        said[name] = frame[name].notna().to_numpy() if name in frame else np.zeros(len(frame), bool)
    said["consent_withdrawn"] = basis.eq("refused").to_numpy()
    for place in reversed(range(NOBODY)):
        places[said[OBJECTIONS[place]]] = place
    return places


def _shared(places: NDArray[np.int64], *keys: Series[Any]) -> NDArray[np.int64]:
    """Return the objections such that whoever said no in one row has said it in each of their rows."""
    if (places == NOBODY).all():
        return places
    for key in keys:
        known = key.notna().to_numpy()
        least = pd.Series(places[known]).groupby(key[known].to_numpy(), sort=False).transform("min")
        places = places.copy()
        places[known] = least.to_numpy()
    return places


def _free() -> list[str]:
    """Return the countries that ask for a person's consent and leave a company's own addresses free."""
    return [row.code for row in countries() if row.generic == "free" and row.regime == "opt_in"]


def _generic(email: Series[Any], asked: Series[Any]) -> NDArray[np.bool_]:
    """Tell which addresses are a company's own; only where that makes a difference."""
    found = (
        is_asked and role_of((address or "").rpartition("@")[0]) is not None
        for address, is_asked in zip(email, asked, strict=True)
    )
    return np.fromiter(found, dtype=bool, count=len(email))


def _code_of(name: str) -> str | None:
    country = country_of(name)
    return country.code if country else None


def _code_of_domain(domain: str) -> str | None:
    country = country_of_domain(domain)
    return country.code if country else None
