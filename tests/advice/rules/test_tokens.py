"""The rules on tokens: what is broken, unknown, empty, left over or ugly, each with its exact numbers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hygiene.advice.types import Clear, Fired, NotApplicable
from hygiene.reports.translate import Translator
from tests.advice.making import START, ask, enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.case import Case
    from hygiene.advice.types import Suggestion

GOOD = "Hello {{ contact.firstname }},\n\nI work with companies like {{ company.name }}. Is that yours to decide?"


def template(body: str, **columns: Any) -> dict[str, Any]:
    return {"sequence_id": "intro", "step": 1, "subject": "An idea", "body": body, "dialect": "hubspot", **columns}


def with_template(folder: Path, *templates: dict[str, Any], number: int = 100, **columns: Any) -> Case:
    """A sender's enrollments in a sequence; contacts with a name and a company unless told otherwise."""
    filled = {"first_name": "Ann", "company": "Acme", **columns}
    return make_case(folder, enrollments=enrolled(number), contacts=people(number, **filled), templates=list(templates))


def suggestions(case: Case, rule_id: str) -> tuple[Suggestion, ...]:
    found = ask(rule_id, case)
    assert isinstance(found, Fired), found
    return found.suggestions


@pytest.mark.parametrize("rule_id", ["TOK-01", "TOK-02", "TOK-03", "TOK-04", "TOK-05", "TOK-07", "TOK-08"])
def test_good_templates_and_a_clean_list_say_nothing(rule_id: str, tmp_path: Path) -> None:
    case = with_template(tmp_path, template(GOOD), template("Hi {{ contact.firstname }}, any news?", step=2))
    assert isinstance(ask(rule_id, case), Clear)


@pytest.mark.parametrize("rule_id", ["TOK-01", "TOK-02", "TOK-03", "TOK-04", "TOK-05", "TOK-08"])
def test_without_templates_tokens_are_no_question(rule_id: str, tmp_path: Path) -> None:
    assert isinstance(ask(rule_id, make_case(tmp_path, enrollments=enrolled(20))), NotApplicable)


def test_a_broken_token_is_a_gate_for_each_sender_who_has_running_enrollments(tmp_path: Path) -> None:
    case = make_case(
        tmp_path,
        enrollments=[
            *enrolled(20, sender_id="ann"),
            *enrolled(5, sender_id="bob", outcome="active", enrollment_id=lambda at: f"b{at}"),
            *enrolled(7, sender_id="cid", outcome="active", enrollment_id=lambda at: f"d{at}"),
        ],
        templates=[
            template("Hi {{ contact.firstname }, hello"),
            template("Hi *|FNAME|* and {{ contact.<b>firstname</b> }}", step=2),
            template("Broken {{ company.name }", sequence_id="unused", dialect="hubspot"),
        ],
    )
    names = {key: row.sender_id for key, row in case.facts.senders.items()}
    found = {names.get(said.sender_key): said for said in suggestions(case, "TOK-01")}
    assert set(found) == {"bob", "cid", None}
    said = found["cid"]
    assert (said.rule.severity, said.subject) == ("gate", "template:intro/1")
    assert {name: said.evidence[name] for name in ("places", "templates", "running")} == {
        "places": 3,
        "templates": 2,
        "running": 7,
    }
    assert (said.advice.n, len(said.steps)) == (3, 3)
    assert str(said.steps[0].args["good"]) == "Text(value='{{ contact.firstname }}')"
    assert found[None].subject == "template:unused/1"


def test_equal_problems_are_told_once_and_counted_and_the_minutes_are_those_of_the_edits(tmp_path: Path) -> None:
    bad = "Hi {{ contact.firstname }, " * 12 + "[First Name] " * 3 + "{{ contact.first_nme }} " * 2
    steps = [template(f"{bad} and {{{{ company.name }}", step=step) for step in range(1, 9)]
    case = with_template(tmp_path, *steps)
    [said] = suggestions(case, "TOK-01")
    assert (said.advice.n, said.evidence["places"]) == (104, 104)
    assert [Translator("en").text(step) for step in said.steps] == [
        "In step 1 of intro, replace {{ contact.firstname } by {{ contact.firstname }}. The same at 95 other places.",
        "In step 1 of intro, replace {{ company.name } by {{ company.name }}. The same at 7 other places.",
    ]
    assert (said.evidence["text_1"], said.evidence["text_2"]) == ("{{ contact.firstname }", "{{ company.name }")
    assert said.minutes == 5 + 15  # two texts in eight steps, each found and replaced once
    [said] = suggestions(case, "TOK-07")
    assert (len(said.steps), said.advice.n, said.minutes) == (1, 24, said.rule.effort_minutes + 7)
    [said] = suggestions(case, "TOK-02")
    assert [step.n for step in said.steps] == [7]


