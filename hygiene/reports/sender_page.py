"""A coaching page as HTML that is small enough to be mailed, whatever the data hold."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hygiene.reports.html import render_page
from hygiene.reports.room import ROOMS
from hygiene.reports.sender import sender_document
from hygiene.values import Message, Moment, Text

if TYPE_CHECKING:
    from hygiene.reports.audit import Audit
    from hygiene.reports.index import Index
    from hygiene.reports.translate import Translator

MOST_BYTES = 40_000


def why_no_pages(audit: Audit) -> Message | None:
    """Return why nobody gets a coaching page; None: somebody does."""
    if not audit.facts.senders:
        return Message(
            "No coaching page was written: the data name no sender. Add the enrollments or the totals of your senders;"
            " contacts alone give lists to clean."
        )
    if any(score.counts.ended or score.counts.active for score in audit.scores.senders):
        return None
    as_of, begin = audit.facts.as_of, audit.imported.data_from  # the first is the moment after the last that counts
    if as_of is not None and begin is not None and as_of < begin:
        return Message(
            "No coaching page was written: on %(as_of)s nothing was known yet, the data begin on %(begin)s. Name a"
            " later day with %(option)s.",
            {"as_of": Moment(as_of - timedelta(microseconds=1)), "begin": Moment(begin), "option": Text("--as-of")},
        )
    return Message("No coaching page was written: the data hold no enrollment of any sender.")


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
