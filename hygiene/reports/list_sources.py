"""Where the contacts came from, and what became of them: a bad list is seen here before anybody is blamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.reports.blocks import BOUNCE_RATE, REPLY_RATE, rate_cell
from hygiene.reports.document import Row, Table, TableColumn
from hygiene.scores.rates import fit_beta_prior, rates
from hygiene.scores.units import rate_counts
from hygiene.values import Count, Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.facts.types import ListSource
    from hygiene.reports.index import Index
    from hygiene.scores.types import Rate
    from hygiene.values import Value

ROWS_SHOWN = 100
"""Sources and batches shown: the largest; a CRM may hold a batch a day."""


def list_source_table(index: Index) -> Iterator[Table]:
    """Yield the table of sources and batches, if any contact has one."""
    found = [source for source in index.audit.facts.list_sources if source.counts.ended]
    if not any(source.source or source.import_batch for source in found):
        return
    shown = sorted(found, key=_largest)[:ROWS_SHOWN]
    rates = list_source_rates(index, shown)
    yield Table(
        caption=Message("Ended enrollments by source and import batch"),
        columns=(
            TableColumn(Message("Source")),
            TableColumn(Message("Import batch")),
            TableColumn(Message("Ended"), "number"),
            TableColumn(BOUNCE_RATE, "number"),
            TableColumn(REPLY_RATE, "number"),
        ),
        rows=tuple(_row(source, *pair) for source, pair in zip(shown, rates, strict=True)),
        total=len(found),
        sortable=True,
    )


def list_source_rates(index: Index, sources: list[ListSource]) -> list[tuple[Rate, Rate]]:
    """Return the bounce rate and the reply rate of each source, under a prior fitted on the sources."""
    of = rate_counts(np.array([source.counts for source in sources], dtype=np.int64), index.audit.settings)
    bounce, reply = (
        rates(counts[:, 0], counts[:, 1], fit_beta_prior(counts[:, 0], counts[:, 1]))
        for counts in (of.bounce, of.reply)
    )
    return list(zip(bounce, reply, strict=True))


def _largest(source: ListSource) -> tuple[int, str, str]:
    return -source.counts.ended, source.source or "", source.import_batch or ""


def _row(source: ListSource, bounce: Rate, reply: Rate) -> Row:
    return Row(
        (
            _named(source.source),
            _named(source.import_batch),
            Count(source.counts.ended),
            rate_cell(bounce),
            rate_cell(reply),
        ),
        (source.source, source.import_batch, source.counts.ended, bounce.value, reply.value),
    )


def _named(name: str | None) -> Value:
    return Text(name) if name else Message("not given")
