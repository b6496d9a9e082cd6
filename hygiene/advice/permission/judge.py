"""The decision itself: what each contact's country asks for, what the row shows of it, and until when that holds.

Never legal advice: a reading of `models/legal/countries.toml`. The country is the export's column; the domain of the
address is a hint that can make a status worse, never better. Whoever said no is `objected`, whatever else is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hygiene.advice.legal import Country, by_code, strictest_retention
from hygiene.advice.permission.reading import read_rows, shows_bases
from hygiene.advice.permission.types import (
    CODES,
    EXPIRES_SOON_DAYS,
    FUTURE_DAYS,
    OBJECTIONS,
    STATUSES,
)

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray
    from pandas import DataFrame, Series

    from hygiene.advice.permission.types import Code

    Mask = NDArray[np.bool_]

WRITTEN = ("customer", "enquiry", "published", "interest", "other")
"""Kinds of bases that a country without consent may rest on."""
NEVER = pd.Timestamp("9999-12-31").as_unit("us")
"""In place of an end that there is not."""


def judge(frame: DataFrame, as_of: datetime, *, bases_known: bool | None = None) -> DataFrame:
    """Return what permission each row of contacts shows.

    Parameters
    ----------
    frame
        Columns as `hygiene.gate.consent.consent_of_rows` takes them, each of them optional.
    as_of
        The moment that is asked about, naive UTC.
    bases_known
        Whether the export says anything of bases and consents at all; None: whether these rows do.

    Returns
    -------
    DataFrame
        A row a row of `frame`, with its index; columns `country`, `country_from`, `hint`, `judged_by`, `regime`,
        `basis`, `basis_source`, `last_own_contact_at`, `since`, `counted_from`, `months`, `expires_at`, `status`,
        `code`.
    """
    rows = read_rows(frame)
    known = shows_bases(frame) if bases_known is None else bases_known
    result = _by(rows, rows["told"], as_of, known)
    at_odds = rows["hint"].notna() & rows["hint"].ne(rows["told"])
    if at_odds.any():
        hinted = _by(rows[at_odds], rows["hint"][at_odds], as_of, known)
        worse = _is_worse(hinted, result[at_odds], ~rows["is_told"][at_odds])
        result.loc[worse.index[worse], hinted.columns] = hinted[worse]
    result.insert(0, "country", rows["told"].where(rows["is_told"], rows["hint"]))
    result.insert(1, "country_from", _origin(rows, at_odds))
    result.insert(2, "hint", rows["hint"])
    return result


def _origin(rows: DataFrame, at_odds: Series[Any]) -> NDArray[Any]:
    told, hinted = rows["is_told"], rows["hint"].notna()
    return np.select([told & at_odds, told, hinted], ["both", "column", "domain"], default="none")


def _is_worse(hinted: DataFrame, told: DataFrame, is_hint_alone: Series[Any]) -> Series[Any]:
    """Tell where the hint's reading counts: where it is worse, or as bad and sooner at its end."""
    rank = {status: place for place, status in enumerate(STATUSES)}
    ours, theirs = hinted["status"].map(rank), told["status"].map(rank)
    sooner = hinted["expires_at"].fillna(NEVER) < told["expires_at"].fillna(NEVER)
    not_later = hinted["expires_at"].fillna(NEVER) <= told["expires_at"].fillna(NEVER)
    return ours.gt(theirs) | (ours.eq(theirs) & (sooner | (not_later & is_hint_alone)))


def _by(rows: DataFrame, codes: Series[Any], as_of: datetime, bases_known: bool) -> DataFrame:
    """Return the reading of rows by the countries of `codes`."""
    law = _Law(codes)
    until = _until(rows, law)
    ended = (until["expires_at"] < pd.Timestamp(as_of)).to_numpy()
    code = _codes(rows, law, ended, pd.Timestamp(as_of) + pd.Timedelta(days=FUTURE_DAYS), bases_known)
    status = pd.Series(code, rows.index).map(dict(CODES)).to_numpy(dtype=object)
    soon = (until["expires_at"] <= pd.Timestamp(as_of) + pd.Timedelta(days=EXPIRES_SOON_DAYS)).to_numpy()
    status[(status == "documented") & soon] = "expires_soon"
    judged = pd.DataFrame(
        {"judged_by": codes, "regime": law.of("regime"), "basis": rows["basis"], "basis_source": rows["basis_source"]},
        index=rows.index,
    ).assign(last_own_contact_at=rows["own_at"])
    rests_on_consent = rows["basis"].isin(("consent", "customer", "enquiry", "published")) | rows["consent_at"].notna()
    judged["since"] = rows["consent_at"].where(rests_on_consent, rows["created_at"])
    holds = np.isin(status, ("documented", "expires_soon", "expired"))
    judged = judged.join(until.where(pd.Series(holds, rows.index)))
    return judged.assign(status=status, code=code)


