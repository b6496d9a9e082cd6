"""The same `.sql` text on DuckDB and on PostgreSQL: equal rows, or the portable subset is a wish."""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import subprocess
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from hygiene.engine import open_engine
from hygiene.facts.machines import THRESHOLDS
from hygiene.facts.queries import Questions
from hygiene.settings import Settings
from hygiene.sources.schema import CANONICAL, EVENT_TYPES
from tests.canonical import day, make_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.sources.tables import Tables

SERVER = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)
pytestmark = pytest.mark.skipif(SERVER is None, reason="no PostgreSQL server is installed here")

QUESTIONS = (
    "sender_sequence_month",
    "totals",
    "list_sources",
    "sequence_steps",
    "contacts",
    "bounces",
    "bounce_causes",
    "sender_days",
    "engagement_sends",
    "engagement_groups",
    "engagement_complaints",
    "engagement_counts",
    "engaged_contacts",
    "enrolled",
    "consumer_days",
    "sender_mails",
    "suppressed_contacts",
    "running_sequences",
    "contact_addresses",
    "outcome_factors",
    "waiting",
    "missing_tokens",
    "risk_history",
    "sender_first_mails",
    "sender_tries",
    "named_suppressions",
    "opt_outs",
    "late_mails",
    "consent",
    "contact_record",
    "contact_history",
    "contact_enrolled",
    "repeated_bounces",
    "list_stock",
    "vendor_claims",
    "mailed_after_import",
    "not_mailed",
)
UNORDERED = ("named_suppressions",)
"""Views that other questions read: their rows are compared in whatever order."""
KEPT = (
    ("outcomes", "enrollment_outcomes"),
    ("first_bounces", "first_bounces"),
    ("signals", "machine_signs"),
    ("activity", "contact_activity"),
    ("since_reply", "contact_since_reply"),
    ("since_engagement", "contact_since_engagement"),
    ("contact_enrollments", "contact_enrollments"),
    ("last_bounces", "last_bounces"),
    ("answers", "contact_answers"),
    ("own_contacts", "own_contacts"),
    ("named_suppressions", "named_suppressions"),
    ("opt_outs", "opt_outs"),
    ("engagement_sends", "engagement_sends"),
    ("engagement_groups", "engagement_groups"),
    ("first_sends", "first_sends"),
    ("tries", "tries"),
)
PARAMETERS = {"by_month": True, "send_type": "sent", "has_events": True, "has_replies": True}
PARAMETERS |= THRESHOLDS | {"full_since": day(30), "hold_since": day(60), "most": 13, "most_rows": 40, "every": 2}
PARAMETERS |= {"settled": day(67), "matured": day(50)}
PARAMETERS |= {"contact_key": 7, "sender": 1}


