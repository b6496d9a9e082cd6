"""The database in which a source is taken apart: on disk, offline, in UTC, within its memory."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from pathlib import Path

DEFAULT_LIMIT_MIB = 1024
"""Measured on 100 M events: below 1 GiB spilling costs at most 20 % CPU, and more memory is not faster."""


def connect(memory_limit_mib: int, work: Path) -> duckdb.DuckDBPyConnection:
    """Open a database in a folder.

    Parameters
    ----------
    memory_limit_mib
        0 = the lesser of 1024 and half of the machine's memory.
    work
        Gets the database and what spills.
    """
    con = duckdb.connect(
        str(work / "work.duckdb"),
        config={
            "memory_limit": f"{memory_limit(memory_limit_mib)}MiB",
            "temp_directory": str(work / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_progress_bar = false")
    con.execute("PRAGMA disable_checkpoint_on_shutdown")  # the database is thrown away
    return con


def memory_limit(requested_mib: int) -> int:
    """Return the limit in MiB: the requested one, or the lesser of 1024 and half of the machine's memory."""
    if requested_mib:
        return requested_mib
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    except (ValueError, OSError, AttributeError):  # not told on this system
        return DEFAULT_LIMIT_MIB
    return min(DEFAULT_LIMIT_MIB, total // 2)
