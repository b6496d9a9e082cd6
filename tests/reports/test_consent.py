"""The ledger and the evidence as documents: every word translated, every figure that of the ledger."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from hygiene import campaign
from hygiene.reports.consent import STOPS_SHOWN, consent_document
from hygiene.reports.consent_evidence import evidence_document
from hygiene.reports.document import Table
from hygiene.reports.html import render_page
from hygiene.reports.text import render_text
from hygiene.reports.translate import PSEUDO, Translator
from hygiene.settings import Settings
from hygiene.values import Count
from tests.advice.making import write_source
from tests.reports.pages import read
from tests.reports.test_translations import DATES, ENGLISH, outer_text, without_data

if TYPE_CHECKING:
    from pathlib import Path

    from hygiene.reports.document import Document

AS_OF = datetime(2026, 6, 1)
COUNTRIES = ("Allemagne", "France", "Canada", "Pays-Bas", "Japon", "", "Espagne", "États-Unis")
BASES = ("", "Consentement", "Achat", "Intérêt légitime", "Consentement retiré", "Aucune")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty-eight French contacts of every kind, of whom thirty said no and were written to again."""
    contacts = [
        {
            "contact_id": f"k{place}",
            "email": f"k{place}@acme{place}.{('example', 'de', 'fr')[place % 3]}",
            "country": COUNTRIES[place % len(COUNTRIES)],
            "legal_basis": BASES[place % len(BASES)],
            "consent_at": datetime(2024, 7, 1) if place % 2 else None,
            "created_at": datetime(2022 + place % 4, 5, 1),
            "opted_out_at": datetime(2026, 3, 2, 9) if place < 30 else None,
        }
        for place in range(48)
    ]
    events = [
        {
            "enrollment_id": f"e{place}",
            "contact_id": f"k{place}",
            "sender_id": f"s{place % 3}",
            "sequence_id": "q",
            "type": kind,
            "at": at,
            "detail": detail,
            "subject": "Bonjour",
            "step": 1,
        }
        for place in range(40)
        for kind, at, detail in (
            ("sent", datetime(2026, 3, 1 + place % 20), ""),
            ("open", datetime(2026, 3, 22), ""),
            ("reply", datetime(2026, 3, 23), "Bonjour, merci de me retirer de votre liste."),
            ("sent", datetime(2026, 4, 10), ""),
        )
    ]
    return write_source(tmp_path_factory.mktemp("consent"), contacts=contacts, events=events)


@pytest.fixture(scope="module")
def documents(source: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    settings = Settings(as_of=AS_OF, cache_dir=tmp_path_factory.mktemp("cache"))
    packs = [campaign.consent_evidence(source, f"k{place}", settings) for place in (0, 2, 4, 9, 33, 36, 41, 45)]
    return [consent_document(campaign.consent(source, settings)), *map(evidence_document, packs)]


def test_no_english_word_is_left_in_french(documents: list[Document]) -> None:
    translator = Translator("fr", strict=True)
    for document in documents:
        assert ENGLISH.findall(without_data(render_text(document, translator), document)) == []


def test_no_word_escapes_translation(documents: list[Document]) -> None:
    translator = Translator(PSEUDO)
    places = {"Germany", "France", "Canada", "Netherlands", "Spain", "United", "States"}
    for document in documents:
        outside = without_data(outer_text(render_text(document, translator)), document)
        assert set(re.findall(r"[^\W\d_]+", outside)) <= DATES | places | {"Apr", "May", "Jun", "Jul", "Nov"}


def test_no_line_is_wider_than_the_terminal(documents: list[Document]) -> None:
    for document in documents:
        for line in render_text(document, Translator("fr"), 80).splitlines():
            assert len(line) <= 80 or " " not in line.strip()


def test_the_evidence_is_a_page_without_scores_scripts_or_skipped_headings(documents: list[Document]) -> None:
    for document in documents[1:]:
        page = read(render_page(document, Translator("en"), depth=1))
        assert not page.all("script")
        assert "estimates" not in page.one("footer").text
        levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3")]
        assert levels[0] == 1
        assert set(levels[1:]) == {2}


def test_the_rows_add_up_to_the_contacts_and_what_is_cut_is_said(documents: list[Document]) -> None:
    tables = [
        block for section in documents[0].blocks for block in getattr(section, "blocks", ()) if isinstance(block, Table)
    ]
    countries, _, stops = tables
    assert sum(row.cells[2].value for row in countries.rows if isinstance(row.cells[2], Count)) == 48
    for row in countries.rows:
        counts = [cell.value for cell in row.cells if isinstance(cell, Count)]
        assert counts[0] >= sum(counts[2:])
    assert (len(stops.rows), stops.total) == (STOPS_SHOWN, 40)
