"""The import report as JSON, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hygiene.sources.tables import ColumnReading, FileReading, ImportNote, ImportReport

if TYPE_CHECKING:
    from pathlib import Path


def write_report(report: ImportReport, path: Path) -> None:
    """Write a report; times as ISO 8601."""
    text = json.dumps(asdict(report), ensure_ascii=False, indent=1, default=datetime.isoformat)
    path.write_text(text, encoding="utf-8")


def read_report(path: Path) -> ImportReport:
    """Read a report that `write_report` wrote.

    Raises
    ------
    OSError, ValueError, KeyError, TypeError
        If it is missing, damaged or of another version.
    """
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    files = [
        FileReading(**{**file, "columns": tuple(ColumnReading(**column) for column in file["columns"])})
        for file in data["files"]
    ]
    moments = {name: data[name] and datetime.fromisoformat(data[name]) for name in ("data_from", "data_until")}
    plain = {name: tuple(data[name]) for name in ("given", "ignored_files")}
    notes = tuple(ImportNote(**note) for note in data["notes"])
    return ImportReport(**{**data, **moments, **plain, "files": tuple(files), "notes": notes})
