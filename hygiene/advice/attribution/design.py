"""Which effects are told apart: the columns of the model, and what each row of the facts has of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from hygiene.facts.factors import FACTORS, NOT_TOLD, Factor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hygiene.facts.factors import FactorTable

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

Group: TypeAlias = Factor | Literal["fit", "period"]
"""Effects with one variance: a factor; `fit`, how a sequence suits an industry; `period`, when the enrollment ended."""
GROUPS: tuple[Group, ...] = (*FACTORS, "fit", "period")
PERIOD_WEEKS = 4
"""A period is so many weeks; whatever changed for all in a period explains nobody's gap."""
LEAST_ROWS = 2
"""A level of fewer enrollments has no effect of its own."""


@dataclass(frozen=True)
class Design:
    """The rows of one model, and the columns that each row has.

    Columns are numbered through all groups; the last one, `size`, is the intercept. A row without a level in a group
    points to `size + 1`, which is always zero.
    """

    columns: dict[Group, Integers]
    """Of each group the column of each row."""
    spans: dict[Group, tuple[int, int]]
    """First column of each group, and the one after the last."""
    size: int
    """Number of columns, without the intercept."""
    fit_of: NDArray[np.int64]
    """Column of `fit` by the codes of sequence and industry; `nothing` where none is told apart. A last row and column
    stand for the code `NOT_TOLD`."""

    @property
    def nothing(self) -> int:
        """The column of no effect."""
        return self.size + 1


def build_design(table: FactorTable) -> Design:
    """Lay the factors of a table out as columns.

    A factor whose told rows all have one level explains nothing and has no columns that any row points to.
    """
    columns: dict[Group, Integers] = {}
    spans: dict[Group, tuple[int, int]] = {}
    size = 0
    for factor in FACTORS:
        codes = table.codes[factor]
        width = len(table.levels[factor])
        columns[factor] = np.where((codes == NOT_TOLD) | (width < 2), NOT_TOLD, size + codes)
        spans[factor] = (size, size + width)
        size += width
    places, fit_of, width = _fits(table)
    columns["fit"] = np.where(places == NOT_TOLD, NOT_TOLD, size + places)
    fit_of = np.where(fit_of == NOT_TOLD, NOT_TOLD, size + fit_of)
    spans["fit"] = (size, size + width)
    size += width
    blocks, period = np.unique(table.week // PERIOD_WEEKS, return_inverse=True)
    width = blocks.size
    columns["period"] = size + period if width > 1 else np.full(period.size, NOT_TOLD)
    spans["period"] = (size, size + width)
    size += width
    filled = {group: np.where(column == NOT_TOLD, size + 1, column) for group, column in columns.items()}
    return Design(filled, spans, size, np.where(fit_of == NOT_TOLD, size + 1, fit_of))


def _fits(table: FactorTable) -> tuple[Integers, Integers, int]:
    """Return each row's pair of sequence and industry, the pairs' places as a matrix, and their number.

    Only where a sequence met several industries and an industry several sequences there is a fit to be told.
    """
    sequence, industry = table.codes["sequence"], table.codes["industry"]
    shape = (len(table.levels["sequence"]), len(table.levels["industry"]))
    told = (sequence != NOT_TOLD) & (industry != NOT_TOLD)
    rows = np.zeros(shape, dtype=np.int64)
    np.add.at(rows, (sequence[told], industry[told]), table.ended[told])
    met = rows >= LEAST_ROWS
    crossed = met & (met.sum(axis=1, keepdims=True) > 1) & (met.sum(axis=0, keepdims=True) > 1)
    place = np.full((shape[0] + 1, shape[1] + 1), NOT_TOLD)
    place[:-1, :-1][crossed] = np.arange(crossed.sum())
    found = np.full(sequence.size, NOT_TOLD)
    found[told] = place[sequence[told], industry[told]]
    return found, place, int(crossed.sum())
