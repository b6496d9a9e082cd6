"""What went out and came back by sender, day and list: what the replay of the pause rules counts with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hygiene.facts.queries import Questions
from hygiene.facts.read import send_type

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from hygiene.engine import Engine
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

    Ints = NDArray[np.int64]

PAUSE_TABLES = ("contacts", "events", "responses", "bounce_texts")
"""What `read_sender_days` reads."""
NO_LIST = -1


@dataclass(frozen=True, eq=False)
class SenderDays:
    """The rows of `sender_days.sql` as columns, ordered by sender, day and list."""

    sender_key: Ints
    day: Ints
    """Days since 1970-01-01, UTC."""
    list_key: Ints
    """A number a list; `NO_LIST` where the contacts name neither a batch nor the day they were created."""
    sends: Ints
    bounces: Ints
    """Enrollments whose first notice of a bounce came that day."""
    address_bounces: Ints
    """Enrollments of which that day's notice is the first to blame the address, or nobody."""


def read_sender_days(engine: Engine, report: ImportReport, settings: Settings) -> SenderDays:
    """Return every sender's days; none where the source has no events.

    Parameters
    ----------
    engine
        With the tables `PAUSE_TABLES` attached.
    report, settings
        Give the moment after which nothing is known.
    """
    questions = Questions(settings, report)
    query = questions.sql("sender_days", send_type=send_type(engine, questions))
    days: dict[datetime, int] = {}
    lists: dict[str | None, int] = {None: NO_LIST}
    parts: list[NDArray[np.int64]] = []
    for batch in engine.batches(query, 100_000):
        senders, moments, names, *counts = zip(*batch, strict=True)
        for moment in set(moments).difference(days):
            days[moment] = int(np.datetime64(moment, "D").astype(np.int64))
        for name in dict.fromkeys(names):
            lists.setdefault(name, len(lists) - 1)
        columns = (senders, [days[moment] for moment in moments], [lists[name] for name in names], *counts)
        parts.append(np.array(columns, dtype=np.int64))
    return SenderDays(*(np.concatenate(parts, axis=1) if parts else np.empty((6, 0), dtype=np.int64)))
