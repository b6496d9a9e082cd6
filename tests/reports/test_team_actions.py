"""The manager's part: every gate and gain once, tests for the team together, movers beyond chance, every check."""

from __future__ import annotations

from dataclasses import replace

from hygiene.advice.content.types import UrlProblem
from hygiene.reports.document import Bullets
from hygiene.reports.team import team_document
from tests.reports.audits import sample_audit
from tests.reports.parts import column, notes_of, said, sections_of, tables_of

SECTIONS = sections_of(team_document(sample_audit()))


def test_gates_come_first_and_experiments_stand_apart() -> None:
    actions, tests = tables_of(SECTIONS["actions"])
    assert column(actions, "Sender") == ["Chloé Martin", "Chloé Martin", "Hugo Petit"]
    assert column(actions, "Who can act") == ["sales operations", "the sender", "the sender"]
    assert column(actions, "Gain") == ["", "Bounce rate −7.0 pt", "Bounce rate −7.0 pt"]
    assert column(tests, "What is tested") == ["Trade fair"]
    assert column(tests, "Told to") == ["Ana Díaz, Chloé Martin, Hugo Petit"]
    assert column(tests, "Contacts in each arm") == ["2,199"]


def test_only_who_moved_by_more_than_chance_is_named_with_the_cause() -> None:
    (table,) = tables_of(SECTIONS["movers"])
    assert column(table, "Sender") == ["Hugo Petit"]
    assert column(table, "Mostly from") == ["bounces from how we send: +10.0 pt"]


def test_every_check_is_accounted_for() -> None:
    assert notes_of(SECTIONS["checks"]) == ["1 check passed.", "2 could not be asked."]
    passed, others = (block for block in SECTIONS["checks"].blocks if isinstance(block, Bullets))
    assert len(passed.items) == 1
    assert said(others.items[0]).endswith("too little data, 80 of 200 ended enrollments of two senders or more")
    assert said(others.items[1]).endswith("The export holds no contacts.source.")


def test_what_became_of_the_teams_own_advice_is_told() -> None:
    (table,) = tables_of(SECTIONS["followed"])
    assert column(table, "Advice") == ["source:x"]
    assert column(table, "Followed") == ["too early to tell"]


def test_without_advice_the_page_is_as_it_was() -> None:
    sections = sections_of(team_document(replace(sample_audit(), advice=None)))
    assert not {"actions", "movers", "checks", "followed"} & set(sections)


def test_a_cut_look_says_of_how_many() -> None:
    audit = sample_audit()
    assert audit.advice is not None
    cut = replace(audit, advice=replace(audit.advice, looked_at=(200_000, 1_234_567)))
    note, *_ = notes_of(sections_of(team_document(cut))["checks"])
    assert note.startswith("Of 1,234,567 enrollments the running ones and the latest, 200,000 in all, were looked at")


def test_a_piece_that_no_email_may_link_is_named_by_its_id_only() -> None:
    audit = sample_audit()
    assert audit.advice is not None
    problem = UrlProblem("scheme", "javascript:alert(1)", blocks=True, content_id="k1")
    noticed = replace(audit, advice=replace(audit.advice, unlinkable=(problem,)))
    note, *_ = notes_of(sections_of(team_document(noticed))["checks"])
    assert note == "1 piece of content has an address that no email may link, so it is never suggested: k1."
