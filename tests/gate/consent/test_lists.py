"""A list beside what a source knows: gaps are filled, nothing of the list is written over, and a no stays a no."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from hygiene.gate.consent.lists import consent_of_list, with_known
from tests.gate.consent.people import AS_OF, CONSENT, LATELY, contact

KNOWN = pd.DataFrame(
    [
        contact(contact_id="k1", email="Ann@acme.example", country="Germany", legal_basis=CONSENT, source="fair"),
        contact(
            contact_id="k2", email="bo@acme.example", country="France", opted_out=True, created_at=datetime(2025, 1, 1)
        ),
        contact(contact_id="k3", email=None, country="Belgium"),
    ]
).assign(last_own_contact_at=pd.NaT, import_batch="b1")


def judged(*rows: dict[str, object]) -> list[tuple[str, str]]:
    filled = with_known(pd.DataFrame(list(rows)), KNOWN)
    found = consent_of_list(filled, KNOWN, AS_OF)
    assert list(found.index) == list(range(len(rows)))
    return list(zip(found["status"], found["code"], strict=True))


def test_a_row_is_filled_by_the_id_or_else_by_the_address() -> None:
    rows = pd.DataFrame([{"contact_id": "k1"}, {"email": " ann@ACME.example"}, {"email": "new@acme.example"}])
    filled = with_known(rows, KNOWN)
    assert filled["country"].tolist()[:2] == ["Germany", "Germany"]
    assert filled["source"].tolist()[:2] == ["fair", "fair"]
    assert pd.isna(filled["country"].iloc[2])
    assert filled["email"].tolist()[1:] == rows["email"].tolist()[1:]


def test_what_the_list_says_stays_as_it_is() -> None:
    rows = pd.DataFrame(
        [{"email": "ann@acme.example", "country": "Italy"}, {"email": "bo@acme.example", "country": None}]
    )
    assert with_known(rows, KNOWN)["country"].tolist() == ["Italy", "France"]


def test_an_opt_out_that_only_the_source_knows_counts() -> None:
    assert judged({"email": "BO@acme.example", "country": "US", "legal_basis": CONSENT, "consent_at": LATELY}) == [
        ("objected", "opted_out")
    ]
    assert judged({"contact_id": "k2", "email": "other@acme.example"}) == [("objected", "opted_out")]


def test_a_consent_that_only_the_source_knows_counts_too() -> None:
    assert judged({"email": "ann@acme.example", "country": "Germany"}) == [("documented", "consent")]
    assert judged({"email": "who@acme.example", "country": "Germany"}, {"email": "ann@acme.example"}) == [
        ("needs_documented_basis", "no_consent"),
        ("documented", "consent"),
    ]


def test_people_without_an_address_are_not_taken_for_one_another() -> None:
    assert judged({"contact_id": "x", "email": None, "country": "US"}) == [("documented", "until_objection")]
