"""The rules on content: what suits an industry and is not linked, and what the library lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.types import Clear, Fired, NotApplicable
from hygiene.reports.translate import Translator
from tests.advice.making import Rows, ask, enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.case import Case

NUMBER = 100


def piece(content_id: str, industry: str, language: str = "en", **columns: Any) -> dict[str, Any]:
    return {
        "content_id": content_id,
        "url": f"https://acme.example/{content_id}",
        "title": f"Case study {content_id}",
        "language": language,
        "industry": industry,
        "published_at": "2026-01-01T00:00:00Z",
        **columns,
    }


def team(folder: Path, pieces: Rows, body: str = "Hello, is this yours?", share: int = 20, **columns: Any) -> Case:
    """A sender; of 100 contacts `share` work in construction, the others in many industries that no value names."""
    return make_case(
        folder,
        enrollments=enrolled(NUMBER),
        contacts=people(
            NUMBER,
            **{
                "industry": lambda place: "Construction" if place < share else f"Zzyx {place}",
                "language": "en",
                **columns,
            },
        ),
        templates=[{"sequence_id": "intro", "step": 1, "subject": "S", "body": body, "dialect": "hubspot"}],
        sequences=[{"sequence_id": "intro", "language": "en"}],
        content=pieces,
    )


BUILDING = [piece("site", "Construction"), piece("crane", "Building"), piece("bank", "Banking")]


@pytest.mark.parametrize("rule_id", ["CON-01", "CON-02"])
def test_without_content_or_industries_there_is_no_question(rule_id: str, tmp_path: Path) -> None:
    assert isinstance(ask(rule_id, make_case(tmp_path / "none", enrollments=enrolled(NUMBER))), NotApplicable)
    assert isinstance(ask(rule_id, team(tmp_path / "industry", BUILDING, industry=None)), NotApplicable)


def test_a_piece_that_suits_an_industry_and_is_not_linked_is_named(tmp_path: Path) -> None:
    found = ask("CON-01", team(tmp_path, BUILDING))
    assert isinstance(found, Fired)
    [said] = found.suggestions
    assert (said.subject, said.evidence["share"], said.evidence["enrollments"]) == ("industry:Construction", 0.2, 20)
    assert {said.evidence["piece_1"], said.evidence["piece_2"]} == {"site", "crane"}
    assert len(said.steps) == 2


def test_a_linked_piece_or_a_small_industry_says_nothing(tmp_path: Path) -> None:
    linked = "Hello, <a href='http://www.acme.example/site/?utm_source=mail'>read this</a>?"
    assert ask("CON-01", team(tmp_path / "linked", BUILDING, linked)) == Clear(1)
    assert ask("CON-01", team(tmp_path / "small", BUILDING, share=14)) == Clear(1)
    assert ask("CON-01", team(tmp_path / "edge", BUILDING, share=15)) != Clear(1)


def test_a_piece_found_by_its_text_is_said_to_speak_of_the_industry(tmp_path: Path) -> None:
    pieces = [
        piece("beam", "", title="Construction sites: fewer accidents for builders"),
        piece("loan", "", title="How banks answer loan requests faster"),
    ]
    found = ask("CON-01", team(tmp_path, pieces))
    assert isinstance(found, Fired)
    assert "speaks of" in found.suggestions[0].steps[0].id


def test_a_piece_whose_url_is_no_web_page_is_never_a_link_and_named_in_the_evidence(tmp_path: Path) -> None:
    bad = piece("evil", "Construction", url="javascript:alert(1)")
    found = ask(
        "CON-01", team(tmp_path, [bad, piece("site", "Construction"), piece("split", "Retail", url="https://a b")])
    )
    assert isinstance(found, Fired)
    [said] = found.suggestions
    assert said.evidence["piece_1"] == "site"
    assert (said.evidence["unusable_links"], said.evidence["unusable"]) == (2, "evil (scheme), split (malformed)")
    assert not any("javascript" in str(step.args) for step in said.steps)


def test_an_industry_without_any_piece_is_told_to_the_team_once(tmp_path: Path) -> None:
    found = ask("CON-02", team(tmp_path, [piece("bank", "Banking")]))
    assert isinstance(found, Fired)
    [said] = found.suggestions
    assert (said.sender_key, said.subject, said.evidence["share"]) == (None, "industry:Construction", 0.2)
    assert ask("CON-02", team(tmp_path / "owned", BUILDING)) == Clear(2)


def test_pieces_that_no_email_may_link_are_not_nothing(tmp_path: Path) -> None:
    evil, split = (
        piece(name, "Construction", url=url) for name, url in (("evil", "javascript:x"), ("split", "https://a b"))
    )
    for place, (pieces, sentence) in enumerate(
        (
            ([evil, split], "only 2 pieces with unusable addresses (evil, split)"),
            ([evil], "only 1 piece with an unusable address (evil)"),
            ([piece("loan", "Banking", url="javascript:x")], "owns nothing that speaks of it"),
        )
    ):
        found = ask("CON-02", team(tmp_path / str(place), [*pieces, piece("bank", "Banking")]))
        assert isinstance(found, Fired)
        assert sentence in Translator("en").text(found.suggestions[0].advice)
    assert ask("CON-02", team(tmp_path / "usable", [evil, piece("site", "Construction")])) == Clear(2)


def test_a_piece_in_another_language_is_to_be_translated(tmp_path: Path) -> None:
    found = ask("CON-02", team(tmp_path, [piece("chantier", "BTP", "fr"), piece("bank", "Banking")]))
    assert isinstance(found, Fired)
    assert "translated" in found.suggestions[0].advice.id


def test_a_sender_is_told_at_most_one_gap_that_is_not_the_teams(tmp_path: Path) -> None:
    def industry(place: int) -> str:
        if place < 300:
            return "Construction" if place % 2 else "Energy"
        return "Construction" if place % 2 else "Hospitality"

    case = make_case(
        tmp_path,
        enrollments=enrolled(400, sender_id=lambda place: "ann" if place < 300 else "bob"),
        contacts=people(400, industry=industry, language="en"),
        content=[piece("bank", "Banking")],
    )
    found = ask("CON-02", case)
    assert isinstance(found, Fired)
    names = {key: row.sender_id for key, row in case.facts.senders.items()} | {None: "team"}
    assert {names[said.sender_key]: said.subject for said in found.suggestions} == {
        "team": "industry:Construction",
        "ann": "industry:Energy",
        "bob": "industry:Hospitality",
    }
