"""Asks the engine the questions of the `.sql` files and gives the answers their types."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hygiene.errors import SettingsError
from hygiene.facts.causes import bounce_causes
from hygiene.facts.machines import THRESHOLDS
from hygiene.facts.pseudonyms import pseudonyms
from hygiene.facts.queries import FIRST_MOMENT, Questions, define_outcomes, text
from hygiene.facts.types import (
    BounceFacts,
    Cell,
    ContactFacts,
    Counts,
    EngagedContacts,
    Engagement,
    Facts,
    ListSource,
    Sender,
    Sequence,
    Step,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from hygiene.engine import Engine
    from hygiene.facts.types import Remembered
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport


FULL_DAYS = timedelta(days=60)
"""How far back bounces off a full mailbox are counted (docs/bounces.md)."""
HOLD_DAYS = timedelta(days=30)
"""How long a contact is left alone after a bounce that asks to wait."""
SCORE_TABLES = ("senders", "sequences", "contacts", "enrollments", "responses", "bounce_texts", "totals")
"""What `read_score_facts` reads."""


def read_score_facts(engine: Engine, report: ImportReport, settings: Settings) -> Facts:
    """Return what the scores need and nothing more: the cells, the senders and the sequences.

    Cells are by sender and sequence alone: a score needs no months, and a large source has many.

    Raises
    ------
    SettingsError
        If a period is asked of totals that name none.
    """
    return _base_facts(engine, Questions(settings, report), settings, report, by_month=False)


def _base_facts(
    engine: Engine, questions: Questions, settings: Settings, report: ImportReport, *, by_month: bool
) -> Facts:
    define_outcomes(engine, questions)
    senders = read_senders(engine, report, settings)
    return Facts(
        as_of=questions.as_of,
        senders=senders,
        sequences=read_sequences(engine),
        cells=_cells(engine, questions, settings, report, by_month),
        steps=(),
        list_sources=(),
        bounce_causes=bounce_causes(engine, questions),
        contacts=report.tables.get("contacts", 0),
        has_events=report.has_events,
        has_seats=any(sender.has_seat is not None for sender in senders.values()),
    )


def read_senders(engine: Engine, report: ImportReport, settings: Settings) -> dict[int, Sender]:
    """Return the senders by key, under the names by which the settings let them be called."""
    query = "SELECT sender_key, sender_id, name, email, team, has_seat, inbox FROM senders ORDER BY sender_key"
    known = {row[0]: Sender(*row) for row in engine.rows(query)}
    return pseudonyms(known, report.data_hash) if settings.pseudonymous else known


def read_sequences(engine: Engine) -> dict[int, Sequence]:
    """Return the sequences by key."""
    query = "SELECT sequence_key, sequence_id, name, language, topic FROM sequences ORDER BY sequence_key"
    return {row[0]: Sequence(*row) for row in engine.rows(query)}


def read_facts(engine: Engine, report: ImportReport, settings: Settings) -> Facts:
    """Return every fact of a run but the contacts, which `ContactReader` streams; keeps `signals` for it."""
    questions = Questions(settings, report)
    facts = _base_facts(engine, questions, settings, report, by_month=True)
    keep_signals(engine, report, settings)
    steps = engine.rows(questions.sql("sequence_steps", send_type=send_type(engine, questions)))
    list_sources = engine.rows(questions.sql("list_sources"))
    return replace(
        facts,
        steps=tuple(Step(*row) for row in steps),
        list_sources=tuple(ListSource(source, batch, Counts(*counts)) for source, batch, *counts in list_sources),
        engagements=tuple(Engagement(*row) for row in engine.rows(questions.sql("engagement_counts"))),
        engaged=EngagedContacts(*engine.rows(questions.sql("engaged_contacts"))[0]),
    )


def keep_signals(engine: Engine, report: ImportReport, settings: Settings) -> None:
    """Keep `signals`: the opens and clicks up to `as_of`, each with what tells that a machine made it."""
    questions = Questions(settings, report)
    engine.keep("signals", questions.sql("machine_signs", send_type=send_type(engine, questions), **THRESHOLDS))


def _cells(
    engine: Engine, questions: Questions, settings: Settings, report: ImportReport, by_month: bool
) -> tuple[Cell, ...]:
    rows = _counted(engine, questions.sql("sender_sequence_month", by_month=by_month))
    if report.tables.get("totals"):
        undated = engine.rows("SELECT 1 FROM totals WHERE period_at IS NULL LIMIT 1")
        totals = _counted(engine, questions.sql("totals", by_month=by_month))
        if undated and (settings.since or settings.until):
            raise SettingsError(
                "The table totals has rows without a period, so they cannot be filtered by date. "
                "Add a period column (such as 2026-03), or leave --since and --until out."
            )
        rows += totals
    return tuple(rows)


def _counted(engine: Engine, query: str) -> list[Cell]:
    """Return the cells of a query; equal months and counts are one object, for a large source has few distinct ones."""
    months: dict[datetime | None, datetime | None] = {}
    distinct: dict[Counts, Counts] = {}
    cells = []
    for batch in engine.batches(query):
        for sender, sequence, month, *numbers in batch:
            counts = Counts(*numbers)
            cells.append(Cell(sender, sequence, months.setdefault(month, month), distinct.setdefault(counts, counts)))
    return cells


def send_type(engine: Engine, questions: Questions) -> str:
    """Return the event type that stands for one mail: some tools log deliveries but no sends."""
    ((sent, delivered),) = engine.rows(
        questions.fill(
            "SELECT COUNT(CASE WHEN e.type = 'sent' THEN 1 END), COUNT(CASE WHEN e.type = 'delivered' THEN 1 END)"
            " FROM events AS e WHERE e.at <= :as_of"
        )
    )
    return "delivered" if delivered and not sent else "sent"


def knows_replies(engine: Engine, questions: Questions) -> bool:
    """Tell whether the events hold any reply at all; else the enrollments' own outcomes tell of them."""
    query = "SELECT 1 FROM responses AS r WHERE r.type = 'reply' AND r.at <= :as_of LIMIT 1"
    return bool(engine.rows(questions.fill(query)))


