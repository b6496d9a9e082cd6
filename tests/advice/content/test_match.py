"""Matching: the industry first, the text second, never another language, and silence with its reason."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.advice.content import Library, Piece, check_url, coverage, match, piece_of
from hygiene.advice.content.library import language_of_piece
from hygiene.advice.content.words import stems

AS_OF = datetime(2026, 9, 1)


def piece(content_id, title="A page", **told):
    url = told.pop("url", f"https://acme.example/{content_id}")
    return Piece(content_id, url, title, told.pop("summary", ""), told.pop("language", "en"), **told)


def ids(found):
    return [candidate.piece.content_id for candidate in found.candidates]


def test_a_piece_filed_under_the_industry_beats_one_that_only_speaks_of_it():
    library = Library([piece("a", "Carriers and their fleets"), piece("b", industry="Transport")], AS_OF)
    found = match("LOGISTICS_AND_SUPPLY_CHAIN", "en-GB", library)
    assert ids(found) == ["b"]
    assert (found.candidates[0].how, found.candidates[0].words) == ("industry", ("Transport",))


def test_the_text_is_asked_where_nothing_is_filed_and_shows_whole_words():
    library = Library([piece("a", "What a warehouse taught us"), piece("b", "Invoices without paper")], AS_OF)
    found = match("Logistique", "en", library)
    assert [(c.piece.content_id, c.how, c.words) for c in found.candidates] == [("a", "text", ("warehouse",))]


def test_a_piece_filed_under_another_industry_is_not_found_by_its_text():
    library = Library([piece("a", "What a warehouse taught us", industry="Retail")], AS_OF)
    assert match("Logistics", "en", library).abstained == "no_content"


@pytest.mark.parametrize(
    ("industry", "language", "reason"),
    [
        ("Logistics", "fr", "other_language_only"),
        ("Logistics", None, "unknown_language"),
        ("Logistics", "???", "unknown_language"),
        ("Insurance", "en", "no_content"),
        ("Other", "en", "unknown_industry"),
        ("", "en", "unknown_industry"),
        ("Qwertyuiop", "en", "unknown_industry"),
    ],
)
def test_silence_has_its_reason(industry, language, reason):
    library = Library([piece("a", industry="Transport")], AS_OF)
    found = match(industry, language, library)
    assert (found.abstained, found.candidates) == (reason, ())
    assert match(industry, language, Library([], AS_OF)).abstained == "no_content"


def test_a_mention_beside_another_industrys_words_is_too_little():
    about_hospitals = "Hospital wards, nurses, patients, surgeons: how a clinic and its doctors chose a medical store"
    assert match("Retail", "en", Library([piece("a", about_hospitals)], AS_OF)).abstained == "low_margin"


def test_freshness_lowers_the_rank_and_never_the_match():
    old, edge, new = datetime(2020, 1, 1), datetime(2025, 3, 1), datetime(2026, 8, 1)
    told = [("a", old), ("b", edge), ("c", new), ("d", None)]
    library = Library([piece(name, industry="BTP", published_at=at) for name, at in told], AS_OF)
    found = match("Construction", "en", library)
    assert ids(found) == ["c", "b", "d"]
    assert [candidate.age_days for candidate in found.candidates] == [31, 549, None]
    assert (found.found, found.fresh) == (4, 3)  # to the day 18 months old is not older
    alone = match("Construction", "en", Library([piece("a", industry="BTP", published_at=old)], AS_OF))
    assert alone.candidates[0].is_stale
    title = "What a warehouse taught us"
    pair = [piece("a", title, published_at=old), piece("b", title, published_at=new)]
    assert ids(match("Logistics", "en", Library(pair, AS_OF))) == ["b", "a"]


def test_what_the_value_says_beyond_its_group_comes_before_freshness():
    pieces = [
        piece("a", industry="Transport", title="Rail freight", published_at=datetime(2020, 1, 1)),
        piece("b", industry="Transport", title="Trucks", published_at=datetime(2026, 8, 1)),
    ]
    assert ids(match("Rail transportation", "en", Library(pieces, AS_OF))) == ["a", "b"]
    assert ids(match("Logistics", "en", Library(pieces, AS_OF))) == ["b", "a"]


def test_a_page_is_suggested_once_and_a_bad_url_or_the_future_never():
    pieces = [
        piece("a", industry="BTP", url="https://acme.example/a"),
        piece("b", industry="BTP", url="https://acme.example/a?utm_source=x"),
        piece("c", industry="BTP", url="javascript:alert(1)"),
        piece("d", industry="BTP", url="acme.example/d"),
        piece("e", industry="BTP", published_at=AS_OF + timedelta(days=1)),
        piece("f", industry="BTP", url="https://bit.ly/x"),
    ]
    library = Library(pieces, AS_OF)
    assert ids(match("Construction", "en", library)) == ["a", "f"]
    assert [(p.content_id, p.kind) for p in library.problems] == [
        ("b", "duplicate"), ("c", "scheme"), ("d", "scheme"), ("f", "shortener"),
    ]  # fmt: skip
    assert [p.content_id for p in library.unpublished] == ["e"]


def test_a_piece_whose_language_is_unclear_is_never_suggested():
    library = Library([piece("a", "Acme Logistics", language=None, industry="Transport")], AS_OF)
    assert [p.content_id for p in library.without_language] == ["a"]
    assert match("Transport", "fr", library).abstained == "no_content"
    read = Library([piece("a", "Guide : réduire les retards de la flotte", language=None)], AS_OF)
    assert ids(match("Transport", "fr", read)) == ["a"]


def test_a_row_of_the_table_becomes_a_piece():
    import pandas as pd

    row = {"content_id": "1", "url": "https://acme.example", "title": "T", "summary": float("nan"), "industry": None}
    assert piece_of({**row, "published_at": pd.NaT}) == Piece("1", "https://acme.example", "T")
    assert piece_of({**row, "published_at": AS_OF}).published_at == AS_OF


WORDS = st.sampled_from(
    [
        "logistics", "warehouse", "the", "and", "hôpital", "pour", "les", "banque",
        "truck", "Étude", "de", "cas", "case", "study", "<b>", "=1+1",
        "BTP", "chantier", "software",
    ]
)  # fmt: skip
TITLES = st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=40)
PIECES = st.lists(
    st.builds(
        Piece,
        st.text("abc", min_size=1, max_size=3),
        st.sampled_from(
            ["https://a.example/1", "https://a.example/1?utm_id=2", "https://a.example/2", "data:x", "x y"]
        ),
        TITLES,
        TITLES,
        st.sampled_from([None, "en", "fr", "Français", "?"]),
        st.sampled_from([None, "BTP", "Logistics; Retail", "Banking", "Other"]),
        st.sampled_from([None, datetime(2020, 1, 1), datetime(2026, 8, 1), datetime(2027, 1, 1)]),
    ),
    max_size=6,
)
VALUES = st.sampled_from(["LOGISTICS_AND_SUPPLY_CHAIN", "BTP", "Banque", "Hospital", "Tech"]) | st.text(max_size=20)


@settings(max_examples=60, deadline=None)
@given(PIECES, VALUES, st.sampled_from(["en", "fr", "de", None]), st.randoms(use_true_random=False))
def test_never_another_language_never_a_bad_url_and_the_order_changes_nothing(pieces, industry, language, random):
    found = match(industry, language, Library(pieces, AS_OF))
    shuffled = random.sample(pieces, len(pieces))
    again = match(industry, language, Library(shuffled, AS_OF))
    assert again == found
    assert (found.abstained is None) == bool(found.candidates)
    assert len(found.candidates) <= 3
    for candidate in found.candidates:
        assert language_of_piece(candidate.piece) == language
        problem = check_url(candidate.piece.url)
        assert problem is None or not problem.blocks
        assert candidate.words
        if candidate.how == "text":
            said = " ".join(stems(f"{candidate.piece.title}. {candidate.piece.summary}"))
            assert all(f" {words} " in f" {said} " for words in candidate.words)


def test_coverage_speaks_of_what_weighs_enough_and_says_what_is_there():
    pieces = [
        piece("a", industry="BTP"),
        piece("b", industry="Banking", published_at=datetime(2020, 1, 1)),
        piece("c", industry="Logistique", language="fr"),
    ]
    enrollments = {
        "CONSTRUCTION": 10, "BTP": 10, "Banque": 20, "Logistics": 19, "Farming": 18, "Qwertyuiop": 17,
        "Retail": 3, "Other": 2, None: 1, "Legal": 0,
    }  # fmt: skip
    told = coverage(enrollments, Library(pieces, AS_OF), "English")
    assert (told.enrollments, told.told) == (100, 97)
    assert [(g.group, g.enrollments, g.share, g.status) for g in told.groups] == [
        ("construction", 20, 0.2, "matched"),
        ("finance", 20, 0.2, "stale_only"),
        ("logistics", 19, 0.19, "other_language_only"),
        ("agriculture", 18, 0.18, "nothing"),
        (None, 17, 0.17, "unsure"),
    ]
    assert told.groups[0].industries == ("BTP", "CONSTRUCTION")
    assert told.groups[2].match.other_languages == ("fr",)
    assert coverage({}, Library(pieces, AS_OF), "en").groups == ()
