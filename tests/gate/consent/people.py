"""Rows of contacts, and what is decided of them, for the tests of consent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from hygiene.gate.consent import consent_of_rows

AS_OF = datetime(2026, 6, 1)
LATELY = AS_OF - timedelta(days=100)
CONSENT = "Freely given consent from contact"
INTEREST = "Legitimate interest – prospect/lead"


def months_ago(months: int, *, days: int = 0) -> datetime:
    """The moment so many months, and some days, before `AS_OF`."""
    return (pd.Timestamp(AS_OF) - pd.DateOffset(months=months) - pd.Timedelta(days=days)).to_pydatetime()


def contact(**columns: Any) -> dict[str, Any]:
    """A contact at a domain that hints at no country, collected lately, with every column of bases."""
    given = {"contact_id": "c1", "email": "ann@acme.example", "country": None, "created_at": LATELY}
    return {**given, "legal_basis": None, "consent_at": None, "consent_source": None, **columns}


def decided(*rows: dict[str, Any], as_of: datetime = AS_OF, bases_known: bool | None = True) -> list[tuple[str, str]]:
    """Return (status, code) of rows, in order."""
    found = consent_of_rows(pd.DataFrame(list(rows)), as_of, bases_known=bases_known)
    return list(zip(found["status"], found["code"], strict=True))
