"""Histories made by hand."""

from __future__ import annotations

from hygiene.gate.risk import RiskFacts, RiskModel, RiskRow, SenderRow, fit
from tests.canonical import day


def row(source: str | None, batch: str | None, tried: int, bounced: int, kind: str = "none", **columns: int) -> RiskRow:
    found = RiskRow(source, batch, kind, 0, tried, bounced, tried - bounced, 0, day(0))  # type: ignore[arg-type]
    return found._replace(**columns)


def learned(*rows: RiskRow) -> RiskModel:
    return fit(RiskFacts(rows, day(100)))


def learned_of(own: list[RiskRow], others: list[RiskRow]) -> RiskModel:
    """Return what is learned of a sender who wrote to some lists, beside colleagues who wrote to others."""
    mine = tuple(SenderRow(*each[:3], each.tried, each.address_bounced) for each in own)
    return fit(RiskFacts((*own, *others), day(100), mine))
