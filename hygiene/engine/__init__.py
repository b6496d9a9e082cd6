"""Runs the `.sql` of facts/ on the canonical tables: a small protocol, with DuckDB behind it."""

from hygiene.engine.protocol import Engine

__all__ = ["Engine", "open_engine"]


def open_engine(memory_limit_mib: int = 0) -> Engine:
    """Return the default engine, an in-memory DuckDB.

    Parameters
    ----------
    memory_limit_mib
        Limit in MiB; 0 = the lesser of 1024 and half of the machine's memory.
    """
    from hygiene.engine.duckdb import DuckDBEngine

    return DuckDBEngine(memory_limit_mib)
