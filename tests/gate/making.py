"""A small team on disk, and lists to check against it."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hygiene.campaign.check import CheckRequest
from hygiene.campaign.check import check as run_check
from hygiene.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from hygiene.gate.types import CheckReport

END = datetime(2026, 6, 30, tzinfo=UTC)
TEMPLATE = (
    "Subject: A question\n\nHi {{contact.firstname}},\n\nshall we talk?\n\nReply STOP and I will not write again.\n"
)
CONTACTS = (
    *("contact_id", "email", "first_name", "company", "country", "language", "source", "import_batch", "opted_out"),
    *("hard_bounce_reason", "legal_basis", "created_at"),
)


def write(path: Path, rows: Iterable[Mapping[str, Any]], columns: Iterable[str] | None = None) -> Path:
    """Write a CSV file; the columns are those of the first row unless named."""
    rows = list(rows)
    names = list(columns or rows[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def person(number: int, **more: Any) -> dict[str, Any]:
    """Return a contact that nothing speaks against."""
    return {
        "contact_id": f"c{number}",
        "email": f"p{number}@company{number}.fr",
        "first_name": "Ana",
        "company": f"Company {number}",
        "country": "France",
        "language": "en",
        "source": "fair",
        "import_batch": f"b{number % 10}",
        "opted_out": "false",
        "created_at": "2026-01-05",
        "legal_basis": "Legitimate interest – prospect/lead",
        **more,
    }


def team(
    folder: Path,
    ended: int = 600,
    bounced: Iterable[int] = (50, 150, 250),
    extra: Iterable[Mapping[str, Any]] = (),
    **tables: Iterable[Mapping[str, Any]],
) -> Path:
    """Write a source: contacts 0 … `ended` − 1 with an enrollment each that ended, some bounced, every tenth replied.

    Parameters
    ----------
    bounced
        Numbers of the contacts whose enrollment bounced.
    extra
        More contacts, without an enrollment.
    tables
        Further files, or others in the place of ours.
    """
    back = set(bounced)
    contacts = [
        person(number, hard_bounce_reason="550 5.1.1 user unknown" if number in back else "") for number in range(ended)
    ]
    enrollments = [
        {
            "enrollment_id": f"e{number}",
            "contact_id": f"c{number}",
            "sender_id": "ann" if number % 2 else "bob",
            "sequence_id": "intro",
            "enrolled_at": f"{END - timedelta(days=60 - number % 50):%Y-%m-%d}",
            "ended_at": f"{END - timedelta(days=40 - number % 40):%Y-%m-%d}",
            "outcome": "bounced" if number in back else "replied" if number % 10 == 0 else "finished",
        }
        for number in range(ended)
    ]
    files = {
        "contacts": [*contacts, *extra],
        "enrollments": enrollments,
        "senders": [
            {"sender_id": "ann", "name": "Ann Lee", "email": "ann@seller.com"},
            {"sender_id": "bob", "name": "Bob Roy", "email": "bob@seller.com"},
        ],
        "sequences": [{"sequence_id": "intro", "name": "Intro", "language": "en"}],
        "templates": [
            {
                "sequence_id": "intro",
                "step": 1,
                "subject": "A question",
                "body": TEMPLATE.partition("\n\n")[2],
                "dialect": "hubspot",
            }
        ],
        **tables,
    }
    for name, rows in files.items():
        rows = list(rows)
        if rows:
            write(folder / f"{name}.csv", rows, CONTACTS if name == "contacts" else None)
    return folder


def newcomers(count: int, first: int = 10_000, **more: Any) -> list[dict[str, Any]]:
    """Return people whom the team has never written to."""
    return [person(first + number, **more) for number in range(count)]


def check(source: Path, rows: Iterable[Mapping[str, Any]], **options: Any) -> CheckReport:
    """Check a list of rows against a source, with the template of the team unless another is named."""
    rows = list(rows)
    columns = options.pop("columns", None) or dict.fromkeys(name for row in rows for name in row)
    listed = write(source.parent / "leads.csv", rows, columns)
    settings = Settings(**options.pop("settings", {}))
    if not {"template", "sequence_id"} & set(options):
        options["sequence_id"] = "intro"
    report, _ = run_check(CheckRequest(source=source, list_file=listed, **options), settings)
    return report


def reasons(report: CheckReport) -> dict[str, int]:
    """Return how many rows each reason drops."""
    found: dict[str, int] = {}
    for row in report.dropped:
        found[row.reason] = found.get(row.reason, 0) + 1
    return found


def finding(report: CheckReport, check_id: str) -> str:
    """Return the status of a check."""
    return next(one.status for one in report.findings if one.check == check_id)
