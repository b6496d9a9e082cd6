"""The coaching page: second person, no blame, nothing called a fault that chance explains."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hygiene.facts.types import Counts
from hygiene.reports.coaching import next_band_sentence
from hygiene.reports.document import Note, RateScale, ScoreScale
from hygiene.reports.index import Index
from hygiene.reports.sender import sender_document
from hygiene.reports.text import render_text
from hygiene.reports.translate import Translator
from hygiene.reports.verdict import sender_verdict
from hygiene.scores.profile import load_profile
from hygiene.scores.score import score_unit
from hygiene.scores.types import NextBand
from hygiene.settings import Settings
from tests.reports.audits import audit_of, sample_audit
from tests.reports.parts import blocks_of, column, links_of, notes_of, said, sections_of, tables_of, verdict_of

FINE = Counts(ended=400, replied=36, bounced=8)
BLAME = re.compile(
    r"\b(bad|worst|poor|fail\w*|fault|mistake|blame|lazy|wrong|mauvais|pire|échec|faute|erreur|coupable)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_coaching_page_reads_as_it_did(lang: str, matches_golden) -> None:
    document = sender_document(sample_audit(Settings(lang=lang)), 3)
    matches_golden(render_text(document, Translator(lang, strict=lang != "en")), f"{lang}/sender.md")


def test_no_word_of_blame_is_said_to_anybody() -> None:
    audit = sample_audit()
    for lang, not_blame in (("en", "no blame"), ("fr", "mauvaise note")):
        for key in audit.facts.senders:
            text = render_text(sender_document(audit, key), Translator(lang)).replace(not_blame, "")
            assert BLAME.findall(text) == []


@pytest.mark.parametrize(
    ("key", "sentence", "detail"),
    [
        (3, "Your score is ▼ Low: 9 of 100.", "The figures allow a score from 8 to 25 (90% interval)."),
        (
            10,
            "Too little evidence for a band: 3 enrollments have ended.",
            "This is not a low mark: the figures allow anything from ▼ Low to ● Good.",
        ),
        (12, "None of your enrollments has ended yet, so there is no score.", None),
    ],
)
def test_the_verdict_speaks_to_the_reader(key: int, sentence: str, detail: str | None) -> None:
    verdict = verdict_of(sender_document(sample_audit(), key))
    assert said(verdict.sentence) == sentence
    assert (verdict.detail and said(verdict.detail)) == detail
    assert verdict.band == ("low" if key == 3 else None)


def test_everything_bounced_is_an_alarm_before_anything_else() -> None:
    document = sender_document(audit_of([Counts(ended=30, bounced=30), FINE]), 1)
    verdict = verdict_of(document)
    assert said(verdict.sentence) == "All 30 enrollments bounced: stop and check the list before the next email."
    assert (verdict.alarm, said(verdict.mark), verdict.detail) == (True, "Stop sending", None)
    assert "This is not a low mark" not in render_text(document, Translator("en"))
    assert blocks_of(document, ScoreScale) == []
    assert [said(scale.label) for scale in blocks_of(document, RateScale)] == ["Bounce rate"]


@pytest.mark.parametrize(
    ("step", "ways"),
    [
        (NextBand("good", 12, 4, None), "12 more replies, or 4 fewer bounces"),
        (NextBand("good", 1, None, None), "1 more reply"),
        (NextBand("good", None, 1, None), "1 fewer bounce"),
        (
            NextBand("good", 12, 9, (2, 3)),
            "12 more replies, or 9 fewer bounces, or 2 more replies together with 3 fewer bounces",
        ),
    ],
)
def test_the_way_to_the_next_band_is_arithmetic_and_says_so(step: NextBand, ways: str) -> None:
    score = score_unit(Counts(ended=240, replied=16, bounced=4), "sender", load_profile("default"), Settings())
    sentence = next_band_sentence(replace(score, status="scored", next_band=step))
    assert sentence
    assert said(sentence) == (
        f"To reach ● Good it would have taken {ways}. That is arithmetic on these 240 enrollments, not a forecast."
    )


def test_a_likelier_band_than_the_one_shown_is_named() -> None:
    score = score_unit(Counts(ended=240, replied=16, bounced=4), "sender", load_profile("default"), Settings())
    p_bands = {"low": 0.392, "fair": 0.6, "good": 0.008, "excellent": 0.0}
    verdict = sender_verdict(replace(score, status="scored", score=39.1, band="low", low=35, high=48, p_bands=p_bands))
    assert verdict.detail
    assert said(verdict.detail) == (
        "The figures allow a score from 35 to 48 (90% interval); ▼ Low has a probability of 39%, ◆ Fair 60%: more"
        " enrollments will tell."
    )


def test_figures_outside_their_interval_are_explained_where_they_stand() -> None:
    sections = sections_of(sender_document(sample_audit(), 3))
    sentence = "an interval leans towards the results of the whole team"
    assert sentence in said(sections["trend"].intro)
    assert sentence in said(tables_of(sections["sequences"])[0].note)


def test_no_way_is_named_without_evidence_or_where_none_leads_there() -> None:
    score = score_unit(Counts(ended=240, replied=16, bounced=4), "sender", load_profile("default"), Settings())
    step = NextBand("good", 1, 1, None)
    assert next_band_sentence(replace(score, status="insufficient_evidence", next_band=step)) is None
    assert next_band_sentence(replace(score, status="scored", next_band=None)) is None
    assert next_band_sentence(replace(score, status="scored", next_band=NextBand("good", None, None, None))) is None


@pytest.mark.parametrize(
    ("ended", "sentence"),
    [
        (99, "HubSpot shows a score from 100 ended enrollments: you have 99 of 100."),
        (100, "You have enough ended enrollments for HubSpot to show its own score too."),
    ],
)
def test_hubspots_line_stands_at_a_hundred(ended: int, sentence: str) -> None:
    document = sender_document(audit_of([Counts(ended=ended, replied=9, bounced=1), FINE]), 1)
    assert notes_of(sections_of(document)["standing"])[-1] == sentence


def test_hubspots_line_says_when_the_seat_is_missing() -> None:
    audit = audit_of([FINE, FINE])
    senders = tuple(replace(score, hubspot_eligible=False) for score in audit.scores.senders)
    document = sender_document(replace(audit, scores=replace(audit.scores, senders=senders)), 1)
    assert notes_of(sections_of(document)["standing"])[-1].endswith("it wants an assigned seat.")


def test_a_sender_within_the_limits_hears_once_that_it_is_chance() -> None:
    notes = notes_of(sections_of(sender_document(audit_of([FINE] * 5), 1))["standing"])
    assert [note for note in notes if "chance" in note] == [
        (
            "Your rates differ from the team's (replies 9.2%, bounces 2.0%) by no more than chance allows: nothing here"
            " needs an explanation."
        )
    ]


def test_a_rate_within_the_limits_is_still_chance_beside_one_that_is_not() -> None:
    odd = Counts(ended=400, replied=36, bounced=60)
    notes = notes_of(sections_of(sender_document(audit_of([odd, *[FINE] * 6]), 1))["standing"])
    assert sum("Your reply rate and the team's" in note for note in notes) == 1
    assert sum("Your bounce rate lies above the 99.8% limits" in note for note in notes) == 1


def test_a_sender_beyond_the_limits_hears_what_to_look_at() -> None:
    document = sender_document(audit_of([Counts(ended=400, replied=4, bounced=50), *[FINE] * 6]), 1)
    notes = [block for block in sections_of(document)["standing"].blocks if isinstance(block, Note)]
    warned = [said(note.sentence) for note in notes if note.tone == "warn"]
    assert [sentence.partition(":")[2].split(".")[1].strip() for sentence in warned] == [
        "Compare your sequences below, and the lists that fed them",
        "Check the lists you were given before the next campaign",
    ]


def test_praise_rests_on_the_whole_interval() -> None:
    sure = Counts(ended=2000, replied=200, bounced=10)
    assert (
        sum("Keep " in note for note in notes_of(sections_of(sender_document(audit_of([sure] * 3), 1))["standing"]))
        == 2
    )
    lucky = audit_of([Counts(ended=20, replied=3), Counts(ended=20, replied=1, bounced=2)])
    assert not any("Keep " in note for note in notes_of(sections_of(sender_document(lucky, 1))["standing"]))


def test_the_sequences_lead_to_their_pages_and_the_way_back_to_the_team() -> None:
    audit = sample_audit()
    document = sender_document(audit, 1, Index.of(audit))
    table = tables_of(sections_of(document)["sequences"])[0]
    assert links_of(table) == ["../sequences/s2.html", "../sequences/s1.html"]
    assert column(table, "Ended of HubSpot's minimum") == ["reached", "reached"]
    assert links_of(document.breadcrumb) == ["../index.html"]


def test_at_most_six_contacts_are_listed_and_their_number_is_said() -> None:
    table = tables_of(sections_of(sender_document(sample_audit(), 8))["contacts"])[0]
    assert len(table.rows) == 6
    assert table.total == 25
    assert said(table.caption) == "25 of your contacts should not get the next email"


def test_contacts_stand_strictest_first() -> None:
    table = tables_of(sections_of(sender_document(sample_audit(), 1))["contacts"])[0]
    assert column(table, "What to do") == [
        *["Never write again"] * 5,
        "Remove from the lists",
    ]
    assert column(table, "Contact")[0] == "c01@acme.test"  # still in a sequence


def test_a_sender_of_whom_nothing_is_known_but_the_id_has_a_page() -> None:
    document = sender_document(sample_audit(), 12)
    assert list(sections_of(document)) == ["method"]


def test_an_id_that_would_leave_the_folder_links_inside_it() -> None:
    audit = sample_audit()
    evil = audit.facts.senders[1]._replace(sender_id="../../etc/passwd")
    index = Index.of(replace(audit, facts=replace(audit.facts, senders={**audit.facts.senders, 1: evil})))
    assert re.fullmatch(r"senders/etc-passwd-[0-9a-f]{8}\.html", index.sender_pages[1])
    assert index.sender_href(1, up=True, anchor="sequences") == f"../{index.sender_pages[1]}#sequences"


def test_where_the_evidence_is_too_thin_no_figure_stands_that_would_read_as_a_mark() -> None:
    document = sender_document(sample_audit(), 10)
    (scale,) = blocks_of(document, ScoreScale)
    assert scale.score is None
    assert scale.low < scale.high
