"""A coaching page as HTML that is small enough to be mailed, whatever the data hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.html import render_page
from hygiene.reports.room import ROOMS
from hygiene.reports.sender import sender_document

if TYPE_CHECKING:
    from hygiene.reports.audit import Audit
    from hygiene.reports.index import Index
    from hygiene.reports.translate import Translator

MOST_BYTES = 40_000


def sender_page(audit: Audit, sender_key: int, index: Index, translator: Translator, *, alone: bool = False) -> str:
    """Return the page of one sender in the first of `ROOMS` that keeps it within `MOST_BYTES`.

    Parameters
    ----------
    audit, sender_key, index, alone
        As in `sender_document`.
    translator
        The reader's language.
    """
    page = ""
    for room in ROOMS:
        document = sender_document(audit, sender_key, index, alone=alone, room=room)
        page = render_page(document, translator, depth=1, texts=room.texts)
        if len(page.encode()) <= MOST_BYTES:
            break
    return page
