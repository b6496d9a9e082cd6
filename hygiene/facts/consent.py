"""What the export shows of everybody's permission, and everything that it holds of one contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hygiene.errors import SettingsError
from hygiene.facts.arrays import frame
from hygiene.facts.opt_outs import keep_opt_outs, read_late_mails, read_opt_outs
from hygiene.facts.queries import Questions, define_outcomes
from hygiene.facts.read import keep_signals, read_senders, read_sequences, send_type

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pandas import DataFrame

    from hygiene.engine import Engine
    from hygiene.facts.opt_outs import LateMail, OptOut
    from hygiene.facts.types import Sender, Sequence, Sign
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

SYSTEM_DATES = ("created_at", "last_own_contact_at")
"""Times of a contact that its CRM wrote by itself: they tell how far the export goes, where that is later than its last
event. A consent's date may have been typed."""


@dataclass(frozen=True)
class ConsentFacts:
    """Everything that the decision on permission and the clock of opt-outs read."""

    as_of: datetime
    """The moment that is asked about, naive UTC."""
    contacts: DataFrame
    """A row a contact, ordered by key; columns as `consent.sql` has them."""
    opt_outs: tuple[OptOut, ...]
    late_mails: tuple[LateMail, ...]
    senders: Mapping[int, Sender]
    sequences: Mapping[int, Sequence]


class HistoryRow(NamedTuple):
    """An event of one contact; texts are hostile."""

    at: datetime
    type: str
    sender_key: int | None
    sequence_key: int | None
    step: int | None
    subject: str | None
    detail: str | None
    is_machine: bool
    sign: Sign | None
    """What gives a machine's open or click away."""
    reply_kind: str | None
    bounce_category: str | None


class EnrolledRow(NamedTuple):
    """An enrollment of one contact."""

    enrollment_id: str
    sender_key: int
    sequence_key: int | None
    enrolled_at: datetime
    ended_at: datetime | None
    outcome: str | None


class SuppressionRow(NamedTuple):
    """A suppression that names one contact."""

    scope: str
    """`address` or `domain`."""
    reason: str | None
    at: datetime | None
    source: str | None


@dataclass(frozen=True)
class ContactRecord:
    """Everything that the export holds of one contact."""

    contact_key: int
    columns: Mapping[str, Any]
    """The contact's own, by the contract's names: hostile texts, booleans, naive UTC; None where nothing is known."""
    same_address: tuple[str, ...]
    """Ids of other contacts with the same address."""
    history: tuple[HistoryRow, ...]
    enrollments: tuple[EnrolledRow, ...]
    suppressions: tuple[SuppressionRow, ...]


def read_consent(engine: Engine, report: ImportReport, settings: Settings) -> ConsentFacts:
    """Return what the export shows of permission; defines `outcomes` and keeps `signals` and `opt_outs`.

    Raises
    ------
    SettingsError
        If neither the settings nor the data name a moment.
    """
    questions = Questions(settings, report)
    define_outcomes(engine, questions)
    keep_signals(engine, report, settings)
    engine.define("own_contacts", questions.sql("own_contacts"))
    keep_opt_outs(engine, questions)
    contacts = frame(engine.arrays(questions.sql("consent")))
    return ConsentFacts(
        as_of=settings.as_of or _known_until(contacts, report),
        contacts=contacts,
        opt_outs=read_opt_outs(engine),
        late_mails=read_late_mails(engine, questions, send_type(engine, questions)),
        senders=read_senders(engine, report, settings),
        sequences=read_sequences(engine),
    )


def _known_until(contacts: DataFrame, report: ImportReport) -> datetime:
    import pandas as pd

    found = [contacts[name].max() for name in SYSTEM_DATES]
    known: list[datetime] = [moment.to_pydatetime() for moment in found if not pd.isna(moment)]
    if report.data_until is not None:
        known.append(report.data_until)
    if not known:
        raise SettingsError(
            "The source holds no date at all, so nobody can tell what has run out: name the day with --as-of."
        )
    return max(known)


def read_contact(engine: Engine, report: ImportReport, settings: Settings, contact_key: int) -> ContactRecord:
    """Return everything that the export holds of a contact; needs what `read_consent` defines."""
    questions = Questions(settings, report)
    rows = frame(engine.arrays(questions.sql("contact_record", contact_key=contact_key))).to_dict("records")
    own, *others = ({str(name): _value(value) for name, value in row.items()} for row in rows)
    suppressions = questions.fill(
        "SELECT n.scope, n.reason, n.at, n.source FROM named_suppressions AS n WHERE n.contact_key = :contact_key"
        " ORDER BY n.at NULLS LAST, n.scope, n.reason NULLS FIRST, n.source NULLS FIRST",
        contact_key=contact_key,
    )
    return ContactRecord(
        contact_key=contact_key,
        columns={name: value for name, value in own.items() if name != "contact_key"},
        same_address=tuple(str(row["contact_id"]) for row in others),
        history=tuple(
            HistoryRow(*row) for row in engine.rows(questions.sql("contact_history", contact_key=contact_key))
        ),
        enrollments=tuple(
            EnrolledRow(*row) for row in engine.rows(questions.sql("contact_enrolled", contact_key=contact_key))
        ),
        suppressions=tuple(SuppressionRow(*row) for row in engine.rows(suppressions)),
    )


def _value(value: Any) -> Any:
    import pandas as pd

    if value is None or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    return bool(value) if isinstance(value, bool | np.bool_) else str(value)
