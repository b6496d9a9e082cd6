"""A file as a relation of DuckDB: `row` (its record number from 0) and the cells `c0`, `c1`, … as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hygiene.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Broken:
    """A row that could not be taken apart."""

    line: int
    column: str | None
    value: str
    code: str
    expected: str


@dataclass(frozen=True)
class Raw:
    """A file whose cells can be queried."""

    file: str
    table: str
    relation: str
    """What to select from; columns `row`, `c0`, `c1`, …"""
    headers: tuple[str, ...]
    types: tuple[str, ...]
    """DuckDB's type of each cell column: VARCHAR for all text formats."""
    encoding: str | None
    separator: str | None
    lines: Callable[[Sequence[int]], dict[int, int]]
    """Gives the line in the file of each of some records, ascending; the header is line 1."""
    broken: tuple[Broken, ...] = ()
    unread_sheets: tuple[str, ...] = ()
    """Names of a workbook's filled sheets whose headers are not the first's."""

    def require_all_sheets(self) -> None:
        """Stop where rows would be in no count.

        Raises
        ------
        SourceError
            Names the sheets that were not read.
        """
        if self.unread_sheets:
            names = ", ".join(f'"{name}"' for name in self.unread_sheets)
            raise SourceError(
                f"{self.file} has more than one filled sheet, and {names} has other headers than the first: "
                "save the sheet that is meant as a file of its own."
            )
