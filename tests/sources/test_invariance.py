"""Neither the order of rows nor rows that stand twice change what comes of a source."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.sources.schema import CANONICAL, EVENT_TYPES
from tests.sources.folder import read

if TYPE_CHECKING:
    from tests.sources.folder import Loaded

START = datetime(2026, 1, 1)


def source(seed: int) -> dict[str, list[str]]:
    """Lines of a small random source: enrollments, events (some loose), contacts."""
    draw = random.Random(seed)  # noqa: S311 – made-up data
    enrollments = [
        f"e{n},c{draw.randrange(6)},s{draw.randrange(2)},q{draw.randrange(2)},"
        f"{START + timedelta(days=draw.randrange(40))}"
        for n in range(12)
    ]
    events = []
    for n in range(40):
        owner = draw.choice(enrollments).split(",")
        enrollment = owner[0] if draw.random() < 0.6 else ""
        at = START + timedelta(days=draw.randrange(60))
        events.append(f"v{n},{enrollment},{owner[1]},{owner[2]},{owner[3]},{draw.choice(EVENT_TYPES)},{at}")
    contacts = [f"c{n},c{n}@x.example,{draw.choice(['yes', 'no'])}" for n in range(5)]
    return {
        "enrollments.csv": ["enrollment_id,contact_id,sender_id,sequence_id,enrolled_at", *enrollments],
        "events.csv": ["event_id,enrollment_id,contact_id,sender_id,sequence_id,type,at", *events],
        "contacts.csv": ["contact_id,email,opted_out", *contacts],
    }


def canonical(lines: dict[str, list[str]]) -> dict[str, Any]:
    loaded = read({name: "\n".join(rows) + "\n" for name, rows in lines.items()})
    return {table: loaded.rows(table) for table in CANONICAL}


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10_000), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_rows_and_exact_duplicates_change_nothing(seed: int, shuffle: random.Random) -> None:
    lines = source(seed)
    changed = {}
    for name, (header, *rows) in lines.items():
        twice = rows + shuffle.sample(rows, k=3)
        shuffle.shuffle(twice)
        changed[name] = [header, *twice]
    assert canonical(changed) == canonical(lines)


def _with_two(rows: str) -> Loaded:
    return read({"contacts.csv": "contact_id,first_name\n" + rows})


def test_equal_rows_count_once_and_are_no_rejects() -> None:
    loaded = _with_two("c1,Ann\nc2,Bob\nc1,Ann\nc1,Ann\n")
    assert loaded.rows("contacts", "contact_id") == ["c1", "c2"]
    assert (loaded.notes, loaded.rejects) == ({"duplicate_rows": {"table": "contacts", "count": 2}}, [])


def test_of_rows_that_share_an_id_and_differ_the_first_counts() -> None:
    loaded = _with_two("c1,Ann\nc2,Bob\nc1,Eve\nc1,Ann\n")
    assert loaded.rows("contacts", "first_name") == ["Ann", "Bob"]
    assert loaded.rejects == [("contacts.csv", 4, "contact_id", "c1", "duplicate_id")]
    assert loaded.notes["duplicate_ids"] == {"table": "contacts", "column": "contact_id", "count": 1}


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ("c,s,sent,2026-01-01\nc,s,sent,2026-01-01\n", 1),
        ("c,s,sent,2026-01-01\nc,s,sent,2026-01-02\n", 2),
    ],
)
def test_events_without_ids_are_the_same_where_all_columns_are(rows: str, kept: int) -> None:
    assert len(read({"events.csv": "contact_id,sender_id,type,at\n" + rows}).rows("events")) == kept