def read_addresses(engine: Engine) -> Iterator[tuple[str, str]]:
    """Yield the id and the address of every contact that has one, ordered by id."""
    for batch in engine.batches(text("addresses")):
        yield from batch


class ContactReader:
    """Streams contacts and bounces; works the per-contact counts out once, when it is made.

    Needs the view `outcomes` and the table `signals`, which `read_facts` makes.

    Parameters
    ----------
    engine, report, settings
        As of `read_facts`.
    remembered
        What the ledger says of contacts, by their key.
    """

    def __init__(
        self,
        engine: Engine,
        report: ImportReport,
        settings: Settings,
        remembered: Mapping[int, Remembered] | None = None,
    ) -> None:
        self._engine = engine
        self._remembered = remembered or {}
        self._questions = Questions(settings, report)
        mail = send_type(engine, self._questions)
        as_of = self._questions.as_of
        full_since = as_of - FULL_DAYS if as_of else FIRST_MOMENT
        self._hold_since = as_of - HOLD_DAYS if as_of else FIRST_MOMENT
        for name, question in (
            ("activity", "contact_activity"),
            ("since_reply", "contact_since_reply"),
            ("since_engagement", "contact_since_engagement"),
            ("answers", "contact_answers"),
        ):
            engine.keep(name, self._questions.sql(question, send_type=mail, full_since=full_since))
        engine.keep("contact_enrollments", self._questions.sql("contact_enrollments"))
        engine.keep("last_bounces", self._questions.sql("last_bounces"))
        self._has_events = report.has_events
        self._has_replies = knows_replies(engine, self._questions)

    def contacts(self) -> Iterator[ContactFacts]:
        """Yield every contact, ordered by id."""
        query = self._questions.sql(
            "contacts", has_events=self._has_events, has_replies=self._has_replies, hold_since=self._hold_since
        )
        for batch in self._engine.batches(query):
            for row in batch:
                known = self._remembered.get(row[0])
                yield ContactFacts(*row)._replace(remembered=known) if known else ContactFacts(*row)

    def bounces(self) -> Iterator[BounceFacts]:
        """Yield every bounce, ordered by contact and time."""
        for batch in self._engine.batches(self._questions.sql("bounces")):
            for row in batch:
                yield BounceFacts(*row)
