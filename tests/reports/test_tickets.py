"""Tickets: each cause has the right one, with what it cost; every ticket can be read and pasted, in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from hygiene.exports.tickets import code_span, write_tickets
from hygiene.facts.types import Counts, Sender
from hygiene.mail.bounces.codes import table
from hygiene.mail.bounces.types import MEANINGS
from hygiene.reports.document import Definitions, Section, Snippet
from hygiene.reports.index import Index
from hygiene.reports.team import team_document
from hygiene.reports.ticket_words import WORDS
from hygiene.reports.tickets import BY_CATEGORY, Found, Ticket, all_tickets, details, found_tickets, ticket_of
from hygiene.reports.translate import Translator
from hygiene.values import Text
from tests.reports.audits import audit_of, sample_audit
from tests.reports.parts import links_of, said, sections_of, tables_of
from tests.reports.test_bounces import cause, with_causes
from tests.reports.test_translations import ENGLISH

if TYPE_CHECKING:
    from pathlib import Path

EN, FR = Translator("en"), Translator("fr", strict=True)
REPUTATION = {"category": "reputation", "fault": "sender"}


# --- the data ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ticket", all_tickets().values(), ids=lambda ticket: ticket.id)
def test_a_ticket_has_its_words_and_something_to_copy_and_to_check(ticket: Ticket) -> None:
    words = WORDS[ticket.id]
    for translator in (EN, FR):
        assert translator.text(words.requirement).endswith(".")
        assert translator.text(words.fix).endswith(".")
        assert not translator.text(words.title).endswith(".")
    assert (words.paste is None) == bool(ticket.paste)
    assert (words.check is None) == bool(ticket.check)
    assert ticket.owner in {"it", "ops", "writer"}
    assert ticket.also is None or ticket.also in all_tickets()


def test_every_ticket_and_no_other_has_words() -> None:
    assert set(WORDS) == set(all_tickets())


def test_lines_to_copy_name_nobody_real_as_ourselves() -> None:
    for ticket in all_tickets().values():
        own = re.findall(r"\b(?:[\w-]+\.)*example\.(\w+)", f"{ticket.paste} {ticket.check}")
        assert set(own) <= {"com", "net"}, ticket.id
        assert not re.findall(
            r"\b(?!192\.0\.2\.|10\.2\.0\.192)\d{1,3}(?:\.\d{1,3}){3}\b", f"{ticket.paste} {ticket.check}"
        )


def test_no_ticket_leaves_english_words_on_a_french_page() -> None:
    index = Index.of(audit_of([Counts(ended=9)]))
    for ticket in all_tickets().values():
        found = Found(ticket, 3, ((1, 3),), ((datetime(2026, 3, 1), 3),))
        for block in details(index, found):
            assert ENGLISH.findall(without_data(block)) == [], ticket.id


def without_data(block: Definitions | Snippet) -> str:
    if isinstance(block, Snippet):
        return "" if isinstance(block.text, Text) else FR.text(block.text)
    shown = " ".join(FR.text(meaning) for term, meaning in block.items if term.id != "Source of the rule")
    return shown.replace("Sender Hub", "").replace("-all", "")


# --- which ticket, and what it cost -----------------------------------------------------------------------------------
def test_a_cause_has_the_ticket_of_its_code_or_else_of_its_category() -> None:
    assert ticket_of(cause(1, **REPUTATION, ticket="outlook_delisting")) == "outlook_delisting"
    assert ticket_of(cause(1, **REPUTATION)) == "blocklist"
    assert ticket_of(cause(1, **REPUTATION, ticket="of an older version")) == "blocklist"
    assert ticket_of(cause(1)) is None
    assert ticket_of(cause(1, category="mailbox_full", fault="temporary")) is None


def test_every_fault_of_ours_has_a_ticket() -> None:
    assert set(BY_CATEGORY) == {name for name, meaning in MEANINGS.items() if meaning.fault == "sender"}
    assert set(BY_CATEGORY.values()) <= set(all_tickets())


def test_every_ticket_of_the_codes_is_there_and_each_one_is_used() -> None:
    named = {row.ticket for row in table() if row.ticket}
    also = {ticket.also for ticket in all_tickets().values() if ticket.also}
    assert named | also | set(BY_CATEGORY.values()) == set(all_tickets())


def test_a_ticket_counts_its_enrollments_by_sender_and_month_the_costliest_first() -> None:
    months = datetime(2026, 1, 1), datetime(2026, 2, 1)
    found = found_tickets(
        [
            cause(2, **REPUTATION, month=months[0]),
            cause(3, **REPUTATION, sender_key=2, month=months[1]),
            cause(9, category="content", fault="sender"),
            cause(50),
        ]
    )
    assert [(each.ticket.id, each.bounced) for each in found] == [("content_refused", 9), ("blocklist", 5)]
    assert found[1].senders == ((2, 3), (1, 2))
    assert found[1].months == ((months[1], 3), (months[0], 2))


def test_a_ticket_brings_the_one_that_goes_with_it_once() -> None:
    google = cause(3, **REPUTATION, ticket="google_spam_rate")
    yahoo = cause(2, **REPUTATION, ticket="yahoo_spam_rate")
    found = found_tickets([google, yahoo])
    assert [each.ticket.id for each in found] == ["google_spam_rate", "one_click_unsubscribe", "yahoo_spam_rate"]
    assert (found[1].bounced, found[1].goes_with) == (0, "google_spam_rate")


def test_the_order_of_the_causes_changes_no_ticket() -> None:
    causes = sample_audit().facts.bounce_causes
    assert found_tickets(causes) == found_tickets(causes[::-1])


def test_many_senders_are_named_in_part_and_counted() -> None:
    audit = with_causes(
        [Counts(ended=50, bounced=1)] * 8, *(cause(1, **REPUTATION, sender_key=key) for key in range(1, 9))
    )
    (facts, *_) = details(Index.of(audit), found_tickets(audit.facts.bounce_causes)[0])
    assert isinstance(facts, Definitions)
    cost = dict((said(term), said(meaning)) for term, meaning in facts.items)["What it has cost"]  # noqa: C402
    assert cost == (
        "8 enrollments whose emails came back, by sender: r1 (1), r2 (1), r3 (1), r4 (1), r5 (1), and 3 more;"
        " by month: Mar 2026 (8)"
    )


# --- where they stand -------------------------------------------------------------------------------------------------
def test_the_team_page_lists_the_tickets_and_leads_to_each() -> None:
    section = sections_of(team_document(sample_audit()))["tickets"]
    (listed,) = tables_of(section)
    inner = [block for block in section.blocks if isinstance(block, Section)]
    assert [href[1:] for href in links_of(listed)] == [each.id for each in inner]
    assert all(each.folded for each in inner)
    assert [said(row.cells[3]) for row in listed.rows] == ["15", "8", "4", "4", ""]


def test_without_a_fault_of_ours_there_is_no_ticket_and_no_file(tmp_path: Path) -> None:
    audit = with_causes([Counts(ended=200, replied=14, bounced=10)], cause(10))
    assert "tickets" not in sections_of(team_document(audit))
    write_tickets(tmp_path, Index.of(audit), EN)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("translator", [EN, FR], ids=["en", "fr"])
def test_the_file_reads_as_it_did(translator: Translator, tmp_path: Path, matches_golden) -> None:
    write_tickets(tmp_path, Index.of(sample_audit()), translator)
    matches_golden((tmp_path / "tickets.md").read_text(encoding="utf-8"), f"{translator.lang}/tickets.md")


ATTACKS = (
    "Bo <script>alert(1)</script>",
    "![x](https://evil.example/x.png) [click](javascript:alert(1))",
    "@everyone closes #1",
    "a `b` ``c`` </details>",
    "line\n# heading\n- [x] done",
    "\x1b[2J\u202egnp",
    "``` \n```",
    "   ",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_name_is_code_in_the_file(attack: str, tmp_path: Path) -> None:
    audit = with_causes([Counts(ended=50, bounced=1)], cause(1, **REPUTATION))
    evil = replace(audit, facts=replace(audit.facts, senders={1: Sender(1, "r1", attack, *[None] * 4)}))
    for each, name in ((audit, "calm"), (evil, "evil")):
        (tmp_path / name).mkdir()
        write_tickets(tmp_path / name, Index.of(each), EN)
    calm, text = ((tmp_path / name / "tickets.md").read_text(encoding="utf-8") for name in ("calm", "evil"))
    assert len(text.splitlines()) == len(calm.splitlines())
    assert text.replace(code_span(EN.text(Text(attack))), "`r1`") == calm


@pytest.mark.parametrize("text", ["plain", "`", "``", "a`b", "`a``b```c"])
def test_a_code_span_ends_only_at_its_own_fence(text: str) -> None:
    span = code_span(text)
    fence = re.match("`+", span)[0]
    inner = span[len(fence) : -len(fence)]
    assert fence not in re.findall("`+", inner)
    assert (inner[1:-1] if "`" in text else inner) == text
