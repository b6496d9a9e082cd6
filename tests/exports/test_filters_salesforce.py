"""Salesforce: record ids and their check letters, one file an object, queries without any value in them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hygiene.exports.filters import CRMS
from hygiene.exports.filters.salesforce import QUERIES, check_letters, is_record_id
from tests.gate.cleanup.making import DEAD, decided

CRM = CRMS["salesforce"]
CONTACT, LEAD = "0035e00000AbCdE", "00Q5e00000AbCdE"
FIFTEEN = st.text(st.sampled_from("ABCxyz0129"), min_size=15, max_size=15)


@given(FIFTEEN)
def test_the_check_letters_give_the_capitals_back(text):
    """The slow and obvious reading: bit by bit, each letter says which of its five characters are capitals."""
    letters = check_letters(text)
    restored = ""
    for number, letter in enumerate(letters):
        bits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345".index(letter)
        part = text.lower()[5 * number : 5 * number + 5]
        restored += "".join(
            character.upper() if bits >> place & 1 else character for place, character in enumerate(part)
        )
    assert restored == text
    assert is_record_id(text + letters)


@given(FIFTEEN, st.integers(0, 14))
def test_an_id_whose_capitals_a_spreadsheet_has_changed_is_found_out(text, place):
    changed = text[:place] + text[place].swapcase() + text[place + 1 :]
    assert is_record_id(changed + check_letters(text)) is (changed == text)


def test_a_known_pair():
    assert check_letters("001A0000006Vm9u") == "IAC"  # the example of Salesforce's own page on 15 and 18 characters


@pytest.mark.parametrize(
    "bad", ["", "0035e00000AbCd", "0035e00000AbCdEAA", "0035e00000AbCd-", "0035e00000AbCdEaav", "1"]
)
def test_what_is_no_record_id(bad):
    assert not is_record_id(bad)
    assert CRM.rows(decided(contact_id=bad, opted_out=True)) == "no_record_id"


def test_contacts_and_leads_stand_in_files_of_their_own():
    assert CRM.rows(decided(contact_id=CONTACT, opted_out=True)) == [("upload", (CONTACT, "true"))]
    assert CRM.rows(decided(contact_id=LEAD, opted_out=True)) == [("leads.upload", (LEAD, "true"))]
    assert CRM.columns("suppress", "leads.upload") == ("Id", "HasOptedOutOfEmail")
    assert CRM.rows(decided(contact_id="0015e00000AbCdE", opted_out=True)) == "no_record_id"  # an account


def test_a_deletion_is_an_update_first():
    assert CRM.rows(decided(contact_id=LEAD, **DEAD)) == [
        ("leads.opt-out.upload", (LEAD, "true")),
        ("leads.upload", (LEAD,)),
    ]
    assert CRM.columns("remove", "leads.upload") == ("Id",)
    assert CRM.columns("remove", "leads.opt-out.upload") == ("Id", "HasOptedOutOfEmail")


def test_the_queries_select_ids_of_contacts_and_leads():
    assert len(QUERIES) == 4
    for name, query in QUERIES.items():
        table = "Lead" if "leads" in name else "Contact"
        assert re.fullmatch(rf"SELECT Id, Email[\w, ]* FROM {table} WHERE \w+ (!= NULL|= TRUE)\n", query)
