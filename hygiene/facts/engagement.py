"""What the engagement model learns from: every mail with its first answers, as arrays, some contacts at a time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hygiene.facts.queries import Questions, define_outcomes
from hygiene.facts.read import knows_replies, send_type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hygiene.engine import Engine
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

DAY = 86_400_000_000
"""Microseconds."""
MOST_AT_A_DOMAIN = 500
"""Contacts from which a domain is taken for a mail provider's, not a company's; assumed."""
SAMPLE_SENDS = 1_500_000
"""Mails that are learned from: more change no digit that is shown."""
SENDS_AT_ONCE = 4_000_000
"""Mails in memory at a time: some 200 MB."""


class Sends(NamedTuple):
    """The mails of some contacts, ordered by contact and time. Times are days since 1970, UTC; infinite = not."""

    contact: NDArray[np.int64]
    """Row of the contact, from 0."""
    sender: NDArray[np.int64]
    """Key of the sender."""
    step: NDArray[np.int64]
    """Step of the sequence; 0 = not told."""
    sent_at: NDArray[np.float64]
    replied_at: NDArray[np.float64]
    """First human reply before the next mail."""
    clicked_at: NDArray[np.float64]
    opened_at: NDArray[np.float64]
    keys: NDArray[np.int64]
    """Key of each contact, one a row; also of contacts without a mail."""
    source: NDArray[np.int64]
    """Number of each contact's list source, one a row; 0 = not told."""
    domain: NDArray[np.int64]
    """Number of each contact's company domain, one a row; 0 = none that it shares."""


class EngagementReader:
    """Reads mails and answers once, and hands them out by ranges of contacts; needs `signals` (`read.keep_signals`)."""

    def __init__(self, engine: Engine, report: ImportReport, settings: Settings) -> None:
        self._engine = engine
        questions = Questions(settings, report)
        define_outcomes(engine, questions)
        has_replies = knows_replies(engine, questions)
        engine.keep(
            "engagement_sends",
            questions.sql("engagement_sends", send_type=send_type(engine, questions), has_replies=has_replies),
        )
        engine.keep("engagement_groups", questions.sql("engagement_groups", most=MOST_AT_A_DOMAIN))
        self._complaints = questions.sql("engagement_complaints")
        ((self.sends, self.replies),) = engine.rows("SELECT COUNT(*), COUNT(replied_at) FROM engagement_sends")
        ((self.contacts,),) = engine.rows("SELECT COUNT(*) FROM engagement_groups")
        self.source_names: dict[int, str] = dict(
            engine.rows(
                "SELECT DISTINCT g.source_number, COALESCE(c.source, c.import_batch) FROM engagement_groups AS g"
                " INNER JOIN contacts AS c ON c.contact_key = g.contact_key WHERE g.source_number > 0"
            )
        )

    def ranges(self, at_once: int = SENDS_AT_ONCE) -> Iterator[Sends]:
        """Yield the mails of all contacts, in ranges of contacts with about `at_once` mails, ordered by contact."""
        parts = max(1, -(-self.sends // at_once))
        edges = np.linspace(1, self.contacts + 1, parts + 1).astype(int)
        for low, high in pairwise(edges):
            yield self._read(f"contact_key >= {low} AND contact_key < {high}")

    def sample(self, most: int = SAMPLE_SENDS) -> Sends:
        """Return the mails of so many contacts as have about `most` mails; companies stay whole."""
        parts = max(1, -(-self.sends // most))
        return self._read(
            f"contact_key IN (SELECT contact_key FROM engagement_groups"
            f" WHERE CASE WHEN domain_number > 0 THEN domain_number ELSE contact_key END % {parts} = 0)"
        )

    def complaints(self) -> dict[int, tuple[int, int]]:
        """Return mails and complaints of each list source, by its number."""
        return {source: (sends, complaints) for source, sends, complaints in self._engine.rows(self._complaints)}

    def _read(self, where: str) -> Sends:
        groups = self._engine.arrays(
            "SELECT contact_key, source_number, domain_number FROM engagement_groups"
            f" WHERE {where} ORDER BY contact_key"
        )
        sends = self._engine.arrays(
            f"SELECT * FROM engagement_sends WHERE {where} ORDER BY contact_key, sent_at, step, replied_at NULLS FIRST"
        )
        keys = groups["contact_key"].astype(np.int64)
        return Sends(
            np.searchsorted(keys, sends["contact_key"]),
            np.ma.filled(sends["sender_key"], 0).astype(np.int64),
            np.ma.filled(sends["step"], 0).astype(np.int64),
            _days(sends["sent_at"]),
            _days(sends["replied_at"]),
            _days(sends["clicked_at"]),
            _days(sends["opened_at"]),
            keys,
            groups["source_number"].astype(np.int64),
            groups["domain_number"].astype(np.int64),
        )


def _days(moments: NDArray[np.datetime64]) -> NDArray[np.float64]:
    known = np.ma.getdata(moments).astype("datetime64[us]").astype(np.int64) / DAY
    return np.where(np.ma.getmaskarray(moments), np.inf, known)
