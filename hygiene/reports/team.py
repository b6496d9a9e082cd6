"""The team report: the verdict, the figures, the senders, and what lies behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.blocks import score_table, trend_section
from hygiene.reports.bounces import team_bounces
from hygiene.reports.contacts import team_contacts
from hygiene.reports.document import Document, Section
from hygiene.reports.engagement import engagement_section
from hygiene.reports.followed import followed_blocks
from hygiene.reports.funnels import funnel_blocks
from hygiene.reports.head import context
from hygiene.reports.import_section import import_section, missing_section, versions_section
from hygiene.reports.index import Index
from hygiene.reports.list_sources import list_source_table
from hygiene.reports.machines import team_machines
from hygiene.reports.method import method_section
from hygiene.reports.senders import senders_blocks
from hygiene.reports.team_actions import checks_section, mover_blocks, team_action_blocks
from hygiene.reports.tickets import ticket_blocks
from hygiene.reports.tiles import team_tiles
from hygiene.reports.verdict import team_verdict
from hygiene.values import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.reports.audit import Audit
    from hygiene.reports.document import Block


def team_document(audit: Audit, index: Index | None = None) -> Document:
    """Return the team report, for `index.html`.

    Parameters
    ----------
    audit
        The audit.
    index
        `Index.of(audit)`, where the caller has it already: it is the same for all pages.
    """
    index = index or Index.of(audit)
    sections = (
        Section("actions", Message("What to do, and by whom"), tuple(team_action_blocks(index))),
        Section(
            "followed",
            Message("What became of the last report"),
            tuple(followed_blocks(audit.advice, None, audit.facts.as_of, audit.settings.lang)),
        ),
        Section("senders", Message("Senders"), tuple(senders_blocks(index))),
        Section(
            "chance",
            Message("Is a difference more than chance?"),
            tuple(funnel_blocks(index)),
            intro=Message(
                "Each dot is a sender. Between the lines lies what chance alone does to senders who are all alike: few"
                " enrollments, wide limits."
            ),
        ),
        Section("movers", Message("What moved, and why"), tuple(mover_blocks(index))),
        trend_section(index, Message("The team month by month"), audit.scores.team_trend),
        Section("sequences", Message("Sequences"), tuple(_sequences(index))),
        Section("sources", Message("Where the contacts came from"), tuple(list_source_table(index))),
        Section("bounces", Message("Whose fault are the bounces?"), tuple(team_bounces(index))),
        Section(
            "tickets",
            Message("Tickets: what has to be mended, and by whom"),
            tuple(ticket_blocks(index)),
            intro=Message("Each names a rule of the receiving servers that our mail does not meet."),
        ),
        Section("machines", Message("Who opens and clicks: people or machines?"), tuple(team_machines(index))),
        engagement_section(index),
        Section("contacts", Message("Contacts to clean"), tuple(team_contacts(index))),
        checks_section(index),
        missing_section(index),
        method_section(index),
        import_section(index),
        versions_section(index),
    )
    tiles = (found,) if (found := team_tiles(index)).tiles else ()
    return Document(
        kind="team",
        title=Message("Team report"),
        context=context(index, audit.scores.team.counts.ended),
        blocks=(team_verdict(index), *tiles, *(section for section in sections if section.blocks)),
    )


def _sequences(index: Index) -> Iterator[Block]:
    rows = [
        (index.sequence_label(key), index.sequence_href(key, up=False), score) for key, score in index.sequences.items()
    ]
    if rows:
        yield score_table(Message("Score of each sequence, all senders together"), Message("Sequence"), rows)
