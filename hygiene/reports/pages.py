"""Every page of a run, one after another, so that only one is held at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.html import render_page
from hygiene.reports.index import TEAM_PAGE, Index
from hygiene.reports.sender_page import sender_page
from hygiene.reports.sequence import sequence_document
from hygiene.reports.team import team_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.reports.audit import Audit
    from hygiene.reports.translate import Translator


def pages(audit: Audit, translator: Translator, index: Index | None = None) -> Iterator[tuple[str, str]]:
    """Yield (path inside the output folder, HTML) of the team page, each sender's and each sequence's."""
    index = index or Index.of(audit)
    yield TEAM_PAGE, render_page(team_document(audit, index), translator, depth=0)
    for key, path in index.sender_pages.items():
        yield path, sender_page(audit, key, index, translator)
    for key, path in index.sequence_pages.items():
        yield path, render_page(sequence_document(audit, key, index), translator, depth=1)
