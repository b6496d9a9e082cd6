"""What is wrong with a contact's value, and what only looks wrong."""

from __future__ import annotations

import pytest

from hygiene.advice.qa.values import defect_of, without_form

FINE = [
    ("first_name", "Ann"),
    ("first_name", "Jean-Pierre"),
    ("first_name", "Mary Ann"),
    ("first_name", "JP"),
    ("first_name", "D'Arcy"),
    ("first_name", "Mélanie"),
    ("first_name", "Ming"),
    ("first_name", "Testard"),
    ("last_name", "de la Tour"),
    ("last_name", "O’Neill"),
    ("company", "IBM"),
    ("company", "SAS Institute"),
    ("company", "SAP"),
    ("company", "3M"),
    ("company", "adidas"),
    ("company", "Dupont & Fils"),
    ("company", "Yahoo!"),
    ("company", "Incorta"),
    ("company", "Company 7"),
    ("company", "Acme®"),
    ("job_title", "CEO"),
    ("job_title", "responsable achats"),
    ("job_title", "Directrice Générale / CEO"),
    ("industry", "COMPUTER_SOFTWARE"),
    ("industry", "Industrie"),
    ("country", "USA"),
    ("email", "ann@acme.example"),
]
WRONG = [
    ("first_name", None, "empty"),
    ("first_name", "  ", "empty"),
    ("first_name", "N/A", "placeholder"),
    ("first_name", "-", "placeholder"),
    ("first_name", "?", "placeholder"),
    ("first_name", "null", "placeholder"),
    ("first_name", "Test", "placeholder"),
    ("first_name", "[Prénom]", "placeholder"),
    ("first_name", "FirstName", "placeholder"),
    ("first_name", "info", "placeholder"),
    ("first_name", "12345", "placeholder"),
    ("last_name", "Inconnu", "placeholder"),
    ("company", "Non renseigné", "placeholder"),
    ("company", "unknown", "placeholder"),
    ("company", "Nom de l’entreprise", "placeholder"),
    ("job_title", "#N/A", "placeholder"),
    ("industry", "Other", "placeholder"),
    ("email", "none", "placeholder"),
    ("first_name", "{{first_name}}", "markup"),
    ("first_name", "<script>alert(1)</script>", "markup"),
    ("company", "Dupont &amp; Fils", "markup"),
    ("first_name", "Ann 🚀", "emoji"),
    ("company", "★ Acme", "emoji"),
    ("first_name", " Ann", "whitespace"),
    ("first_name", "Ann\u200b", "whitespace"),
    ("first_name", "Dr. Ann", "title"),
    ("first_name", "Dr.Ann", "title"),
    ("first_name", "M. Paul", "title"),
    ("first_name", "Mme", "title"),
    ("first_name", "Ann & Bob", "two_names"),
    ("first_name", "Jean et Marie", "two_names"),
    ("first_name", "Smith, John", "two_names"),
    ("company", "Durand SAS", "legal_form"),
    ("company", "Durand S.A.R.L.", "legal_form"),
    ("company", "Müller GmbH & Co. KG", "legal_form"),
    ("company", "Acme, Inc.", "legal_form"),
    ("company", "Acme Ltd", "legal_form"),
    ("company", "Nestlé SA", "legal_form"),
    ("first_name", "JEAN", "capitals"),
    ("company", "DUPONT LOGISTIQUE", "capitals"),
    ("first_name", "jean", "small_letters"),
    ("last_name", "dupont", "small_letters"),
]


@pytest.mark.parametrize(("column", "value"), FINE)
def test_a_good_value_is_left_alone(column, value):
    assert defect_of(value, column) is None


@pytest.mark.parametrize(("column", "value", "defect"), WRONG)
def test_a_value_that_nobody_would_write_is_named(column, value, defect):
    assert defect_of(value, column) == defect


def test_the_legal_form_goes_and_the_name_stays():
    names = ["Müller Technik GmbH & Co. KG", "Acme, Inc.", "Nestlé S.A.", "SAS", "Ag Solutions"]
    assert [without_form(name) for name in names] == ["Müller Technik", "Acme", "Nestlé", "SAS", "Ag Solutions"]
