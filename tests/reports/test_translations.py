"""Every sentence of ours is in French, and nothing of a French page is left in English."""

from __future__ import annotations

import ast
import dataclasses
import re
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from hygiene.reports.document import Document, FunnelDot, Passage
from hygiene.reports.html import render_page
from hygiene.reports.sender import sender_document
from hygiene.reports.sequence import sequence_document
from hygiene.reports.team import team_document
from hygiene.reports.text import render_text
from hygiene.reports.translate import PSEUDO, Translator
from hygiene.values import Text
from tests.reports.audits import sample_audit
from tests.reports.messages import ROOT, all_messages, calls, literal, modules

if TYPE_CHECKING:
    from pathlib import Path

    from babel.messages.catalog import Catalog

PO_FILES = sorted((ROOT / "hygiene/locale/fr/LC_MESSAGES").glob("*.po"))
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
CODE = re.compile(r"`[^`]+`")
NOT_LITERAL = {"words.py", "translate.py", "progress.py", "registry.py"}
"""Modules that pass a sentence on; everywhere else it is written out, or no test could find it."""


@lru_cache
def catalog(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="fr", abort_invalid=True)


def forms(message_id: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)


def entries() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return (file, English forms, French forms) of every entry."""
    return [
        (path.name, forms(entry.id), forms(entry.string)) for path in PO_FILES for entry in catalog(path) if entry.id
    ]


@lru_cache
def documents() -> tuple[Document, ...]:
    audit = sample_audit()
    return (
        team_document(audit),
        *(sender_document(audit, key) for key in audit.facts.senders),
        *(sequence_document(audit, key) for key in audit.facts.sequences),
    )


def test_every_sentence_has_a_translation_of_each_form() -> None:
    known = {english: french for _, english, french in entries()}
    missing = []
    for found in all_messages():
        english = (found.id, found.plural) if found.plural else (found.id,)
        if not all(known.get(english, ("",))):
            missing.append(f"{found.place}: {found.id}")
    assert missing == []


def test_every_translation_belongs_to_a_sentence_and_stands_once() -> None:
    used = {(found.id, found.plural) if found.plural else (found.id,) for found in all_messages()}
    listed = [english for _, english, _ in entries()]
    assert [english for english in listed if english not in used] == []
    assert len(listed) == len(set(listed))


def test_a_sentence_is_written_out_where_it_is_made() -> None:
    passed_on = {
        path.name
        for path in modules()
        for call in calls(path)
        if literal(call.args[0]) is None and ast.unparse(call.func).endswith("Message")
    }
    assert passed_on <= NOT_LITERAL


@pytest.mark.parametrize("path", PO_FILES, ids=lambda path: path.name)
def test_babel_finds_no_fault_in_the_catalogues(path: Path) -> None:
    assert [(entry.id, errors) for entry, errors in catalog(path).check()] == []
    assert [entry.id for entry in catalog(path) if entry.fuzzy] == []


def test_placeholders_are_the_same_in_both_languages() -> None:
    wrong = [
        english
        for _, english, french in entries()
        if {frozenset(PLACEHOLDER.findall(form)) for form in french} != {frozenset(PLACEHOLDER.findall(english[-1]))}
    ]
    assert wrong == []


def test_no_sentence_of_the_reports_holds_a_percent_sign_of_its_own() -> None:
    # A percentage is an argument, so that each language writes it its own way; a rule's explanation is a text as it is.
    bare = [
        english
        for file, english, _ in entries()
        if file not in {"html.po", "rulebook.po"} and "%" in PLACEHOLDER.sub("", "".join(english))
    ]
    assert bare == []


def test_french_signs_stand_after_a_space_that_does_not_break() -> None:
    wrong = []
    for _, _, french in entries():
        for form in french:
            plain = CODE.sub("x", PLACEHOLDER.sub("x", form))
            if re.search(
                r"(?<![\u00a0\u202f])[;!?»](?![\w/])|[^\u00a0\u202f\d\w/]:|\w:(?!\w)| [:;!?%»]|« |['\"]", plain
            ):
                wrong.append(form)
    assert wrong == []


ENGLISH = re.compile(
    r"\b(the|and|of|with|your|you|their|is|are|was|not|this|that|from|than|sender|senders|reply|replies|bounces?|bounced"
    r"|ended|enrollments?|team|month|clearly|below|above|between|rate|within|evidence|next|all|each|how|what|rows?)\b",
    re.IGNORECASE,
)
DATES = {"Jan", "Feb", "Mar", "UTC"}
FILES = re.compile(r"[\w/]+\.(csv|xlsx|json)")


def data_of(part: object) -> set[str]:
    """Return every text from the data that stands anywhere in a document."""
    if isinstance(part, Text):
        return {part.value}
    if isinstance(part, FunnelDot):
        return {part.label}
    if isinstance(part, Passage):
        return {line for line in part.text.splitlines() if line.strip()} | data_of(part.mark)
    if dataclasses.is_dataclass(part):
        return set().union(*(data_of(getattr(part, field.name)) for field in dataclasses.fields(part)))
    if isinstance(part, dict):
        return set().union(*map(data_of, part.values()))
    return set().union(*map(data_of, part)) if isinstance(part, tuple) else set()


def without_data(text: str, document: Document) -> str:
    """Take out what is the same in every language: texts from the data, and names of files."""
    for known in sorted(data_of(document), key=len, reverse=True):
        text = text.replace(known, " ")
    return FILES.sub(" ", text)


def test_no_english_word_is_left_in_a_french_document() -> None:
    translator = Translator("fr", strict=True)
    for document in documents():
        assert ENGLISH.findall(without_data(render_text(document, translator), document)) == []


def test_no_english_word_is_left_in_a_french_page() -> None:
    translator = Translator("fr", strict=True)
    for document in documents()[:3]:
        page = render_page(document, translator, depth=0 if document.kind == "team" else 1)
        body = re.sub(r"<(style|script)>.*?</\1>", " ", page, flags=re.DOTALL)
        assert ENGLISH.findall(without_data(unescape(re.sub(r"<[^>]*>", " ", body)), document)) == []


def test_the_list_of_english_words_knows_an_english_page() -> None:
    document = documents()[0]
    assert len(ENGLISH.findall(without_data(render_text(document, Translator("en")), document))) > 100


def test_no_word_of_a_document_escapes_translation() -> None:
    translator = Translator(PSEUDO)
    for document in documents():
        outside = without_data(outer_text(render_text(document, translator)), document)
        assert set(re.findall(r"[^\W\d_]+", outside)) <= DATES


def outer_text(text: str) -> str:
    """Return what stands outside every ⟦…⟧: numbers, dates and data, and whatever nobody translated.

    Data that stands inside a sentence goes with it.
    """
    depth, kept = 0, []
    for letter in text:
        depth += (letter == "⟦") - (letter == "⟧")
        if depth == 0 and letter != "⟧":
            kept.append(letter)
    assert depth == 0
    return "".join(kept)


def test_the_pseudo_language_would_show_a_forgotten_sentence() -> None:
    assert outer_text("⟦a ⟦b⟧⟧ forgotten 12") == " forgotten 12"
