"""The rules on copy and on ways out: the team's templates as a library, with exact counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.rules.copy.questions import questions_in
from hygiene.advice.types import Clear, Fired, NotApplicable
from hygiene.advice.ways_out import says_way_out, shows_address
from hygiene.reports.translate import Translator
from tests.advice.making import ask, enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.case import Case
    from hygiene.advice.types import Suggestion

STOP = "\nIf you would rather not hear from me, reply STOP."


def library(folder: Path, *bodies: str | None, subjects: tuple[str, ...] = (), **contacts: Any) -> Case:
    """First steps of sequences `s0…`, each with an enrollment of a contact of its own."""
    return make_case(
        folder,
        enrollments=enrolled(len(bodies), sequence_id=lambda place: f"s{place}"),
        contacts=people(len(bodies), first_name="Ann", **contacts),
        templates=[
            {
                "sequence_id": f"s{place}",
                "step": 1,
                "subject": subjects[place] if subjects else "An idea",
                "body": body,
                "dialect": "hubspot",
            }
            for place, body in enumerate(bodies)
        ],
    )


def suggestions(case: Case, rule_id: str) -> tuple[Suggestion, ...]:
    found = ask(rule_id, case)
    assert isinstance(found, Fired), found
    return found.suggestions


@pytest.mark.parametrize("rule_id", ["CPY-01", "CPY-03", "CPY-04", "OPT-04"])
def test_without_templates_copy_is_no_question(rule_id: str, tmp_path: Path) -> None:
    assert isinstance(ask(rule_id, make_case(tmp_path, enrollments=enrolled(20))), NotApplicable)


@pytest.mark.parametrize("rule_id", ["CPY-01", "CPY-03", "OPT-04"])
def test_templates_without_a_text_are_no_question(rule_id: str, tmp_path: Path) -> None:
    assert isinstance(ask(rule_id, library(tmp_path, None, None)), NotApplicable)


def test_long_and_short_first_emails_are_one_suggestion_to_the_team(tmp_path: Path) -> None:
    case = library(tmp_path, "word " * 126, "word " * 125, "word " * 20, "<p>" + "word " * 19 + "</p>")
    [said] = suggestions(case, "CPY-01")
    assert (said.sender_key, said.rule.severity, said.gain) == (None, "info", None)
    assert [Translator("en").text(step)[-9:] for step in said.steps] == ["26 words.", "19 words."]
    assert dict(said.evidence) == {"templates": 4, "long": 1, "short": 1, "most_words": 126, "least_words": 19}
    assert len(said.steps) == 2
    [one] = suggestions(library(tmp_path / "one", "word"), "CPY-01")
    assert Translator("en").text(one.steps[0]).endswith(": 1 word.")
    assert ask("CPY-01", library(tmp_path / "fine", "word " * 125, "word " * 20)) == Clear(2)


def test_first_emails_that_ask_nothing_or_many_things_are_listed(tmp_path: Path) -> None:
    case = library(tmp_path, "Let me know.", "Who? When? Where? Why?", "Is it yours? https://a.example/?b=c")
    [said] = suggestions(case, "CPY-03")
    assert dict(said.evidence) == {"templates": 3, "without_question": 1, "many_questions": 1}
    assert ask("CPY-03", library(tmp_path / "fine", "Est-ce un sujet pour vous ?", "A? B? C?")) == Clear(2)


def test_questions_are_counted_as_a_reader_counts_them():
    assert [questions_in(text) for text in ("Really?!", "“Why?” he asked", "a?b=c", "Quoi ?\nQui ?")] == [1, 1, 0, 2]


def test_subjects_are_told_by_what_is_wrong_with_them(tmp_path: Path) -> None:
    subjects = ("x" * 61, "", "SPECIAL OFFER TODAY", "IBM", "An idea")
    [said] = suggestions(library(tmp_path, *["Hi?"] * 5, subjects=subjects), "CPY-04")
    assert dict(said.evidence) == {"templates": 5, "told": 3}
    assert (said.rule.severity, len(said.steps)) == ("info", 3)
    fine = library(
        tmp_path / "fine", *["Hi?"] * 3, subjects=("x" * 60, "Reminder: prices", "Regarding {{ contact.x }}")
    )
    assert ask("CPY-04", fine) == Clear(3)


def test_a_false_answer_on_a_first_step_is_a_gate_and_on_a_later_one_is_none(tmp_path: Path) -> None:
    rows = [
        {"sequence_id": "intro", "step": step, "subject": subject, "body": "Hi?", "dialect": "hubspot"}
        for step, subject in ((1, "RE: our call"), (2, "Re: our call"), (3, ""))
    ]
    [said] = suggestions(make_case(tmp_path, enrollments=enrolled(3), templates=rows), "CPY-04")
    assert (said.rule.severity, said.subject, said.evidence["templates"]) == ("gate", "subject:false_answer", 1)
    rows[0]["subject"] = "Our call"
    assert ask("CPY-04", make_case(tmp_path / "fine", enrollments=enrolled(3), templates=rows)) == Clear(2)


def steps(folder: Path, *bodies: tuple[str, int, str], **contacts: Any) -> Case:
    names = sorted({name for name, _, _ in bodies})
    return make_case(
        folder,
        enrollments=enrolled(2 * len(names), sequence_id=lambda place: names[place // 2]),
        contacts=people(2 * len(names), **contacts),
        templates=[
            {"sequence_id": name, "step": step, "subject": "S", "body": body, "dialect": "hubspot"}
            for name, step, body in bodies
        ],
    )


def test_a_sequence_without_any_way_out_is_a_gate_and_a_step_of_others_is_not(tmp_path: Path) -> None:
    case = steps(
        tmp_path,
        *(("a", 1, "Hi?"), ("a", 2, "Hi again?")),
        *(("b", 1, "Hi?" + STOP), ("b", 2, "Hi again?")),
        ("c", 1, "Hi? {{ unsubscribe_link }}"),
        ("d", 1, "Hi? <a href='https://x.example/unsubscribe?u=1'>no more</a>"),
    )
    found = {said.subject: said for said in suggestions(case, "OPT-04")}
    assert {subject: said.rule.severity for subject, said in found.items()} == {
        "template:a/1": "gate",
        "template:b/2": "high",
    }
    assert found["template:a/1"].evidence["without_way_out"] == 2


def test_where_no_template_has_a_way_out_the_team_is_told_once(tmp_path: Path) -> None:
    case = steps(tmp_path, ("a", 1, "Hi?"), ("b", 1, "Bonjour, est-ce votre sujet pour cette année ?"))
    [said] = suggestions(case, "OPT-04")
    assert (said.sender_key, said.rule.severity, said.subject) == (None, "high", "opt_out:all_templates")


def test_an_address_is_asked_for_where_contacts_live_that_need_one(tmp_path: Path) -> None:
    address = "\nSeller Ltd, 1 High Street, London"
    bodies = (("a", 1, "Hi?" + STOP), ("b", 1, "Hi?" + STOP + address))
    case = steps(tmp_path, *bodies, country="U.S.A.")
    [said] = suggestions(case, "OPT-04")
    assert (said.subject, said.rule.severity) == ("postal_address:template:a/1", "high")
    assert said.evidence["enrollments_U.S.A."] == 2
    nowhere = steps(tmp_path / "nowhere", bodies[0], country="Canada")
    [said] = suggestions(nowhere, "OPT-04")
    assert (said.subject, said.sender_key) == ("postal_address:all_templates", None)
    assert ask("OPT-04", steps(tmp_path / "france", *bodies, country="France")) == Clear(2)


WAYS_OUT = [
    "Unsubscribe: https://seller.example/x",
    "Not interested? Just reply “STOP”.",
    "Pour vous désinscrire, cliquez ici",
    "Répondez « STOP » à ce message",
    "Si vous ne souhaitez plus recevoir mes messages, dites-le",
    "Hier können Sie sich abmelden",
    "If you don’t want to hear from me again, tell me",
]
NO_WAY_OUT = [
    "Stop by our booth!",
    "We stopped the line for two days.",
    "Un arrêt de ligne coûte cher.",
    "Ce stock baisse.",
]


@pytest.mark.parametrize("text", WAYS_OUT)
def test_a_way_out_is_known_by_its_words(text: str) -> None:
    assert says_way_out(text)


@pytest.mark.parametrize("text", NO_WAY_OUT)
def test_other_words_are_no_way_out(text: str) -> None:
    assert not says_way_out(text)


@pytest.mark.parametrize(
    ("text", "is_address"),
    [
        ("Acme, 12 rue de la Paix, 75002 Paris", True),
        ("Acme SAS · BP 123 · 69003 Lyon", True),
        ("Acme Inc, 500 Market St, San Francisco, CA 94105", True),
        ("Acme GmbH, Hauptstraße 5, 10115 Berlin", True),
        ("Acme Ltd, London EC1A 1BB", True),
        ("We saved 12 weeks of work for 300 people", False),
        ("Call me on +33 1 23 45 67 89", False),
        ("In 2026 the rules change for 40 countries", False),
    ],
)
def test_an_address_is_known_by_its_form(text: str, is_address: bool) -> None:
    assert shows_address(text) is is_address
