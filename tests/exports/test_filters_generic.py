"""The script for any database: it runs, finds the right contacts, and no address breaks out of its quotes."""

from __future__ import annotations

import sqlite3

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hygiene.exports.filters import CRMS
from hygiene.exports.filters.generic import AT_ONCE, SCRIPT, script
from hygiene.exports.filters.types import by_email
from tests.exports.attacks import ATTACKS
from tests.gate.cleanup.making import DEAD, FULL, decided

PLAIN = [
    "ann@example.org",
    "o'brien@example.org",
    "Ann.Lee+x@Sub.Example.co.uk",
    "josé@exämple.org",
    "a%b_c@example.org",
]


def found(addresses, decisions, execute):
    """The contacts that each query of the script finds."""
    name, text = script(decisions)
    assert name == SCRIPT
    execute("CREATE TABLE contacts (email VARCHAR)")
    for address in addresses:
        execute("INSERT INTO contacts VALUES (?)", [address])
    results = {}
    for statement in text.split(";\n"):
        rows = execute(statement) if statement.strip() else None
        if "SELECT c.*" in statement:
            results[statement.split("h.action = '")[1].split("'")[0]] = {row[0] for row in rows}
    assert execute("SELECT COUNT(*) FROM contacts")[0][0] == len(addresses)
    return results


def on_duckdb():
    connection = duckdb.connect()
    return lambda query, values=(): connection.execute(query, list(values)).fetchall()


def on_sqlite():
    connection = sqlite3.connect(":memory:")
    return lambda query, values=(): connection.execute(query, list(values)).fetchall()


@pytest.mark.parametrize("engine", [on_duckdb, on_sqlite])
def test_each_query_finds_the_contacts_of_its_action(engine):
    decisions = [
        decided(email=PLAIN[0], opted_out=True),
        decided(email=PLAIN[1], **DEAD),
        decided(email=PLAIN[2], **FULL),
    ]
    results = found([address.upper() for address in PLAIN[:3]], decisions, engine())
    assert results["suppress"] == {PLAIN[0].upper()}
    assert results["remove"] == {PLAIN[1].upper()}
    assert results["hold"] == {PLAIN[2].upper()}
    assert results["pause"] == set()


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("form", ["{}", "{}@example.org", "a@{}.example", "a\\{}@example.org"])
def test_no_address_breaks_out(attack, form):
    hostile = form.format(attack)
    decisions = [decided(email=hostile, opted_out=True), decided(email="ann@example.org", opted_out=True)]
    results = found(["ann@example.org", "bob@example.org"], decisions, on_duckdb())
    assert results["suppress"] == {"ann@example.org"}


@settings(deadline=None, max_examples=60)
@given(st.text(st.sampled_from("ab'\"\\;-\0\n${}@.=+é\u202e"), max_size=12))
def test_no_text_at_all_breaks_out(text):
    address = f"{text}@example.org"
    placed = by_email(decided(email=address, opted_out=True))
    results = found(["bob@example.org"], [decided(email=address, opted_out=True)], on_sqlite())
    assert results["suppress"] == set()
    assert isinstance(placed, str) or placed[0].cells == (address.strip(),)


def test_many_rows_are_inserted_in_parts():
    decisions = [decided(contact_id=f"c{number}", opted_out=True) for number in range(AT_ONCE + 1)]
    text = script(decisions)[1]
    assert text.count("INSERT INTO") == 2
    assert text.count("@example.org") == AT_ONCE + 1


@pytest.mark.parametrize("address", PLAIN)
def test_a_plain_address_is_uploaded_unchanged(address):
    assert by_email(decided(email=address, opted_out=True)) == [("upload", (address,))]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        (None, "no_address"),
        (" ", "no_address"),
        ("=1@example.org", "live_cell"),
        ("+ann@example.org", "live_cell"),
        ("-ann@example.org", "live_cell"),
        ("ann\u202e@example.org", "live_cell"),
        ("ann", "odd_address"),
        ("ann lee@example.org", "odd_address"),
        ('"ann"@example.org', "odd_address"),
        ("ann@localhost", "odd_address"),
        ("ann\\@example.org", "odd_address"),
        ("${jndi}@example.org", "odd_address"),
        ("a" * 250 + "@example.org", "odd_address"),
    ],
)
def test_what_an_import_screen_would_not_take_is_held(address, why):
    for crm in ("generic", "outreach", "apollo", "salesloft", "hubspot"):
        assert CRMS[crm].rows(decided(email=address, contact_id="1", opted_out=True)) == why
