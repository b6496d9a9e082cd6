"""The legal table is what its sources say: held against the evidence, row by row, and whole in itself."""

from __future__ import annotations

from datetime import datetime

import pytest

from hygiene.advice.legal import (
    basis_of,
    by_code,
    countries,
    countries_as_of,
    country_of,
    country_of_domain,
    is_outdated,
    is_request,
    strictest_retention,
)

# evidence/recommender.md, section 4, "Legal basis by country": person's address, company's own address.
EVIDENCE = {
    "FR": ("opt_out", "free"),
    "FI": ("opt_out", "free"),
    "IE": ("opt_out", "free"),
    "DE": ("opt_in", "opt_in"),
    "DK": ("opt_in", "opt_in"),
    "IT": ("opt_in", "opt_in"),
    "BE": ("opt_in", "free"),
    "AT": ("opt_in", "free"),
    "NL": ("opt_in", "unknown"),
    "GB": ("opt_out", "unknown"),
    "US": ("opt_out", "unknown"),
    "CA": ("casl", "unknown"),
}


def test_the_table_says_what_the_evidence_says_and_nothing_of_other_countries() -> None:
    known = {row.code: (row.regime, row.generic) for row in countries() if row.regime != "unknown"}
    assert known == EVIDENCE


def test_canada_counts_24_months_after_a_purchase_and_6_after_an_enquiry() -> None:
    assert dict(by_code()["CA"].implied_months) == {"customer": 24, "enquiry": 6, "published": 24}
    assert [row.code for row in countries() if row.implied_months] == ["CA"]


def test_france_asks_for_three_years_and_whose_figure_it_is_elsewhere_is_said() -> None:
    assert (by_code()["FR"].retention_months, strictest_retention().code) == (36, "FR")
    for row in countries():
        assert row.retention_months in (0, 36)
        assert row.code == "FR" or "assumed" in (row.retention_source or "assumed")


@pytest.mark.parametrize("row", countries(), ids=lambda row: row.code)
def test_each_figure_of_a_row_names_its_source(row) -> None:
    assert bool(row.sources) == (row.regime != "unknown" or bool(row.conditions))
    assert bool(row.retention_source) == bool(row.retention_months)
    assert bool(row.implied_source) == bool(row.implied_months)
    assert bool(row.customer_source) == row.existing_customer
    assert country_of(row.code) is row
    assert all(country_of(alias) is row for alias in row.aliases)
    assert country_of_domain(f"acme.{row.tld}") is row


def test_no_name_and_no_domain_belongs_to_two_countries() -> None:
    assert len({row.tld for row in countries()}) == len(by_code()) == len(countries())


def test_a_table_of_more_than_a_year_is_old() -> None:
    day = datetime.combine(countries_as_of(), datetime.min.time())
    assert not is_outdated(day.replace(year=day.year + 1))
    assert is_outdated(day.replace(year=day.year + 1, day=day.day + 2))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Legitimate interest – prospect/lead", "interest"),
        ("LEGITIMATE_INTEREST_CLIENT", "customer"),
        ("Performance of a contract", "customer"),
        ("Not applicable", "none"),
        ("opt-out", "none"),
        ("Opted out", "refused"),
        ("Consentement retiré", "refused"),
        ("Einwilligung widerrufen", "refused"),
        ("Legitimate interest - other;Freely given consent from contact", "consent"),
        ("Conspicuously published on the site", "published"),
        ("NON_GDPR", "other"),
        ("  ", None),
    ],
)
def test_the_words_of_a_basis(words: str, kind: str | None) -> None:
    assert basis_of(words) == kind


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("asked in writing", True),
        ("Désinscription", True),
        ("", True),
        (None, True),
        ("hard bounce", False),
        ("Bounced: 550 5.1.1", False),
        ("Concurrent", False),
        ("existing customer", False),
        ("Left the company", False),
    ],
)
def test_what_reasons_of_a_suppression_are_a_request(reason: str | None, expected: bool) -> None:
    assert is_request(reason) is expected
