"""The coaching page of one sender: where you stand, what it rests on, what is in your hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hygiene.reports.actions import action_blocks, short
from hygiene.reports.blocks import SEQUENCES_ID, rate_scales, score_scale, score_table, trend_section
from hygiene.reports.bounces import sender_bounces
from hygiene.reports.coaching import count_sentence, difference_notes, hubspot_sentence, keep_notes, next_band_sentence
from hygiene.reports.contacts import sender_contacts
from hygiene.reports.document import Document, GapChart, Note, Section
from hygiene.reports.followed import followed_blocks
from hygiene.reports.gaps import gap_blocks
from hygiene.reports.head import breadcrumb, context
from hygiene.reports.index import Index
from hygiene.reports.machines import sender_machines
from hygiene.reports.method import short_method_section
from hygiene.reports.room import FULL_ROOM, Room
from hygiene.reports.verdict import sender_verdict
from hygiene.reports.words import CERTAIN
from hygiene.values import Link, Message, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hygiene.reports.audit import Audit
    from hygiene.reports.document import Block
    from hygiene.scores.types import Score


def sender_document(
    audit: Audit, sender_key: int, index: Index | None = None, *, alone: bool = False, room: Room = FULL_ROOM
) -> Document:
    """Return the coaching page of one sender, for `senders/ID.html`.

    Parameters
    ----------
    audit
        The audit.
    sender_key
        One of `audit.facts.senders`.
    index
        `Index.of(audit)`, where the caller has it already: it is the same for all pages.
    alone
        Whether the page stands without the team's and the sequences': then nothing leads there.
    room
        How much may stand on the page (`reports/sender_page.py`).
    """
    index = index or Index.of(audit)
    score = index.senders.get(sender_key)
    sections = (
        Section("actions", Message("What would help most"), tuple(_actions(audit, sender_key, score, room))),
        _gap(audit, sender_key),
        Section("standing", Message("Where you stand"), tuple(_standing(index, score))),
        Section(
            "followed",
            Message("What became of the last report"),
            tuple(followed_blocks(audit.advice, sender_key, audit.facts.as_of, audit.settings.lang, room.texts)),
        ),
        trend_section(
            index,
            Message("Month by month"),
            audit.scores.sender_trends.get(sender_key, ()),
            leaning=True,
            most=room.months,
        ),
        Section(SEQUENCES_ID, Message("Your sequences"), tuple(_sequences(index, sender_key, room, alone=alone))),
        Section("bounces", Message("Why your emails came back"), tuple(sender_bounces(index, score))),
        Section(
            "machines", Message("Who opens and clicks: people or machines?"), tuple(sender_machines(index, sender_key))
        ),
        Section(
            "contacts", Message("Your contacts to clean"), tuple(sender_contacts(index, sender_key, room.contacts))
        ),
        short_method_section(index),
    )
    return Document(
        kind="sender",
        title=Message("Sender report: %(name)s", {"name": Text(index.sender_label(sender_key))}),
        context=context(index, score.counts.ended if score else 0),
        blocks=(sender_verdict(score), *(section for section in sections if section.blocks)),
        breadcrumb=() if alone else breadcrumb(),
    )


def _gap(audit: Audit, sender_key: int) -> Section:
    blocks = tuple(gap_blocks(audit.advice.attribution if audit.advice else None, sender_key))
    bars = Message(
        "Each bar is a part of the difference, the line its %(certain)s interval; together they are it.",
        {"certain": CERTAIN},
    )
    has_bars = any(isinstance(block, GapChart) for block in blocks)
    return Section("gap", Message("What explains the gap to your peers"), blocks, intro=bars if has_bars else None)


def _actions(audit: Audit, sender_key: int, score: Score | None, room: Room) -> Iterator[Block]:
    if audit.advice is not None and score is not None and score.counts.ended:
        yield from action_blocks(
            audit.advice.senders.get(sender_key, ()),
            score,
            audit.advice.people,
            has_peers=audit.advice.attribution is not None,
            contacts=room.named,
        )


def _standing(index: Index, score: Score | None) -> Iterator[Block]:
    if score is None or score.counts.ended == 0:
        return
    scale = score_scale(index, score)
    if scale:
        yield scale
    yield from rate_scales(index, score)
    yield Note(count_sentence(score))
    step = next_band_sentence(score)
    if step:
        yield Note(step)
    yield from difference_notes(index, score)
    yield from keep_notes(index, score)
    yield Note(hubspot_sentence(score))


def _sequences(index: Index, sender_key: int, room: Room, *, alone: bool) -> Iterator[Block]:
    pairs = index.pairs_of_sender.get(sender_key, [])
    rows = [
        (
            short(index.sequence_label(pair.sequence_key), room.names),
            None if alone else index.sequence_href(pair.sequence_key, up=True),
            pair,
        )
        for pair in pairs
        if pair.sequence_key is not None
    ]
    rows.sort(key=lambda row: -row[2].counts.ended)
    if rows:
        yield score_table(
            Message("Your score in each sequence"),
            Message("Sequence"),
            rows[: room.sequences],
            hubspot=True,
            sortable=False,
        )
    if len(rows) > room.sequences:
        yield Note(_more_sequences(len(rows) - room.sequences, alone=alone))


def _more_sequences(n: int, *, alone: bool) -> Message:
    if alone:
        return Message(
            "And %(n)s more sequence, with fewer ended enrollments: %(command)s prints all.",
            {"command": Text("hygiene score --by sender,sequence")},
            plural="And %(n)s more sequences, with fewer ended enrollments: %(command)s prints all.",
            n=n,
        )
    return Message(
        "And %(n)s more sequence, with fewer ended enrollments: all are in %(file)s.",
        {"file": Link(Text("scores.csv"), "../scores.csv")},
        plural="And %(n)s more sequences, with fewer ended enrollments: all are in %(file)s.",
        n=n,
    )