def test_one_problem_takes_what_the_rule_says_and_hundreds_half_a_day_at_most(tmp_path: Path) -> None:
    [said] = suggestions(with_template(tmp_path, template("Hi {{ contact.firstname }")), "TOK-01")
    assert (said.minutes, len(said.steps)) == (5, 1)
    many = [template("Hi {{ contact.firstname }", step=step) for step in range(1, 400)]
    [said] = suggestions(with_template(tmp_path / "many", *many), "TOK-01")
    assert said.minutes == 240


def test_a_slip_is_a_gate_and_names_the_nearest_property(tmp_path: Path) -> None:
    [said] = suggestions(with_template(tmp_path, template("Hi {{ contact.first_nme }}")), "TOK-02")
    assert (said.rule.severity, said.subject) == ("gate", "template:intro/1")
    assert (said.evidence["token"], said.evidence["nearest"]) == ("contact.first_nme", "contact.firstname")


def test_a_property_that_nobody_knows_is_asked_for_and_no_gate(tmp_path: Path) -> None:
    [said] = suggestions(with_template(tmp_path, template("Hi {{ contact.favourite_colour }}")), "TOK-02")
    assert (said.rule.severity, said.evidence["nearest"]) == ("high", "")
    assert said.advice.id.startswith("Check that the property")


def test_a_custom_property_whose_column_was_kept_out_exists(tmp_path: Path) -> None:
    case = with_template(tmp_path, template("Hi {{ contact.favourite_colour }}"), favourite_colour="blue")
    assert ask("TOK-02", case) == Clear(1)


