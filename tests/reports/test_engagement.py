"""Who will still answer: every figure of the summary in its place, and each case said as it is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hygiene.flags.engagement.costs import Costs
from hygiene.flags.engagement.frontier import Cost
from hygiene.reports.document import Definitions, FrontierChart
from hygiene.reports.engagement import calibration_chart, engagement_section, frontier_chart, verdict_words, ways_table
from hygiene.reports.engagement_words import (
    budget_words,
    complaints_words,
    control_words,
    costs_words,
    how_decided,
    learned_words,
    machine_words,
    tail_words,
)
from hygiene.reports.index import Index
from hygiene.reports.sender import sender_document
from hygiene.reports.team import team_document
from hygiene.reports.text import render_text
from hygiene.reports.translate import PSEUDO, Translator
from hygiene.values import Message
from tests.reports.audits import audit_of, sample_audit, sample_engagement
from tests.reports.parts import column, notes_of, said, sections_of
from tests.reports.test_translations import ENGLISH, outer_text

if TYPE_CHECKING:
    from hygiene.flags.engagement.summary import EngagementSummary
    from hygiene.reports.document import Section

SUMMARY = sample_engagement()
CHOSEN = Cost(381, 4.6, 1.1, 8.1, 0.0241)


def section_of(summary: EngagementSummary | None) -> Section:
    return engagement_section(Index.of(replace(sample_audit(), engagement=summary)))


# --- the verdict, the chart, the table --------------------------------------------------------------------------------
def test_the_verdict_says_how_many_and_what_writing_to_them_would_bring() -> None:
    assert said(verdict_words(replace(SUMMARY, judged=5_700, chosen=CHOSEN))) == (
        "381 of 5,700 contacts are too unlikely to reply: three more emails to each would bring about 4.6 [1–9]"
        " replies, 2.4% of all that are expected."
    )


def test_a_verdict_without_anybody_to_pause_says_so() -> None:
    nobody = replace(SUMMARY, chosen=Cost(0, 0.0, 0.0, 0.0, 0.0))
    assert said(verdict_words(nobody)).endswith("all 2,313 contacts judged stay.")
    assert said(verdict_words(replace(nobody, judged=1))).endswith("the one contact judged stays.")


def test_the_section_says_who_is_paused_and_who_is_written_to_all_the_same() -> None:
    (sentence,) = notes_of(section_of(SUMMARY))
    assert sentence.endswith("27 are paused. 1 is written to all the same, as a control group.")


def test_the_chart_has_the_frontier_and_the_three_ways_with_ours_below() -> None:
    chart = frontier_chart(SUMMARY)
    assert [(point.contacts, point.share) for point in chart.points] == [
        (c.contacts, c.share) for c in SUMMARY.frontier
    ]
    assert [(mark.kind, mark.contacts, mark.share) for mark in chart.marks] == [
        ("chosen", SUMMARY.chosen.contacts, SUMMARY.chosen.share),
        ("hubspot", SUMMARY.hubspot_rule.contacts, SUMMARY.hubspot_rule.share),
        ("ninety_days", SUMMARY.ninety_days.contacts, SUMMARY.ninety_days.share),
    ]
    assert all(0 <= point.low <= point.share <= point.high <= 1 for point in chart.points)


def test_the_table_compares_each_way_with_pausing_everybody() -> None:
    table = ways_table(replace(SUMMARY, chosen=CHOSEN))
    assert column(table, "Way of pausing") == [
        "The model's choice",
        "HubSpot's 11/16 rule",
        "No sign of life for 90 days",
        "Pausing everybody",
    ]
    assert [column(table, title)[0] for title in ("Contacts paused", "Replies lost", "Share of all expected")] == [
        "381",
        "4.6 [1–9]",
        "2.4%",
    ]
    assert column(table, "Contacts paused")[-1] == "2,313"
    assert column(table, "Share of all expected")[-1] == "100.0%"


def test_without_an_expected_reply_there_is_no_chart() -> None:
    nothing = Cost(0, 0.0, 0.0, 0.0, 0.0)
    blocks = section_of(replace(SUMMARY, expected_replies=0.0, chosen=nothing, frontier=(nothing,))).blocks
    assert not [block for block in blocks if isinstance(block, FrontierChart)]


def test_where_nobody_was_judged_the_section_is_left_out() -> None:
    for summary in (None, replace(SUMMARY, judged=0)):
        assert section_of(summary).blocks == ()
        assert "answers" not in sections_of(team_document(replace(sample_audit(), engagement=summary)))


# --- how it was decided -----------------------------------------------------------------------------------------------
def terms_of(summary: EngagementSummary) -> list[str]:
    (definitions,) = (block for block in section_of(summary).blocks if isinstance(block, Definitions))
    return [said(term) for term, _ in definitions.items]


def test_costs_are_named_with_the_probability_at_which_they_meet() -> None:
    sentence = said(costs_words(SUMMARY))
    assert "A reply counts 200, an email 1, a complaint 150" in sentence
    assert "below about 1.7% is paused" in sentence  # 3 · (1 + 0.001 · 150) ÷ 200
    assert sentence.endswith("These are our assumptions; yours will differ.")


def test_costs_that_somebody_set_are_not_called_our_assumptions() -> None:
    sentence = said(costs_words(replace(SUMMARY, costs=Costs(450.0, 0.25, 150.0))))
    assert "A reply counts 450, an email 0.25, a complaint 150" in sentence
    assert "assumptions" not in sentence


def test_a_budget_takes_the_place_of_costs_and_complaints() -> None:
    assert terms_of(replace(SUMMARY, budget=0.02))[:2] == ["What decides", "Control group"]
    assert terms_of(SUMMARY)[:3] == ["What decides", "Complaints", "Control group"]
    assert "at most 2% of those expected" in said(budget_words(0.02))
    assert "at most 2.5% of those expected" in said(budget_words(0.025))


@pytest.mark.parametrize(("recorded", "words"), [(True, "from those in this data"), (False, "is assumed")])
def test_complaints_are_recorded_or_assumed(recorded: bool, words: str) -> None:
    sentence = said(complaints_words(replace(SUMMARY, has_complaints=recorded, complaint_rate=0.00145)))
    assert words in sentence
    assert "0.14%" in sentence or "0.15%" in sentence


def test_a_control_group_is_counted_and_none_is_said_to_be_missed() -> None:
    assert said(control_words(0.05, 14)).startswith("5% of those too unlikely to reply, at present 14 contacts, are")
    assert said(control_words(0.0, 0)).startswith("none (setting control_share).")


def test_few_emails_are_not_mentioned_where_they_do_not_matter() -> None:
    assert "Never paused" in terms_of(SUMMARY)
    assert "Never paused" not in terms_of(replace(SUMMARY, pause_after=1))


def test_with_too_little_data_the_first_opinion_stands_alone_and_says_what_would_end_that() -> None:
    few = replace(SUMMARY, is_stacked=False, learned_contacts=120, learned_replies=1)
    sentence = said(learned_words(few))
    assert sentence.startswith("this history, with 120 contacts and 1 human reply. That is too little")
    assert sentence.endswith("From 300 contacts and 300 human replies on, more is learned.")
    assert "The least likely" not in terms_of(few)
    assert said(machine_words(few)).startswith("they cannot change anything here")
    short = replace(few, learned_contacts=900, learned_replies=900)
    assert "A longer history would end that" in said(learned_words(short))


def test_a_model_from_a_file_is_said_to_be_one() -> None:
    assert said(learned_words(replace(SUMMARY, is_given=True))).startswith(
        "a model from a file, which saw 2,391 contacts"
    )


@pytest.mark.parametrize(
    ("tail", "words"),
    [
        (0.95, "gave 95% of the replies predicted for them. The replies lost are not lowered for that."),
        (1.3, "gave 130% of the replies predicted for them. The replies lost are raised by as much."),
        (1.0, "not checked: there are too few later emails"),
    ],
)
def test_the_tail_says_what_came_of_what_was_predicted(tail: float, words: str) -> None:
    assert words in said(tail_words(tail))


@pytest.mark.parametrize(
    ("more", "fewer", "paused", "words"),
    [
        (0, 0, 381, "the same contacts would be paused."),
        (
            18,
            1,
            381,
            "18 contacts more would be paused and 1 of the paused would not. The conclusion would not change.",
        ),
        (19, 1, 381, "The conclusion would change: it leans on opens and clicks."),
        (20, 0, 400, "The conclusion would change: it leans on opens and clicks."),
        (1, 0, 381, "1 contact more would be paused and 0 of"),
        (1, 0, 0, "The conclusion would change"),
        (0, 0, 0, "the same contacts would be paused."),
    ],
)
def test_the_conclusion_changes_from_one_in_twenty_paused_on(more: int, fewer: int, paused: int, words: str) -> None:
    chosen = CHOSEN._replace(contacts=paused)
    assert words in said(machine_words(replace(SUMMARY, newly_paused=more, no_longer_paused=fewer, chosen=chosen)))


# --- on the pages -----------------------------------------------------------------------------------------------------
def test_a_sender_reads_how_many_contacts_are_paused_for_silence() -> None:
    audit = sample_audit()
    (sentence,) = notes_of(sections_of(sender_document(audit, 8))["contacts"])
    assert sentence == (
        "25 of these contacts are paused because a reply has become too unlikely. Each one's sentence says what would"
        " bring it back; all are in lists/pause.people.csv."
    )
    assert notes_of(sections_of(sender_document(audit, 3))["contacts"])[0].startswith("1 of these contacts is paused")


def test_the_method_names_its_source_only_where_the_model_was_asked() -> None:
    asked = render_text(team_document(sample_audit()), Translator("en"))
    assert "Fader, Hardie & Shang 2010, Marketing Science 29, 1086–1108" in asked
    assert "Fader" not in render_text(team_document(audit_of([])), Translator("en"))


def test_without_events_the_page_says_what_they_would_add() -> None:
    audit = replace(sample_audit(), engagement=None, judged=None)
    assert "one by one, and who will still answer" in render_text(team_document(audit), Translator("en"))
    given = ("enrollments", "events", "contacts", "senders", "sequences", "suppressions")
    section = sections_of(team_document(replace(audit, imported=replace(audit.imported, given=given))))["missing"]
    assert section.intro is None
    assert notes_of(section) == [
        "The table events holds no event, so nobody can say who will still answer. Nobody is paused."
    ]


CASES = (
    SUMMARY,
    replace(SUMMARY, budget=0.025, is_given=True, control_share=0.0, tail=1.2, newly_paused=900),
    replace(SUMMARY, is_stacked=False, learned_replies=12, has_complaints=True, newly_paused=0),
    replace(SUMMARY, is_stacked=False, chosen=Cost(0, 0.0, 0.0, 0.0, 0.0), tail=1.0),
)


@pytest.mark.parametrize("summary", CASES)
def test_no_english_is_left_in_french_and_no_word_escapes_translation(summary: EngagementSummary) -> None:
    document = team_document(replace(sample_audit(), engagement=summary))
    section = replace(document, title=Message("Team"), context=(), blocks=(sections_of(document)["answers"],))
    french = render_text(section, Translator("fr", strict=True))
    settings = re.compile(r"\b[a-z]+_[a-z_]+\b")
    assert ENGLISH.findall(settings.sub("", french)) == []
    assert set(re.findall(r"[^\W\d_]+", outer_text(render_text(section, Translator(PSEUDO))))) == set()


def test_every_word_for_how_it_was_decided_is_a_sentence_of_its_own() -> None:
    for summary in CASES:
        for term, meaning in how_decided(summary, 14):
            assert said(term)[0].isupper()
            assert said(meaning).endswith(".")


# --- the back-test's chart --------------------------------------------------------------------------------------------
def test_the_groups_of_a_calibration_are_sorted_by_their_prediction() -> None:
    chart = calibration_chart([(0.2, 0.3, 0.1, 0.5, 9), (0.1, 0.0, 0.0, 0.2, 8)])
    assert [(point.predicted, point.observed, point.trials) for point in chart.points] == [(0.1, 0.0, 8), (0.2, 0.3, 9)]