class _Law:
    """What the table says of the countries of some rows; of a country not known, the strictest."""

    def __init__(self, codes: Series[Any]) -> None:
        self._places, distinct = pd.factorize(codes)
        nowhere = Country(
            code="",
            aliases=(),
            tld="",
            regime="unknown",
            generic="unknown",
            conditions=(),
            sources=(),
            retention_months=strictest_retention().retention_months,
        )
        self._countries = [*(by_code()[code] for code in distinct), nowhere]
        self.is_known: Mask = self._places >= 0

    def of(self, name: str) -> NDArray[Any]:
        """Return one thing that the table says, by row."""
        return np.array([getattr(country, name) for country in self._countries])[self._places]

    def implied(self, basis: Series[Any]) -> NDArray[np.int64]:
        """Return how many months an implied consent lasts, by row; 0: there is none."""
        kinds = sorted({kind for country in self._countries for kind, _ in country.implied_months})
        months = np.array(
            [[dict(country.implied_months).get(kind, 0) for kind in kinds] for country in self._countries]
        )
        found = np.zeros(len(basis), dtype=np.int64)
        for place, kind in enumerate(kinds):
            is_kind = basis.eq(kind).to_numpy()
            found[is_kind] = months[self._places[is_kind], place]
        return found


def _until(rows: DataFrame, law: _Law) -> DataFrame:
    """Return from when a basis is counted, for how many months, and when that ends; NaT and 0 where it does not."""
    implied = law.implied(rows["basis"])
    # Of customers no sign of life is asked: the contract is one.
    kept = np.where(rows["basis"].eq("customer"), 0, law.of("retention_months"))
    months = np.where(implied > 0, implied, kept)
    life = rows[["created_at", "consent_at", "own_at"]].max(axis=1)
    start = rows["consent_at"].where(implied > 0, life).where(months > 0)
    end = pd.Series(pd.NaT, rows.index, dtype="datetime64[us]")
    for count in np.unique(months[months > 0]):
        here = months == count
        end[here] = start[here] + pd.DateOffset(months=int(count))
    months = np.where(end.notna(), months, 0)
    return pd.DataFrame({"counted_from": start, "months": months, "expires_at": end}, index=rows.index)


def _codes(rows: DataFrame, law: _Law, ended: Mask, latest: pd.Timestamp, bases_known: bool) -> NDArray[Any]:
    """Return the code of each row: the first whose condition holds."""
    regime, basis = law.of("regime"), rows["basis"].to_numpy()
    is_future = (rows["consent_at"] > latest).to_numpy()
    implied = law.implied(rows["basis"]) > 0
    claimed = ((basis == "consent") | (rows["consent_at"].notna().to_numpy() & (basis != "none"))) & ~implied
    consent = claimed & ~is_future
    customer = (basis == "customer") & law.of("existing_customer")
    company = rows["is_generic"].to_numpy() & (law.of("generic") == "free")
    # What satisfies the country that asks for most satisfies one of which nothing is known.
    enough = consent | customer | company
    objection, written = rows["objection"].to_numpy(), np.isin(basis, WRITTEN)
    opt_in, casl, opt_out, unknown = (regime == name for name in ("opt_in", "casl", "opt_out", "unknown"))
    asks = (opt_in & ~enough) | (casl & ~consent & ~implied)
    conditions: dict[Code, Mask] = {
        **{name: objection == place for place, name in enumerate(OBJECTIONS)},
        "future_date": (asks & claimed & is_future) | (implied & is_future),
        "undated": implied & rows["consent_at"].isna().to_numpy(),
        "no_consent": opt_in & asks & bases_known,
        "no_proof": casl & asks & bases_known,
        "basis_denied": (opt_out | unknown) & (basis == "none") & law.of("written_basis") & ~enough,
        "implied_ended": implied & ended,
        "no_sign_of_life": law.is_known & ended,
        "not_exported": asks,
        "no_source": unknown & law.is_known & ~enough,
        "not_listed": unknown & rows["is_told"].to_numpy() & ~law.is_known & (~enough | ended),
        "no_country": unknown & ~law.is_known & (~enough | ended),
        "implied": implied,
        "consent": consent,
        "company_address": company & ~opt_out,
        "customer": customer,
        "basis": written,
    }
    return np.asarray(np.select(list(conditions.values()), list(conditions), default="until_objection"), dtype=object)
