"""What is wrong with each enrolled contact's value in each column: every distinct value is looked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hygiene.advice.qa.types import BREAKING, DEFECTS
from hygiene.advice.qa.values import defect_of
from hygiene.advice.qa.words import CHECKED

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray
    from pandas import DataFrame

    from hygiene.advice.qa.types import Defect

    Integers = NDArray[np.int64]

FINE = 0
"""The state of a value with nothing wrong; of the others it is their place in `DEFECTS`, plus one."""
UNUSABLE = frozenset(DEFECTS.index(defect) + 1 for defect in BREAKING)
MOST_VALUES = 50
"""Distinct values of a column up to which a condition on it is decided value by value (assumed)."""


class States:
    """The values of the enrolled contacts by row of `Enrolled.rows`; each column is worked out when it is asked for."""

    def __init__(self, rows: DataFrame, held: Collection[str]) -> None:
        self._rows = rows
        self.held = frozenset(held) & frozenset(CHECKED)
        """Columns that the export holds, perhaps empty."""
        self._states: dict[str, Integers] = {}
        self._codes: dict[str, tuple[Integers, NDArray[np.object_]]] = {}

    def _coded(self, column: str) -> tuple[Integers, NDArray[np.object_]]:
        if column not in self._codes:
            import pandas as pd

            codes, values = pd.factorize(self._rows[column])
            self._codes[column] = (codes.astype(np.int64), np.asarray(values, dtype=object))
        return self._codes[column]

    def of(self, column: str) -> Integers:
        """Return the state of each row's value."""
        if column not in self._states:
            codes, values = self._coded(column)
            found = [_state(defect_of(value, column)) for value in values.tolist()]
            # The last one is that of a missing value, whose code is -1.
            self._states[column] = np.array([*found, _state("empty")], dtype=np.int64)[codes]
        return self._states[column]

    def kept_apart(self, column: str) -> Integers:
        """Return a number by which rows are told apart where a condition asks for the column's value."""
        codes, values = self._coded(column)
        return codes + 1 if len(values) <= MOST_VALUES else self.of(column)

    def value(self, column: str, place: int) -> str:
        """Return the value of a row; empty where there is none."""
        found = self._rows[column].iat[place]
        return found if isinstance(found, str) else ""


def _state(defect: Defect | None) -> int:
    return FINE if defect is None else DEFECTS.index(defect) + 1


def defect_at(state: int) -> Defect | None:
    """Return the defect that a state stands for."""
    return None if state == FINE else DEFECTS[state - 1]
