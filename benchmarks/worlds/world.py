"""A whole world: the tables that a tool would export at `as_of`, and beside them the truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zlib import crc32

import duckdb
import numpy as np

from benchmarks.worlds.history import live
from benchmarks.worlds.people import contact_table, make_office, make_people, sender_table, sequence_table
from benchmarks.worlds.plans import make_plan
from benchmarks.worlds.recipes import AS_OF, WORLDS
from benchmarks.worlds.signals import event_rows
from benchmarks.worlds.tables import enrollment_table, event_table
from benchmarks.worlds.truth import truth_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

AS_OF_FILE = "as_of.txt"


@dataclass(frozen=True)
class World:
    """What `make_world` makes; equal arguments give equal tables."""

    name: str
    tables: Mapping[str, pd.DataFrame]
    """The input tables by name, as the contract has them, times in UTC."""
    truth: pd.DataFrame
    """One row a contact:

    - contact_id, source, n_sends (mails really sent up to `as_of`);
    - alive at `as_of`, died_at (the mail at which it died last), has_left (its job), is_invalid (the address);
    - theta (probability of a reply to an email while alive), death_rate and complaint_rate (a send's);
    - p_next3 (probability of a human reply to any of the next three sends), y (drawn from it), expected_sends (of
      these three, if a reply stops them);
    - is_eligible: mailed before, and known at `as_of` for no hard bounce, unsubscribe, complaint or demand to stop;
    - is_proxy (opens come from a proxy), is_scanner (the company's gateway opens and clicks).
    """
    machine_truth: pd.DataFrame
    """One row an event: event_id, is_machine_true."""

    def write(self, folder: Path) -> None:
        """Write the input tables as Parquet files, and `as_of.txt` with the moment of the export."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in self.tables.items():
            write_parquet(table, folder / f"{name}.parquet")
        (folder / AS_OF_FILE).write_text(AS_OF.isoformat() + "\n", encoding="utf-8")

    def write_truth(self, path: Path) -> None:
        """Write the contacts' truth to a Parquet file; keep it out of the folder of the tables."""
        write_parquet(self.truth, path)

    def write_machine_truth(self, path: Path) -> None:
        """Write the events' truth to a Parquet file."""
        write_parquet(self.machine_truth, path)


def make_world(name: str, contacts: int = 60_000, seed: int = 1, *, agents: bool = False) -> World:
    """Simulate a world.

    Parameters
    ----------
    name
        One of `WORLDS`.
    contacts
        How many; `tiny` has at most 200.
    seed
        Worlds of one seed have the same people and plans as far as their recipes agree.
    agents
        Whether the export tells the program behind each open and click (`user_agent`).

    Raises
    ------
    KeyError
        If there is no such world.

    Examples
    --------
    >>> world = make_world("tiny")
    >>> len(world.truth), sorted(world.tables)
    (200, ['contacts', 'enrollments', 'events', 'senders', 'sequences'])
    """
    recipe = WORLDS[name]
    contacts = min(contacts, recipe.largest or contacts)
    random = partial(_generator, seed)
    office = make_office(random("office"))
    people = make_people(recipe, contacts, random("people"))
    plan = make_plan(recipe, contacts, office, random("plan"))
    sends, state = live(recipe, people, office, plan, random("history"))
    rows = event_rows(recipe, people, office, plan, sends, random("signals"))
    events = event_table(rows, plan, sends, agents=agents)
    tables = {
        "contacts": contact_table(people, plan.at[:, 0], recipe, random("contacts")),
        "enrollments": enrollment_table(recipe, plan, sends, state),
        "events": events,
        "senders": sender_table(),
        "sequences": sequence_table(office),
    }
    truth = truth_table(recipe, people, office, plan, sends, state, random("truth"))
    machines = events[["event_id"]].assign(is_machine_true=rows["is_machine_true"].astype(bool))
    return World(name, tables, truth, machines)


def _generator(seed: int, room: str) -> np.random.Generator:
    """Return the random numbers of one room, so that a change in one leaves the others as they are."""
    return np.random.default_rng([seed, crc32(room.encode())])


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    """Write a table to a Parquet file; categories become text."""
    with duckdb.connect() as con:
        con.register("given", table)
        columns = ", ".join(
            f'CAST("{name}" AS VARCHAR) AS "{name}"' if str(kind) == "category" else f'"{name}"'
            for name, kind in table.dtypes.items()
        )
        target = str(path).replace("'", "''")
        con.execute(f"COPY (SELECT {columns} FROM given) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