class Postgres:
    """A server of its own in a temporary folder, reached by socket through `psql`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._user = "nobody" if os.geteuid() == 0 else None  # the server refuses to run as root
        if self._user:
            shutil.chown(folder, self._user)
        self._run(str(SERVER), "-D", str(folder / "data"), "-A", "trust", "-U", "test", "--no-sync", "-E", "UTF8")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        self._control("start", "-w", "-o", options, "-l", str(folder / "log"))

    def _run(self, *command: str, stdin: str | None = None) -> str:
        done = subprocess.run(
            command, input=stdin, capture_output=True, text=True, check=True, user=self._user, cwd=self._folder
        )
        return done.stdout

    def _control(self, action: str, *options: str) -> None:
        assert SERVER is not None
        subprocess.run(
            [str(SERVER.with_name("pg_ctl")), "-D", str(self._folder / "data"), action, *options],
            check=True,
            stdout=subprocess.DEVNULL,
            user=self._user,
            cwd=self._folder,
        )

    def psql(self, script: str) -> str:
        return self._run(
            "psql", "-h", str(self._folder), "-U", "test", "-d", "postgres", "-q", "-v", "ON_ERROR_STOP=1", stdin=script
        )

    def rows(self, query: str) -> list[list[str]]:
        answer = self.psql(f"COPY ({query}) TO STDOUT (FORMAT csv, NULL '∅')")
        return list(csv.reader(io.StringIO(answer)))

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    rng = random.Random(7)  # noqa: S311
    events = [
        {
            "event_key": key,
            "enrollment_key": rng.randint(1, 60),
            "contact_key": rng.randint(1, 40),
            "sender_key": rng.randint(1, 4),
            "sequence_key": rng.randint(1, 3),
            "step": rng.choice((None, 1, 2, 3)),
            "type": rng.choice(EVENT_TYPES),
            "at": day(rng.choice((rng.randint(0, 90), rng.randint(60, 63))))
            + timedelta(seconds=rng.choice((1, 3, 40))),
            "is_machine": rng.random() < 0.3,
            "agent": rng.choice((None, None, None, "proxy")),
            "detail": rng.choice((None, "550 5.1.1", 'é, "x"')),
            "subject": ("[[Missing token - FIRSTNAME]], hello", "Hello", None)[key % 3],
            "bounce_key": rng.choice((None, 1, 2, 3)),
            "reply_kind": rng.choice((None, "human", "out_of_office", "left_company", "opt_out")),
            "returns_on": rng.choice((None, day(75))),
            "successor": rng.choice((None, "ann")),
        }
        for key in range(1, 600)
    ]
    enrollments = [
        {
            "enrollment_key": key,
            "contact_key": rng.randint(1, 40),
            "sender_key": rng.randint(1, 4),
            "sequence_key": rng.randint(1, 3),
            "enrolled_at": day(rng.randint(0, 60)),
            "ended_at": rng.choice((None, day(rng.randint(10, 90)))),
            "replied": rng.random() < 0.1,
            "bounced": rng.random() < 0.1,
            "unsubscribed": rng.random() < 0.1,
        }
        for key in range(1, 61)
    ]
    running = {"contact_key": 7, "sender_key": 1, "enrolled_at": day(60)}  # no event has ended these
    enrollments += [{**running, "enrollment_key": 60 + place, "sequence_key": place} for place in (1, 2, 3)]
    contacts = [
        {
            "contact_key": key,
            "contact_id": f"c{key}",
            "mailbox_key": rng.choice((None, None, 3)),
            "source": rng.choice((None, "fair", "web")),
            "import_batch": rng.choice((None, "b1")),
            "created_at": rng.choice((None, day(-20.5))),
            "opted_out": rng.random() < 0.1,
            "opted_out_at": rng.choice((None, day(12), day(30.5))),
            "do_not_contact": rng.random() < 0.1,
            "legal_basis": rng.choice((None, "consent")),
            "consent_at": rng.choice((None, day(40))),
            "last_sent_at": rng.choice((None, day(50))),
            "email": rng.choice((None, "a@Example.com", f"c{key}@example.fr", f"c{key}@Gmail.com")),
            "suppressed": rng.choice((None, "asked")),
            "last_clicked_at": rng.choice((None, day(3))),
            "hard_bounce_reason": rng.choice((None, None, "UNKNOWN_USER")),
            "bounce_key": rng.choice((None, 2)),
            "sends_since_engagement": rng.choice((None, 12)),
        }
        for key in range(1, 41)
    ]
    senders = [
        {"sender_key": 1, "sender_id": "s1", "email": "s1@News.example.com"},
        {"sender_key": 2, "sender_id": "s2"},
    ]
    sequences = [
        {"sequence_key": 1, "sequence_id": "intro", "name": "Intro"},
        {"sequence_key": 3, "sequence_id": "later"},
    ]
    suppressions = [
        {"email": "a@example.com", "at": day(9), "reason": "asked", "source": "crm"},
        {"email": "a@example.com"},
        {"domain": "fr", "at": day(2)},
    ]
    meanings = (
        ("invalid_mailbox", "address", "remove"),
        ("unknown", "unknown", "review"),
        ("content", "sender", "hold"),
    )
    bounce_texts = [
        {"bounce_key": key, "category": category, "fault": fault, "action": action, "confidence": 0.5, "signal": "code"}
        for key, (category, fault, action) in enumerate(meanings, start=1)
    ]
    totals = [
        {
            "sender_key": 9,
            "sequence_key": rng.choice((None, 1)),
            "period_at": rng.choice((None, day(0), day(40))),
            "ended": 100,
            "replied": 9,
            "bounced": 3,
        }
        for _ in range(6)
    ]
    return make_tables(
        tmp_path_factory.mktemp("canonical"),
        events=events,
        enrollments=enrollments,
        contacts=contacts,
        totals=totals,
        bounce_texts=bounce_texts,
        senders=senders,
        sequences=sequences,
        suppressions=suppressions,
    )


@pytest.fixture(scope="module")
def postgres(tables: Tables) -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o777)
        server = Postgres(Path(folder))
        try:
            for name, columns in CANONICAL.items():
                server.psql(_load(tables, name, columns))
            yield server
        finally:
            server.stop()


def _load(tables: Tables, name: str, columns: dict[str, str]) -> str:
    names = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT * FROM '{tables.path(name)}'").fetchall()
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows([["∅" if cell is None else cell for cell in row] for row in rows])
    return f"CREATE TABLE {name} ({names});\nCOPY {name} FROM STDIN (FORMAT csv, NULL '∅');\n{lines.getvalue()}\\.\n"


def _as_text(row: tuple[Any, ...]) -> list[str]:
    def text(cell: Any) -> str:
        if cell is None:
            return "∅"
        if isinstance(cell, bool):
            return "t" if cell else "f"
        return str(cell) if not isinstance(cell, datetime) else cell.isoformat(" ")

    return [text(cell) for cell in row]


def both_answers(tables: Tables, postgres: Postgres, question: str) -> tuple[list[list[str]], list[list[str]]]:
    """Return what PostgreSQL and DuckDB say to a question of which only its name or its SQL is given."""
    settings = Settings(since=day(5), until=day(80), as_of=day(70))
    questions = Questions(settings, tables.report)
    query = question if " " in question else questions.sql(question, **PARAMETERS)
    with open_engine() as engine:
        engine.attach(tables)
        script = ""
        for view, kept in KEPT:
            sql = questions.sql(kept, **PARAMETERS)
            engine.define(view, sql)
            script += f"CREATE OR REPLACE VIEW {view} AS {sql};\n"
        postgres.psql(script)
        return postgres.rows(query), [_as_text(row) for row in engine.rows(query)]


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_the_same_answer_on_postgresql(tables: Tables, postgres: Postgres, name: str) -> None:
    found, expected = both_answers(tables, postgres, name)
    assert expected, "the random rows must make the question speak"
    if name in UNORDERED:
        found, expected = sorted(found), sorted(expected)
    assert found == expected


def test_machines_are_told_alike_on_postgresql(tables: Tables, postgres: Postgres) -> None:
    found, expected = both_answers(tables, postgres, "SELECT * FROM signals ORDER BY event_key")
    assert found == expected
    assert {row[-1] for row in expected} >= {"∅", "declared", "proxy", "instant", "same_domain", "prompt"}
