"""The people who are enrolled, one row an enrollment, and the templates and pieces of content, for the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hygiene.facts.arrays import frame
from hygiene.facts.queries import Questions

if TYPE_CHECKING:
    from datetime import datetime

    from pandas import DataFrame

    from hygiene.engine import Engine
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport

MOST_ROWS = 200_000
"""Enrollments looked at one by one: the running ones, then the latest. The report says where there are more."""
MOST_WAITING = 20_000
"""Contacts not yet enrolled that a test may be planned with."""
MOST_MISSING = 10_000
"""Sent subjects with a missing token that are named; there are no more unless nobody ever looked."""
CONTACT_COLUMNS = (
    *("email", "first_name", "last_name", "company", "job_title", "industry", "country", "language", "source"),
    *("import_batch", "created_at", "verified_at", "verification", "legal_basis", "consent_at", "consent_source"),
)
"""Columns of contacts whose presence rules ask for (`Rule.needs`)."""


class Template(NamedTuple):
    """A row of `templates`: hostile text."""

    sequence_key: int
    step: int
    subject: str | None
    body: str | None
    dialect: str | None


class Waiting(NamedTuple):
    """A contact that has never been enrolled and may be written to."""

    contact_id: str
    source: str | None
    import_batch: str | None
    industry: str | None


class Content(NamedTuple):
    """A row of `content`."""

    content_id: str
    url: str
    title: str
    summary: str | None
    language: str | None
    industry: str | None
    published_at: datetime | None


class MissingToken(NamedTuple):
    """A mail that was sent with HubSpot's words for a missing value in its subject."""

    contact_id: str
    sender_key: int
    sequence_key: int | None
    step: int | None
    subject: str


@dataclass(frozen=True)
class Enrolled:
    """Who is enrolled, the templates they get and the pieces that could be linked."""

    rows: DataFrame
    """One row an enrollment, running ones first, then the latest. Columns as `enrolled.sql` has them; text columns hold
    str or None, times are naive UTC `datetime64`, NaT where not known."""
    total: int
    """Enrollments in all; more than there are rows where these were cut (`MOST_ROWS`)."""
    columns: frozenset[str]
    """`contacts.NAME` for each of `CONTACT_COLUMNS` that any contact has a value in, `TABLE` for each table given."""
    templates: tuple[Template, ...]
    content: tuple[Content, ...]
    waiting: tuple[Waiting, ...] = ()
    """At most `MOST_WAITING`."""
    missing_tokens: tuple[MissingToken, ...] = ()
    """The latest mails with `MISSING TOKEN` in the subject (`MOST_MISSING`)."""


def read_enrolled(engine: Engine, report: ImportReport, settings: Settings) -> Enrolled:
    """Return who is enrolled; needs the view `outcomes` and the table `signals`, which `read_facts` makes."""
    questions = Questions(settings, report)
    engine.define("own_contacts", questions.sql("own_contacts"))
    rows = frame(engine.arrays(questions.sql("enrolled", most_rows=MOST_ROWS)))
    counts = ", ".join(f"COUNT(c.{name}) AS {name}" for name in CONTACT_COLUMNS)
    ((total,),) = engine.rows("SELECT COUNT(*) FROM outcomes AS o")
    (filled,) = engine.rows(f"SELECT {counts} FROM contacts AS c")
    present = {f"contacts.{name}" for name, count in zip(CONTACT_COLUMNS, filled, strict=True) if count}
    templates = "SELECT sequence_key, step, subject, body, dialect FROM templates ORDER BY sequence_key, step, subject"
    content = (
        "SELECT content_id, url, title, summary, language, industry, published_at FROM content ORDER BY content_id"
    )
    return Enrolled(
        rows=rows,
        total=total,
        columns=frozenset(present | set(report.given)),
        templates=tuple(Template(*row) for row in engine.rows(templates)),
        content=tuple(Content(*row) for row in engine.rows(content)),
        waiting=tuple(Waiting(*row) for row in engine.rows(questions.sql("waiting", most_rows=MOST_WAITING))),
        missing_tokens=tuple(
            MissingToken(*row) for row in engine.rows(questions.sql("missing_tokens", most_rows=MOST_MISSING))
        ),
    )
