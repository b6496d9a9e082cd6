"""Who is on each list: contacts, bases, verifications, ages, and those whom nobody has written to yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hygiene.advice.legal import basis_of
from hygiene.facts.queries import Questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from hygiene.engine import Engine
    from hygiene.gate.risk.hierarchy import Name
    from hygiene.gate.risk.types import Verification
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport


@dataclass
class Stock:
    """The contacts of one list, counted."""

    is_import: bool = False
    contacts: int = 0
    with_basis: int = 0
    verified: int = 0
    ended: int = 0
    bounced: int = 0
    replied: int = 0
    not_mailed: Counter[Verification] = field(default_factory=Counter)
    created: Counter[datetime] = field(default_factory=Counter)
    """Contacts by the day they were created."""

    def age_days(self, as_of: datetime | None) -> int | None:
        """Return the median age in days; None where no day is known."""
        half, seen = self.created.total() / 2, 0
        for day in sorted(self.created):
            seen += self.created[day]
            if as_of and seen >= half:
                return max((as_of - day).days, 0)
        return None


def read_stock(engine: Engine, report: ImportReport, settings: Settings) -> dict[Name, Stock]:
    """Return the stock of each batch, by source and batch; needs the view `outcomes`."""
    found: dict[Name, Stock] = {}
    documented: dict[str | None, bool] = {}
    for rows in engine.batches(Questions(settings, report).sql("list_stock")):
        for source, batch, is_import, kind, basis, is_consent_told, created_on, *counts in rows:
            if basis not in documented:
                documented[basis] = basis_of(basis) not in (None, "none")
            stock = found.setdefault((source, batch), Stock())
            contacts, verified, not_mailed, ended, bounced, replied = counts
            stock.is_import |= bool(is_import)
            stock.contacts += contacts
            stock.with_basis += contacts if documented[basis] or is_consent_told else 0
            stock.verified += verified
            stock.ended += ended
            stock.bounced += bounced
            stock.replied += replied
            if not_mailed:
                stock.not_mailed[kind] += not_mailed
            if created_on:
                stock.created[created_on] += contacts
    return found


def together(stocks: Iterable[Stock]) -> Stock:
    """Return the stock of several lists as one."""
    whole = Stock()
    for stock in stocks:
        for name in ("contacts", "with_basis", "verified", "ended", "bounced", "replied"):
            setattr(whole, name, getattr(whole, name) + getattr(stock, name))
        whole.not_mailed.update(stock.not_mailed)
        whole.created.update(stock.created)
    return whole


def read_not_mailed(
    engine: Engine, report: ImportReport, settings: Settings, names: Iterable[Name]
) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    """Yield the contacts of some batches whom nobody has written to: id, address, source, batch."""
    wanted = set(names)
    for rows in engine.batches(Questions(settings, report).sql("not_mailed")):
        yield from (row for row in rows if row[2:] in wanted)
