"""The bar, on the half of our own set from which no constant comes."""

from __future__ import annotations

import pytest

import hygiene.advice.content
from hygiene.advice.content import Piece
from hygiene.advice.content.library import language_of_piece
from tests.advice.content import measured


@pytest.mark.parametrize("filed", [False, True], ids=["by text alone", "12 of 44 filed"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_first_piece_is_right_often_enough_and_never_of_another_language(language, filed):
    found = measured.measure("report", language, filed=filed)
    assert found.queries >= 80
    assert found.hit_rate >= 0.75
    assert found.answer_rate >= 0.5
    assert found.cross_language == 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_figures_of_the_docstring_are_those_measured(language):
    text = hygiene.advice.content.__doc__ or ""
    unfiled, filed = (measured.measure("report", language, filed=filed) for filed in (False, True))
    assert f"n = {unfiled.queries}" in text
    for found in (unfiled, filed):
        assert f"hit@1 {found.hit_rate:.2f}, answers {found.answer_rate:.2f}" in text
    assert f"says nothing to {measured.abstained_rate('report', language, filed=False):.2f}" in text


def test_the_language_of_a_piece_is_never_told_wrongly():
    rows = measured.table("pieces")
    told = {form: [0, 0] for form in ("title", "whole")}
    for row in rows:
        for form, text in (("title", row["title"]), ("whole", f"{row['title']}. {row['summary']}")):
            language = language_of_piece(Piece("", "", text))
            told[form][0] += language == row["language"]
            told[form][1] += language not in {None, row["language"]}
    assert told == {"title": [72, 0], "whole": [122, 0]}