def test_broken_mails_are_counted_exactly_and_a_gate_above_two_percent(tmp_path: Path) -> None:
    case = with_template(
        tmp_path, template(GOOD), number=200, first_name=lambda place: (None, "N/A", "Ann")[min(place, 4) // 2]
    )
    [said] = suggestions(case, "TOK-03")
    # Two are empty and two stand for nothing: one suggestion for the column, its worst kind first told.
    assert said.rule.severity == "medium"
    assert (said.evidence["broken"], said.evidence["mails"], said.evidence["share"]) == (2, 200, 0.01)
    assert {row.contact_id for row in said.rows} == {"c0", "c1", "c2", "c3"}

    case = with_template(tmp_path / "more", template(GOOD), first_name=lambda place: None if place < 3 else "Ann")
    [said] = suggestions(case, "TOK-03")
    assert (said.rule.severity, said.evidence["share"]) == ("gate", 0.03)


def test_up_to_half_a_percent_of_broken_mails_is_not_told(tmp_path: Path) -> None:
    case = with_template(tmp_path, template(GOOD), number=200, first_name=lambda place: "Ann" if place else None)
    assert ask("TOK-03", case) == Clear(200)


def test_a_default_keeps_an_empty_value_from_breaking_a_mail(tmp_path: Path) -> None:
    body = 'Hello {{ contact.firstname|default("there") }}, a question?'
    case = with_template(tmp_path, template(body), first_name=lambda place: "Ann" if place % 2 else None)
    assert ask("TOK-03", case) == Clear(100)
    assert ask("TOK-04", case) == Clear(0)


def test_a_token_with_too_few_values_and_no_default_is_named(tmp_path: Path) -> None:
    case = with_template(tmp_path, template(GOOD), company=lambda place: "Acme" if place % 4 else "-")
    [said] = suggestions(case, "TOK-04")
    assert (said.subject, said.evidence["coverage"], said.evidence["missing"]) == ("token:company.name", 0.75, 25)
    assert len(said.rows) == 25
    fine = with_template(tmp_path / "fine", template(GOOD), company=lambda place: "Acme" if place % 5 else None)
    assert ask("TOK-04", fine) == Clear(2)


def test_ugly_values_are_listed_with_what_is_ugly(tmp_path: Path) -> None:
    values = {0: "JEAN", 1: "PAUL", 2: "Dr. Ann"}
    case = with_template(
        tmp_path,
        template(GOOD),
        first_name=lambda place: values.get(place, "Ann"),
        company=lambda place: "Durand SAS" if place == 50 else "Acme",
        job_title="DIRECTEUR GENERAL",  # no template prints it
    )
    [said] = suggestions(case, "TOK-08")
    assert {name: said.evidence[name] for name in ("ugly", "contacts", "share", "capitals", "title", "legal_form")} == {
        "ugly": 4,
        "contacts": 100,
        "share": 0.04,
        "capitals": 2,
        "title": 1,
        "legal_form": 1,
    }
    assert dict(said.rows)["c50"] == "Durand SAS"
    few = with_template(tmp_path / "few", template(GOOD), number=300, first_name=lambda at: "JEAN" if at < 3 else "Ann")
    assert ask("TOK-08", few) == Clear(300)


@pytest.mark.parametrize("rule_id", ["TOK-03", "TOK-04", "TOK-08"])
def test_a_column_that_the_export_does_not_hold_is_not_judged(rule_id: str, tmp_path: Path) -> None:
    case = make_case(
        tmp_path, enrollments=enrolled(50), contacts=people(50), templates=[template("Hi {{ contact.firstname }}")]
    )
    assert isinstance(ask(rule_id, case), Clear)


def test_a_sender_who_no_longer_uses_the_sequence_hears_nothing_of_its_tokens(tmp_path: Path) -> None:
    enrollments = [
        *enrolled(50, sender_id="ann"),
        *enrolled(50, sender_id="bob", outcome="active", enrollment_id=lambda at: f"b{at}"),
    ]
    case = make_case(
        tmp_path, enrollments=enrollments, contacts=people(50, first_name=None), templates=[template(GOOD)]
    )
    [said] = suggestions(case, "TOK-03")
    assert case.facts.senders[said.sender_key or 0].sender_id == "bob"


def test_a_placeholder_in_a_template_is_a_gate(tmp_path: Path) -> None:
    [said] = suggestions(with_template(tmp_path, template("Bonjour [Prénom], XXXX"), template(GOOD, step=2)), "TOK-07")
    assert (said.rule.severity, said.evidence["places"], said.evidence["text_1"]) == ("gate", 2, "[Prénom]")


def test_a_missing_token_in_a_sent_subject_is_told_to_its_sender(tmp_path: Path) -> None:
    sent = [
        {
            "event_id": f"v{at}",
            "enrollment_id": f"e{at}",
            "contact_id": f"c{at}",
            "sender_id": "ann",
            "sequence_id": "intro",
            "step": 1,
            "type": "sent",
            "at": START + timedelta(hours=at),
            "subject": "Idea for [[MISSING TOKEN - COMPANY NAME]]" if at < 3 else "Idea for Acme",
        }
        for at in range(10)
    ]
    case = make_case(tmp_path, enrollments=enrolled(10), events=sent)
    [said] = suggestions(case, "TOK-07")
    assert (said.rule.severity, said.evidence["mails"], said.subject) == ("high", 3, "sent:missing_token")
    assert {row.contact_id for row in said.rows} == {"c0", "c1", "c2"}
    clean = make_case(tmp_path / "clean", enrollments=enrolled(10), events=sent[3:])
    assert isinstance(ask("TOK-07", clean), NotApplicable)


def two_sequences(folder: Path, *, tokened_often: int, bare_often: int) -> Case:
    """Four senders, a sequence with a token and one without, crossed with two industries."""
    number = 2400

    def outcome(place: int) -> str:
        often = tokened_often if place // 4 % 2 else bare_often
        return "replied" if place // 8 % often == 2 else "finished"

    return make_case(
        folder,
        enrollments=enrolled(
            number,
            sender_id=lambda place: ("ann", "bob", "cid", "dee")[place % 4],
            sequence_id=lambda place: ("bare", "tokened")[place // 4 % 2],
            enrolled_at=lambda place: START + timedelta(hours=place * 7919 % number // 5),
            outcome=outcome,
        ),
        contacts=people(
            number,
            company="Acme",
            industry=lambda place: ("Retail", "Energy")[place // 2 % 2],
        ),
        templates=[
            template("Hello, is this for you?", sequence_id="bare"),
            template("Hello, is this for {{ company.name }}?", sequence_id="tokened"),
        ],
    )


def test_colleagues_tokened_sequences_that_do_better_are_a_claim_with_a_gain(tmp_path: Path) -> None:
    found = suggestions(two_sequences(tmp_path, tokened_often=6, bare_often=25), "TOK-05")
    assert len(found) == 4
    for said in found:
        assert (said.rule.severity, said.metric, said.subject) == ("medium", "reply_rate", "template:bare/1")
        assert said.gain is not None
        assert said.gain.p >= 0.8
        # Half of the mails would be answered at 1 in 6 instead of 1 in 25.
        assert said.gain.low < (1 / 6 - 1 / 25) / 2 < said.gain.high
        assert said.points > 0


def test_tokens_that_do_worse_are_not_even_proposed(tmp_path: Path) -> None:
    assert ask("TOK-05", two_sequences(tmp_path, tokened_often=25, bare_often=6)) == Clear(2)


def test_where_nobody_prints_a_token_it_is_an_experiment_without_a_gain(tmp_path: Path) -> None:
    [said] = suggestions(with_template(tmp_path, template("Hello, is this for you?\n{{ owner.firstname }}")), "TOK-05")
    assert (said.rule.severity, said.gain, said.metric, said.basis) == ("info", None, "none", "published")
