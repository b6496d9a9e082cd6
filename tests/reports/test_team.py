"""The team report: the verdict first, nobody ranked, nobody blamed for noise."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import pytest

from hygiene.facts.types import Counts
from hygiene.flags.contacts import decide_all, summarize
from hygiene.reports import senders
from hygiene.reports.blocks import months_shown
from hygiene.reports.document import FunnelChart, Tiles
from hygiene.reports.index import Index
from hygiene.reports.senders import change_of
from hygiene.reports.team import team_document
from hygiene.reports.text import render_text
from hygiene.reports.translate import Translator
from hygiene.scores.types import MonthPoint, Rate
from hygiene.settings import Settings
from tests.reports.audits import audit_of, contact, sample_audit
from tests.reports.parts import blocks_of, column, links_of, notes_of, said, sections_of, tables_of, verdict_of

FINE = Counts(ended=400, replied=36, bounced=8)
POOR = Counts(ended=400, replied=4, bounced=50)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_team_report_reads_as_it_did(lang: str, matches_golden) -> None:
    document = team_document(sample_audit(Settings(lang=lang)))
    matches_golden(render_text(document, Translator(lang, strict=lang != "en")), f"{lang}/team.md")


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ([FINE] * 4, "None of 4 senders is clearly below Good; the differences between them fit chance."),
        (
            [POOR, *[FINE] * 4],
            "1 of 5 senders is clearly below Good; the differences between the other 4 fit chance.",
        ),
        (
            [POOR, POOR, *[FINE] * 6],
            "2 of 8 senders are clearly below Good; the differences between the other 6 fit chance.",
        ),
        ([POOR] * 3, "All 3 senders are clearly below Good."),
        ([POOR, FINE], "1 of 2 senders is clearly below Good; 1 other does better than chance explains."),
        (
            [Counts(ended=4000, replied=480, bounced=40), *[Counts(ended=4000, replied=600, bounced=40)] * 5],
            "None of 6 senders is clearly below Good; 1 other does worse than chance explains.",
        ),
        ([FINE], "The one sender with enough evidence is not clearly below Good."),
        ([POOR], "The one sender with enough evidence is clearly below Good."),
        (
            [Counts(ended=4), Counts(ended=5)],
            "No sender has enough evidence for a score: 9 enrollments have ended in all.",
        ),
        ([Counts(ended=1)], "No sender has enough evidence for a score: 1 enrollment has ended in all."),
        ([Counts(), Counts(active=3)], "No enrollment has ended in this data, so there is no score."),
    ],
)
def test_the_verdict_says_how_many_need_help_and_whether_the_others_differ(counts: list[Counts], sentence: str) -> None:
    assert said(verdict_of(team_document(audit_of(counts))).sentence) == sentence


def test_twenty_equal_senders_are_told_apart_by_nobody() -> None:
    document = team_document(audit_of([Counts(ended=100, replied=10, bounced=2)] * 20))
    assert (
        notes_of(sections_of(document)["chance"])
        == ["No sender is outside the 99.8% limits: the differences between senders are what chance alone would give."]
        * 2
    )
    assert set(column(tables_of(sections_of(document)["senders"])[0], "Standing")) == {"within chance"}


def test_a_sender_beyond_the_limits_is_named_by_the_funnel_without_a_reason() -> None:
    document = team_document(audit_of([POOR, *[FINE] * 6]))
    reply, bounce = notes_of(sections_of(document)["chance"])
    assert "1 sender below, 0 above. That is more than chance explains; it does not say why." in reply
    assert "0 senders below, 1 above." in bounce


def test_the_four_figures_stand_with_count_interval_and_denominator() -> None:
    tiles = blocks_of(team_document(sample_audit()), Tiles)[0].tiles
    shown = [(said(tile.label), said(tile.value), said(tile.detail)) for tile in tiles]
    assert shown == [
        ("Score of the team", "58", "on 2,796 ended enrollments"),
        ("Reply rate", "7.8%", "211 replies to 2,698 enrollments"),
        ("Bounce rate", "3.5%", "98 bounces in 2,796 enrollments, 31 of them from how we send"),
        ("Contacts to clean", "40", "of 2,400 contacts: 6 never to be written to again, 2 to remove, 32 to pause"),
    ]
    assert [tile.interval is not None for tile in tiles] == [True, True, True, False]


def test_the_other_denominators_change_the_rates_and_their_words() -> None:
    document = team_document(sample_audit(Settings(reply_denominator="ended", bounce_denominator="enrolled")))
    tiles = blocks_of(document, Tiles)[0].tiles
    assert said(tiles[1].detail) == "211 replies to 2,796 enrollments"
    assert said(tiles[2].detail) == "98 bounces in 2,811 enrollments, 31 of them from how we send"
    text = render_text(document, Translator("en"))
    assert "divided by all ended enrollments. Out-of-office" in text
    assert "divided by all enrollments, ended and active." in text


def test_senders_stand_by_need_then_name_and_never_by_rank() -> None:
    scored, apart = tables_of(sections_of(team_document(sample_audit()))["senders"])
    assert column(scored, "Sender") == [
        *("Chloé Martin", "Hugo Petit"),
        *("Ana Díaz", "Bo <b>Li</b>", "Dov Katz", "Eve Okoro", "Finn Hale", "Gita Rao", "Ines Sá", "Kim Sol"),
    ]
    assert column(apart, "Sender") == ["Jon Aas", "Léa Roux"]
    assert not any("rank" in said(each.title).lower() or said(each.title) == "#" for each in scored.columns)


def test_too_little_data_stands_apart_with_hubspots_own_line_and_no_band() -> None:
    apart = tables_of(sections_of(team_document(sample_audit()))["senders"])[1]
    assert column(apart, "Ended of HubSpot's minimum") == ["3 of 100", "0 of 100"]
    assert "Band" not in [said(each.title) for each in apart.columns]
    assert said(apart.note).startswith("This is not a low mark")


def test_a_click_on_a_senders_figure_opens_the_senders_sequences() -> None:
    scored = tables_of(sections_of(team_document(sample_audit()))["senders"])[0]
    assert links_of(scored.rows[0].cells) == ["senders/r03.html", *["senders/r03.html#sequences"] * 4]


def test_every_row_has_a_sort_key_for_every_column() -> None:
    for section in sections_of(team_document(sample_audit())).values():
        for table in tables_of(section):
            for row in table.rows:
                assert len(row.cells) == len(table.columns)
                assert len(row.sort) == (len(table.columns) if table.sortable else 0)


def test_links_lead_to_pages_that_are_written() -> None:
    audit = sample_audit()
    index = Index.of(audit)
    pages = {*index.sender_pages.values(), *index.sequence_pages.values()}
    links = links_of(team_document(audit, index))
    assert {href.partition("#")[0] for href in links if not href.startswith("#")} == pages


def test_links_on_the_page_lead_to_parts_of_it() -> None:
    document = team_document(sample_audit())
    parts = {inner.id for section in sections_of(document).values() for inner in section.blocks if hasattr(inner, "id")}
    anchors = {href[1:] for href in links_of(document) if href.startswith("#")}
    assert anchors
    assert anchors <= {*sections_of(document), *parts}


def test_flagged_contacts_are_counted_by_reason_with_their_files() -> None:
    table = tables_of(sections_of(team_document(sample_audit()))["contacts"])[0]
    counts = dict(zip(column(table, "Why"), column(table, "Contacts"), strict=True))
    assert counts["The mailbox does not exist, says the CRM"] == "1"
    assert counts["Out of office"] == "1"
    assert column(table, "Files")[0] == "lists/never.people.csv, lists/never.upload.csv"
    assert sum(map(int, column(table, "Contacts"))) == 40


def test_a_source_of_contacts_alone_gives_lists_and_no_score() -> None:
    audit = audit_of([])
    flags = summarize(decide_all([contact("c1", opted_out=True), contact("c2")]))
    audit = replace(audit, flags=flags, facts=replace(audit.facts, contacts=2))
    document = team_document(audit)
    assert said(verdict_of(document).sentence) == "1 of 2 contacts must not get the next email."
    assert said(verdict_of(document).mark) == "No score"
    assert (
        said(verdict_of(document).detail) == "Next: clean 1 contact with lists/cleanup.xlsx before the next campaign."
    )
    assert "senders" not in sections_of(document)
    assert "contacts" in sections_of(document)
    assert [tile.href for tile in blocks_of(document, Tiles)[0].tiles] == ["#contacts"]


def test_a_source_of_totals_alone_gives_scores_and_no_lists() -> None:
    document = team_document(audit_of([FINE] * 3))
    assert "contacts" not in sections_of(document)
    assert [tile.href for tile in blocks_of(document, Tiles)[0].tiles] == ["#senders"] * 3
    assert verdict_of(document).detail is None


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (
            Counts(ended=150, bounced=150),
            "All 150 enrollments bounced: stop and check the list before the next email.",
        ),
        (
            Counts(ended=1, bounced=1),
            "The one enrollment that has ended bounced: stop and check the list before the next email.",
        ),
    ],
)
def test_a_team_whose_every_enrollment_bounced_has_to_stop(counts: Counts, sentence: str) -> None:
    document = team_document(audit_of([counts]))
    verdict = verdict_of(document)
    assert (said(verdict.sentence), said(verdict.mark), verdict.alarm) == (sentence, "Stop sending", True)
    assert "This is not a low mark" not in render_text(document, Translator("en"))


def test_the_list_to_check_is_told_apart_from_too_little_evidence() -> None:
    document = team_document(audit_of([Counts(ended=30, bounced=30), Counts(ended=3), FINE]))
    note = said(tables_of(sections_of(document)["senders"])[1].note)
    assert note.startswith("Where every enrollment bounced, the list has to be checked. For the others")


def test_a_name_of_a_whole_page_is_cut_where_it_is_shown() -> None:
    audit = sample_audit()
    long = audit.facts.senders[1]._replace(name="Ana " + "x" * 5000)
    index = Index.of(replace(audit, facts=replace(audit.facts, senders={**audit.facts.senders, 1: long})))
    assert index.sender_label(1) == "Ana " + "x" * 75 + "…"
    assert index.sender_label(2) == "Bo <b>Li</b>"


def test_the_band_over_the_verdict_is_said_to_be_the_teams() -> None:
    assert said(verdict_of(team_document(sample_audit())).mark) == "Team: ◆ Fair"


@pytest.mark.parametrize(
    ("months", "sentence"),
    [
        (2, "The first months of the data hold mostly those that a reply or a bounce ended early"),
        (13, "latest 12 of 13"),
    ],
)
def test_a_trend_says_which_enrollments_a_month_holds(months: int, sentence: str) -> None:
    shown = said(months_shown(sample_audit().scores.team_trend[:1] * months))
    assert sentence in shown
    assert "An enrollment counts in the month it ended." in shown


def test_what_more_data_would_add_names_the_tables_that_were_not_given() -> None:
    audit = sample_audit()
    text = render_text(team_document(audit), Translator("en"))
    assert "- events: the steps of each sequence" in text
    assert "- contacts: opt-outs" not in text
    given = replace(audit.imported, given=("enrollments", "events", "contacts", "senders", "sequences", "suppressions"))
    assert "missing" not in sections_of(team_document(replace(audit, imported=given)))


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        (datetime(2026, 1, 1), datetime(2026, 4, 1), "ended from Jan 1, 2026 to Mar 31, 2026"),
        (datetime(2026, 1, 1), None, "ended on Jan 1, 2026 or later"),
        (None, datetime(2026, 4, 1), "ended on Mar 31, 2026 or earlier"),
        (None, None, "all that the data holds, from Jan 2, 2026 to Mar 31, 2026"),
    ],
)
def test_the_head_says_the_date_filter_in_words(since: datetime | None, until: datetime | None, sentence: str) -> None:
    document = team_document(sample_audit(Settings(since=since, until=until)))
    assert said(document.context[0][1]) == sentence


@pytest.mark.parametrize(
    ("low", "high", "change"),
    [(0.13, 0.2, "higher"), (0.01, 0.04, "lower"), (0.11, 0.2, "same"), (0.01, 0.06, "same")],
)
def test_a_month_differs_only_where_the_intervals_do_not_touch(low: float, high: float, change: str) -> None:
    score = audit_of([FINE, FINE]).scores.senders[0]
    score = replace(score, reply=Rate(36, 392, 0.09, 0.05, 0.12))
    month = MonthPoint(datetime(2026, 1, 1), FINE, Rate(1, 10, 0.1, low, high), score.bounce)
    assert change_of(month, score) == change


def test_sources_show_where_the_bounces_came_from() -> None:
    table = tables_of(sections_of(team_document(sample_audit()))["sources"])[0]
    assert column(table, "Source") == ["webinar", "not given", "vendor-x"]
    assert column(table, "Bounce rate")[2].startswith("12.0% [")


def test_hostile_names_stay_text() -> None:
    funnel = blocks_of(team_document(sample_audit()), FunnelChart)[0]
    assert "Bo <b>Li</b>" in [dot.label for dot in funnel.dots]
    assert all(href.isascii() and "<" not in href for href in links_of(team_document(sample_audit())))


def test_a_row_of_a_large_team_is_shorter_and_still_leads_to_the_sequences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "LARGE_TEAM", 9)
    scored = tables_of(sections_of(team_document(sample_audit()))["senders"])[0]
    assert "Replies in Mar 2026" not in [said(each.title) for each in scored.columns]
    assert links_of(scored.rows[0].cells) == ["senders/r03.html", *["senders/r03.html#sequences"] * 2]


def test_every_rate_stands_with_its_interval() -> None:
    for lang in ("en", "fr"):
        text = render_text(team_document(sample_audit()), Translator(lang))
        table = text.partition("**Senders with a score**" if lang == "en" else "**Expéditeurs avec un score**")[2]
        row = next(line for line in table.splitlines() if line.startswith("Ana"))
        assert len(re.findall(r"\d\s?% \[", row)) == 3
