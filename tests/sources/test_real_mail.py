"""Real mail: 28 thousand messages with their replies, where the data set is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from hygiene.settings import Settings
from hygiene.sources import load

MAIL = Path(__file__).parents[3] / "shared" / "data" / "enron_mail" / "source"


@pytest.mark.skipif(not MAIL.is_dir(), reason="the data set of real mail is not here")
def test_real_mail_is_read_in_full(tmp_path: Path) -> None:
    report = load(MAIL, Settings(cache_dir=tmp_path)).report
    assert (report.tables["contacts"], report.tables["enrollments"], report.tables["senders"]) == (2829, 11290, 174)
    assert report.tables["events"] == 34062
    assert (report.rejected, report.notes) == (0, ())
