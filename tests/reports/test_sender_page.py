"""The coaching page fits a mail whatever the data hold, and says what it left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from hygiene import pipeline
from hygiene.facts.types import Sequence
from hygiene.reports.index import Index
from hygiene.reports.room import FULL_ROOM
from hygiene.reports.sender import sender_document
from hygiene.reports.sender_page import MOST_BYTES, sender_page
from hygiene.reports.translate import Translator
from hygiene.settings import Settings
from tests.reports.audits import sample_audit
from tests.reports.pages import read
from tests.reports.parts import links_of, notes_of, sections_of, tables_of
from tests.reports.worst import SENDERS, SEQUENCES, worst_source

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.reports.audit import Audit
    from hygiene.reports.document import Document


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of the worst source after an earlier report, by language."""
    folder = tmp_path_factory.mktemp("worst")
    source, settings = worst_source(folder / "source"), Settings(cache_dir=folder / "cache")
    pipeline.run(source, folder / "before", replace(settings, as_of=datetime(2025, 12, 1)))
    for lang in ("en", "fr"):
        pipeline.run(source, folder / lang, replace(settings, lang=lang), previous=folder / "before")
    return {lang: folder / lang for lang in ("en", "fr")}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_page_is_too_large_to_be_mailed(written: dict[str, Path], lang: str) -> None:
    pages = [path.read_bytes() for path in (written[lang] / "senders").iterdir()]
    assert len(pages) == SENDERS
    assert [len(page) for page in pages if len(page) > MOST_BYTES] == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_what_is_left_out_is_counted_and_the_link_leads_to_all_of_it(written: dict[str, Path], lang: str) -> None:
    page = max((written[lang] / "senders").iterdir(), key=lambda path: path.stat().st_size)
    sections = {section.attributes.get("id"): section for section in read(page.read_text("utf-8")).all("section")}
    assert {"actions", "gap", "followed", "standing", "trend", "sequences", "bounces", "contacts"} <= sections.keys()
    rows = len(sections["sequences"].one("tbody").all("tr"))
    assert f" {SEQUENCES - rows} " in sections["sequences"].text.replace("\u202f", " ")
    links = [link.attributes["href"] for name in sections for link in sections[name].all("a")]
    assert {"../scores.csv", "../lists/cleanup.xlsx", "../lists/actions.people.csv"} <= set(links)
    assert all((page.parent / str(link).partition("#")[0]).exists() for link in links if link)


def with_sequences(number: int) -> Audit:
    """The sample audit, its first sender in so many more sequences."""
    audit = sample_audit()
    pair = next(score for score in audit.scores.pairs if score.sender_key == 1)
    keys = range(100, 100 + number)
    more = {key: Sequence(key, f"more{key}", f"More {key}", None, None) for key in keys}
    pairs = (*audit.scores.pairs, *(replace(pair, sequence_key=key) for key in keys))
    facts = replace(audit.facts, sequences={**audit.facts.sequences, **more})
    return replace(audit, facts=facts, scores=replace(audit.scores, pairs=pairs))


def more_of(document: Document) -> list[str]:
    return [note for note in notes_of(sections_of(document)["sequences"]) if note.startswith("And ")]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (6, None),
        (7, "And 1 more sequence, with fewer ended enrollments: all are in scores.csv."),
        (58, "And 52 more sequences, with fewer ended enrollments: all are in scores.csv."),
    ],
)
def test_the_largest_sequences_stand_there_and_the_others_are_counted(number: int, sentence: str | None) -> None:
    audit = with_sequences(number)
    document = sender_document(audit, 1)
    assert more_of(document) == ([sentence] if sentence else [])
    assert len(tables_of(sections_of(document)["sequences"])[0].rows) == min(number + 2, FULL_ROOM.sequences)


def test_a_page_that_stands_alone_names_the_command_in_place_of_a_file_that_is_not_there() -> None:
    document = sender_document(with_sequences(20), 1, alone=True)
    assert more_of(document) == [
        "And 14 more sequences, with fewer ended enrollments: hygiene score --by sender,sequence prints all."
    ]
    assert "../scores.csv" not in links_of(sections_of(document)["sequences"])


def test_a_page_that_fits_is_not_cut() -> None:
    audit = sample_audit()
    page = sender_page(audit, 3, Index.of(audit), Translator("en"))
    assert "c01, c02, c03, c04, c05" in read(page).text
