"""Reads files of no table whose name says that they list opt-outs, such as `hubspot-unsubscribes.csv`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.errors import SourceError
from hygiene.mail.addresses.names import is_public, named_in
from hygiene.sources.sql import count
from hygiene.sources.stops import read_stops
from hygiene.sources.tables import ImportNote
from hygiene.sources.typed import given

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb

    from hygiene.settings import Settings
    from hygiene.sources.stops import Stop

UNREAD = "unread_opt_out_file"


def add_loose(con: duckdb.DuckDBPyConnection, paths: Iterable[Path], settings: Settings) -> list[ImportNote]:
    """Add to the work table of suppressions whom files of opt-outs name; note each file, also one that names nobody.

    Parameters
    ----------
    con
        Holds `given_suppressions`.
    paths
        The files, of any kind that `stops.read_stops` reads.
    settings
        As it takes them.
    """
    notes = []
    for path in paths:
        try:
            stops = [stop for stop in read_stops(path, settings).stops if _stops_somebody(stop)]
        except SourceError:
            stops = []
        if stops:
            _insert(con, stops)
            notes.append(ImportNote("read_as_suppressions", {"file": path.name, "count": len(stops)}))
        else:
            notes.append(ImportNote(UNREAD, {"file": path.name}))
    return notes


def _stops_somebody(stop: Stop) -> bool:
    """Tell whether a row keeps somebody out; a bounce in an export of contacts may be another's fault."""
    return not stop.is_bounce and (
        stop.key is not None or any(not is_public(name) for name in named_in(stop.who or ""))
    )


def _insert(con: duckdb.DuckDBPyConnection, stops: list[Stop]) -> None:
    table = given("suppressions")
    first = count(con, f"SELECT coalesce(max(row), -1) + 1 FROM {table}")
    names = ("who", "key", "reason", "at", "source", "key_id", "variant", "scope", "expires")
    columns = [[getattr(stop, name) for stop in stops] for name in names]
    cells = ", ".join("unnest(?::TIMESTAMP[])" if name == "at" else "unnest(?::VARCHAR[])" for name in names)
    con.execute(
        f"""INSERT INTO {table} (row, email, "key", reason, "at", source, key_id, variant, scope, expires)
            SELECT {first} + generate_subscripts(?::VARCHAR[], 1) - 1, {cells}""",
        [columns[0], *columns],
    )
