"""Templates on a page: shown as text, whatever they hold, with tokens and problems marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.facts.enrolled import Template
from hygiene.reports.document import MarkedText
from hygiene.reports.marked import SHOWN, marked, template_blocks
from hygiene.values import Message
from tests.reports.parts import said

LABEL = Message("Step 1")


def marks(found: MarkedText) -> list[tuple[str, str, bool]]:
    return [(passage.text, said(passage.mark), passage.is_problem) for passage in found.passages if passage.mark]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi {{ contact.firstname }}!", [("{{ contact.firstname }}", "token contact.firstname", False)]),
        ("Hi {{ contact.firstname }!", [("{{ contact.firstname }", "broken braces", True)]),
        ("Hi [First Name]", [("[First Name]", "never filled in", True)]),
        ("[[MISSING TOKEN - FIRSTNAME]]", [("[[MISSING TOKEN - FIRSTNAME]]", "came out empty", True)]),
        ("Hi *|FNAME|*", [("*|FNAME|*", "another tool's token", True)]),
        ("100 % plain", []),
    ],
)
def test_what_is_marked_and_as_what(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert marks(marked(LABEL, text, "hubspot")) == expected


def test_a_token_of_an_unknown_property_is_a_problem() -> None:
    found = marked(LABEL, "Hi {{ contact.firstnme }}", "hubspot", {"contact.firstnme"})
    assert marks(found) == [("{{ contact.firstnme }}", "unknown property", True)]


@given(st.text(max_size=300), st.sampled_from(["hubspot", "lemlist", None, "nonsense"]))
def test_nothing_of_the_text_is_lost(text: str, dialect: str | None) -> None:
    found = marked(LABEL, text, dialect)
    assert "".join(passage.text for passage in found.passages) == text
    assert not found.is_cut


def test_a_giant_text_is_cut() -> None:
    found = marked(LABEL, "{{" * 500_000, "hubspot")
    assert sum(len(passage.text) for passage in found.passages) == SHOWN
    assert found.is_cut


def test_only_the_sequences_own_templates_are_shown() -> None:
    templates = (Template(1, 1, "One", "Body", None), Template(2, 1, "Two", None, None))
    assert [said(block.label) for block in template_blocks(templates, (), 1) if isinstance(block, MarkedText)] == [
        "Step 1, subject",
        "Step 1, text",
    ]
