"""Sources that name no sequence, no list and no industry: the recommender has little to say and says it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hygiene.cli import exit_code

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "contact_id,sender_id,enrollment_id,type,at\n"


@pytest.mark.parametrize("mails", [1, 40])
def test_events_without_a_sequence_are_advised_on(
    mails: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HYGIENE_CACHE_DIR", str(tmp_path / "cache"))
    source = tmp_path / "source"
    source.mkdir()
    rows = [f"c{n},s{n % 2},,sent,2026-01-{1 + n % 28:02d}T10:00:00Z\n" for n in range(mails)]
    (source / "events.csv").write_text(HEADER + "".join(rows))
    assert exit_code(["run", str(source), "-o", str(tmp_path / "out")]) == 0, capsys.readouterr().err
    found = json.loads((tmp_path / "out/recommendations.json").read_text())
    assert all(row["gain"] is None for row in found)
