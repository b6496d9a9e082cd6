"""Histories made by hand."""

from __future__ import annotations

from hygiene.gate.risk import RiskFacts, RiskModel, RiskRow, fit
from tests.canonical import day


def row(source: str | None, batch: str | None, tried: int, bounced: int, kind: str = "none", **columns: int) -> RiskRow:
    found = RiskRow(source, batch, kind, 0, tried, bounced, tried - bounced, 0, day(0))  # type: ignore[arg-type]
    return found._replace(**columns)


def learned(*rows: RiskRow) -> RiskModel:
    return fit(RiskFacts(rows, day(100)))
