"""Who said no, how and when, and who was written to after that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from hygiene.engine import Engine
    from hygiene.facts.queries import Questions

OptOutKind: TypeAlias = Literal["unsubscribe", "reply", "complaint", "crm", "do_not_contact", "suppression"]
Tool: TypeAlias = Literal["sequence", "crm"]


class OptOut(NamedTuple):
    """One way in which a contact said no."""

    contact_key: int
    contact_id: str
    kind: OptOutKind
    at: datetime | None
    """The first time; None: not known."""
    reason: str | None = None
    """Of a suppression."""
    source: str | None = None
    """Of a suppression: the tool or list that it is from."""


class LateMail(NamedTuple):
    """A mail after the contact's first dated opt-out."""

    contact_key: int
    contact_id: str
    tool: Tool
    """`sequence`: an event; `crm`: the contact's own date of its last mail."""
    sender_key: int | None
    sequence_key: int | None
    step: int | None
    at: datetime
    subject: str | None = None
    consent_at: datetime | None = None
    """When the contact consented; later than the opt-out, it ends it."""


def define_suppressions(engine: Engine, questions: Questions) -> None:
    """Define the view `named_suppressions`."""
    engine.define("named_suppressions", questions.sql("named_suppressions"))


def keep_opt_outs(engine: Engine, questions: Questions) -> None:
    """Keep `opt_outs`; needs the view `outcomes`."""
    define_suppressions(engine, questions)
    engine.keep("opt_outs", questions.sql("opt_outs"))


def read_opt_outs(engine: Engine) -> tuple[OptOut, ...]:
    """Return who said no, ordered by contact and time; needs `opt_outs`."""
    query = (
        "SELECT o.contact_key, o.contact_id, o.kind, o.at, o.reason, o.source FROM opt_outs AS o"
        " ORDER BY o.contact_key, o.at NULLS LAST, o.kind, o.reason NULLS FIRST, o.source NULLS FIRST"
    )
    return tuple(OptOut(*row) for batch in engine.batches(query) for row in batch)


def read_late_mails(engine: Engine, questions: Questions, send_type: str) -> tuple[LateMail, ...]:
    """Return the mails after an opt-out, ordered by contact and time; needs `opt_outs`."""
    query = questions.sql("late_mails", send_type=send_type)
    return tuple(LateMail(*row) for batch in engine.batches(query) for row in batch)
