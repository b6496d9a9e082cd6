"""The page of one sequence: its score, its steps, and the senders who use it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hygiene.reports.blocks import LEANING, SEQUENCES_ID, both, rate_scales, score_scale, score_table, trend_section
from hygiene.reports.coaching import count_sentence
from hygiene.reports.document import Document, Note, Row, Section, StepBar, StepChart, Table, TableColumn
from hygiene.reports.head import breadcrumb, context
from hygiene.reports.index import Index
from hygiene.reports.marked import template_blocks
from hygiene.reports.method import method_section
from hygiene.reports.verdict import sequence_verdict
from hygiene.scores.trend import team_trend
from hygiene.values import Count, Message, Percent, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.facts.types import Step
    from hygiene.reports.audit import Audit
    from hygiene.reports.document import Block
    from hygiene.scores.types import MonthPoint, Score


def sequence_document(audit: Audit, sequence_key: int, index: Index | None = None) -> Document:
    """Return the page of one sequence, for `sequences/ID.html`.

    Parameters
    ----------
    audit
        The audit.
    sequence_key
        One of `audit.facts.sequences`.
    index
        `Index.of(audit)`, where the caller has it already: it is the same for all pages.
    """
    index = index or Index.of(audit)
    score = index.sequences.get(sequence_key)
    sections = (
        Section("standing", Message("Where the sequence stands"), tuple(_standing(index, score))),
        Section("steps", Message("Step by step"), tuple(_steps(index, sequence_key))),
        Section(
            "templates",
            Message("The emails, with their tokens and problems marked"),
            tuple(template_blocks(audit.advice.templates, audit.advice.steps, sequence_key)) if audit.advice else (),
            intro=Message("Tokens have a green ground; what will not come out as meant is framed in red and named."),
        ),
        trend_section(index, Message("Month by month"), _months(index, sequence_key)),
        Section("senders", Message("Senders"), tuple(_senders(index, sequence_key))),
        method_section(index),
    )
    return Document(
        kind="sequence",
        title=Message("Sequence report: %(name)s", {"name": Text(index.sequence_label(sequence_key))}),
        context=context(index, score.counts.ended if score else 0),
        blocks=(sequence_verdict(score), *(section for section in sections if section.blocks)),
        breadcrumb=breadcrumb(),
    )


def _standing(index: Index, score: Score | None) -> Iterator[Block]:
    if score is None or score.counts.ended == 0:
        return
    scale = score_scale(index, score)
    if scale:
        yield scale
    yield from rate_scales(index, score)
    yield Note(count_sentence(score))


def _steps(index: Index, sequence_key: int) -> Iterator[Block]:
    steps = index.steps_of_sequence.get(sequence_key)
    if steps:
        yield StepChart(
            Message("Enrollments that got each step, and what came back"),
            tuple(StepBar(step.step, step.sent, step.replied, step.bounced, step.unsubscribed) for step in steps),
        )
        yield from _reply_table(steps)


def _reply_table(steps: list[Step]) -> Iterator[Block]:
    """Yield when the replies come: after which step how many are still to come."""
    total = sum(step.replied for step in steps)
    if not total or len(steps) < 2:
        return
    still = total
    rows = []
    for step in steps:
        still -= step.replied
        cells = (Message("Step %(step)s", {"step": Count(step.step)}), Count(step.replied), Percent(still / total, 0))
        rows.append(Row(cells))
    yield Table(
        caption=Message("When the replies come"),
        columns=(
            TableColumn(Message("Step")),
            TableColumn(Message("Replies"), "number"),
            TableColumn(Message("Of all replies still to come"), "number"),
        ),
        rows=tuple(rows),
        note=Message(
            "Those who get a late step have not answered the earlier ones: a low rate there is no fault of it."
        ),
    )


def _months(index: Index, sequence_key: int) -> tuple[MonthPoint, ...]:
    # A sequence on its own is a team of the senders who use it, so its months are read like a team's.
    facts = replace(index.audit.facts, cells=tuple(index.cells_of_sequence.get(sequence_key, ())))
    return team_trend(facts, index.audit.settings)


def _senders(index: Index, sequence_key: int) -> Iterator[Block]:
    rows = [
        (
            index.sender_label(pair.sender_key),
            index.sender_href(pair.sender_key, up=True, anchor=SEQUENCES_ID),
            pair,
        )
        for pair in index.pairs_of_sequence.get(sequence_key, [])
        if pair.sender_key is not None
    ]
    if rows:
        yield score_table(
            Message("Score of each sender in this sequence"),
            Message("Sender"),
            rows,
            note=both(
                Message(
                    "By name, without ranks. HubSpot shows a score for a sender and a sequence from more than 100 ended"
                    " enrollments."
                ),
                LEANING,
            ),
            hubspot=True,
        )
