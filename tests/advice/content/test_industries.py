"""Which industry a value names: a table of cases, every value of HubSpot, and no name in two groups."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.advice.content import group_of, groups_of, label_of
from hygiene.advice.content.industries import FILES, industries, value_stems
from hygiene.advice.content.words import language_code, language_of_text, read_table, stems

HUBSPOT = (Path(__file__).parent / "hubspot.txt").read_text(encoding="utf-8").split()
"""The options of HubSpot's company property `industry`, but for PROGRAM_DEVELOPMENT, which names no industry."""

CASES = [
    ("Computer Software", "software"),
    ("computer software ", "software"),
    ("logiciels", "software"),
    ("Logiciel", "software"),
    ("IT", "software"),
    ("Write it down", None),  # a pronoun is no industry
    ("B.T.P.", "construction"),
    ("BÂTIMENT ET TRAVAUX PUBLICS", "construction"),
    ("Bâtiment & Travaux Publics", "construction"),
    ("Building + construction", "construction"),
    ("Industrie", "manufacturing"),
    ("Industrie pharmaceutique", "pharma"),
    ("Industrie agro-alimentaire", "food"),
    ("Food and Beverage Manufacturing", "food"),
    ("Furniture manufacturing", "manufacturing"),
    ("Construction automobile", "automotive"),
    ("62.01Z - Programmation informatique", "software"),
    ("Hospital & Health Care", "healthcare"),
    ("Health insurance", "insurance"),
    ("Édition de logiciels", "software"),
    ("Édition", "media"),
    ("Conseil", "consulting"),
    ("Conseil régional", "public"),
    ("Maschinenbau", "manufacturing"),
    ("🚚 Logistique", "logistics"),
    ("Banque / Assurance", None),
    ("Software for hospitals", None),
    ("Other industry", None),
    ("Autre industrie", None),
    ("Other - Logistics", "logistics"),
    ("Services", None),
    ("Non renseigné", None),
    ("N/A", None),
    ("PROGRAM_DEVELOPMENT", None),  # an option of HubSpot that names no industry
    ("", None),
    (None, None),
    ("logistics " * 100, None),
    ("<script>alert('Logistics')</script>", "logistics"),
    ("=HYPERLINK(1)", None),
]


@pytest.mark.parametrize(("value", "group"), CASES)
def test_a_value_names_its_group_or_none(value, group):
    assert group_of(value) == group


@pytest.mark.parametrize("value", HUBSPOT)
def test_every_industry_of_hubspot_has_a_group_also_as_its_label_reads(value):
    assert group_of(value) is not None
    assert group_of(value.replace("_", " ").title()) == group_of(value)


@pytest.mark.parametrize("group", sorted(industries()))
def test_every_group_has_labels_that_name_it_and_words_in_both_languages(group):
    for language in ("en", "fr", "de"):
        assert groups_of(label_of(group, language)) >= {group}
    assert industries()[group].names["en"]
    assert industries()[group].names["fr"]
    assert len(industries()[group].words["en"]) >= 5
    assert len(industries()[group].words["fr"]) >= 5


def test_no_name_stands_in_two_groups():
    groups = defaultdict(set)
    for name in FILES:
        for entry in read_table(name)["industry"]:
            weak = [word for listed in entry.get("weak", {}).values() for word in listed]
            for key in ("en", "fr", "de", "hubspot", "linkedin", "whole"):
                for value in entry.get(key, ()):
                    groups[value_stems(value)].add(entry["id"])
            for value in (*weak, *entry["label"].values()):
                groups[value_stems(value)].add(entry["id"])
    assert () not in groups
    assert {words: found for words, found in groups.items() if len(found) > 1} == {}


def test_a_piece_may_be_filed_under_several():
    assert groups_of("Banque; Assurance | Immobilier") == {"finance", "insurance", "real_estate"}
    assert groups_of("Transport, Logistique") == {"logistics"}
    assert groups_of(None) == frozenset()


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_case_and_spaces_change_nothing(text):
    assert group_of(text) in {None, *industries()}
    assert groups_of(text) <= set(industries())
    if text.isascii() and len(text) < 190:
        assert group_of(f"  {text.upper()} ") == group_of(text)
    language_of_text(text)
    language_code(text)
    stems(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[(text, "fr") for text in ("fr", "FR", "fr-CA", "fr_FR", "Français", "francais", "French", "fra", "fre")],
        *[(text, "en") for text in ("en", "English (US)", "Anglais", "eng", "en-gb")],
        ("Deutsch", "de"),
        ("Other", None),
        ("", None),
        (None, None),
        ("???", None),
    ],
)
def test_a_language_is_known_by_code_and_name(text, code):
    assert language_code(text) == code
