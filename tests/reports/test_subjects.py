"""Subjects in words: what a script reads as `source:vendor-x`, a person reads as a list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hygiene.facts.types import Sequence
from hygiene.reports.subjects import NAMED, WHOLE, subject_words
from hygiene.reports.translate import Translator
from tests.reports.audits import sample_facts

RULES = Path(__file__).parents[2] / "hygiene" / "advice" / "rules"
KINDS = {*NAMED, "sequence", "template", "postal_address", "country", "timing"}


@pytest.mark.parametrize(
    ("subject", "english", "french"),
    [
        ("source:vendor-x", "List vendor-x", "Liste vendor-x"),
        ("import_batch:2026-03", "Import batch 2026-03", "Lot d’import 2026-03"),
        ("sequence:s1", "Sequence Trade fair", "Séquence Trade fair"),
        ("sequence:gone", "Sequence gone", "Séquence gone"),
        ("template:s2/3", "Step 3 of Renewal – Q1", "Étape 3 de Renewal – Q1"),
        ("postal_address:template:s2/3", "The postal address: Step 3 of Renewal – Q1", None),
        ("postal_address:all_templates", "The postal address in all templates", None),
        ("industry:BTP", "Industry BTP", "Secteur BTP"),
        ("timing:tue-am", "Tuesday before noon", "le mardi avant midi"),
        ("country:DE", "Germany", "Allemagne"),
        ("domain:unknown", "A domain that is not known", "Un domaine inconnu"),
        ("domain:acme.test", "Domain acme.test", "Domaine acme.test"),
        ("contact-list:opted-out", "Contacts who said no", "Contacts qui ont dit non"),
        ("of:another release", "of:another release", "of:another release"),
    ],
)
def test_a_subject_in_words(subject: str, english: str, french: str | None) -> None:
    words = subject_words(subject, sample_facts())
    assert Translator("en").text(words) == english
    if french:
        assert Translator("fr", strict=True).text(words) == french


def test_an_id_with_a_slash_is_still_found() -> None:
    facts = sample_facts()
    facts.sequences[9] = Sequence(9, "a/b", "Both", None, None)  # type: ignore[index]
    assert Translator("en").text(subject_words("template:a/b/2", facts)) == "Step 2 of Both"


def test_every_subject_of_every_rule_has_words() -> None:
    literals = {
        found
        for path in RULES.rglob("*.py")
        for found in re.findall(r'subject=f?"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert len(literals) > 25
    unknown = {
        text for text in literals if text not in WHOLE and text.partition(":")[0] not in {*KINDS, "{lever.factor}"}
    }
    assert unknown == set()
