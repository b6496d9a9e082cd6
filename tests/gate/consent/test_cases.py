"""What each country asks for: where the decision speaks, where it is silent, and where a column is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest

from hygiene.advice.legal import countries
from hygiene.gate.consent import consent_of_rows
from tests.gate.consent.people import AS_OF, CONSENT, INTEREST, LATELY, contact, decided, months_ago

OPT_IN = ("DE", "DK", "IT", "BE", "AT", "NL")
OPT_OUT = ("FR", "FI", "IE", "GB", "US")
EUROPEAN = (*OPT_IN, "FR", "FI", "IE")
UNREAD = ("ES", "PL", "SE", "PT")


def of(country: str, **columns: Any) -> tuple[str, str]:
    (found,) = decided(contact(country=country, **columns))
    return found


# --- consent first ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("country", OPT_IN)
@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, ("needs_documented_basis", "no_consent")),
        ({"legal_basis": INTEREST}, ("needs_documented_basis", "no_consent")),
        ({"legal_basis": "Inquiry"}, ("needs_documented_basis", "no_consent")),
        ({"legal_basis": "No consent", "consent_at": LATELY}, ("needs_documented_basis", "no_consent")),
        ({"legal_basis": CONSENT}, ("documented", "consent")),
        ({"consent_at": LATELY}, ("documented", "consent")),
        ({"legal_basis": "Bestandskunde"}, ("documented", "customer")),
        ({"legal_basis": "Consent withdrawn"}, ("objected", "consent_withdrawn")),
        ({"legal_basis": CONSENT, "consent_at": AS_OF + timedelta(days=90)}, ("needs_documented_basis", "future_date")),
    ],
    ids=str,
)
def test_a_country_that_asks_for_consent_first(
    country: str, columns: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert of(country, **columns) == expected


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("DE", "needs_documented_basis"),
        ("DK", "needs_documented_basis"),
        ("IT", "needs_documented_basis"),
        ("NL", "needs_documented_basis"),  # the sources do not tell
        ("BE", "documented"),
        ("AT", "documented"),
        ("FR", "documented"),
    ],
)
def test_an_address_of_the_company_itself_is_free_where_the_table_says_so(country: str, expected: str) -> None:
    assert of(country, email="info@acme.example")[0] == expected
    if expected == "documented" and country != "FR":
        assert of(country, email="ann@acme.example")[0] == "needs_documented_basis"


# --- until they object ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("country", OPT_OUT)
def test_a_country_that_lets_one_write_until_the_person_objects(country: str) -> None:
    assert of(country) == ("documented", "until_objection")
    assert of(country, legal_basis=INTEREST) == ("documented", "basis")
    assert of(country, legal_basis=CONSENT) == ("documented", "consent")
    assert of(country, opted_out=True) == ("objected", "opted_out")


@pytest.mark.parametrize(("country", "status"), [("FR", "needs_documented_basis"), ("US", "documented")])
def test_a_basis_that_the_export_denies_is_missed_where_one_has_to_be_documented(country: str, status: str) -> None:
    assert of(country, legal_basis="Not applicable")[0] == status


@pytest.mark.parametrize("country", EUROPEAN)
def test_after_three_years_without_a_sign_of_life_it_has_expired(country: str) -> None:
    basis = {"legal_basis": CONSENT, "consent_at": months_ago(40)}
    assert of(country, **basis, created_at=months_ago(40))[0] == "expired"
    assert of(country, **basis, created_at=months_ago(36, days=1))[0] == "expired"
    assert of(country, **basis, created_at=months_ago(36))[0] == "expires_soon"
    assert of(country, **basis, created_at=months_ago(30))[0] == "documented"


@pytest.mark.parametrize("country", ["US", "GB"])
def test_where_the_table_names_no_time_nothing_expires(country: str) -> None:
    assert of(country, created_at=months_ago(120)) == ("documented", "until_objection")


@pytest.mark.parametrize("column", ["last_replied_at", "last_clicked_at", "last_own_contact_at", "consent_at"])
def test_a_reply_a_click_and_a_consent_are_signs_of_life(column: str) -> None:
    old = months_ago(60)
    assert of("FR", created_at=old)[0] == "expired"
    assert of("FR", created_at=old, **{column: LATELY})[0] == "documented"


def test_an_open_is_no_sign_of_life_and_of_a_customer_none_is_asked() -> None:
    assert of("FR", created_at=months_ago(60), last_opened_at=LATELY) == ("expired", "no_sign_of_life")
    assert of("FR", created_at=months_ago(60), legal_basis="Client existant") == ("documented", "basis")


def test_sixty_days_before_its_end_a_basis_is_said_to_run_out() -> None:
    expires = {days: of("FR", created_at=months_ago(36) + timedelta(days=days))[0] for days in (0, 60, 61)}
    assert expires == {0: "expires_soon", 60: "expires_soon", 61: "documented"}


# --- Canada -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("basis", "months", "expected"),
    [
        ("Purchase", 25, ("expired", "implied_ended")),
        ("Purchase", 24, ("expires_soon", "implied")),
        ("Purchase", 12, ("documented", "implied")),
        ("Vertrag", 25, ("expired", "implied_ended")),
        ("Inquiry", 7, ("expired", "implied_ended")),
        ("Demande de devis", 3, ("documented", "implied")),
        ("Published address", 25, ("expired", "implied_ended")),
        ("Published address", 12, ("documented", "implied")),
        ("Express consent", 120, ("documented", "consent")),
        (None, 120, ("documented", "consent")),  # a date of a consent is one
    ],
)
def test_in_canada_an_implied_consent_runs_out_and_an_express_one_does_not(
    basis: str | None, months: int, expected: tuple[str, str]
) -> None:
    assert of("CA", legal_basis=basis, consent_at=months_ago(months)) == expected


@pytest.mark.parametrize(
    ("basis", "code"),
    [("Purchase", "undated"), ("Inquiry", "undated"), (INTEREST, "no_proof"), (None, "no_proof"), ("None", "no_proof")],
)
def test_in_canada_the_proof_is_the_senders(basis: str | None, code: str) -> None:
    assert of("CA", legal_basis=basis) == ("needs_documented_basis", code)


# --- where little is known --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("country", UNREAD)
def test_a_country_of_which_no_source_was_read(country: str) -> None:
    assert of(country) == ("unknown_country", "no_source")
    assert of(country, legal_basis=INTEREST) == ("unknown_country", "no_source")
    assert of(country, legal_basis=CONSENT) == ("documented", "consent")
    assert of(country, created_at=months_ago(60)) == ("expired", "no_sign_of_life")


def test_a_country_that_the_table_does_not_hold_and_none_at_all() -> None:
    assert of("Japan") == ("unknown_country", "not_listed")
    assert decided(contact(country=None)) == [("unknown_country", "no_country")]
    assert decided(contact(country="  ")) == [("unknown_country", "no_country")]
    # A consent that would satisfy the strictest country satisfies one that nobody knows; when it is old, it does not.
    assert decided(contact(legal_basis=CONSENT)) == [("documented", "consent")]
    old = months_ago(40)
    assert decided(contact(legal_basis=CONSENT, created_at=old)) == [("unknown_country", "no_country")]
    assert of("Japan", legal_basis=CONSENT, created_at=old) == ("unknown_country", "not_listed")


# --- a missing column -------------------------------------------------------------------------------------------------
def test_without_any_column_of_bases_it_is_said_that_none_was_exported() -> None:
    bare = {"contact_id": "c1", "email": "ann@acme.example", "created_at": LATELY}
    expected = {"DE": "not_exported", "CA": "not_exported", "FR": "until_objection", "ES": "no_source"}
    for country, code in expected.items():
        assert decided({**bare, "country": country}, bases_known=None)[0][1] == code
    assert decided(contact(country="DE"), bases_known=None)[0][1] == "not_exported"
    others = contact(contact_id="c2", email="bo@acme.example", country="FR", legal_basis=INTEREST)
    assert decided(contact(country="DE"), others, bases_known=None)[0][1] == "no_consent"


@pytest.mark.parametrize("frame", [pd.DataFrame({"email": ["a@b.example"]}), pd.DataFrame({"x": [1]}, index=["only"])])
def test_a_frame_without_a_country_or_anything_else_is_judged_all_the_same(frame: pd.DataFrame) -> None:
    found = consent_of_rows(frame, AS_OF)
    assert list(found.index) == list(frame.index)
    assert found["code"].tolist() == ["no_country"]


def test_a_frame_without_rows_gives_a_frame_without_rows() -> None:
    found = consent_of_rows(pd.DataFrame({"email": [], "country": []}), AS_OF)
    assert len(found) == 0
    assert {"status", "code", "why", "expires_at"} <= set(found.columns)


# --- the domain of the address ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("country", "email", "expected"),
    [
        (None, "ann@acme.de", ("needs_documented_basis", "no_consent", "DE", "domain")),
        (None, "ann@acme.co.uk", ("unknown_country", "no_country", "GB", "domain")),
        (None, "ann@acme.fr", ("unknown_country", "no_country", "FR", "domain")),
        (None, "ann@acme.com", ("unknown_country", "no_country", None, "none")),
        (None, "ann@web.de", ("unknown_country", "no_country", None, "none")),
        ("France", "ann@acme.de", ("needs_documented_basis", "no_consent", "FR", "both")),
        ("Germany", "ann@acme.fr", ("needs_documented_basis", "no_consent", "DE", "both")),
        ("France", "ann@acme.fr", ("documented", "until_objection", "FR", "column")),
        ("Japan", "ann@acme.de", ("needs_documented_basis", "no_consent", None, "both")),
        ("Japan", "ann@acme.us", ("unknown_country", "not_listed", None, "both")),
    ],
)
def test_the_domain_is_a_hint_and_the_stricter_of_two_counts(
    country: str | None, email: str, expected: tuple[str, str, str | None, str]
) -> None:
    found = consent_of_rows(pd.DataFrame([contact(country=country, email=email)]), AS_OF, bases_known=True).iloc[0]
    shown = None if pd.isna(found["country"]) else found["country"]
    assert (found["status"], found["code"], shown, found["country_from"]) == expected


def test_every_country_of_the_table_is_judged() -> None:
    regimes = {"opt_in": "needs_documented_basis", "opt_out": "documented", "casl": "needs_documented_basis"}
    for country in countries():
        assert of(country.code)[0] == regimes.get(country.regime, "unknown_country"), country.code
