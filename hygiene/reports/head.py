"""The head of every page: which enrollments, until when, by which profile."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hygiene.reports.index import TEAM_PAGE
from hygiene.values import Count, Link, Message, Moment, Text

if TYPE_CHECKING:
    from hygiene.reports.index import Index
    from hygiene.settings import Settings
    from hygiene.sources.tables import ImportReport
    from hygiene.values import Value

MOMENT = timedelta(microseconds=1)


def context(index: Index, ended: int) -> tuple[tuple[Message, Value], ...]:
    """Return what a page's figures rest on.

    Parameters
    ----------
    index
        The audit.
    ended
        Ended enrollments that the page counts.
    """
    audit = index.audit
    return (
        (Message("Enrollments"), period(audit.settings, audit.imported)),
        (Message("Ended enrollments counted"), Count(ended)),
        (Message("Data up to"), Moment(audit.facts.as_of, "minute")),
        (Message("Times without a zone read in"), Text(audit.settings.timezone)),
        (Message("Score profile"), Text(audit.scores.profile.name)),
    )


def period(settings: Settings, imported: ImportReport) -> Message:
    """Return the date filter in words; without one, the span of the data."""
    # `until` is exclusive; readers think of the last day that counts.
    until = settings.until - MOMENT if settings.until else None
    if settings.since and until:
        return Message("ended from %(since)s to %(until)s", {"since": Moment(settings.since), "until": Moment(until)})
    if settings.since:
        return Message("ended on %(since)s or later", {"since": Moment(settings.since)})
    if until:
        return Message("ended on %(until)s or earlier", {"until": Moment(until)})
    if imported.data_from and imported.data_until:
        span: dict[str, Value] = {"since": Moment(imported.data_from), "until": Moment(imported.data_until)}
        return Message("all that the data holds, from %(since)s to %(until)s", span)
    return Message("all that the data holds")


def breadcrumb() -> tuple[Link, ...]:
    """Return the way back to the team page."""
    return (Link(Message("Team report"), f"../{TEAM_PAGE}"),)
