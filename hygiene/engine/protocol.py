"""What an engine must do: run portable SQL on the canonical tables and hand back small results.

The `.sql` of facts/ keeps to the subset that DuckDB 2.0, PostgreSQL 15 and Spark 4.0 read alike: CTEs with aliases,
`COUNT(CASE WHEN …)` for conditional counts, `DATE_TRUNC`, explicit null handling, no arithmetic on times but
`+ INTERVAL '5' SECOND`, no division, no dialect function. Times arrive as `TIMESTAMP '…'` literals made in Python
(`engine/sql.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from numpy.typing import NDArray

    from hygiene.sources.tables import Tables


class Engine(Protocol):
    """A connection to wherever the canonical tables are."""

    def attach(self, tables: Tables, names: Iterable[str] | None = None) -> None:
        """Make canonical tables (default: all, and `rejects`) readable under their names."""

    def define(self, name: str, query: str) -> None:
        """Give a query a name; it is worked out each time it is read."""

    def keep(self, name: str, query: str) -> None:
        """Work a query out once and keep its rows under a name until the engine is closed."""

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return a small result."""

    def batches(self, query: str, size: int = 20_000) -> Iterator[list[tuple[Any, ...]]]:
        """Yield a large result, `size` rows at a time, without holding it whole."""

    def arrays(self, query: str) -> dict[str, NDArray[Any]]:
        """Return a result as one array a column, for arithmetic on many rows; nulls are masked."""

    def close(self) -> None:
        """Give memory and temporary files back."""

    def __enter__(self) -> Engine: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...
