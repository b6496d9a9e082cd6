"""DuckDB behind the Engine protocol: in memory, offline, with spilling to a folder of its own."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from hygiene.errors import SettingsError, SourceError
from hygiene.sources.schema import CANONICAL
from hygiene.sources.workspace import memory_limit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from numpy.typing import NDArray

    from hygiene.sources.tables import Tables


def connect(limit_mib: int, spill: Path) -> duckdb.DuckDBPyConnection:
    """Open an in-memory database that reaches no network and spills into `spill`."""
    return duckdb.connect(
        config={
            "memory_limit": f"{limit_mib}MiB",
            "temp_directory": str(spill),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",  # every query that needs an order says so
        }
    )


class DuckDBEngine:
    """The default engine."""

    def __init__(self, memory_limit_mib: int = 0) -> None:
        self._spill = Path(tempfile.mkdtemp(prefix="hygiene-spill-"))
        self._limit_mib = memory_limit(memory_limit_mib)
        self._connection = connect(self._limit_mib, self._spill)

    def attach(self, tables: Tables, names: Iterable[str] | None = None) -> None:
        """Make canonical Parquet files (default: all, and the rejects) readable under their names."""
        for name in names or (*CANONICAL, "rejects"):
            path = str(tables.path(name)).replace("'", "''")
            self.define(name, f"SELECT * FROM read_parquet('{path}')")

    def define(self, name: str, query: str) -> None:
        """Give a query a name; it is worked out each time it is read."""
        with self._in_words():
            self._connection.execute(f"CREATE OR REPLACE VIEW {name} AS {query}")

    def keep(self, name: str, query: str) -> None:
        """Work a query out once and keep its rows under a name until the engine is closed."""
        with self._in_words():
            self._connection.execute(f"CREATE OR REPLACE TABLE {name} AS {query}")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return a small result."""
        with self._in_words():
            return self._connection.execute(query).fetchall()

    def batches(self, query: str, size: int = 20_000) -> Iterator[list[tuple[Any, ...]]]:
        """Yield a large result, `size` rows at a time; a cursor of its own lets other queries run between."""
        cursor = self._connection.cursor()
        try:
            with self._in_words():
                cursor.execute(query)
            while batch := self._fetch(cursor, size):
                yield batch
        finally:
            cursor.close()

    def arrays(self, query: str) -> dict[str, NDArray[Any]]:
        """Return a result as one array a column; a column with nulls is a masked array."""
        with self._in_words():
            columns: dict[str, Any] = {**self._connection.execute(query).fetchnumpy()}
        return columns

    def _fetch(self, cursor: duckdb.DuckDBPyConnection, size: int) -> list[tuple[Any, ...]]:
        with self._in_words():
            return cursor.fetchmany(size)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Turn the two failures that a user can mend into sentences; anything else is a bug and stays one."""
        try:
            yield
        except duckdb.OutOfMemoryException as error:
            raise SettingsError(
                f"The memory limit of {self._limit_mib} MiB is too low for this source. Raise memory_limit_mib in "
                "hygiene.toml, or HYGIENE_MEMORY_LIMIT_MIB."
            ) from error
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise SourceError(
                f"The cached tables cannot be read ({str(error).splitlines()[0]}). Delete the cache folder and run"
                " again."
            ) from error

    def close(self) -> None:
        """Give memory and temporary files back."""
        self._connection.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    def __enter__(self) -> DuckDBEngine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
