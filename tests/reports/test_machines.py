"""Opens and clicks in the reports: raw and human figures side by side, and nothing where nothing was exported."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from hygiene.facts.types import EngagedContacts, Engagement, Sign
from hygiene.reports.document import Note
from hygiene.reports.index import Index
from hygiene.reports.machines import SIGNS, sender_machines, team_machines
from hygiene.reports.sender import sender_document
from hygiene.reports.team import team_document
from hygiene.values import Count
from tests.reports.audits import audit_of, sample_audit
from tests.reports.parts import said, sections_of


def index_of(*engagements: Engagement, engaged: EngagedContacts = EngagedContacts()) -> Index:  # noqa: B008  a tuple
    audit = audit_of([])
    return Index.of(replace(audit, facts=replace(audit.facts, engagements=engagements, engaged=engaged)))


def counts_in(cell: object) -> int:
    parts = cell if isinstance(cell, tuple) else (cell,)
    (count,) = (part.value for part in parts if isinstance(part, Count))
    return count


def test_what_machines_and_people_did_adds_up_to_what_was_exported():
    (table, *_) = team_machines(Index.of(sample_audit()))
    raw, *parts = [[counts_in(cell) for cell in row.cells[1:]] for row in table.rows]
    assert raw == [700, 851]
    assert [sum(column) for column in zip(*parts, strict=True)] == raw
    assert parts[-1] == [179, 11]


def test_each_sign_has_its_words_and_the_surest_comes_first():
    assert tuple(SIGNS) == get_args(Sign)
    rows = [Engagement(1, "open", sign, 1) for sign in get_args(Sign)]
    (table,) = team_machines(index_of(*rows))
    assert [said(row.cells[0]) for row in table.rows[1:-1]] == [f"Machines: {said(title)}" for title in SIGNS.values()]


def test_the_contacts_whom_only_machines_touched_are_counted():
    index = index_of(Engagement(1, "open", "instant", 3), engaged=EngagedContacts(3, 2))
    *_, note = team_machines(index)
    assert isinstance(note, Note)
    assert said(note.sentence) == (
        "Of 3 contacts with an open or a click, 1 is known by machines alone: no open, click or reply by a person."
    )


def test_a_sender_sees_only_its_own_figures():
    (table,) = sender_machines(Index.of(sample_audit()), 3)
    assert [[counts_in(cell) for cell in row.cells[1:]] for row in table.rows] == [[342, 281, 61], [842, 840, 2]]


def test_without_opens_and_clicks_nothing_is_said():
    assert list(team_machines(index_of())) == []
    assert list(sender_machines(Index.of(sample_audit()), 2)) == []
    for document in (team_document(audit_of([])), sender_document(sample_audit(), 2)):
        assert "machines" not in sections_of(document)
