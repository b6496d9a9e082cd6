"""Every step filled in for every enrolled contact: exact counts, and against filling each mail in by itself."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hygiene.advice.qa.reading import count_words, links_in, reader_text
from hygiene.advice.qa.values import defect_of
from hygiene.advice.tokens.scan import render
from tests.advice.making import enrolled, make_case, people

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.advice.qa import Quality


def quality(folder: Path, number: int, templates: list[dict], contacts: list[dict] | None = None, **more) -> Quality:
    for row in templates:
        row.setdefault("sequence_id", "intro")
        row.setdefault("step", 1)
        row.setdefault("dialect", "hubspot")
    tables = {"enrollments": enrolled(number), "templates": templates, **more}
    return make_case(folder, **tables, **({"contacts": contacts} if contacts else {})).quality


def test_the_broken_mails_are_counted_by_what_breaks_them(tmp_path: Path) -> None:
    values = {0: None, 1: "N/A", 2: "<b>x</b>", 3: "JEAN", 4: "Dr. Ann"}
    contacts = people(10, first_name=lambda place: values.get(place, "Ann"), company="Acme SAS")
    [step] = quality(
        tmp_path,
        10,
        [{"subject": "Idea", "body": "Hi {{ contact.firstname }}, how is {{ company.name }}?"}],
        contacts,
    ).steps
    assert (step.mails, step.broken, step.ugly) == (10, 3, 7)
    assert dict(step.defects) == {
        "empty": 1,
        "placeholder": 1,
        "markup": 1,
        "title": 1,
        "legal_form": 10,
        "capitals": 1,
    }
    assert {(row.contact_id, row.value, row.defect) for row in step.rows} == {
        ("c0", "", "empty"),
        ("c1", "N/A", "placeholder"),
        ("c2", "<b>x</b>", "markup"),
    }
    assert [(token.path, token.usable, token.coverage) for token in step.tokens] == [
        ("contact.firstname", 7, 0.7),
        ("company.name", 10, 1.0),
    ]


def test_a_default_a_filter_and_a_condition_keep_a_mail_whole(tmp_path: Path) -> None:
    contacts = people(4, first_name=lambda place: (None, "JEAN", "Ann", "Bob")[place], job_title="CEO")
    body = (
        '{{ contact.firstname|default("there")|capitalize }} {% if contact.firstname %}{{ contact.firstname|title }}'
        "{% endif %} {{ owner.firstname }} {{ contact.city }}"
    )
    [step] = quality(tmp_path, 4, [{"subject": "", "body": body}], contacts).steps
    assert (step.broken, step.ugly, dict(step.defects)) == (0, 0, {})
    assert {token.path: token.binding.kind for token in step.tokens} == {
        "contact.firstname": "contact",
        "owner.firstname": "sender",
        "contact.city": "unseen",
    }


def test_an_explicitly_empty_default_is_the_writers_choice(tmp_path: Path) -> None:
    contacts = people(4, first_name=lambda place: None if place else "Ann")
    [step] = quality(tmp_path, 4, [{"body": 'Hello {{ contact.firstname|default("") }},'}], contacts).steps
    assert step.broken == 0


def test_a_default_in_another_language_looks_careless_where_it_is_printed(tmp_path: Path) -> None:
    contacts = people(4, first_name=lambda place: "Ann" if place else None)
    bodies = ['Bonjour {{ contact.firstname|default("there") }},', 'Hi {{ contact.firstname|default("your team") }},']
    templates = [{"body": body, "sequence_id": name} for body, name in zip(bodies, ("fr", "en"), strict=True)]
    found = make_case(
        tmp_path,
        enrollments=[*enrolled(4, sequence_id="fr"), *enrolled(4, sequence_id="en", enrollment_id=lambda at: f"x{at}")],
        contacts=contacts,
        templates=[{"step": 1, "dialect": "hubspot", **row} for row in templates],
        sequences=[{"sequence_id": "fr", "language": "fr"}, {"sequence_id": "en", "language": "en"}],
    ).quality
    assert [(step.language, dict(step.defects), step.broken, step.ugly) for step in found.steps] == [
        ("en", {"fallback_clash": 1}, 0, 1),
        ("fr", {"fallback_language": 1}, 0, 1),
    ]


def test_a_column_that_the_export_does_not_hold_cannot_be_checked(tmp_path: Path) -> None:
    [step] = quality(tmp_path, 5, [{"body": "Hi {{ contact.firstname }}, {{ contact.jobtitle }}"}], people(5)).steps
    assert (step.broken, [token.coverage for token in step.tokens]) == (0, [None, None])


def test_a_column_that_the_export_holds_empty_is_empty(tmp_path: Path) -> None:
    [step] = quality(tmp_path, 5, [{"body": "Hi {{ contact.firstname }}"}], people(5, first_name=None)).steps
    assert (step.broken, step.tokens[0].coverage) == (5, 0.0)


def test_the_dialect_of_a_sequence_is_the_likeliest_where_none_is_declared(tmp_path: Path) -> None:
    templates = [{"body": "Hi *|FNAME|*", "dialect": None}, {"step": 2, "body": "Hi {{ x }}", "dialect": None}]
    first, second = quality(tmp_path, 2, templates, people(2, first_name="Ann")).steps
    assert (first.dialect, second.dialect) == ("mailchimp", "mailchimp")
    assert [problem.kind for problem in second.problems] == ["foreign_dialect"]


def test_running_enrollments_say_who_uses_a_sequence_and_else_anybody(tmp_path: Path) -> None:
    enrollments = [
        *enrolled(2, sender_id="ann"),
        *enrolled(1, sender_id="bob", outcome="active", enrollment_id="r"),
        *enrolled(1, sender_id="cid", sequence_id="old", enrollment_id="o"),
    ]
    case = make_case(tmp_path, enrollments=enrollments, templates=[{"sequence_id": "intro", "step": 1, "body": "Hi"}])
    names = {key: row.sender_id for key, row in case.facts.senders.items()}
    sequences = {row.sequence_id: key for key, row in case.facts.sequences.items()}
    used = {name: [names[key] for key in case.quality.users[sequences[name]]] for name in ("intro", "old")}
    assert used == {"intro": ["bob"], "old": ["cid"]}


def test_the_counts_are_those_of_filling_in_each_mail_by_itself(tmp_path: Path) -> None:
    chosen = random.Random(7)  # noqa: S311 — a test's dice
    first = ["Ann", None, "N/A", "JEAN", "Dr. Bob", "{x}", "Élodie"]
    industry = ["Retail", None, "Energy"]
    contacts = people(60, first_name=lambda _: chosen.choice(first), industry=lambda _: chosen.choice(industry))
    body = (
        "Hi {{ contact.firstname }}, {% if contact.industry == 'Retail' %}{{ contact.firstname }} shops"
        "{% elif contact.industry %}{{ contact.industry }}{% endif %}"
    )
    [step] = quality(tmp_path, 60, [{"subject": "{{ contact.industry }}", "body": body}], contacts).steps
    slow = 0
    for contact in contacts:
        values = {"contact.firstname": contact["first_name"], "contact.industry": contact["industry"]}
        empty = {
            *render("{{ contact.industry }}", "hubspot", values.get).empty,
            *render(body, "hubspot", values.get).empty,
        }
        slow += bool(empty) or defect_of(contact["first_name"], "first_name") in ("placeholder", "markup")
    assert step.broken == slow > 0


def test_a_hostile_template_is_cut_and_never_run(tmp_path: Path) -> None:
    body = "<script>alert(1)</script>" + "{{ contact.firstname }}" * 40_000 + "{% if x %}" * 1_000 + "{" * 100_000
    [step] = quality(tmp_path, 3, [{"subject": "S", "body": body}], people(3, first_name="Ann")).steps
    assert (step.mails, step.broken, step.unread) == (3, 0, 0)
    assert "alert" not in step.shown_text


def test_html_is_read_as_its_reader_sees_it():
    body = "<style>p {a: b}</style><p>Hi&nbsp;<b>Ann</b>,</p><p>see <a href='https://acme.example/a'>this</a>.<br>Bye"
    assert reader_text(body).split("\n") == ["", "Hi\xa0Ann,", "see this.", "Bye"]
    assert count_words(reader_text(body)) == 5
    assert links_in(body) == ["https://acme.example/a"]
