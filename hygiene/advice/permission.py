"""What permission the export shows for each contact: its country's regime, its basis, and what is missing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from hygiene.advice.contacts import writable
from hygiene.advice.legal import basis_of, country_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pandas import DataFrame, Series

    from hygiene.advice.case import Case

Gap: TypeAlias = Literal["no_basis", "consent_expired", "no_sign_of_life"]
GAPS: tuple[Gap, ...] = ("no_basis", "consent_expired", "no_sign_of_life")
BASIS_COLUMNS = frozenset(("contacts.legal_basis", "contacts.consent_at", "contacts.consent_source"))
PURCHASE_MONTHS = 24
"""How long an implied consent lasts after a purchase or contract (CASL; CRTC, com500)."""
ENQUIRY_MONTHS = 6
"""And after an enquiry."""
ROLES = ("role_team", "role_system")


def knows_bases(case: Case) -> bool:
    """Tell whether the export says anything of bases and consents at all."""
    return bool(case.enrolled.columns & BASIS_COLUMNS)


def permissions(case: Case, as_of: datetime) -> DataFrame:
    """Return a row a contact that is enrolled and may still be written to, running enrollments first.

    Columns as `Enrolled.rows` has them, and `code` (of the country; None: not in the table), `regime`, `basis` (as
    `legal.basis_of` has it), `has_consent`, `gap` (of `GAPS`; None: nothing is missing, or nothing can be told).
    """
    import numpy as np

    rows = writable(case, case.enrolled.rows).copy()
    places = {name: country_of(name) for name in rows["country"].unique()}
    countries = rows["country"].map(places.get)
    known = countries.notna()
    for column, of in (("code", "code"), ("regime", "regime"), ("generic", "generic")):
        rows[column] = countries.map(lambda place, of=of: getattr(place, of) if place else None)
    months = countries.map(lambda place: place.retention_months if place else 0)
    customers = known & countries.map(lambda place: bool(place) and place.existing_customer)
    rows["basis"] = _mapped(rows["legal_basis"], basis_of)
    rows["has_consent"] = rows["basis"].eq("consent") | (rows["consent_at"].notna() & rows["basis"].ne("none"))
    is_customer = rows["basis"].eq("customer")
    no_basis = (
        rows["regime"].eq("opt_in")
        & ~rows["has_consent"]
        & ~(is_customer & customers)
        & ~(rows["generic"].eq("free") & _is_generic(case, rows))
    )
    chosen = [no_basis & knows_bases(case), _expired(rows, as_of), _silent(rows, months, as_of) & ~is_customer]
    rows["gap"] = np.select([mask.astype(bool) for mask in chosen], GAPS, default="")
    rows["gap"] = rows["gap"].where(rows["gap"].ne(""), None)
    return rows


def _mapped(values: Series, of: Callable[[str | None], str | None]) -> Series:
    """Map the distinct values, of which there are few."""
    told = {value: of(value) for value in values.unique()}
    return values.map(told.get)


def _is_generic(case: Case, rows: DataFrame) -> Series:
    generic = [row.contact_id for row in case.addresses if any(problem.code in ROLES for problem in row.problems)]
    return rows["contact_id"].isin(generic)


def _expired(rows: DataFrame, as_of: datetime) -> Series:
    """Tell whose implied consent has run out; without its date nothing can be told."""
    import pandas as pd

    def before(months: int) -> Series:
        return rows["consent_at"] < pd.Timestamp(as_of) - pd.DateOffset(months=months)

    of_purchase = rows["basis"].eq("customer") & before(PURCHASE_MONTHS)
    return rows["regime"].eq("casl") & (of_purchase | (rows["basis"].eq("enquiry") & before(ENQUIRY_MONTHS)))


def _silent(rows: DataFrame, months: Series, as_of: datetime) -> Series:
    """Tell from whom nothing has come for longer than the country's time: no reply, click or consent."""
    import pandas as pd

    latest = rows[["created_at", "consent_at", "last_own_contact_at"]].max(axis=1)
    silent = pd.Series(data=False, index=rows.index)
    for count in months.unique():
        if count:
            silent |= months.eq(count) & (latest < pd.Timestamp(as_of) - pd.DateOffset(months=int(count)))
    return silent
