from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from hygiene.gate.ledger import open_ledger
from hygiene.gate.ledger.drift import LEDGER, Drift, drifts
from hygiene.pipeline import silent
from hygiene.settings import Settings
from tests.advice.making import enrolled, people, write_source

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 11, 1)


def compare(tmp_path: Path, *sources: Path, facts: tuple[tuple[str, str], ...] = ()) -> list[Drift]:
    """Return the drift between tools and a ledger with some facts of May 1."""
    ledger = open_ledger(tmp_path / "ledger.jsonl", tmp_path / "ledger.key", create=bool(facts))
    at = datetime(2026, 5, 1)
    ledger.add([ledger.entry(who, why, at=at, source="phone") for who, why in facts]) if facts else None  # type: ignore[arg-type]
    return drifts(sources, ledger, TODAY, Settings(cache_dir=tmp_path / "cache"), silent)


def tool(tmp_path: Path, name: str, number: int, *, active: tuple[int, ...] = (), **columns: Any) -> Path:
    """Return the exports of a tool with some people, of whom some are in a running sequence."""
    outcome = lambda place: "active" if place in active else "finished"  # noqa: E731
    return write_source(
        tmp_path / name, enrollments=enrolled(number, outcome=outcome), contacts=people(number, **columns)
    )


def test_who_said_no_in_one_tool_and_runs_in_another_is_one_row(tmp_path: Path) -> None:
    said = {0: datetime(2026, 10, 22), 2: datetime(2026, 10, 2)}
    crm = tool(tmp_path, "crm", 4, opted_out=lambda n: n in said, opted_out_at=said.get)
    mailer = tool(tmp_path, "mailer", 3, active=(0,))
    assert compare(tmp_path, crm, mailer) == [
        Drift("person0@company0.example", "opt_out", "crm", "", said[0], 10, "mailer", "in_sequences", ("intro",)),
        Drift("person2@company2.example", "opt_out", "crm", "", said[2], 30, "mailer", "not_stopped", ()),
    ]
    assert compare(tmp_path, mailer, crm) == compare(tmp_path, crm, mailer)


def test_a_tool_that_knows_the_no_is_told_only_of_what_runs(tmp_path: Path) -> None:
    crm = tool(tmp_path, "crm", 2, active=(0,), opted_out=True)
    [row] = compare(tmp_path, crm)
    assert (row.email, row.said_in, row.still_in, row.state) == (
        "person0@company0.example",
        "crm",
        "crm",
        "in_sequences",
    )
    assert (row.said_at, row.days) == (None, None)


def test_the_ledger_is_one_more_tool(tmp_path: Path) -> None:
    mailer = tool(tmp_path, "mailer", 4, active=(1,))
    rows = compare(
        tmp_path,
        mailer,
        facts=(
            ("Person1+x@company1.example", "objection"),
            ("@company2.example", "opt_out"),
            ("stranger@x.example", "legal"),
        ),
    )
    at = datetime(2026, 5, 1)
    assert rows == [
        Drift("person1@company1.example", "objection", LEDGER, "phone", at, 184, "mailer", "in_sequences", ("intro",)),
        Drift("person2@company2.example", "opt_out", LEDGER, "phone", at, 184, "mailer", "not_stopped", ()),
    ]


def test_dead_addresses_are_no_drift(tmp_path: Path) -> None:
    crm = tool(tmp_path, "crm", 2, hard_bounce_reason="UNKNOWN_USER")
    mailer = tool(tmp_path, "mailer", 2, active=(0, 1))
    assert compare(tmp_path, crm, mailer, facts=(("person0@company0.example", "hard_bounce_address"),)) == []


def test_a_file_of_suppressions_is_a_tool_that_only_knows_who_said_no(tmp_path: Path) -> None:
    mailer = tool(tmp_path, "mailer", 3, active=(0,))
    block = tmp_path / "block.txt"
    block.write_text("person0@company0.example\ncompany2.example\n", encoding="utf-8")
    rows = compare(tmp_path, mailer, block)
    assert [(row.email, row.said_in, row.reason, row.still_in) for row in rows] == [
        ("person0@company0.example", "block.txt", "do_not_contact", "mailer"),
        ("person2@company2.example", "block.txt", "do_not_contact", "mailer"),
    ]


def test_one_person_under_two_contacts_is_one_row_with_the_sequences_of_both(tmp_path: Path) -> None:
    names = ("ann@acme.example", "Ann+x@acme.example", "bob@acme.example")
    mailer = write_source(
        tmp_path / "mailer",
        enrollments=enrolled(3, outcome="active", sequence_id=lambda n: ("intro", "follow-up", "intro")[n]),
        contacts=people(3, email=lambda n: names[n]),
    )
    [row] = compare(tmp_path, mailer, facts=(("ann@acme.example", "opt_out"),))
    assert row.sequences == ("follow-up", "intro")


def test_the_strictest_no_is_told_and_of_equal_ones_the_first(tmp_path: Path) -> None:
    one = tool(tmp_path, "one", 1, opted_out=True, opted_out_at=datetime(2026, 3, 3))
    two = tool(tmp_path, "two", 1, opted_out=True, opted_out_at=datetime(2026, 2, 2))
    mailer = tool(tmp_path, "mailer", 1)
    [row] = compare(tmp_path, one, two, mailer)
    assert (row.said_in, row.said_at) == ("two", datetime(2026, 2, 2))
    [row] = compare(tmp_path, one, two, mailer, facts=(("person0@company0.example", "erasure"),))
    assert (row.said_in, row.reason) == (LEDGER, "erasure")


def test_a_suppression_of_a_source_has_its_date(tmp_path: Path) -> None:
    crm = write_source(
        tmp_path / "crm",
        contacts=people(1),
        suppressions=[{"email": "person0@company0.example", "reason": "asked", "at": datetime(2026, 10, 30)}],
    )
    [row] = compare(tmp_path, crm, tool(tmp_path, "mailer", 1))
    assert (row.said_at, row.days) == (datetime(2026, 10, 30), 2)


def test_tools_of_one_name_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    one = tool(tmp_path / "hubspot", "exports", 1, opted_out=True)
    other = tool(tmp_path / "lemlist", "exports", 1)
    [row] = compare(tmp_path, one, other)
    assert (row.said_in, row.still_in) == (str(one), str(other))


def test_nobody_drifts_where_nobody_said_no(tmp_path: Path) -> None:
    assert compare(tmp_path, tool(tmp_path, "mailer", 3, active=(0,))) == []
