from __future__ import annotations

from hygiene.flags.addresses import check_all, domain_counts

CONTACTS = [
    ("a", "ann@gmial.com"),
    ("b", "bob@acme.com"),
    ("c", "info@acme.com"),
    ("d", "dan@gmail.com"),
    ("e", "no at"),
]


def test_what_is_worth_a_look_is_told_from_mere_notes():
    rows = {row.contact_id: row for row in check_all(CONTACTS, domain_counts(email for _, email in CONTACTS))}
    assert {key for key, row in rows.items() if row.is_worth_a_look} == {"a", "c", "e"}
    assert rows["a"].suggestion == "gmail.com"
    assert [problem.code for problem in rows["d"].problems] == ["free_mail"]
    assert rows["b"].domain_state is None


def test_a_domain_that_two_people_use_is_no_slip():
    twice = [*CONTACTS, ("f", "other@gmial.com")]
    [row] = [row for row in check_all(twice, domain_counts(email for _, email in twice)) if row.contact_id == "a"]
    assert row.suggestion is None


def test_the_same_person_twice_is_one():
    assert domain_counts(["ann@gmial.com", "ANN@gmial.com "]) == {"gmial.com": 1}


def test_what_dns_says_counts_only_where_it_says_it():
    states = {"acme.com": "dead", "gmail.com": "unknown"}
    rows = {row.contact_id: row for row in check_all(CONTACTS, {}, states)}
    assert (rows["b"].domain_state, rows["b"].is_worth_a_look) == ("dead", True)
    assert (rows["d"].domain_state, rows["d"].is_worth_a_look) == ("unknown", False)
    assert rows["a"].domain_state == "unknown"  # not asked
    assert rows["e"].domain_state is None
