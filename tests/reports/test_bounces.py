"""Whose fault the bounces are: every table adds up, both ways of counting stand side by side, and nobody is blamed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from hygiene.facts.types import BounceCause, Cell, Counts, Facts
from hygiene.reports import bounces
from hygiene.reports.document import ShareBar
from hygiene.reports.index import Index
from hygiene.reports.sender import sender_document
from hygiene.reports.sequence import sequence_document
from hygiene.reports.team import team_document
from hygiene.reports.text import render_text
from hygiene.reports.translate import Translator
from hygiene.scores.profile import load_profile
from hygiene.scores.score import score_all
from tests.reports.audits import audit_of, causes_of, sample_audit
from tests.reports.parts import blocks_of, column, links_of, notes_of, said, sections_of, tables_of, verdict_of

if TYPE_CHECKING:
    from hygiene.reports.audit import Audit

MARCH = datetime(2026, 3, 1)


def cause(bounced: int, **known: object) -> BounceCause:
    plain = BounceCause(1, 1, MARCH, None, "other", "invalid_mailbox", "address", None, bounced)
    return plain._replace(**known)


OURS = {"category": "authentication", "fault": "sender"}


def with_causes(counts: list[Counts], *causes: BounceCause) -> Audit:
    """Return an audit whose bounces came back for these reasons."""
    audit = audit_of(counts)
    return rescored(audit, replace(audit.facts, bounce_causes=causes))


def rescored(audit: Audit, facts: Facts) -> Audit:
    return replace(audit, facts=facts, scores=score_all(facts, load_profile("default"), audit.settings))


def test_the_bar_and_every_table_hold_all_bounces() -> None:
    audit = sample_audit()
    document = team_document(audit)
    bounced = audit.scores.team.counts.bounced
    assert blocks_of(document, ShareBar)[0].total == bounced
    tables = tables_of(sections_of(document)["bounces"])
    assert len(tables) == 4
    for table in tables:
        assert sum(map(int, column(table, "Bounces"))) == bounced
    for table in tables[1:]:
        for row in table.rows:
            total, *split = (int(said(cell)) for cell in row.cells[1:])
            assert sum(split) == total


def test_the_split_is_that_of_the_score_table() -> None:
    audit = sample_audit()
    bar = blocks_of(team_document(audit), ShareBar)[0]
    assert {share.kind: share.count for share in bar.shares} == {
        name: count for name, count in audit.scores.team.faults._asdict().items() if count
    }


def test_both_ways_of_counting_stand_side_by_side() -> None:
    audit = with_causes([Counts(ended=200, replied=14, bounced=10)], cause(6), cause(4, **OURS))
    (note,) = notes_of(sections_of(team_document(audit))["bounces"])
    assert note.startswith("HubSpot's rate counts every bounce: 10 of 200 enrollments, 5.0% [")
    assert "From the addresses came 6, 3.0% [" in note
    assert "from how we send 4, 2.0% [" in note


def test_without_a_fault_of_ours_the_note_says_so() -> None:
    audit = with_causes([Counts(ended=200, replied=14, bounced=10)], cause(10))
    (note,) = notes_of(sections_of(team_document(audit))["bounces"])
    assert note.endswith("None is known to have come from how we send.")
    assert "ours" not in render_text(team_document(audit), Translator("en"))


def test_bounces_that_only_a_total_tells_of_are_not_known() -> None:
    audit = with_causes([Counts(ended=200, replied=14, bounced=10)], cause(4))
    table = tables_of(sections_of(team_document(audit))["bounces"])[0]
    assert dict(zip(column(table, "Reason"), column(table, "Bounces"), strict=True)) == {
        "Nothing says why the email came back": "6",
        "The mailbox does not exist": "4",
    }


def test_a_reason_has_a_share_with_its_interval_and_says_who_acts() -> None:
    audit = with_causes([Counts(ended=200, replied=14, bounced=10)], cause(6), cause(4, **OURS))
    table = tables_of(sections_of(team_document(audit))["bounces"])[0]
    assert column(table, "Share of 10")[0].startswith("60.0% [")
    assert [said(cell) for cell in table.rows[1].cells[3:]] == [
        "how we send",
        "keep the contact and let IT mend the cause",
        "IT",
    ]


@pytest.mark.parametrize("causes", [(), (cause(10, category="unknown", fault="unknown"),)])
def test_where_nothing_says_why_there_is_no_section(causes: tuple[BounceCause, ...]) -> None:
    audit = with_causes([Counts(ended=200, replied=14, bounced=10)], *causes)
    assert "bounces" not in sections_of(team_document(audit))
    assert "bounces" not in sections_of(sender_document(audit, 1))


def test_only_groups_that_tell_something_are_shown() -> None:
    audit = with_causes([Counts(ended=200, replied=14, bounced=10)], cause(10))
    assert len(tables_of(sections_of(team_document(audit))["bounces"])) == 1


def test_small_groups_share_a_row_and_early_months_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounces, "GROUPS_SHOWN", 2)
    monkeypatch.setattr(bounces, "MONTHS_SHOWN", 2)
    causes = [cause(number, source=f"list {number}", month=datetime(2026, number, 1)) for number in (1, 2, 3, 4)]
    audit = with_causes([Counts(ended=200, replied=14, bounced=10)], *causes)
    _, sources, months = tables_of(sections_of(team_document(audit))["bounces"])
    assert column(sources, "Source") == ["list 4", "list 3", "2 others"]
    assert column(sources, "Bounces") == ["4", "3", "3"]
    assert column(months, "Month") == ["earlier", "Mar 2026", "Apr 2026"]
    assert column(months, "Bounces") == ["3", "3", "4"]


def test_the_order_of_the_causes_changes_nothing() -> None:
    audit = sample_audit()
    turned = replace(audit, facts=replace(audit.facts, bounce_causes=audit.facts.bounce_causes[::-1]))
    for document in (team_document, lambda audit: sender_document(audit, 8)):
        assert render_text(document(turned), Translator("en")) == render_text(document(audit), Translator("en"))


def test_a_hostile_source_stays_text() -> None:
    evil = "<img src=x> %(n)s \x1b[2J"
    audit = with_causes([Counts(ended=200, replied=14, bounced=10)], cause(10, source=evil))
    assert "<img src=x> %(n)s \ufffd[2J" in render_text(team_document(audit), Translator("fr"))


# --- one sender -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("ours", "others", "sentence"),
    [
        (
            7,
            5,
            "7 of your bounces (12 in all) came from how we send (domain, server, text), not from the address: keep",
        ),
        (1, 0, "1 of your bounces (1 in all) came from how we send (domain, server, text), not from the address: keep"),
        (0, 12, "None of your 12 bounces came from how we send, as far as the servers say why."),
        (0, 1, "Your one bounce did not come from how we send, as far as the server says why."),
    ],
)
def test_a_sender_hears_how_many_bounces_came_from_how_we_send(ours: int, others: int, sentence: str) -> None:
    causes = [cause(ours, **OURS)] * bool(ours) + [cause(others)] * bool(others)
    audit = with_causes([Counts(ended=200, replied=14, bounced=ours + others)], *causes)
    section = sections_of(sender_document(audit, 1))["bounces"]
    (note,) = notes_of(section)
    assert note.startswith(sentence)
    assert links_of(section) == (["../index.html#tickets"] if ours else [])


def test_a_sender_sees_at_most_six_reasons_and_their_number() -> None:
    kinds = ("moved", "invalid_domain", "mailbox_full", "temporary", "rate_limit", "content", "policy", "unknown")
    audit = with_causes([Counts(ended=200, replied=14, bounced=8)], *(cause(1, category=kind) for kind in kinds))
    (table,) = tables_of(sections_of(sender_document(audit, 1))["bounces"])
    assert (len(table.rows), table.total) == (6, 8)


def test_too_many_bounces_are_explained_by_what_most_of_them_came_from() -> None:
    fine = Counts(ended=400, replied=36, bounced=8)
    for ours, advice in ((31, "came from how we send, not from your lists"), (30, "Check the lists you were given")):
        counts = [Counts(ended=400, replied=36, bounced=60), *[fine] * 6]
        audit = with_causes(counts, cause(ours, **OURS), cause(60 - ours))
        notes = notes_of(sections_of(sender_document(audit, 1))["standing"])
        assert sum(advice in note for note in notes) == 1


def test_a_rate_says_how_many_of_its_bounces_are_ours() -> None:
    audit = sample_audit()
    scored = tables_of(sections_of(team_document(audit))["senders"])[0]
    assert column(scored, "Bounce rate")[1].endswith("] 20 of 24 ours")
    assert "“5 of 33 ours”: bounces that came from how we send" in said(scored.note)
    pairs = tables_of(sections_of(sequence_document(audit, 1))["senders"])[0]
    assert any(cell.endswith(" ours") for cell in column(pairs, "Bounce rate"))


def test_a_large_team_has_no_room_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hygiene.reports.senders.LARGE_TEAM", 9)
    scored = tables_of(sections_of(team_document(sample_audit()))["senders"])[0]
    assert not any("ours" in cell for cell in (*column(scored, "Bounce rate"), said(scored.note)))


# --- where bounces may not be seen ------------------------------------------------------------------------------------
def unseen(*others: Counts) -> Audit:
    return audit_of([Counts(ended=140, replied=12), *others])


def test_a_spotless_sender_behind_an_unknown_inbox_is_told_to_check_it() -> None:
    document = sender_document(unseen(Counts(ended=400, replied=36, bounced=8)), 1)
    verdict = verdict_of(document)
    assert said(verdict.sentence) == "Not one of 140 enrollments bounced."
    assert said(verdict.detail) == (
        "Either the lists are spotless, or bounces are not seen: check the connected inbox before you trust a score."
    )
    assert (said(verdict.mark), verdict.band) == ("Bounces not seen?", None)


def test_no_figure_and_no_praise_rests_on_bounces_that_may_not_be_seen() -> None:
    fine = Counts(ended=400, replied=36, bounced=12)
    document = sender_document(audit_of([Counts(ended=2000, replied=190), *[fine] * 8]), 1)
    text = render_text(document, Translator("en"))
    assert "Excellent" not in text.partition("## How the figures")[0]
    assert "Keep choosing your addresses" not in text
    assert "Tell the team where your addresses come from" not in text
    assert "Keep writing as you do" in text  # the replies are seen


def test_such_senders_stand_in_a_table_of_their_own_with_their_inbox() -> None:
    audit = unseen(Counts(ended=400, replied=36, bounced=8), Counts(ended=3))
    imap = replace(audit.facts, senders={**audit.facts.senders, 1: audit.facts.senders[1]._replace(inbox="IMAP <b>")})
    scored, suspects, apart = tables_of(sections_of(team_document(rescored(audit, imap)))["senders"])
    assert (column(scored, "Sender"), column(suspects, "Sender"), column(apart, "Sender")) == (["r2"], ["r1"], ["r3"])
    assert (column(suspects, "Inbox"), column(suspects, "Bounces")) == (["IMAP <b>"], ["0"])
    assert "check the connected inbox before you trust a score" in said(suspects.note)


def test_the_funnel_of_bounces_leaves_them_out_and_says_so() -> None:
    document = team_document(unseen(*[Counts(ended=400, replied=36, bounced=8)] * 3))
    reply, bounce = notes_of(sections_of(document)["chance"])
    assert "left out" not in reply
    assert bounce.endswith("1 sender without a single bounce is left out: bounces may not be seen.")


def test_a_team_of_none_but_such_senders_has_no_score_to_trust() -> None:
    verdict = verdict_of(team_document(unseen(Counts(ended=150, replied=9))))
    assert said(verdict.sentence) == (
        "No sender has a score that can be trusted: the enrollments of 2 senders have not one bounce."
    )
    assert said(verdict.detail) == "Next: check the inboxes of the senders without a single bounce."


def test_the_causes_of_the_samples_are_as_many_as_their_bounces() -> None:
    cells = (Cell(3, 1, MARCH, Counts(ended=20, bounced=7)), Cell(12, 1, MARCH, Counts(ended=5)))
    assert sum(each.bounced for each in causes_of(cells)) == 7
    audit = sample_audit()
    by_sender = Index.of(audit).causes_of_sender
    for score in audit.scores.senders:
        assert sum(each.bounced for each in by_sender.get(score.sender_key, [])) == score.counts.bounced
