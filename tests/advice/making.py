"""Cases for the rules, made as a user's export makes them: CSV files with the contract's columns, read in full."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hygiene import pipeline
from hygiene.advice.advise import answer
from hygiene.advice.registry import find_rule
from hygiene.engine import open_engine
from hygiene.settings import Settings
from hygiene.sources import load

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.case import Case
    from hygiene.advice.types import Outcome

START = datetime(2026, 1, 5, 9)
Rows = list[dict[str, Any]]


def make_case(folder: Path, settings: Settings | None = None, **tables: Rows) -> Case:
    """Return the case of a source with these tables; a value None is an empty cell, a datetime is UTC."""
    source = write_source(folder / "source", **tables)
    settings = replace(settings or Settings(), cache_dir=folder / "cache")
    read = load(source, settings)
    with open_engine(settings.memory_limit_mib) as engine:
        engine.attach(read)
        found, _ = pipeline._audit(engine, read, settings, pipeline.silent)
        return pipeline._case(engine, found)


def write_source(source: Path, **tables: Rows) -> Path:
    """Write the tables as CSV files into a folder, and return it."""
    source.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        names = list(dict.fromkeys(name for row in rows for name in row))
        with (source / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows([{name: _cell(value) for name, value in row.items()} for row in rows])
    return source


def ask(rule_id: str, case: Case) -> Outcome:
    """Return what one rule answers."""
    return answer(find_rule(rule_id), case)


def enrolled(number: int, **columns: Any) -> Rows:
    """Return contacts' enrollments `e0…`, of contacts `c0…`, by sender `ann` in sequence `intro`, ended after 14 days.

    A column may be a function of the enrollment's number. `outcome="active"` leaves them running.
    """
    rows = []
    for place in range(number):
        row: dict[str, Any] = {
            "enrollment_id": f"e{place}",
            "contact_id": f"c{place}",
            "sender_id": "ann",
            "sequence_id": "intro",
            "enrolled_at": START + timedelta(hours=place),
            "outcome": "finished",
        }
        row.update({name: value(place) if callable(value) else value for name, value in columns.items()})
        if row["outcome"] != "active":
            row.setdefault("ended_at", row["enrolled_at"] + timedelta(days=14))
        rows.append(row)
    return rows


def people(number: int, **columns: Any) -> Rows:
    """Return contacts `c0…` with an address each; a column may be a function of the contact's number."""
    return [
        {
            "contact_id": f"c{place}",
            "email": f"person{place}@company{place}.example",
            **{name: value(place) if callable(value) else value for name, value in columns.items()},
        }
        for place in range(number)
    ]


def _cell(value: Any) -> Any:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value
