"""What may be claimed from each vendor: addresses that never existed, written to soon after they were bought."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from hygiene.facts.queries import Questions
from hygiene.gate.lists.types import Claim, ClaimRow

if TYPE_CHECKING:
    from hygiene.engine import Engine
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport


def read_claims(engine: Engine, report: ImportReport, settings: Settings) -> tuple[Claim, ...]:
    """Return the claims of the named sources, the largest first.

    Needs the views of `define_outcomes` and the table `first_sends`, which `read_risk` makes.
    """
    questions = Questions(settings, report)
    within = timedelta(days=settings.claim_days)
    mailed: Counter[str] = Counter()
    for source, created_on, mailed_on, contacts in engine.rows(questions.sql("mailed_after_import")):
        if source is not None and mailed_on - created_on <= within:
            mailed[source] += contacts
    rows: defaultdict[str, list[ClaimRow]] = defaultdict(list)
    left: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for batch in engine.batches(questions.sql("vendor_claims")):
        for row in map(ClaimRow._make, batch):
            if row.source is None:
                continue
            why = _why_not(row, within)
            if why:
                left[row.source][why] += 1
            else:
                rows[row.source].append(row)
    claims = [
        Claim(source, tuple(rows[source]), mailed[source], *(left[source][why] for why in ("late", "undated", "weak")))
        for source in sorted({*rows, *left})
    ]
    return tuple(sorted(claims, key=lambda claim: (-len(claim.rows), claim.source)))


def _why_not(row: ClaimRow, within: timedelta) -> str:
    """Return why a bounce is no claim; empty: it is one. Days are counted from the day of import."""
    if row.created_at is None:
        return "undated"
    if row.bounced_at.date() - row.created_at.date() > within:
        return "late"
    return "" if row.action == "remove" else "weak"
