"""How a sender and a domain stand: enrollments count where they begin, running ones too, each list weighed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hygiene.engine import open_engine
from hygiene.gate.risk import read_risk
from hygiene.gate.risk.history import RISK_TABLES
from hygiene.gate.standing import ENOUGH_TRIED, RECENT_WEEKS, Standing, Tries, read_tries, standing
from hygiene.settings import Settings
from tests.canonical import day, make_tables

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 0.03
WEEK = 100


TEAM = SimpleNamespace(senders={key: SimpleNamespace(sender_id=name) for key, name in ((1, "ann"), (2, "bob"))})
"""Facts of which only the senders are asked."""


def person(key: int, **columns: Any) -> dict[str, Any]:
    return {"contact_key": key, "contact_id": f"c{key}", "source": "fair", "import_batch": "spring", **columns}


def enrollment(key: int, at: float, ended: float | None, sender: int = 1, **columns: Any) -> dict[str, Any]:
    keys = {"enrollment_key": key, "contact_key": key, "sender_key": sender, "sequence_key": 1}
    return {**keys, "enrolled_at": day(at), "ended_at": None if ended is None else day(ended), **columns}


def read(folder: Path, enrollments: list[dict[str, Any]], as_of: float = 100, **contact: Any) -> Tries:
    people = [person(row["contact_key"], **contact) for row in enrollments]
    made = make_tables(folder, contacts=people, enrollments=enrollments)
    settings = Settings(as_of=day(as_of))
    with open_engine() as engine:
        engine.attach(made, RISK_TABLES)
        read_risk(engine, made.report, settings)
        return read_tries(engine, made.report, TEAM, settings)  # type: ignore[arg-type]


def tries(*rows: tuple[int, int, int, int]) -> Tries:
    """Return tries of one sender from rows of list, week, tried and bounced."""
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    return Tries(np.zeros(len(rows), dtype=np.int64), ("ann",), *columns)


def of(given: Tries, week: int = WEEK) -> Standing:
    return standing(given, {"ann"}, week, LIMIT)


def test_a_running_enrollment_counts_once_its_bounce_would_be_known(tmp_path: Path) -> None:
    rows = [enrollment(1, 50, None), enrollment(2, 50, 50, bounced=True), enrollment(3, 98, 98, bounced=True)]
    found = read(tmp_path, rows)
    assert (found.tried.sum(), found.bounced.sum()) == (2, 1)


def test_a_burst_shows_its_own_rate_whatever_has_ended_of_it(tmp_path: Path) -> None:
    """Of two hundred that began together two bounced at once: those that ended by then are the two."""
    rows = [enrollment(key, 60, 60 if key < 2 else None, bounced=key < 2) for key in range(200)]
    found = of(read(tmp_path, rows, as_of=70), week=10**6)
    assert (found.tried, found.bounced) == (200, 2)
    assert found.p_over < 0.5


@pytest.mark.parametrize(("batch", "lists"), [("spring", 1), (None, 2)])
def test_a_list_is_a_batch_else_the_day_of_creation_else_the_week(
    tmp_path: Path, batch: str | None, lists: int
) -> None:
    rows = [enrollment(1, 10, 20), enrollment(2, 40, 50)]
    assert len(set(read(tmp_path, rows, import_batch=batch).list.tolist())) == lists
    made = read(tmp_path / "created", rows, import_batch=batch, created_at=day(1))
    assert len(set(made.list.tolist())) == 1


def test_a_batch_that_two_senders_use_is_a_list_of_each(tmp_path: Path) -> None:
    found = read(tmp_path, [enrollment(1, 10, 20), enrollment(2, 10, 20, sender=2)])
    assert found.senders == ("ann", "bob")
    assert len(set(found.list.tolist())) == 2


def test_old_enrollments_count_only_until_there_are_enough() -> None:
    old = WEEK - RECENT_WEEKS - 5
    few = of(tries((0, WEEK, ENOUGH_TRIED - 1, 0), (1, old, 100, 50), (2, old - 10, 100, 50)))
    enough = of(tries((0, WEEK, ENOUGH_TRIED, 0), (1, old, 100, 50)))
    assert (few.tried, few.bounced) == (ENOUGH_TRIED + 99, 50)
    assert (enough.tried, enough.bounced) == (ENOUGH_TRIED, 0)


def test_more_bounces_never_look_better_and_nobody_is_the_prior() -> None:
    chances = [of(tries(*((place, WEEK, 100, back) for place in range(6)))).p_over for back in range(0, 20, 2)]
    assert chances == sorted(chances)
    assert chances[0] < 0.01 < 0.99 < chances[-1]
    assert of(tries((0, WEEK + 1, 100, 50))).tried == 0
