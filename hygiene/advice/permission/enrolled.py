"""The permission of those who are enrolled, for the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from hygiene.advice.contacts import writable
from hygiene.advice.permission.judge import judge
from hygiene.advice.permission.reading import BASIS_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pandas import DataFrame

    from hygiene.advice.case import Case
    from hygiene.advice.permission.types import Code

Gap: TypeAlias = Literal["consent_withdrawn", "no_basis", "consent_expired", "no_sign_of_life"]
GAPS: Mapping[Gap, tuple[Code, ...]] = {
    "consent_withdrawn": ("consent_withdrawn",),
    "no_basis": ("no_consent", "no_proof", "basis_denied", "undated", "future_date"),
    "consent_expired": ("implied_ended",),
    "no_sign_of_life": ("no_sign_of_life",),
}
"""What the rule on missing bases speaks of, the gravest first, by the codes of the decision."""


def knows_bases(case: Case) -> bool:
    """Tell whether the export says anything of bases and consents at all."""
    return bool(case.enrolled.columns & {f"contacts.{name}" for name in BASIS_COLUMNS})


def permissions(case: Case, as_of: datetime) -> DataFrame:
    """Return a row a contact that is enrolled and may still be written to, running enrollments first.

    Columns as `Enrolled.rows` has them, those of `judge`, and `gap` (of `GAPS`; None: nothing is missing, or nothing
    can be told). `country` is the code that was judged by, in `judged_by` too.
    """
    rows = writable(case, case.enrolled.rows)
    judged = judge(rows, as_of, bases_known=knows_bases(case))
    gaps = {code: gap for gap, codes in GAPS.items() for code in codes}
    gap = judged["code"].map(gaps).astype(object)
    judged["gap"] = gap.where(gap.notna() & judged["judged_by"].notna(), None)
    return rows.drop(columns=["country", "last_own_contact_at"]).join(judged)
